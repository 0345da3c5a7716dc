import { createServer } from 'node:http';

import { CATALOGUE } from '../../src/conventions';

/** A Quilt catalog and registry on the loopback interface, which answers little and counts what is asked of it. */
export interface FakeQuilt {
  readonly url: string;
  /** Paths that were asked for, in order, without their queries. */
  readonly requests: string[];
  /** Keys that requests were signed with, and what else they carried of credentials. */
  readonly credentials: string[];
  /** Leaves every request for something else than config.json without an answer, from now on. */
  silence(): void;
  stop(): Promise<void>;
}

/** The variables by which servers of any generation are told where the catalog and the registry are. */
export function quiltAt<Url extends string | undefined>(url: Url): Record<string, Url> {
  return { QUILT_CATALOG_URL: url, ...registryAt(url) };
}

/** Those for the registry alone. */
export function registryAt<Url extends string | undefined>(url: Url): Record<string, Url> {
  const derived = CATALOGUE.flatMap(({ environment }) => Object.entries(environment.derived));
  const isRegistry = ([, { from }]: (typeof derived)[number]) => from === 'registryUrl';
  return Object.fromEntries(derived.filter(isRegistry).map(([name]) => [name, url]));
}

/** Credentials that it gives out as a container's agent does. */
export const AGENT = { AccessKeyId: 'AKIDAGENT', SecretAccessKey: 'secret', Token: 'token-of-the-agent' };

/**
 * Starts it; its config.json names itself as registry, its GraphQL refuses every token, and so does what it is as S3. At
 * `/credentials` it is a container's agent.
 */
export async function startQuilt(): Promise<FakeQuilt> {
  const requests: string[] = [];
  const credentials: string[] = [];
  let silent = false;
  const server = createServer((request, response) => {
    const path = request.url!.split('?', 1)[0]!;
    requests.push(path);
    const { authorization, 'x-amz-security-token': token } = request.headers;
    credentials.push(...[authorization, token].flat().filter((value) => value !== undefined));
    response.setHeader('Content-Type', 'application/json');
    if (path === '/config.json') response.end(JSON.stringify({ registryUrl: `http://${request.headers.host}` }));
    else if (path === '/credentials') response.end(JSON.stringify({ ...AGENT, Expiration: '2099-01-01T00:00:00Z' }));
    else if (!silent) response.writeHead(401).end(JSON.stringify({ message: 'Unauthorized' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    credentials,
    silence: () => {
      silent = true;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
