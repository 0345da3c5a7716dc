import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Checkout, run } from './checkout';

/** Gives one git command the credentials of gh, and no others: none are kept in the checkout. */
export const WITH_CREDENTIALS = ['-c', 'credential.helper=', '-c', 'credential.helper=!gh auth git-credential'];

/** Output of git, without white space around it. */
export async function git(checkout: Checkout, ...words: readonly string[]): Promise<string> {
  return (await run(checkout, ['git', ...words])).stdout.trim();
}

/** Whether a git command succeeds. */
export async function gitSucceeds(checkout: Checkout, ...words: readonly string[]): Promise<boolean> {
  return (await run(checkout, ['git', ...words], { anyExitCode: true })).ok;
}

/** The branch that a proposal is for: the variable BASE, or the branch that is checked out. */
export async function baseBranch(checkout: Checkout): Promise<string> {
  return checkout.env.BASE || git(checkout, 'branch', '--show-current');
}

/** Does something in a working tree of its own, of a commit; the tree is gone afterwards. */
export async function inNewTree<Result>(
  checkout: Checkout,
  commit: string,
  use: (tree: Checkout) => Promise<Result>,
): Promise<Result> {
  const root = mkdtempSync(join(tmpdir(), 'tree-'));
  try {
    await git(checkout, 'worktree', 'add', '--quiet', '--detach', root, commit);
    return await use({ ...checkout, root });
  } finally {
    await gitSucceeds({ ...checkout, signal: undefined }, 'worktree', 'remove', '--force', root);
    rmSync(root, { recursive: true, force: true });
  }
}
