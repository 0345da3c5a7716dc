import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ownPackage } from '../../src/project/package-root';

/** This package as a release: packed by npm, with a version that is not 0.0.0. */
export interface ReleasedPackage {
  readonly archive: string;
  readonly manifest: { readonly name: string; readonly version: string };
}

/** @param folder where it is packed */
export function packRelease(folder: string, version: string): ReleasedPackage {
  const pack = (from: string) =>
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: from,
      encoding: 'utf8',
    }).trim();
  execFileSync('tar', ['-xzf', pack(ownPackage().root)], { cwd: folder });
  const file = join(folder, 'package/package.json');
  const manifest = { ...JSON.parse(readFileSync(file, 'utf8')), version };
  writeFileSync(file, JSON.stringify(manifest));
  return { archive: join(folder, pack(join(folder, 'package'))), manifest };
}
