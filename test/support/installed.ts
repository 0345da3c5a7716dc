import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { ownPackage } from '../../src/project/package-root';
import { buildPackage } from './build';

await buildPackage();

/** Puts into an emitted repository what `npm install` would, as links: this package as it is built, and its peers. */
export function linkPackages(directory: string): void {
  const { root, name } = ownPackage();
  const modules = join(directory, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules);
  symlinkSync(root, join(modules, name));
  for (const peer of ['projen', 'constructs']) {
    symlinkSync(join(root, 'node_modules', peer), join(modules, peer));
  }
}

/** Puts all packages that this repository has into another folder, as links, and this package as it is built. */
export function linkEveryPackage(directory: string): void {
  const { root, name } = ownPackage();
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', entry), join(modules, entry));
  }
  symlinkSync(root, join(modules, name));
}
