import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { putProgram } from './put-program';

/**
 * Puts a program of this name before all others on the PATH.
 *
 * @param folder that the program goes into, below `.bin`
 * @param script of sh
 * @returns variables for whoever shall find it
 */
export function fakeProgram(folder: string, name: string, script: string): { readonly PATH: string } {
  const bin = join(folder, '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return before(folder);
}

/**
 * Puts a program of the folder `stand-ins` before all others on the PATH.
 *
 * @param variables that it is started with
 * @returns variables for whoever shall find it
 */
export function standInProgram(
  folder: string,
  name: string,
  standIn: string,
  variables: Readonly<Record<string, string>> = {},
): { readonly PATH: string } {
  putProgram(join(folder, '.bin', name), standIn, variables);
  return before(folder);
}

/**
 * An npm whose `install` does what npm's does, without a registry: it makes `node_modules` and the lock file. Anything else
 * exits with 0, and reports its tests as test-reporter.ts does.
 *
 * @param packages how many are installed in all
 * @param pass how many tests pass
 * @param fail how many tests fail
 */
export function fakeNpm(folder: string, packages = 3, pass = 7, fail = 0): { readonly PATH: string } {
  const counts = { PACKAGES: String(packages), PASSED: String(pass), FAILED: String(fail) };
  return standInProgram(folder, 'npm', 'npm-install.mjs', counts);
}

function before(folder: string): { readonly PATH: string } {
  return { PATH: `${join(folder, '.bin')}${delimiter}${process.env.PATH}` };
}
