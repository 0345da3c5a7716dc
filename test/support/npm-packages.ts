import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { engineFolder, installOnce, run } from './engines/install';

/**
 * The folder of `node_modules/.bin` with a package of npm, which is installed below `.engines/` first if it is not there
 * yet. Its own install scripts run.
 *
 * @param name of the package
 * @param version exact
 * @throws Error with the end of what npm said if it cannot be installed
 */
export async function ensurePackage(name: string, version: string): Promise<string> {
  const home = engineFolder(`npm-${name.replace(/\W+/g, '-')}`, version);
  await installOnce(`${name} ${version}`, home, async (folder) => {
    mkdirSync(folder);
    const manifest = { private: true, allowScripts: { [name]: true }, dependencies: { [name]: version } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const options = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts=false', '--foreground-scripts'];
    await run('npm', ['install', '--prefix', folder, ...options]);
  });
  return join(home, 'node_modules/.bin');
}
