import assert from 'node:assert/strict';
import { createServer } from 'node:http';

import { type Change, type Parts, startTask, welcome } from './claims';
import { callMethod } from './mcp';
import { quiltAt, startQuilt } from './quilt';

/** A proxy on the loopback interface, which lets nothing out and says who was asked for. */
interface Proxy {
  readonly url: string;
  readonly hosts: Set<string>;
  stop(): Promise<void>;
}

/** A tool of a server, as it describes it. */
interface Tool {
  readonly name: string;
  readonly inputSchema: {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
}

/** Values of parameters that a tool looks at before it asks anybody. */
const VALUES: Readonly<Record<string, unknown>> = {
  bucket: 's3://bucket',
  data: 's3://bucket/table.csv',
  package_name: 'team/package',
  registry: 's3://bucket',
  s3_uri: 's3://bucket/key',
  s3_uris: ['s3://bucket/key'],
};

/**
 * The hosts that a server asks for through a proxy while each of its tools is called once, and until it has ended. Quilt
 * is of this machine and asked without the proxy.
 */
export async function hostsAsked(parts: Parts, change: Change, limitMs: number): Promise<string[]> {
  const [quilt, proxy] = await Promise.all([startQuilt(), startProxy()]);
  const server = await startTask(parts, {
    ...quiltAt(quilt.url),
    HTTPS_PROXY: proxy.url,
    HTTP_PROXY: proxy.url,
    NO_PROXY: '127.0.0.1,localhost',
    AWS_ACCESS_KEY_ID: 'AKIDSHARED',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    // What is collected would be sent at once.
    MCP_TELEMETRY_BATCH_SIZE: '1',
    MCP_TELEMETRY_FLUSH_INTERVAL: '1',
    ...change,
  });
  try {
    assert.equal(await server.settled(limitMs), 'up', server.output());
    const [url, caller] = [server.url(parts.claims.path), welcome(parts.claims)];
    const { tools } = (await callMethod(url, caller, 'tools/list')) as { tools: Tool[] };
    assert.ok(tools.length > 0);
    for (const { name, inputSchema } of tools) {
      await callMethod(url, caller, 'tools/call', { name, arguments: argumentsFor(inputSchema) }).catch(() => {});
    }
    server.signal('SIGTERM');
    await server.exited;
    // A name without a dot is a value of a parameter that was taken for a URL.
    return [...proxy.hosts].filter((host) => host.includes('.')).sort();
  } finally {
    await Promise.all([server.stop(), quilt.stop(), proxy.stop()]);
  }
}

function argumentsFor({ properties = {}, required = [] }: Tool['inputSchema']): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, VALUES[name] ?? sampleOf(properties[name] ?? {})]));
}

function sampleOf(schema: Schema): unknown {
  const { type, enum: choices } = schema.anyOf?.[0] ?? schema;
  if (choices) return choices[0];
  return { integer: 1, number: 1, boolean: true, array: [], object: {} }[type ?? ''] ?? 'packages';
}

async function startProxy(): Promise<Proxy> {
  const hosts = new Set<string>();
  const server = createServer((request, response) => {
    hosts.add(new URL(request.url!).hostname);
    response.writeHead(502).end();
  }).on('connect', (request, socket) => {
    hosts.add(request.url!.replace(/:\d+$/, ''));
    socket.on('error', () => {}).end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    hosts,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
