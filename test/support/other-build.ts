import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ownPackage } from '../../src/project/package-root';

/** What another build of this package has otherwise: for each file, texts that occur in it, and what stands there instead. */
export type Differences = Readonly<Record<string, readonly (readonly [before: string, after: string])[]>>;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Packs another build of this package: the present one with another version and other texts. It carries what it depends
 * on, so that it can be installed where there is no registry.
 *
 * @param folder where it is made, and the archive is put
 * @returns path of the archive
 */
export function packOtherBuild(folder: string, version: string, differences: Differences): string {
  const { root, files } = ownPackage();
  const copy = join(folder, 'package');
  for (const file of ['package.json', ...files]) {
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as Manifest;
  const bundled = Object.keys(manifest.dependencies ?? {});
  for (const name of withTheirs(root, bundled)) {
    mkdirSync(dirname(join(copy, 'node_modules', name)), { recursive: true });
    cpSync(join(root, 'node_modules', name), join(copy, 'node_modules', name), { recursive: true });
  }
  writeFileSync(
    join(copy, 'package.json'),
    JSON.stringify({ ...manifest, version, bundleDependencies: bundled }, undefined, 2),
  );
  for (const [file, texts] of Object.entries(differences)) {
    writeFileSync(join(copy, file), texts.reduce(replaceIn(file), readFileSync(join(copy, file), 'utf8')));
  }
  const archive = join(folder, `create-quilt-mcp-deploy-${version}.tgz`);
  execFileSync('tar', ['-czf', archive, '-C', folder, 'package']);
  return archive;
}

function replaceIn(file: string) {
  return (text: string, [before, after]: readonly [string, string]): string => {
    if (!text.includes(before)) {
      throw new Error(`${file} has no ${before}`);
    }
    return text.replaceAll(before, after);
  };
}

/** Packages, and all that they depend on. */
function withTheirs(root: string, names: readonly string[]): Set<string> {
  const all = new Set(names);
  for (const name of all) {
    const { dependencies } = JSON.parse(
      readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
    ) as Manifest;
    for (const inner of Object.keys(dependencies ?? {})) all.add(inner);
  }
  return all;
}
