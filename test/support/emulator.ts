import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Emulator, runEmulator } from '../../src/rehearsal/emulator';
import { EMULATOR, emulatorProgram } from './engines/emulator';
import { ENGINES_DIR } from './engines/install';
import { terraformCliConfig } from './engines/terraform';

/** Starts an emulator, whose packages are installed before. */
export async function startEmulator(): Promise<Emulator> {
  await EMULATOR.prepare();
  const empty = join(ENGINES_DIR, 'empty');
  writeFileSync(empty, '');
  return runEmulator(emulatorProgram('python'), empty, { TF_CLI_CONFIG_FILE: terraformCliConfig() });
}
