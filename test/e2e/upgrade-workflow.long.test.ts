import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { LATEST } from '../../src/conventions';
import { runCommand } from '../support/command';
import { linkPackages } from '../support/installed';

const ROOT = resolve(__dirname, '../..');
const BRANCH = 'upgrade-quilt-mcp/main';
const DOCUMENT = 'docs/environment-variables.md';
const APP = ['repository.app.idVariable=APP_ID', 'repository.app.keySecret=APP_KEY'];
/** Who commits, where nobody is configured. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

interface Thread {
  readonly number: number;
  state: string;
  readonly title: string;
  readonly body: string;
  readonly draft?: boolean;
  readonly base?: string;
  readonly head?: string;
  readonly isCrossRepository?: boolean;
  readonly label?: string;
}

interface Github {
  readonly calls: readonly string[];
  readonly labels: readonly string[];
  readonly pulls: Thread[];
  readonly issues: Thread[];
  readonly noDrafts?: boolean;
}

let folder: string;
/** A bare repository: what GitHub has. */
let origin: string;
/** The working copy of a person. */
let mine: string;

const state = () => join(folder, 'github.json');
const github = () => JSON.parse(readFileSync(state(), 'utf8')) as Github;
const setGithub = (change: (github: Github) => object | undefined) => {
  const now = github();
  writeFileSync(state(), JSON.stringify(change(now) ?? now));
};

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { GITHUB_ACTIONS: _, ...inherited } = process.env;
  const PATH = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`;
  try {
    const output = execFileSync(command, args, {
      cwd,
      // No registry: the generator at hand is the newest.
      env: { ...inherited, PATH, npm_config_registry: 'http://127.0.0.1:9', ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { exitCode: 0, output: stripVTControlCharacters(output) };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { exitCode: status, output: stripVTControlCharacters(`${stdout}${stderr}`) };
  }
}

function git(cwd: string, ...args: string[]): string {
  const { exitCode, output } = run('git', args, cwd, IDENTITY);
  expect(exitCode, output).toBe(0);
  return output.trim();
}

function commitAndPush(cwd: string, branch = 'main'): void {
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--message', 'Change');
  git(cwd, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
}

/** What `npm ci` would put there. */
function install(directory: string): void {
  linkPackages(directory);
  symlinkSync(join(ROOT, 'node_modules/.bin/projen'), join(directory, 'node_modules/.bin/projen'));
}

/** Runs the script's steps of one job, as the workflow has them, in a checkout of its own, which is returned. */
function runJob(name: 'prepare' | 'propose' | 'report') {
  const checkout = mkdtempSync(join(folder, `${name}-`));
  git(folder, 'clone', '--quiet', '--depth', '1', `file://${origin}`, checkout);
  if (name === 'prepare') install(checkout);
  const workflow = parseYaml(readFileSync(join(checkout, '.github/workflows/upgrade.yml'), 'utf8')) as {
    jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>;
  };
  const steps = workflow.jobs[name]!.steps.filter((step) => step.run?.includes('upgrade.mjs'));
  expect(steps).toHaveLength(1);
  const { run: script, env = {} } = steps[0]!;
  const values: Record<string, string> = { BASE: 'main', GH_TOKEN: 'token' };
  const result = run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script!], checkout, {
    ...Object.fromEntries(Object.keys(env).map((key) => [key, values[key]])),
    RUNNER_TEMP: join(folder, 'temp'),
    GH_STATE: state(),
    GIT_CONFIG_GLOBAL: '/dev/null',
  });
  return { ...result, checkout };
}

function runJobs(second: 'propose' | 'report') {
  rmSync(join(folder, 'temp'), { recursive: true, force: true });
  const prepared = runJob('prepare');
  expect(prepared.exitCode, prepared.output).toBe(0);
  const done = runJob(second);
  expect(done.exitCode, done.output).toBe(0);
  return done;
}

async function emit(parent: string, ...set: string[]): Promise<void> {
  const args = ['mine', '--yes', '--no-install', '--no-git', ...set.flatMap((one) => ['--set', one])];
  const { exitCode, stderr } = await runCommand(args, { cwd: parent });
  expect(exitCode, stderr).toBe(0);
}

const OLDER = ['conventions=g2c', 'image.version=0.14.1'];
/** Emitted once, for each test to take a copy of. */
let emitted: Record<'app' | 'noApp' | 'newest', string>;

beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'upgrade-emitted-'));
  emitted = { app: join(root, 'app'), noApp: join(root, 'no-app'), newest: join(root, 'newest') };
  for (const parent of Object.values(emitted)) mkdirSync(parent);
  await emit(emitted.app, ...OLDER, ...APP);
  await emit(emitted.noApp, ...OLDER);
  await emit(emitted.newest, ...APP);
  return () => rmSync(root, { recursive: true, force: true });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upgrade-workflow-'));
  origin = join(folder, 'origin.git');
  mine = join(folder, 'mine');
  writeFileSync(state(), JSON.stringify({ calls: [], labels: [], pulls: [], issues: [] } satisfies Github));
  mkdirSync(join(folder, 'bin'));
  const stub = join(folder, 'bin/gh');
  writeFileSync(stub, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'test/support/gh.mjs')}' "$@"\n`);
  chmodSync(stub, 0o755);
  return () => rmSync(folder, { recursive: true, force: true });
});

function publish(which: keyof typeof emitted): void {
  cpSync(join(emitted[which], 'mine'), mine, { recursive: true });
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', origin);
  git(mine, 'init', '--quiet', '--initial-branch=main');
  git(mine, 'remote', 'add', 'origin', origin);
  commitAndPush(mine);
}

function change(path: string, from: string, to: string): void {
  const text = readFileSync(join(mine, path), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(mine, path), text.replace(from, to));
}

describe('the scheduled upgrade with an App', () => {
  it('the scheduled upgrade with an App opens a pull request with the report, and leaves it while nothing is new', () => {
    publish('app');
    const { checkout } = runJobs('propose');
    const [pull, ...others] = github().pulls;
    expect(others).toEqual([]);
    expect(pull).toMatchObject({ base: 'main', head: BRANCH, draft: false });
    expect(pull!.title).toMatch(new RegExp(`^Upgrade of \\d{4}-\\d\\d-\\d\\d: \`g2c\` to \`${LATEST.id}\`$`));
    expect(pull!.body).toContain('## Roll out');
    expect(pull!.body).not.toContain('needs a hand before it can be merged');

    expect(git(origin, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
    const files = git(origin, 'diff', '--name-only', 'main', BRANCH).split('\n');
    expect(files).toEqual(expect.arrayContaining(['mcp-deploy.json', '.projen/base', DOCUMENT]));
    expect(
      files.filter((path) => new RegExp(`^docs/upgrades/.*-g2c-${LATEST.id}\\.(md|json)$`).test(path)),
    ).toHaveLength(2);
    expect(files.filter((path) => path.startsWith('node_modules'))).toEqual([]);
    const log = git(origin, 'log', '-1', '--format=%an %ae', BRANCH);
    expect(log).toMatch(/^create-quilt-mcp-deploy .*github-actions\[bot\]@/);
    // The checkout is as it was.
    expect(git(checkout, 'status', '--porcelain')).toBe('');
    expect(git(checkout, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(readFileSync(join(checkout, '.git/config'), 'utf8')).not.toContain('credential');

    const tip = git(origin, 'rev-parse', BRANCH);
    expect(runJobs('propose').output).toContain('has it already');
    expect(git(origin, 'rev-parse', BRANCH)).toBe(tip);

    // It follows the branch that it is for.
    appendFileSync(join(mine, 'package-lock.json'), '{}\n');
    commitAndPush(mine);
    runJobs('propose');
    expect(git(origin, 'rev-parse', `${BRANCH}^`)).toBe(git(origin, 'rev-parse', 'main'));
    expect(github().pulls).toHaveLength(1);
    expect(github().calls.filter((call) => call === 'api')).toHaveLength(1);

    // Once it is merged, there is nothing to do.
    git(origin, 'update-ref', 'refs/heads/main', BRANCH);
    setGithub(({ pulls }) => void Object.assign(pulls[0]!, { state: 'merged' }));
    expect(runJobs('propose').output).toContain('nothing newer');
    expect(github().pulls).toHaveLength(1);
  });

  it('the scheduled upgrade with an App is a draft if somebody must decide, and leaves what they then push', () => {
    publish('app');
    change(DOCUMENT, 'MCP_JWT_ISSUER` |', 'MCP_JWT_ISSUER`, ours |');
    commitAndPush(mine);
    // A stranger's, of the same name.
    const strange = { number: 1, state: 'open', title: 'x', body: 'y', base: 'main', head: BRANCH };
    setGithub(({ pulls }) => void pulls.push({ ...strange, isCrossRepository: true }));
    runJobs('propose');
    const pull = github().pulls[1]!;
    expect(pull).toMatchObject({ head: BRANCH, draft: true });
    expect(pull.body).toMatch(/^> \[!WARNING\]\n> This upgrade needs a hand/);
    expect(pull.body).toContain(`\n    ${DOCUMENT}\n`);
    expect(pull.body).toMatch(/\n {4} *conflict +docs\/environment-variables\.md/);
    expect(pull.body).toContain('## Roll out');
    expect(git(origin, 'show', `${BRANCH}:${DOCUMENT}`)).toMatch(/^<{7} /m);

    git(mine, 'fetch', '--quiet', 'origin', BRANCH);
    git(mine, 'checkout', '--quiet', 'FETCH_HEAD');
    writeFileSync(join(mine, 'SOLVED.md'), 'solved\n');
    commitAndPush(mine, BRANCH);
    const theirs = git(origin, 'rev-parse', BRANCH);
    expect(runJobs('propose').output).toContain('Pull request 2 has commits that this script did not make');
    expect(git(origin, 'rev-parse', BRANCH)).toBe(theirs);

    // Given up by its owner, and later without the conflict.
    setGithub(({ pulls }) => void Object.assign(pulls[1]!, { state: 'closed' }));
    git(mine, 'checkout', '--quiet', 'main');
    change(DOCUMENT, 'MCP_JWT_ISSUER`, ours |', 'MCP_JWT_ISSUER` |');
    commitAndPush(mine);
    runJobs('propose');
    expect(github().pulls[2]).toMatchObject({ head: BRANCH, draft: false, state: 'open' });
    expect(git(origin, 'log', '-1', '--format=%s', BRANCH)).toBe('Upgrade with create-quilt-mcp-deploy');

    // And with one again.
    change(DOCUMENT, 'MCP_JWT_ISSUER` |', 'MCP_JWT_ISSUER`, ours |');
    commitAndPush(mine);
    runJobs('propose');
    expect(github().pulls[2]).toMatchObject({ draft: true, state: 'open' });
    expect(github().pulls[2]!.body).toContain('[!WARNING]');
    expect(github().pulls[0]).toEqual({ ...strange, isCrossRepository: true });
  });

  it('the scheduled upgrade with an App is not proposed again once its owner closed it, until there is something else', () => {
    publish('app');
    runJobs('propose');
    git(origin, 'update-ref', 'refs/pull/1/head', BRANCH);
    git(origin, 'update-ref', '-d', `refs/heads/${BRANCH}`);
    setGithub(({ pulls }) => void Object.assign(pulls[0]!, { state: 'closed' }));
    writeFileSync(join(mine, 'ours.txt'), 'ours\n');
    commitAndPush(mine);
    expect(runJobs('propose').output).toContain('Pull request 1 proposed the same and was closed');
    expect(git(origin, 'branch', '--list')).toBe('* main');

    change(DOCUMENT, 'MCP_JWT_ISSUER` |', 'MCP_JWT_ISSUER`, ours |');
    commitAndPush(mine);
    runJobs('propose');
    expect(github().pulls).toMatchObject([{ state: 'closed' }, { state: 'open' }]);
  });

  it('the scheduled upgrade with an App is no draft if GitHub has none', () => {
    publish('app');
    setGithub((now) => ({ ...now, noDrafts: true }));
    change(DOCUMENT, 'MCP_JWT_ISSUER` |', 'MCP_JWT_ISSUER`, ours |');
    commitAndPush(mine);
    runJobs('propose');
    expect(github().pulls).toMatchObject([{ draft: false, body: expect.stringContaining('[!WARNING]') }]);
  });

  it('the scheduled upgrade with an App does nothing if there is nothing newer', () => {
    publish('newest');
    expect(runJobs('propose').output).toContain('nothing newer');
    expect(github().calls).toEqual([]);
    expect(git(origin, 'branch', '--list')).toBe('* main');
  });

  it('the scheduled upgrade with an App fails, and proposes nothing, if the upgrade fails', () => {
    publish('app');
    change('mcp-deploy.json', '"g2c"', '"g9z"');
    commitAndPush(mine);
    const { exitCode, output } = runJob('prepare');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/g9z[\s\S]*The upgrade failed, and changed nothing/);
    expect(existsSync(join(folder, 'temp/upgrade/status'))).toBe(false);
  });

  it('the script of the scheduled upgrade refuses a working copy with changes, and what it does not know', () => {
    publish('newest');
    const script = (...args: string[]) => run(process.execPath, ['.github/scripts/upgrade.mjs', ...args], mine);
    expect(script().exitCode).toBe(2);
    expect(script('prepare').exitCode).toBe(2);
    expect(script('fail', 'x')).toMatchObject({ exitCode: 2, output: expect.stringContaining('Usage:') });
    writeFileSync(join(mine, 'new.txt'), '');
    expect(script('prepare', join(folder, 'temp'))).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('has changes'),
    });
  });
});

describe('what the first job prepared', () => {
  const REPORT = 'docs/upgrades/a.md';
  const link = (path: string, to: string) => {
    rmSync(join(mine, path), { force: true });
    mkdirSync(dirname(join(mine, path)), { recursive: true });
    symlinkSync(to, join(mine, path));
    git(mine, 'add', '--', path);
  };
  const commitId = () => git(mine, 'rev-parse', 'HEAD');
  const HARMFUL = {
    'a symbolic link': () => link(REPORT, join(folder, 'secret')),
    'a file that becomes one': () => link('README.md', join(folder, 'secret')),
    'one that leads elsewhere': () => {
      link('there', 'README.md');
      commitAndPush(mine);
      link('there', join(folder, 'secret'));
    },
    'a submodule': () => git(mine, 'update-index', '--add', '--cacheinfo', `160000,${commitId()},sub`),
    'a directory that becomes one': () => {
      git(mine, 'rm', '--quiet', '-r', 'deploy');
      git(mine, 'update-index', '--add', '--cacheinfo', `160000,${commitId()},deploy`);
    },
  };
  /** Writes the artifact as a package could that ran there, with what is staged. */
  const prepare = () => {
    const artifact = join(folder, 'temp/upgrade');
    mkdirSync(artifact, { recursive: true });
    const patch = git(mine, 'diff-index', '--cached', '--binary', '--full-index', 'HEAD');
    const files = { base: commitId(), status: '0', 'output.txt': '', 'would.txt': '', 'upgrade.patch': patch };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(artifact, name), `${text}\n`);
  };

  it.each(
    Object.entries(HARMFUL).flatMap(([what, make]) =>
      (['propose', 'report'] as const).map((job) => [what, job, make] as const),
    ),
  )('an upgrade that the first job prepared is refused with %s, before it is read: %s', (_, job, make) => {
    publish(job === 'propose' ? 'app' : 'noApp');
    writeFileSync(join(folder, 'secret'), '# A secret\n');
    make();
    prepare();
    const { exitCode, output } = runJob(job);
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(/Refused: .* makes or changes a symbolic link or a submodule/);
    expect(github()).toMatchObject({ calls: [], pulls: [], issues: [] });
    expect(git(origin, 'branch', '--list')).toBe('* main');
  });

  it.each(['HEAD', '--force', ''])('an upgrade that was prepared is refused if it is for no commit: %j', (base) => {
    publish('app');
    git(mine, 'commit', '--quiet', '--allow-empty', '--message', 'A');
    prepare();
    writeFileSync(join(folder, 'temp/upgrade/base'), base);
    writeFileSync(join(folder, 'temp/upgrade/upgrade.patch'), 'any');
    expect(runJob('propose')).toMatchObject({ exitCode: 1, output: expect.stringContaining('names no commit') });
  });

  it('an upgrade that the first job prepared is taken if the repository has links of its own', () => {
    publish('app');
    link('there', 'README.md');
    commitAndPush(mine);
    mkdirSync(join(mine, 'docs/upgrades'));
    writeFileSync(join(mine, REPORT), '# Upgrade\n\nAll of it\n');
    git(mine, 'add', '--', REPORT);
    prepare();
    expect(runJob('propose')).toMatchObject({ exitCode: 0 });
    expect(github().pulls).toMatchObject([{ title: 'Upgrade', body: expect.stringContaining('All of it') }]);
  });
});

describe('the scheduled upgrade without an App', () => {
  it('the scheduled upgrade without an App says in one issue what an upgrade would change, and closes it after the upgrade', () => {
    publish('noApp');
    runJobs('report');
    const [issue] = github().issues;
    expect(issue!.body).toMatch(new RegExp(`dry-run\` says:\n\n[^]*\n {4}g2c → ${LATEST.id}`));
    expect(issue!.body).toContain('## Roll out');
    expect(git(origin, 'branch', '--list')).toBe('* main');

    setGithub(({ issues }) => void Object.assign(issues[0]!, { body: 'before' }));
    runJobs('report');
    expect(github().issues).toEqual([issue]);

    install(mine);
    expect(run('npm', ['run', '--silent', 'upgrade'], mine).exitCode).toBe(0);
    commitAndPush(mine);
    expect(runJobs('report').output).toContain('nothing newer');
    expect(github().issues).toMatchObject([{ state: 'closed' }]);
    expect(runJobs('report').exitCode).toBe(0);
    expect(github().pulls).toEqual([]);
  });
});
