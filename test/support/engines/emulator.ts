import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REQUIREMENTS } from '../../../src/rehearsal/emulator';
import type { Engine } from '.';
import { engineFolder, installOnce, installPackages } from './install';

const HOME = engineFolder('python', readFileSync(REQUIREMENTS, 'utf8'));

/** The AWS API emulator (moto), with the AWS CLI and cfn-lint: a virtual environment (half a minute, network). */
export const EMULATOR: Engine = {
  name: 'the AWS emulator',
  prepare: () =>
    installOnce('the AWS emulator (moto, the AWS CLI, cfn-lint)', HOME, (home) =>
      installPackages(home, '-r', REQUIREMENTS),
    ),
};

/** A program of the virtual environment, once {@link EMULATOR} is ready. */
export function emulatorProgram(name: 'python' | 'aws' | 'cfn-lint'): string {
  return join(HOME, 'bin', name);
}

/** A file of a Python package of the virtual environment, once {@link EMULATOR} is ready. */
export function sitePackages(path: string): string {
  const lib = join(HOME, 'lib');
  return join(lib, readdirSync(lib).find((name) => name.startsWith('python'))!, 'site-packages', path);
}
