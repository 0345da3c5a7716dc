import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ownPackage } from '../../src/project/package-root';
import { ENGINES_DIR, lock, run } from './engines/install';

const { root: ROOT } = ownPackage();
const SOURCES = ['src', 'generators', 'templates', 'scripts/bundle.ts', 'tsconfig.json', 'package.json'];
/** The file that a build writes last. */
const BUILT = 'lib/cli.js';

/** Builds `lib/`, as the package is published, if a source is newer. Several processes may call this at once: one builds. */
export async function buildPackage(): Promise<void> {
  if (isBuilt()) return;
  const release = await lock(join(ENGINES_DIR, 'build.lock'));
  try {
    if (!isBuilt()) await run(process.execPath, [require.resolve('projen/bin/projen'), '--chdir', ROOT, 'compile']);
  } finally {
    release();
  }
}

function isBuilt(): boolean {
  const built = modified(join(ROOT, BUILT));
  return SOURCES.every((path) => newest(join(ROOT, path)) <= built);
}

/** When a file was changed, or the last one of a folder; a folder counts too, because files are deleted. */
function newest(path: string): number {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return modified(path);
  }
  return Math.max(modified(path), ...entries.map(({ name }) => newest(join(path, name))));
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
