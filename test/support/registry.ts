import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry of npm that has one version of one package. */
export interface Registry {
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** @param archive path of the package, as npm packs it */
export async function startRegistry(name: string, version: string, archive: string): Promise<Registry> {
  const content = readFileSync(archive);
  const requests: string[] = [];
  const server = createServer(({ url: path = '' }, response) => {
    requests.push(path);
    if (path === `/${name}`) {
      const tarball = `${url()}${name}-${version}.tgz`;
      const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
      const entry = { name, version, dist: { tarball, integrity } };
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: entry } }));
    } else if (path === `/${name}-${version}.tgz`) {
      response.end(content);
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url: url(),
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
