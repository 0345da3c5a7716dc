import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type CommandOptions, runCommand } from '../support/command';
import { fakeProgram, standInProgram } from '../support/programs';

const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
const FIRST = /^✓ git repository, first commit(, unsigned)?$/m;

let folder: string;
let settings: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-test-')));
  settings = join(folder, '.gitconfig');
  set('user.name', 'A');
  set('user.email', 'a@example.com');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Sets what git reads for the user. */
const set = (key: string, value: string) => execFileSync('git', ['config', '--file', settings, key, value]);
const environment = () => ({ GIT_CONFIG_GLOBAL: settings, GIT_CONFIG_NOSYSTEM: '1' });
const run = (args: readonly string[] = [], options: Partial<CommandOptions> = {}) =>
  runCommand(['x', '--yes', '--no-install', ...args], {
    cwd: folder,
    ...options,
    env: { ...environment(), ...options.env },
  });
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: join(folder, cwd), encoding: 'utf8', env: { ...process.env, ...environment() } });

function put(path: string, content = '', mode = 0o644): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

/** Whether there is one commit, on main, of all that was written, and nothing else is to commit. */
function expectFirstCommit(): void {
  expect(git('x', 'rev-list', '--count', 'HEAD').trim()).toBe('1');
  expect(git('x', 'symbolic-ref', 'HEAD').trim()).toBe('refs/heads/main');
  expect(git('x', 'ls-files')).toMatch(/terraform\.tfvars\.json[\s\S]*vendor\/.*\.tgz/);
  expect(git('x', 'status', '--porcelain')).toBe('');
}

describe('the first commit', () => {
  const cases: Record<string, () => unknown> = {
    'by git before 2.28': () => standInProgram(folder, 'git', 'git-before-2.28.sh', { GIT: REAL_GIT }),
    'with a default branch that is no name': () => void set('init.defaultBranch', 'no such..name'),
    'with another default branch': () => void set('init.defaultBranch', 'trunk'),
    'where commits are signed by a program that is not there': () => {
      set('commit.gpgsign', 'true');
      set('gpg.program', '/no/such/gpg');
      set('user.signingkey', 'ABC');
    },
    'where line ends are converted, and strictly': () => {
      set('core.autocrlf', 'true');
      set('core.safecrlf', 'true');
      set('core.eol', 'crlf');
    },
    'where bare repositories are refused': () => void set('safe.bareRepository', 'explicit'),
    'where modes do not count and names are quoted': () => {
      set('core.fileMode', 'false');
      set('core.quotePath', 'true');
    },
    'with a template that leaves files out': () => {
      put('template/info/exclude', '*.json\n*.tgz\n.*\n');
      set('init.templateDir', join(folder, 'template'));
    },
    'with a template that makes it bare': () => {
      put('template/config', '[core]\n\tbare = true\n');
      set('init.templateDir', join(folder, 'template'));
    },
    'with a template that is not there': () => void set('init.templateDir', '/no/such/folder'),
    "with an ignore file of the machine, from GitHub's templates": () => {
      put('ignore', '*.tfvars\n*.tfvars.json\n*.tgz\nvendor/\npackage-lock.json\n.env\nlogs\n');
      set('core.excludesFile', join(folder, 'ignore'));
    },
    'with hooks that pass': () => {
      put('hooks/pre-commit', '#!/bin/sh\necho checked\n', 0o755);
      set('core.hooksPath', join(folder, 'hooks'));
    },
    'where git traces what it does': () => ({ GIT_TRACE: '1' }),
    'in another language': () => ({ LANG: 'de_DE.UTF-8', LANGUAGE: 'de' }),
    "in another repository's hook": () => {
      mkdirSync(join(folder, '.bin'), { recursive: true });
      return { GIT_DIR: '/no/such', GIT_INDEX_FILE: '/no/such/index', GIT_WORK_TREE: '/no', GIT_PREFIX: 'a/' };
    },
  };
  it.each(Object.entries(cases))('the first commit is made %s', async (_, prepare) => {
    const env = (prepare() ?? {}) as NodeJS.ProcessEnv;
    const { exitCode, stdout } = await run([], { env });
    expect(stdout).toMatch(FIRST);
    expect(exitCode).toBe(0);
    expectFirstCommit();
    expect(stdout).not.toContain('no commit was made');
  });

  it('the first commit says that it is unsigned if commits are to be signed, and how it is signed', async () => {
    expect((await run()).stdout).not.toContain('unsigned');
    rmSync(join(folder, 'x'), { recursive: true });
    set('commit.gpgsign', 'yes');
    const { stdout } = await run();
    expect(stdout).toMatch(
      /^✓ git repository, first commit, unsigned\n! commit\.gpgsign asks .* git commit --amend --no-edit --gpg-sign$/m,
    );
  });

  it('the first commit is made by a hook of another repository, which stays as it is', async () => {
    mkdirSync(join(folder, 'other'));
    git('other', 'init', '--quiet');
    put('other/a.txt');
    const script = `#!/bin/sh\n"${process.execPath}" "${require.resolve('../../lib/cli.js')}" "${folder}/x" --yes --no-install > "${folder}/said" 2>&1\n`;
    put('other/.git/hooks/pre-commit', script, 0o755);
    git('other', 'add', 'a.txt');
    git('other', '-c', 'core.abbrev=8', 'commit', '--quiet', '--message', 'a');
    expect(readFileSync(join(folder, 'said'), 'utf8')).toMatch(FIRST);
    expectFirstCommit();
    expect(git('other', 'ls-files')).toBe('a.txt\n');
    expect(git('other', 'status', '--porcelain')).toBe('');
  });
});

describe('a first commit that is left out', () => {
  const failing = '#!/bin/sh\necho "no secrets here, please" >&2\nexit 1\n';
  const cases: Record<string, [() => unknown, RegExp]> = {
    'without git': [() => ({ PATH: join(folder, 'nothing') }), /^- no git repository: git is not on the PATH$/m],
    'with a git that cannot be executed': [
      () => {
        put('.bin/git', '', 0o644);
        return { PATH: join(folder, '.bin') };
      },
      /^- no git repository: git (is not on the PATH|may not be executed: check the permissions of .*\/\.bin\/git)$/m,
    ],
    'with a git that only says how to get one': [
      () => fakeProgram(folder, 'git', 'echo "xcrun: error: invalid active developer path" >&2; exit 1'),
      /^- no git repository: xcrun: error: invalid active developer path$/m,
    ],
    'without a name and an address': [
      () => {
        writeFileSync(settings, '');
        set('user.useConfigOnly', 'true');
        return { EMAIL: '', HOME: folder };
      },
      /^- git repository without a commit: git does not know your user\.name and user\.email$/m,
    ],
    'with a date that git does not take': [
      () => ({ GIT_AUTHOR_DATE: 'yesterday or so!' }),
      /^- git repository without a commit: git takes no such date as GIT_AUTHOR_DATE has; unset it, or write one like /m,
    ],
    'with a hook that refuses it': [
      () => {
        put('hooks/pre-commit', failing, 0o755);
        set('core.hooksPath', join(folder, 'hooks'));
      },
      /^- git repository without a commit: git commit failed, the files are staged: no secrets here, please$/m,
    ],
    'with a template whose hook refuses the message': [
      () => {
        put('template/hooks/commit-msg', failing, 0o755);
        set('init.templateDir', join(folder, 'template'));
      },
      /^- git repository without a commit: git commit failed, the files are staged: no secrets here, please$/m,
    ],
    'inside of what git keeps a bare repository in': [
      () => {
        execFileSync('git', ['init', '--quiet', '--bare', '.'], { cwd: folder });
      },
      /^- no git repository: .*(inside of a repository's .git|must be run in a work tree)/m,
    ],
    'below a repository of another user': [
      () => {
        execFileSync('git', ['init', '--quiet'], { cwd: folder });
        return { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
      },
      /^- no git repository: git trusts no repository of another user, .*safe\.directory/m,
    ],
    'below a worktree whose repository is gone': [
      () => void put('.git', 'gitdir: /no/such/repository\n'),
      /^- no git repository: not a git repository: \/no\/such\/repository$/m,
    ],
    'below what only looks like a repository': [
      () => void put('.git', 'nonsense\n'),
      /^- no git repository: invalid gitfile format/m,
    ],
  };
  it.each(Object.entries(cases))(
    'the first commit is left out, with the reason and exit code 0: %s',
    async (_, [prepare, message]) => {
      const env = (prepare() ?? {}) as NodeJS.ProcessEnv;
      const { exitCode, stdout } = await run([], { env });
      expect(stdout).toMatch(message);
      expect(stdout).toMatch(/\nNext:\n(.*\n)*? {2}# commit the files, with package-lock\.json: no commit was made\n/);
      expect(exitCode).toBe(0);
      expect(existsSync(join(folder, 'x/mcp-deploy.json'))).toBe(true);
    },
  );

  it('the first commit is left out if npm install failed: without its packages there is no lock file', async () => {
    const { exitCode, stdout } = await runCommand(['x', '--yes'], {
      cwd: folder,
      env: { ...environment(), ...fakeProgram(folder, 'npm', 'echo "npm error code E404"; exit 1') },
    });
    expect(stdout).toMatch(/^✗ npm install failed\n {4}npm error code E404\n- nothing is committed: /m);
    expect(exitCode).toBe(1);
    expect(existsSync(join(folder, 'x/.git'))).toBe(false);
  });
});

it('a first commit that lacks files names them, and the exit code is 1', async () => {
  put('hooks/pre-commit', '#!/bin/sh\ngit rm --quiet --cached README.md deploy/images/dev.json\n', 0o755);
  set('core.hooksPath', join(folder, 'hooks'));
  const { exitCode, stdout, stderr } = await run(['--json']);
  expect(stderr).toMatch(
    /^✗ the commit lacks 2 files: README\.md, deploy\/images\/dev\.json; add them with git add --force/m,
  );
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ git: 'failed', exitCode: 1, problems: [{ step: 'git' }] });
});

describe('a repository below the root of another one', () => {
  it.each([['x'], ['x', '--dry-run'], ['x', '--no-git']])(
    'the command says that GitHub runs no workflow in a repository below the root of another one, and what to do (%s %s)',
    async (_, ...more) => {
      execFileSync('git', ['init', '--quiet'], { cwd: folder });
      const { exitCode, stdout, stderr } = await run([...more, '--json']);
      const warning = `the workflows in x will not run: GitHub reads .github/workflows only at the root of a repository, and this directory lies inside the one at ${folder}. Name a directory outside of it, or move this one out and run git init there`;
      expect(stderr).toContain(`! ${warning}\n`);
      expect(JSON.parse(stdout).warnings).toEqual([warning]);
      expect(exitCode).toBe(0);
    },
  );

  it('in folders of another repository, too, the command says that no workflow will run, and takes no name from its origin', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:acme/everything.git'], { cwd: folder });
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    const { stdout, stderr } = await run([], { cwd: join(folder, 'a/b') });
    expect(stderr).toMatch(/^! the workflows in x will not run/m);
    expect(stdout).not.toContain('acme/everything');
  });

  it('the command names the files that the ignore file of a repository around the new one leaves out', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    put('.gitignore', '/x/\n');
    const { stdout } = await run();
    expect(stdout).toMatch(
      /^! the repository around it leaves out \d+ files: .*\(\.gitignore:1:\/x\/\); add them with git add --force$/m,
    );
    put('.gitignore', '*.json\n*.tgz\n');
    rmSync(join(folder, 'x'), { recursive: true });
    expect((await run()).stdout).not.toContain('leaves out');
  });

  it('the command warns of nothing in a directory that lies in no other repository', async () => {
    expect((await run()).stderr).toBe('');
  });
});
