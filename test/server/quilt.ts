import { createServer } from 'node:http';

/** A Quilt catalog and registry on the loopback interface, which answers little and counts what is asked of it. */
export interface FakeQuilt {
  readonly url: string;
  /** Paths that were asked for, in order, without their queries. */
  readonly requests: string[];
  /** Leaves every request for something else than config.json without an answer, from now on. */
  silence(): void;
  stop(): Promise<void>;
}

/** Starts it; its config.json names itself as registry, and its GraphQL refuses every token. */
export async function startQuilt(): Promise<FakeQuilt> {
  const requests: string[] = [];
  let silent = false;
  const server = createServer((request, response) => {
    const path = request.url!.split('?', 1)[0]!;
    requests.push(path);
    response.setHeader('Content-Type', 'application/json');
    if (path === '/config.json') response.end(JSON.stringify({ registryUrl: `http://${request.headers.host}` }));
    else if (!silent) response.writeHead(401).end(JSON.stringify({ message: 'Unauthorized' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
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
