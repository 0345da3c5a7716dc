import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

import { type Checkout, run } from '../../../../src/operations/github/checkout';
import { git, gitSucceeds, inNewTree } from '../../../../src/operations/github/git';
import { propose } from '../../../../src/operations/github/proposal';
import { putAnswers } from '../../../support/put-program';

let folder: string;
let checkout: Checkout;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'github-'));
  const root = join(folder, 'checkout');
  mkdirSync(root);
  const by = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  execFileSync('git', [...by, 'commit', '--quiet', '--allow-empty', '--message', 'A'], { cwd: root });
  checkout = { root, env: process.env, stdout: { write: () => {} } };
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Programs that write down how they are called, and answer nothing. */
function standIns(): () => string[] {
  const bin = join(folder, 'bin');
  const calls = join(folder, 'calls');
  mkdirSync(bin);
  for (const name of ['git', 'gh']) putAnswers(join(bin, name), { '*': {} }, { calls, named: true });
  checkout = { ...checkout, env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) } };
  return () => readFileSync(calls, 'utf8').trim().split('\n');
}

describe('a program in a checkout', () => {
  it('a program in a checkout gets its words as they are, and says by name what failed', async () => {
    const odd = 'a \'b\' "c" $(id) `id`\\';
    expect(await git(checkout, 'log', '-1', `--format=format:${odd}`)).toBe(odd);
    expect(await gitSucceeds(checkout, 'rev-parse', '--verify', '--quiet', 'nothing')).toBe(false);
    await expect(git(checkout, 'rev-parse', '--verify', 'no thing')).rejects.toThrow(
      /^git rev-parse --verify 'no thing' failed: exit code 128\nfatal: /,
    );
    await expect(run(checkout, ['no-such-program'])).rejects.toThrow('no-such-program cannot be started (ENOENT)');
  });

  it('a program in a checkout has a working tree of its own, which is gone whatever happens', async () => {
    const trees: string[] = [];
    const used = await inNewTree(checkout, 'HEAD', async (tree) => {
      trees.push(tree.root);
      return git(tree, 'rev-parse', 'HEAD');
    });
    expect(used).toBe(await git(checkout, 'rev-parse', 'HEAD'));
    const ended = new AbortController();
    const failing = inNewTree({ ...checkout, signal: ended.signal }, 'HEAD', async (tree) => {
      trees.push(tree.root);
      ended.abort();
      await git(tree, 'status');
    });
    await expect(failing).rejects.toThrow('git status was not run: the step was ended.');
    expect(trees.filter((path) => existsSync(path))).toEqual([]);
    expect((await git(checkout, 'worktree', 'list')).split('\n')).toHaveLength(1);
  });
});

describe('a proposal', () => {
  it('a proposal gives the credentials of gh to the commands of git that reach GitHub, one by one, and to no other', async () => {
    const calls = standIns();
    const proposal = { tree: checkout, into: 'main', branch: 'b/main', subject: 'Change', paths: ['a'] };
    await propose(checkout, proposal, { title: 'T', body: 'B' });
    const credentials = '-c credential.helper= -c credential.helper=!gh auth git-credential ';
    const [having, others] = [true, false].map((has) => calls().filter((call) => call.includes('credential') === has));
    expect(having).toEqual([
      `git ${credentials}ls-remote origin refs/heads/b/main`,
      `git ${credentials}push --quiet --force-with-lease=refs/heads/b/main: origin HEAD:refs/heads/b/main`,
    ]);
    expect(others!.filter((call) => call.startsWith('git '))).toEqual([
      'git -c user.name=create-quilt-mcp-deploy -c user.email=41898282+github-actions[bot]@users.noreply.github.com commit --quiet --no-verify --message Change',
    ]);
  });
});
