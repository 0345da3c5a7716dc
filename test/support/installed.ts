import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { ownPackage } from '../../src/project/package-root';
import { buildPackage } from './build';
import { writeOwnCommand } from './own-command';

await buildPackage();

const { root: ROOT, name: NAME } = ownPackage();

/** Puts into an emitted repository what `npm install` would, as links: this package as it is built, and its peers. */
export function linkPackages(directory: string): void {
  const modules = join(directory, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules);
  linkOwn(modules);
  for (const peer of ['projen', 'constructs']) {
    symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer));
  }
}

/** Puts all packages that this repository has into another folder, as links, and this package as it is built. */
export function linkEveryPackage(directory: string): void {
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  const entries = readdirSync(join(ROOT, 'node_modules'));
  for (const entry of entries.filter((name) => name !== '.bin')) {
    symlinkSync(join(ROOT, 'node_modules', entry), join(modules, entry));
  }
  linkOwn(modules);
}

/** This package, and its command, which npm makes a link to. */
function linkOwn(modules: string): void {
  symlinkSync(ROOT, join(modules, NAME));
  mkdirSync(join(modules, '.bin'));
  writeOwnCommand(join(modules, '.bin'));
}
