import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isObject, valueAt } from '../config/paths';
import { excerpt } from '../operations/excerpt';
import { failureOf } from '../operations/program';
import { type Finished, run } from './run';

/** npm's names of a lock file; the first counts if both exist. */
const LOCK_FILES = ['npm-shrinkwrap.json', 'package-lock.json'];

/**
 * Each takes the place of a setting that a user or a machine may have, and that would make npm work elsewhere, or keep it
 * from saying why it failed.
 */
const HERE = ['--global=false', '--location=project', '--workspaces=false', '--loglevel=notice', '--json=false'];
/** Likewise for settings that would leave out packages, or the lock file. */
const ALL = ['--include=dev', '--save=true', '--package-lock=true', '--package-lock-only=false', '--dry-run=false'];

/** Result of an installation. */
export type Installed =
  /** `count` packages are there, and in the lock file. */
  | { readonly ok: true; readonly count: number }
  /** `why` has a line, and below it npm's output, at most ten lines. */
  | { readonly ok: false; readonly why: string };

/**
 * Installs the packages of a repository's package.json, and writes their lock file; then checks both.
 *
 * @throws the reason of the abort
 */
export async function installPackages(directory: string, signal: AbortSignal): Promise<Installed> {
  const ending = await run('npm', ['install', ...ALL, ...HERE, '--no-audit', '--no-fund'], directory, signal);
  if (!ending.ok) {
    return { ok: false, why: failureOf('npm install', ending) };
  }
  const { count, missing } = inspect(directory);
  return missing === undefined
    ? { ok: true, count }
    : { ok: false, why: `npm install did not do its work: ${missing}\n${excerpt('npm-install', ending.output)}` };
}

/** Runs the tests of a repository: its script `test`, with more arguments for it. */
export function runTestScript(directory: string, args: readonly string[], signal: AbortSignal): Promise<Finished> {
  return run('npm', ['test', ...HERE, '--', ...args], directory, signal);
}

/** Packages that are installed and in the lock file, and the first thing that is not as it must be. */
function inspect(directory: string): { readonly count: number; readonly missing?: string } {
  const file = LOCK_FILES.find((name) => existsSync(join(directory, name))) ?? LOCK_FILES.at(-1)!;
  const lock = readJson(join(directory, file));
  if (!lock) {
    return { count: 0, missing: `there is no ${file} that can be read` };
  }
  const locked = lockedPaths(lock);
  const isThere = (path: string) => existsSync(join(directory, path, 'package.json'));
  const manifest = readJson(join(directory, 'package.json')) ?? {};
  const wanted = ['dependencies', 'devDependencies'].flatMap((key) => {
    const section = manifest[key];
    return isObject(section) ? Object.keys(section) : [];
  });
  const missing = wanted.flatMap((name) => {
    const path = `node_modules/${name}`;
    return [
      ...(locked.includes(path) ? [] : [`${name} is not in ${file}`]),
      ...(isThere(path) ? [] : [`${name} is not installed`]),
    ];
  })[0];
  return { count: locked.filter((path) => isThere(path) && !isBundled(lock, path)).length, missing };
}

/** Folders of the packages in a lock file, from the repository's root; version 1 of the format names packages only. */
function lockedPaths({ packages, dependencies }: Record<string, unknown>): string[] {
  return isObject(packages)
    ? Object.keys(packages).filter((path) => path !== '')
    : Object.keys(isObject(dependencies) ? dependencies : {}).map((name) => `node_modules/${name}`);
}

/** Whether a package came within another one: npm does not count it. */
function isBundled(lock: Record<string, unknown>, path: string): boolean {
  return valueAt(lock, ['packages', path, 'inBundle']) === true;
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
