import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { shellWord } from '../../../src/operations/shell-word';
import { REQUIREMENTS } from '../../../src/rehearsal/emulator';
import type { Engine } from '.';
import { engineFolder, installOnce, installPackages } from './install';

const HOME = engineFolder('python', readFileSync(REQUIREMENTS, 'utf8'));

const AWS_CLI = join(__dirname, '../aws-cli');
const AWS_CLI_FILES = ['aws.py', 'resident.py'] as const;
/** The AWS CLI of the virtual environment, loaded once for all calls: loading takes it longer than a call. */
const LOADED_AWS_CLI = engineFolder(
  'aws-cli',
  HOME,
  ...AWS_CLI_FILES.map((name) => readFileSync(join(AWS_CLI, name), 'utf8')),
);

/** The AWS API emulator (moto), with the AWS CLI and cfn-lint: a virtual environment (half a minute, network). */
export const EMULATOR: Engine = {
  name: 'the AWS emulator',
  prepare: async () => {
    await installOnce('the AWS emulator (moto, the AWS CLI, cfn-lint)', HOME, (home) =>
      installPackages(home, '-r', REQUIREMENTS),
    );
    await installOnce('the AWS CLI that stays loaded', LOADED_AWS_CLI, async (home) => {
      mkdirSync(home);
      for (const name of AWS_CLI_FILES) copyFileSync(join(AWS_CLI, name), join(home, name));
      const python = shellWord(emulatorProgram('python'));
      const start = `#!/bin/sh\nexec ${python} -S -E ${shellWord(join(home, 'aws.py'))} "$@"\n`;
      writeFileSync(join(home, 'aws'), start, { mode: 0o755 });
    });
  },
};

/** A program of the virtual environment, once {@link EMULATOR} is ready. */
export function emulatorProgram(name: 'python' | 'aws' | 'cfn-lint'): string {
  // It stays loaded by means that only Linux has.
  return name === 'aws' && process.platform === 'linux' ? join(LOADED_AWS_CLI, name) : join(HOME, 'bin', name);
}

/** A file of a Python package of the virtual environment, once {@link EMULATOR} is ready. */
export function sitePackages(path: string): string {
  const lib = join(HOME, 'lib');
  return join(lib, readdirSync(lib).find((name) => name.startsWith('python'))!, 'site-packages', path);
}
