import Module from 'node:module';
import { join } from 'node:path';

import { type GeneratorLocation, LOADED, LOCATION_VARIABLE, OWN } from './generator-location';

/** Parts of Node.js that load a module, and that its types leave out. */
interface Loader {
  _resolveFilename(this: unknown, request: string, ...rest: unknown[]): string;
  _nodeModulePaths(folder: string): string[];
}

/**
 * Makes Node.js load this package from another folder. A process that is started with `--require` and this file does so;
 * the processes that it starts get the same variables.
 */
function loadFrom({ generator, repository }: GeneratorLocation): void {
  const loader = Module as unknown as Loader;
  const resolve = loader._resolveFilename;
  const from = (folder: string) => ({
    id: folder,
    filename: join(folder, 'index.js'),
    paths: loader._nodeModulePaths(folder),
  });
  loader._resolveFilename = function (request, ...rest) {
    const [name = '', ...inner] = request.split('/');
    if (name === OWN) return join(generator, ...(inner.length > 0 ? inner : ['lib', 'src', 'index.js']));
    for (const folder of LOADED.includes(name) ? [generator, repository] : []) {
      try {
        return resolve.call(this, request, from(folder));
      } catch {}
    }
    return resolve.call(this, request, ...rest);
  };
}

const location = process.env[LOCATION_VARIABLE];
if (location !== undefined) loadFrom(JSON.parse(location) as GeneratorLocation);
