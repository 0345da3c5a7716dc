import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EXIT, ExitError } from '../../exit';
import { Failed } from '../failed';
import type { Finished } from '../program';
import { say } from '../session';
import { type Checkout, run } from './checkout';
import { git } from './git';
import { UPGRADE_FILES } from './upgrade-files';

/** An upgrade that failed and left nothing to propose. */
class UpgradeFailed extends ExitError {
  constructor(readonly exitCode: ExitError['exitCode']) {
    super('The upgrade failed, and changed nothing.');
  }
}

/**
 * Upgrades a working copy, and writes what that changed to a folder. It runs packages of a registry, so it must be given no
 * credentials.
 */
export async function prepareUpgrade(checkout: Checkout, folder: string): Promise<void> {
  if (await git(checkout, 'status', '--porcelain')) {
    throw new Failed('This working copy has changes: commit them first.');
  }
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write(UPGRADE_FILES.base, `${await git(checkout, 'rev-parse', 'HEAD')}\n`);
  write(UPGRADE_FILES.would, (await runUpgrade(checkout, '--', '--dry-run')).output);
  const { output, exitCode } = await runUpgrade(checkout);
  write(UPGRADE_FILES.output, output);
  say(checkout, output.trimEnd());
  await git(checkout, 'add', '--all');
  const patch = join(folder, UPGRADE_FILES.patch);
  await git(checkout, 'diff-index', '--cached', '--binary', '--full-index', `--output=${patch}`, 'HEAD');
  if (statSync(patch).size === 0 && exitCode !== EXIT.done) {
    throw new UpgradeFailed(exitCode === EXIT.wrongInput ? EXIT.wrongInput : EXIT.failed);
  }
  write(UPGRADE_FILES.status, `${exitCode}\n`);
}

function runUpgrade(checkout: Checkout, ...words: readonly string[]): Promise<Finished> {
  // On Windows npm is a script, which only a shell starts; its words here need no quotes.
  const shell = process.platform === 'win32';
  return run(checkout, ['npm', 'run', '--silent', 'upgrade', ...words], { anyExitCode: true, shell });
}
