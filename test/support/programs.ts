import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Puts a program of this name before all others on the PATH.
 *
 * @param folder that the program goes into, below `.bin`
 * @param script of sh
 * @returns variables for whoever shall find it
 */
export function fakeProgram(folder: string, name: string, script: string): { readonly PATH: string } {
  return put(folder, name, `#!/bin/sh\n${script}\n`);
}

/**
 * An npm whose `install` does what npm's does, without a registry: it makes `node_modules` and the lock file. Anything else
 * passes, and reports its tests as test-reporter.ts does.
 *
 * @param packages how many are installed in all
 * @param pass how many tests pass
 */
export function fakeNpm(folder: string, packages = 3, pass = 7): { readonly PATH: string } {
  const script = `#!${process.execPath}
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
if (process.argv[2] !== 'install') {
  const events = 'node_modules/.cache/create-quilt-mcp-deploy/tests.jsonl';
  for (let n = 0; n < ${pass}; n++) appendFileSync(events, '{"kind":"passed","name":"a test"}\\n');
} else {
  const names = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).devDependencies);
  while (names.length < ${packages}) names.push('other-' + names.length);
  const paths = names.map((name) => 'node_modules/' + name);
  for (const path of paths) {
    mkdirSync(path, { recursive: true });
    writeFileSync(path + '/package.json', '{}');
  }
  const lock = { lockfileVersion: 3, packages: Object.fromEntries(['', ...paths].map((path) => [path, {}])) };
  writeFileSync('package-lock.json', JSON.stringify(lock));
}
`;
  return put(folder, 'npm', script);
}

function put(folder: string, name: string, text: string): { readonly PATH: string } {
  const bin = join(folder, '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), text, { mode: 0o755 });
  return { PATH: `${bin}${delimiter}${process.env.PATH}` };
}
