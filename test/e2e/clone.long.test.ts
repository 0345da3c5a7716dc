import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../src/config/example';
import { type CommandOptions, runCommand } from '../support/command';
import { IDENTITY } from '../support/git-identity';
import { fakeNpm, fakeProgram, standInProgram } from '../support/programs';
import { KEYS, Terminal } from '../support/pty';

const QUICK = ['--yes', '--no-install'];

let folder: string;
let clone: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'clone-test-')));
  clone = join(folder, 'clone');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], options: Partial<CommandOptions> = {}) =>
  runCommand(args, { cwd: folder, ...options, env: { ...IDENTITY, ...options.env } });
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: clone, encoding: 'utf8', env: { ...process.env, ...IDENTITY } });
const read = (path: string) => readFileSync(join(clone, path), 'utf8');

/** A clone of an empty repository at GitHub: no commit yet, the branch main. */
function cloneEmpty(origin = 'git@github.com:acme/mcp-deploy.git'): void {
  mkdirSync(clone, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', origin);
}

function put(path: string, content = ''): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), content);
}

/** Every file of a folder with its content, but for git's own. */
function contents(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(clone, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.startsWith(join(clone, '.git/')))
      .map((file) => [file.slice(clone.length + 1), readFileSync(file, 'utf8')]),
  );
}

const GITHUBS = {
  'README.md': '# mcp-deploy\nDeploys the MCP server\n',
  LICENSE: 'Apache\n',
  '.gitignore': '# Terraform\n*.tfvars\n*.tfvars.json\n*.tgz\nmine/\n',
};
const LEFT_BEHIND = {
  '.idea/workspace.xml': '<x/>',
  '.vscode/settings.json': '{}',
  '.DS_Store': '\u0000',
  'Thumbs.db': 'x',
  'desktop.ini': 'x',
  '.notes.txt.swp': 'x',
};

describe('a fresh clone', () => {
  it('a fresh clone gets its first commit, on the branch that it is on, and nothing but what was written is in it', async () => {
    cloneEmpty();
    for (const [path, content] of Object.entries(LEFT_BEHIND)) put(path, content);
    const { exitCode, stdout, stderr } = await run(['clone', ...QUICK, '--json']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^✓ first commit on main$/m);
    const { files } = JSON.parse(stdout);
    expect(git('ls-files').trim().split('\n').sort()).toEqual(files);
    for (const [path, content] of Object.entries(LEFT_BEHIND)) expect(read(path)).toBe(content);
    expect(git('log', '--format=%s').trim().split('\n')).toHaveLength(1);
  });

  it('a fresh clone of a repository that GitHub made with README, LICENSE and .gitignore keeps their text, and gets a second commit', async () => {
    cloneEmpty();
    for (const [path, content] of Object.entries(GITHUBS)) put(path, content);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Initial commit');
    git('switch', '--quiet', '--create', 'mine');
    const { exitCode, stdout } = await run(['clone', ...QUICK]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^- \.gitignore was there: your text comes first$/m);
    expect(stdout).toMatch(/^- README\.md was there: your text is below its last line$/m);
    expect(stdout).toMatch(/^✓ commit on mine$/m);
    expect(read('LICENSE')).toBe(GITHUBS.LICENSE);
    expect(read('.gitignore').startsWith(GITHUBS['.gitignore'])).toBe(true);
    expect(read('README.md')).toMatch(
      /^<!-- Generated.*\n# Quilt MCP server[\s\S]*<!-- Yours from here on.*-->\n\n# mcp-deploy\nDeploys the MCP server\n$/,
    );
    expect(git('ls-files')).toMatch(/terraform\.tfvars\.json/);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('rev-list', '--count', 'HEAD').trim()).toBe('2');
    // The text of the owner is theirs for every later sync, too.
    const check = await run(['sync', '--check'], { cwd: clone });
    expect(check.stdout).toMatch(/^0 create, 0 update, 0 delete, \d+ unchanged\n$/);
    expect(check.exitCode).toBe(0);
  });

  const unready: [string, () => void, RegExp][] = [
    [
      'something is staged',
      () => {
        put('LICENSE', 'mine');
        git('add', 'LICENSE');
      },
      /^- no commit: changes of yours are staged/m,
    ],
    [
      'no branch is checked out',
      () => git('checkout', '--quiet', '--detach'),
      /^- no commit: no branch is checked out/m,
    ],
    [
      'a merge is under way',
      () => writeFileSync(join(clone, '.git/MERGE_HEAD'), git('rev-parse', 'HEAD')),
      /^- no commit: a merge is under way/m,
    ],
  ];
  it.each(unready)('a fresh clone is not committed to if %s, and the run says so', async (_, prepare, message) => {
    cloneEmpty();
    put('LICENSE', 'Apache\n');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Initial commit');
    prepare();
    const before = [git('rev-parse', 'HEAD'), git('diff', '--cached', '--stat')];
    const { exitCode, stdout } = await run(['clone', ...QUICK]);
    expect(stdout).toMatch(message);
    expect(exitCode).toBe(0);
    expect([git('rev-parse', 'HEAD'), git('diff', '--cached', '--stat')]).toEqual(before);
    expect(existsSync(join(clone, 'mcp-deploy.json'))).toBe(true);
  });

  it('a fresh clone has the name of its GitHub repository from origin if no answer names one, and the run says so', async () => {
    cloneEmpty('https://someone:s3cret@github.com/acme/mcp-deploy.git');
    const { stdout, stderr } = await run(['clone', ...QUICK]);
    expect(stdout).toMatch(/^- repository\.name is acme\/mcp-deploy, taken from the remote origin$/m);
    expect(JSON.parse(read('mcp-deploy.json')).repository.name).toBe('acme/mcp-deploy');
    expect(stdout + stderr + JSON.stringify(contents())).not.toContain('s3cret');
  });

  it('a fresh clone has the name of its GitHub repository from origin in a run with --config, too, and what an answer says comes first', async () => {
    const { repository: _, ...answers } = exampleAnswers();
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    cloneEmpty();
    const dry = await run(['clone', '--config', 'answers.json', '--dry-run', '--json']);
    expect(JSON.parse(dry.stdout).notes).toEqual(['repository.name is acme/mcp-deploy, taken from the remote origin']);
    const named = await run(['clone', ...QUICK, '--set', 'repository.name=acme/other']);
    expect(named.stdout).not.toContain('taken from');
    expect(JSON.parse(read('mcp-deploy.json')).repository.name).toBe('acme/other');
  });

  it('a fresh clone has the name of its GitHub repository by the short form that the user has for URLs', async () => {
    cloneEmpty('gh:acme/mcp-deploy/');
    git('config', 'url.https://github.com/.insteadOf', 'gh:');
    git('remote', 'set-url', 'origin', 'gh:/acme/mcp-deploy');
    const { stdout } = await run(['clone', ...QUICK]);
    expect(stdout).toMatch(/repository\.name is acme\/mcp-deploy/);
  });

  it('the interview proposes the name of the GitHub repository of a fresh clone', async () => {
    cloneEmpty();
    const { repository: _, ...answers } = exampleAnswers();
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    const terminal = new Terminal(
      process.execPath,
      [require.resolve('../../lib/cli.js'), 'clone', '--config', 'answers.json', '--no-install'],
      { cwd: folder, env: IDENTITY },
    );
    await terminal.see('acme/mcp-deploy');
    terminal.press(KEYS.enter);
    await terminal.see('? What now?');
    terminal.press(KEYS.enter);
    expect(await terminal.ended).toBe(0);
    expect(JSON.parse(read('mcp-deploy.json')).repository.name).toBe('acme/mcp-deploy');
  });

  it('a fresh clone without origin, or with one that is not at GitHub, proposes no name of a repository, and says so', async () => {
    cloneEmpty('https://someone:secret@gitlab.com/acme/mcp-deploy.git');
    const { stdout, stderr } = await run(['clone', ...QUICK]);
    expect(stdout).toContain('- the remote origin is on gitlab.com, so repository.name is not taken from it');
    expect(stdout + stderr).not.toContain('secret');
  });

  it('a worktree is a fresh clone as well', async () => {
    const main = join(folder, 'main');
    mkdirSync(main);
    const there = (...args: string[]) => execFileSync('git', args, { cwd: main, env: { ...process.env, ...IDENTITY } });
    there('init', '--quiet', '--initial-branch=main');
    there('remote', 'add', 'origin', 'git@github.com:acme/mcp-deploy.git');
    there('commit', '--quiet', '--allow-empty', '--message', 'Initial commit');
    there('worktree', 'add', '--quiet', '-b', 'mine', clone);
    const { exitCode, stdout } = await run(['clone', ...QUICK]);
    expect(stdout).toMatch(/^✓ commit on mine$/m);
    expect(stdout).toMatch(/acme\/mcp-deploy/);
    expect(exitCode).toBe(0);
  });
});

describe('what is in a directory', () => {
  const prepare = (isClone: boolean) => {
    if (isClone) cloneEmpty();
    for (const [path, content] of Object.entries({ ...GITHUBS, ...LEFT_BEHIND })) put(path, content);
    if (!isClone) return () => '';
    git('add', 'LICENSE');
    const state = () => `${git('status', '--porcelain')}${git('for-each-ref')}`;
    return state;
  };

  it.each([true, false])('what is in a directory stays as it was after Ctrl-C (clone: %s)', async (isClone) => {
    const state = prepare(isClone);
    const [before, status] = [contents(), state()];
    let signalled = false;
    const { exitCode, stderr } = await run(['clone', '--yes'], {
      env: fakeProgram(folder, 'npm', 'mkdir -p node_modules/a; echo {} > package-lock.json; sleep 60 & wait'),
      onOutput: (output, kill) => {
        if (!signalled && output.includes('files written')) {
          signalled = true;
          setTimeout(() => kill('SIGINT'), 300);
        }
      },
    });
    expect(stderr).toMatch(/cancelled, nothing written/);
    expect(exitCode).toBe(1);
    expect(contents()).toEqual(before);
    expect(state()).toBe(status);
    expect(readdirSync(clone).sort()).toEqual(
      [...new Set([...Object.keys(before).map((path) => path.split('/')[0]), ...(isClone ? ['.git'] : [])])].sort(),
    );
  });

  it.each(['add', 'commit'])('what is in a directory stays as it was after Ctrl-C while git runs %s', async (step) => {
    const state = prepare(true);
    git('commit', '--quiet', '--message', 'Initial commit');
    const [before, status] = [contents(), state()];
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const marker = join(folder, 'reached');
    let signalled = false;
    const ended = run(['clone', ...QUICK], {
      env: standInProgram(folder, 'git', 'git-stays.sh', { GIT: real, STEP: step, MARKER: marker }),
      onOutput: (_, kill) => {
        if (signalled) return;
        signalled = true;
        const timer = setInterval(() => {
          if (existsSync(marker)) {
            clearInterval(timer);
            kill('SIGINT');
          }
        }, 50);
      },
    });
    const { exitCode } = await ended;
    expect(exitCode).toBe(1);
    expect(contents()).toEqual(before);
    expect(state()).toBe(status);
  });

  it('what somebody writes into a directory during a run that is cancelled stays, too', async () => {
    prepare(true);
    let signalled = false;
    await run(['clone', '--yes'], {
      env: fakeProgram(folder, 'npm', 'sleep 60 & wait'),
      onOutput: (output, kill) => {
        if (signalled || !output.includes('files written')) return;
        signalled = true;
        put('notes.txt', 'mine');
        put('docs/deployment.md', 'mine');
        setTimeout(() => kill('SIGTERM'), 200);
      },
    });
    expect(read('notes.txt')).toBe('mine');
    expect(read('docs/deployment.md')).toBe('mine');
    expect(readdirSync(clone).sort()).toEqual(
      [
        '.DS_Store',
        '.git',
        '.gitignore',
        '.idea',
        '.notes.txt.swp',
        '.vscode',
        'LICENSE',
        'README.md',
        'Thumbs.db',
        'desktop.ini',
        'docs',
        'notes.txt',
      ].sort(),
    );
  });

  it('what is in a directory stays as it was if nothing can be written', async () => {
    prepare(true);
    put('.git/info/x');
    const before = contents();
    const { exitCode } = await run(['clone', ...QUICK, '--set', 'name=Not A Name']);
    expect(exitCode).toBe(2);
    expect(contents()).toEqual(before);
  });

  it('a directory is written to again after a run that was killed', async () => {
    cloneEmpty();
    put('.projen/sync/owner-999999999');
    const { exitCode } = await run(['clone', ...QUICK]);
    expect(exitCode).toBe(0);
  });

  it('a fresh clone gets its lock file into the commit', async () => {
    cloneEmpty();
    const { exitCode, stdout } = await run(['clone', '--yes', '--target', 'cloudformation'], {
      env: { ...fakeNpm(folder), ...fakeProgram(folder, 'cfn-lint', 'echo cfn-lint 1.51.0') },
    });
    expect(stdout).toMatch(/✓ first commit on main/);
    expect(exitCode).toBe(0);
    expect(git('ls-files')).toMatch(/^package-lock\.json$/m);
  });
});
