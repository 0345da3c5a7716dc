import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildPackage } from './build';
import { forgetFailures } from './engines/install';

const FOLDER = 'TESTS_FOLDER';

/**
 * Vitest's global set-up, called once for each project: the package is built, for tests of any kind emit what its build
 * makes. No engine is installed before a suite asks for it.
 */
export default async function setup(): Promise<(() => void) | undefined> {
  if (process.env[FOLDER]) return undefined;
  forgetFailures();
  chooseSeed();
  await buildPackage();
  return keepTemporaryTogether();
}

/** Another one for each run by hand, and for each commit that CI tests. */
function chooseSeed(): void {
  if (process.env.TEST_SEED === undefined) {
    const commit = process.env.CI ? headCommit() : '';
    process.env.TEST_SEED = String(
      commit ? Number.parseInt(commit.slice(0, 7), 16) : Math.floor(Math.random() * 2 ** 28),
    );
  }
  console.log(`Samples by seed ${process.env.TEST_SEED}: TEST_SEED=${process.env.TEST_SEED} takes the same ones.`);
}

function headCommit(): string {
  return spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout ?? '';
}

/** Everything that engines leave in the folder for temporary files goes with the run. Servers run as another user, who must get there. */
function keepTemporaryTogether(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tests-'));
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.env[FOLDER] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
