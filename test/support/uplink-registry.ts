import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry of npm on loopback: it has one package of its own, and every other from the registry above it. */
export interface UplinkRegistry {
  /** The registry's URL for a client: each has its own, all with the same packages. */
  url(client: string): string;
  /** What was asked for since the start: which client's URL, and the path below it. */
  readonly requests: readonly { readonly client: string; readonly path: string }[];
  stop(): Promise<void>;
}

/**
 * @param archive path of the own package, as npm packs it
 * @param manifest its package.json
 * @param above URL of the registry that all other packages come from
 */
export async function startUplinkRegistry(
  archive: string,
  manifest: { readonly name: string; readonly version: string },
  above: string,
): Promise<UplinkRegistry> {
  const content = readFileSync(archive);
  const { name, version } = manifest;
  const tarballPath = `/${name}/-/${name}-${version}.tgz`;
  const dist = {
    integrity: `sha512-${createHash('sha512').update(content).digest('base64')}`,
    shasum: createHash('sha1').update(content).digest('hex'),
  };
  const requests: { client: string; path: string }[] = [];
  const url = (client: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${client}`;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, client = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    requests.push({ client, path: decodeURIComponent(path) });
    if (path === tarballPath) {
      response.end(content);
    } else if (path === `/${name}`) {
      const entry = { ...manifest, dist: { ...dist, tarball: `${url(client)}${tarballPath}` } };
      // Old enough for managers that wait some days before they take a release.
      const time = { [version]: '2020-01-01T00:00:00.000Z' };
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: entry }, time }));
    } else {
      const { accept } = request.headers;
      const found = await fetch(new URL(`.${path}`, above), { headers: accept ? { accept } : {} });
      response.statusCode = found.status;
      response.setHeader('Content-Type', found.headers.get('Content-Type') ?? 'application/json');
      response.end(Buffer.from(await found.arrayBuffer()));
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      response.statusCode = 502;
      response.end(JSON.stringify({ error: `${above}: ${error.message}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
