import assert from 'node:assert/strict';
import { type Claims, type Subject, startTask, welcome } from './claims';
import { callMethod, initialize } from './mcp';
import type { ServerProcess } from './process';
import { type FakeQuilt, startQuilt } from './quilt';

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
  FASTMCP_STATELESS_HTTP: {
    value: () => 'true',
    observe: async (server, claims) => {
      const { headers } = await initialize(server.url(claims.path), welcome(claims));
      return 'mcp-session-id' in headers;
    },
  },
  QUILT_BROWSING_SESSION_TTL: { value: () => 'not a number', observe: searchResult },
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
  QUILT_DISABLE_USAGE_METRICS: 'metrics would go to a host of the vendor, which nothing here can reach',
};

/** What is seen of a variable's effect on a task that asks a Quilt of this machine: without it, and with it. */
export async function seeEffect(name: string, subject: Omit<Subject, 'server'>, limitMs: number) {
  const { value, observe } = EFFECTS[name]!;
  const seen = async (set: boolean) => {
    const quilt = await startQuilt();
    const server = await startTask(subject.engine, subject.task, {
      QUILT_CATALOG_URL: quilt.url,
      QUILT_REGISTRY_URL: quilt.url,
      [name]: set ? value(quilt) : undefined,
    });
    try {
      assert.equal(await server.settled(limitMs), 'up', server.output());
      return await observe(server, subject.claims, quilt);
    } finally {
      await Promise.all([server.stop(), quilt.stop()]);
    }
  };
  const [without, withIt] = await Promise.all([seen(false), seen(true)]);
  return { without, with: withIt };
}

/** A call of a tool that asks the registry. */
function search(server: ServerProcess, claims: Claims): Promise<Record<string, unknown>> {
  const call = { name: 'search_catalog', arguments: { query: 'x' } };
  return callMethod(server.url(claims.path), welcome(claims), 'tools/call', call);
}

/** What a tool says, without what differs from call to call. */
async function searchResult(server: ServerProcess, claims: Claims): Promise<unknown> {
  const { isError, content } = await search(server, claims);
  return { isError, text: (content as { text: string }[])[0]?.text.replace(/\d+/g, '#') };
}
