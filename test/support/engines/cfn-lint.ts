import { join } from 'node:path';

import type { Engine } from '.';
import { emulatorProgram } from './emulator';
import { engineFolder, installOnce, installPackages } from './install';

/** The newest when this was written. */
const NEWEST = 'cfn-lint==1.58.0';
const HOME = engineFolder('cfn-lint', NEWEST);

/** The newest cfn-lint, which knows more rules than the one of the emulator (10 seconds, network). */
export const NEWEST_CFN_LINT: Engine = {
  name: 'the newest cfn-lint',
  prepare: () => installOnce(NEWEST, HOME, (home) => installPackages(home, NEWEST)),
};

/** Programs of cfn-lint, by the version that a message names: that of the emulator, and the newest. */
export const CFN_LINTS: readonly (readonly [name: string, program: string])[] = [
  ['1.51', emulatorProgram('cfn-lint')],
  ['1.58', join(HOME, 'bin/cfn-lint')],
];
