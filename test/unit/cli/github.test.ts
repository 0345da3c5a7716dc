import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { github } from '../../../src/cli/commands/github';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { exampleAnswers, exampleEnvironment } from '../../../src/config/example';
import { BRANCH_PROTECTION } from '../../../src/model/delivery/github-environments';
import { putProgram } from '../../support/put-program';

const REPOSITORY = { full_name: 'acme/mcp', id: 22, owner: { id: 11 }, default_branch: 'main' };
const PROTECTED = { protected_branches: true, custom_branch_policies: false };
const CUSTOM = { protected_branches: false, custom_branch_policies: true };

interface State {
  readonly repository?: object;
  readonly environments: Readonly<
    Record<string, { readonly deployment_branch_policy: unknown; readonly protection_rules?: readonly unknown[] }>
  >;
  readonly branches: Readonly<Record<string, { readonly protection?: object }>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly calls: readonly string[];
  readonly refuses?: string;
}

describe('the command github setup', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'github-setup-')));
    mkdirSync(join(root, 'bin'));
    vi.spyOn(process, 'cwd').mockReturnValue(root);
    answer({});
    is({});
    putProgram(join(root, 'bin/gh'), 'github-settings.mjs', { GH_STATE: join(root, 'state.json') });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  function answer(repository: object) {
    const answers = {
      ...exampleAnswers(),
      repository: { name: 'acme/mcp', ownerId: 11, repositoryId: 22, ...repository },
      environments: { dev: exampleEnvironment('dev', 1), prod: exampleEnvironment('prod', 2) },
    };
    writeFileSync(join(root, 'mcp-deploy.json'), JSON.stringify(answers));
  }

  /** The settings as they are before; a repository that was pushed to, and nothing else, unless a test says so. */
  function is(change: Partial<State>) {
    const fresh = { repository: REPOSITORY, environments: {}, branches: { main: {} }, variables: {}, calls: [] };
    const known = { users: { ann: 7 }, teams: { 'acme/teams/ops': 8 } };
    writeFileSync(join(root, 'state.json'), JSON.stringify({ ...fresh, ...known, ...change }));
  }
  const state = () => JSON.parse(readFileSync(join(root, 'state.json'), 'utf8')) as State;

  async function run(words: readonly string[], path = `${join(root, 'bin')}${delimiter}${process.env.PATH}`) {
    const said = { out: '', err: '' };
    const console = {
      stdin: process.stdin,
      stdout: { write: (text: string) => (said.out += text) },
      stderr: { write: (text: string) => (said.err += text) },
      env: { PATH: path },
    } as unknown as Console;
    const exitCode = await dispatch(github, ['setup', ...words], console, new AbortController().signal);
    return { exitCode, ...said };
  }

  it('the command github setup makes environments, reviewers and protection once, and then has nothing to change', async () => {
    const first = await run(['--yes', '--reviewer', 'ann', '--reviewer', 'acme/ops']);
    expect([first.exitCode, first.err]).toEqual([0, '']);
    const { environments, branches } = state();
    expect(
      Object.fromEntries(Object.entries(environments).map(([name, one]) => [name, one.deployment_branch_policy])),
    ).toEqual({
      dev: PROTECTED,
      'dev-publish': PROTECTED,
      'dev-plan': null,
      prod: PROTECTED,
      'prod-publish': PROTECTED,
      'prod-plan': null,
    });
    expect(environments.dev!.protection_rules).toContainEqual({
      type: 'required_reviewers',
      prevent_self_review: true,
      reviewers: [
        { type: 'User', reviewer: { id: 7 } },
        { type: 'Team', reviewer: { id: 8 } },
      ],
    });
    expect(environments['dev-plan']!.protection_rules).toEqual([]);
    expect(branches.main!.protection).toEqual({ ...BRANCH_PROTECTION, enforce_admins: { enabled: true } });

    const calls = state().calls.length;
    const second = await run(['--yes', '--reviewer', 'ann']);
    expect([second.exitCode, second.out]).toEqual([0, expect.stringContaining('Nothing to change.')]);
    expect(state().calls).toHaveLength(calls);
  });

  it('the command github setup shows what it would change with --dry-run, and asks before it changes anything', async () => {
    const shown = await run(['--dry-run']);
    expect([shown.exitCode, shown.out]).toEqual([
      0,
      expect.stringContaining('+ environment dev: make it, for the default branch only'),
    ]);
    expect(shown.out).toContain('! The environments dev and prod have no reviewer: what is merged is deployed.');
    await expect(run([])).rejects.toThrow('There is no terminal to ask in: add -- --yes.');
    expect(state().calls).toEqual([]);
  });

  it('the command github setup keeps reviewers, waiting times and policies that somebody chose', async () => {
    const chosen = [
      { type: 'wait_timer', wait_timer: 30 },
      { type: 'required_reviewers', prevent_self_review: false, reviewers: [{ type: 'User', reviewer: { id: 5 } }] },
    ];
    is({
      environments: {
        dev: { name: 'dev', deployment_branch_policy: null, protection_rules: chosen },
        prod: { name: 'prod', deployment_branch_policy: CUSTOM, protection_rules: [] },
        'dev-plan': { name: 'dev-plan', deployment_branch_policy: CUSTOM, protection_rules: [] },
      } as State['environments'],
    });
    const { out } = await run(['--yes', '--reviewer', 'ann']);
    const { environments, calls } = state();
    const [wait, review] = environments.dev!.protection_rules as [object, { reviewers: object[] }];
    expect(wait).toEqual(chosen[0]);
    expect(review).toMatchObject({ prevent_self_review: false });
    expect(review.reviewers).toEqual([
      { type: 'User', reviewer: { id: 5 } },
      { type: 'User', reviewer: { id: 7 } },
    ]);
    expect(environments.dev!.deployment_branch_policy).toEqual(PROTECTED);
    expect(environments.prod!.deployment_branch_policy).toEqual(CUSTOM);
    expect(environments['dev-plan']!.deployment_branch_policy).toEqual(CUSTOM);
    expect(calls).not.toContain('PUT repos/acme/mcp/environments/dev-plan');
    expect(out).toContain('! The environment dev-plan admits some branches only: plans of other pull requests fail.');
  });

  it('the command github setup names what a protection lacks, and leaves it to its owner', async () => {
    is({
      branches: {
        main: {
          protection: { ...BRANCH_PROTECTION, required_status_checks: null, enforce_admins: { enabled: false } },
        },
      },
    });
    const { out } = await run(['--yes']);
    expect(out).toContain(
      '! The branch main is protected, but not by all that a deployment rests on. It lacks: the check validate, administrators.',
    );
    expect(state().calls.filter((call) => call.includes('protection'))).toEqual([]);
  });

  it('the command github setup says that a branch must be pushed before it is protected', async () => {
    is({ branches: {} });
    const { exitCode, out } = await run(['--yes']);
    expect([exitCode, out]).toEqual([
      0,
      expect.stringContaining('! The branch main is not there yet. Push it, then run this again'),
    ]);
  });

  it('the command github setup sets the variable of the GitHub App, if it is given', async () => {
    await expect(run(['--app-client-id', 'Iv1'])).rejects.toThrow('names no GitHub App');
    answer({ app: { idVariable: 'UPGRADE_APP_CLIENT_ID', keySecret: 'UPGRADE_APP_PRIVATE_KEY' } });
    expect((await run(['--dry-run'])).out).toMatch(/! The variable \w+ is missing: --app-client-id ID sets it/);
    await run(['--yes', '--app-client-id', 'Iv1']);
    expect(Object.values(state().variables)).toEqual(['Iv1']);
    await run(['--yes', '--app-client-id', 'Iv2']);
    expect(Object.values(state().variables)).toEqual(['Iv2']);
    expect(state().environments).toHaveProperty('pull_requests');
  });

  it('the command github setup refuses another repository of the name, and names ids that are missing', async () => {
    answer({ ownerId: 12 });
    await expect(run(['--yes'])).rejects.toThrow(
      'acme/mcp is not the repository of mcp-deploy.json: repository.ownerId is 12, and GitHub says 11.',
    );
    expect(state().calls).toEqual([]);
    answer({ ownerId: null, repositoryId: null });
    expect((await run(['--dry-run'])).out).toContain(
      '! Set repository.ownerId to 11, and repository.repositoryId to 22 in mcp-deploy.json',
    );
  });

  it.each<[string, Partial<State>, readonly string[], RegExp]>([
    [
      'there is no repository',
      { repository: undefined },
      [],
      /GitHub shows no repository acme\/mcp: [\s\S]*gh repo create acme\/mcp/,
    ],
    ['there is no such user', {}, ['--reviewer', 'nobody'], /GitHub shows no user nobody/],
    ['there is no such team', {}, ['--reviewer', 'acme/none'], /GitHub shows no team acme\/none/],
    ['a word is no reviewer', {}, ['--reviewer', 'a b'], /--reviewer takes a user/],
    [
      'GitHub refuses a change',
      { refuses: 'prod' },
      ['--yes'],
      /GitHub refuses environment prod[\s\S]*Upgrade to GitHub Team[\s\S]*3 of 7 changes are made\. Run it again/,
    ],
  ])('the command github setup ends with one message if %s', async (_, before, words, message) => {
    is(before);
    await expect(run(words)).rejects.toThrow(message);
  });

  it('the command github setup prints the commands without gh', async () => {
    const { exitCode, out, err } = await run(
      [],
      dirname(process.execPath) === join(root, 'bin') ? '' : join(root, 'nothing'),
    );
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining("GitHub's command line, gh, cannot be started (ENOENT). These commands do the same"),
    ]);
    expect(out).toContain('for environment in dev-publish dev prod-publish prod; do');
    expect(out).toContain('gh api --silent --method PUT repos/acme/mcp/branches/main/protection --input -');
  });
});
