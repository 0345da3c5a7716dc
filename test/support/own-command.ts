import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { ownCommand, ownPackage } from '../../src/project/package-root';

const { name } = ownPackage();

/** This package's command as it is built; the global set-up builds it. */
export const OWN_COMMAND = ownCommand();

/** What `npm run` does to the PATH of a task: this package's command is on it, after all else. */
export function withOwnCommand(path = process.env.PATH ?? ''): string {
  return [path, folderOfCommand()].join(delimiter);
}

/** Puts an `npx` into a folder that runs this package's command, and nothing else. */
export function writeNpx(bin: string): void {
  writeScript(join(bin, 'npx'), `[ "$1" = ${name} ] || exit 64\nshift\n${START}`);
}

const START = `exec '${process.execPath}' '${OWN_COMMAND}' "$@"`;

/** Puts this package's command into a folder, as npm puts it into `node_modules/.bin`. */
export function writeOwnCommand(bin: string): void {
  writeScript(join(bin, name), START);
}

function folderOfCommand(): string {
  const folder = join(tmpdir(), 'own-command');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  if (!existsSync(file)) {
    // Several suites at once may do this.
    const other = join(folder, `${process.pid}`);
    writeScript(other, START);
    renameSync(other, file);
  }
  return folder;
}

function writeScript(file: string, text: string): void {
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}
