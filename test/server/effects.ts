import assert from 'node:assert/strict';

import { type Claims, type Parts, startTask, welcome } from './claims';
import { callMethod } from './mcp';
import type { ServerProcess } from './process';
import { type FakeQuilt, quiltAt, registryAt, startQuilt } from './quilt';

/** One way to see whether a variable does anything. */
export interface Effect {
  /** Value that is not the default, given the Quilt that the server asks. */
  readonly value: (quilt: FakeQuilt) => string;
  /** What is to be seen, with and without it. */
  readonly observe: (server: ServerProcess, claims: Claims, quilt: FakeQuilt) => Promise<unknown>;
}

/** Milliseconds after which a call to a registry that says nothing is given up, here. */
const PATIENCE_MS = 4000;

/** How each variable that an owner may set is seen to do something; one that is missing here is named in UNSEEN. */
export const EFFECTS: Readonly<Record<string, Effect>> = {
  MCP_TOOL_PERMISSIONS: {
    value: () => '{"bucket_object_info":["a:permission"]}',
    observe: (server, claims) => textOf(server, claims, 'bucket_object_info', { s3_uri: 's3://bucket/key' }),
  },
  QUILT_BROWSING_SESSION_TTL: {
    value: () => 'not a number',
    observe: (server, claims) => textOf(server, claims, 'search_catalog', { query: 'x' }),
  },
  QUILT_GRAPHQL_ENDPOINT: {
    value: ({ url }) => `${url}/elsewhere`,
    observe: async (server, claims, { requests }) => {
      const before = requests.length;
      await search(server, claims);
      return requests.slice(before);
    },
  },
  QUILT_MCP_RESOURCES_ENABLED: {
    value: () => 'false',
    observe: async (server, claims) =>
      ((await callMethod(server.url(claims.path), welcome(claims), 'resources/list')).resources as unknown[]).length,
  },
  // The last: the server may be at it still when another one is looked for.
  QUILT_SERVICE_TIMEOUT: {
    value: () => '1',
    observe: async (server, claims, quilt) => {
      quilt.silence();
      const given = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, 'it waits').unref());
      return Promise.race([search(server, claims).then(() => 'it gave up'), given]);
    },
  },
};

/** Variables whose effect is not looked for here, and why. */
export const UNSEEN: Readonly<Record<string, string>> = {
  AWS_DEFAULT_REGION: 'shows in the hosts that are asked, which are looked at by themselves',
  ATHENA_QUERY_RESULT_LOCATION: 'is read where AWS has accepted the credentials of a caller',
  ATHENA_WORKGROUP: 'is read where AWS has accepted the credentials of a caller',
  QUILT_DISABLE_USAGE_METRICS: 'shows in the hosts that are asked, which are looked at by themselves',
  QUILT_ENABLE_FALLBACK_DISCOVERY: 'is read once AWS has answered a caller',
  QUILT_KNOWN_BUCKETS: 'is read once AWS has answered a caller',
  QUILT_MCP_RESOURCE_CACHE_TTL: 'has an effect only if it is a word, which is tried by itself',
};

/** What was seen of a server that asks a Quilt of this machine. */
export interface Sight {
  /** What each effect that was looked for shows, by its variable. */
  readonly effects: Readonly<Record<string, unknown>>;
  /** How often it asked the catalog for its configuration. */
  readonly configurations: number;
}

/**
 * Runs the task with a Quilt of this machine, and with one variable of EFFECTS set or with none.
 *
 * @param looked the effects that are looked for, by their variables
 */
export async function look(
  parts: Parts,
  looked: readonly string[],
  set: string | undefined,
  limitMs: number,
): Promise<Sight> {
  const { claims } = parts;
  const quilt = await startQuilt();
  const server = await startTask(parts, {
    ...quiltAt(quilt.url),
    ...Object.fromEntries(looked.map((name) => [name, name === set ? EFFECTS[name]!.value(quilt) : undefined])),
  });
  try {
    assert.equal(await server.settled(limitMs), 'up', server.output());
    const effects: Record<string, unknown> = {};
    for (const name of looked) effects[name] = await EFFECTS[name]!.observe(server, claims, quilt);
    return { effects, configurations: quilt.requests.filter((path) => path === '/config.json').length };
  } finally {
    await Promise.all([server.stop(), quilt.stop()]);
  }
}

/** How often a server asks its catalog for config.json: by one call of a tool, and by two. */
export async function configurationsAsked(parts: Parts, limitMs: number): Promise<[number, number]> {
  const quilt = await startQuilt();
  const server = await startTask(parts, { ...quiltAt(quilt.url), ...registryAt(undefined) });
  const call = async () => {
    await search(server, parts.claims);
    return quilt.requests.filter((path) => path === '/config.json').length;
  };
  try {
    assert.equal(await server.settled(limitMs), 'up', server.output());
    const first = await call();
    return [first, await call()];
  } finally {
    await Promise.all([server.stop(), quilt.stop()]);
  }
}

/** A call of a tool that asks the registry. */
function search(server: ServerProcess, claims: Claims): Promise<Record<string, unknown>> {
  return callTool(server, claims, 'search_catalog', { query: 'x' });
}

/** What a tool says, without what differs from call to call. */
async function textOf(server: ServerProcess, claims: Claims, name: string, args: object): Promise<unknown> {
  const { isError, content } = await callTool(server, claims, name, args);
  return { isError, text: (content as { text: string }[])[0]?.text.replace(/\d+/g, '#') };
}

function callTool(server: ServerProcess, claims: Claims, name: string, args: object) {
  return callMethod(server.url(claims.path), welcome(claims), 'tools/call', { name, arguments: args });
}
