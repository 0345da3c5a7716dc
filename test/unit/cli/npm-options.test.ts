import { describe, expect, it } from 'vitest';

import { parseLine } from '../../../src/cli/command-line';
import { create } from '../../../src/cli/commands/create';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';

const NPM = { npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', npm_command: 'init' };
const OTHERS: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  pnpm: { npm_config_user_agent: 'pnpm/10.1.0 npm/? node/v22.1.0 linux x64', npm_command: 'create' },
  Yarn: { npm_config_user_agent: 'yarn/1.22.22 npm/? node/v22.1.0 linux x64' },
  Bun: { npm_config_user_agent: 'bun/1.2.0 npm/? node/v22.1.0 linux x64' },
  nobody: {},
};

/** What npm 11 makes of an option that is not behind a double dash: variables, and words that are left. */
const kept: readonly [written: string, variables: NodeJS.ProcessEnv, words: readonly string[]][] = [
  ['--dry-run', { npm_config_dry_run: 'true' }, ['x']],
  ['--json', { npm_config_json: 'true' }, ['x']],
  ['--config a.json', { npm_config_config: 'true' }, ['x', 'a.json']],
  ['--config=a.json', { npm_config_config: 'a.json' }, ['x']],
  ['--set a.b=c --set d=e', { npm_config_set: 'true\n\ntrue' }, ['x', 'a.b=c', 'd=e']],
  ['--target cdk', { npm_config_target: 'true' }, ['x', 'cdk']],
  ['--target=cdk', { npm_config_target: 'cdk' }, ['x']],
  ['--no-git', { npm_config_git: 'false' }, ['x']],
  ['--no-install', { npm_config_install: '' }, ['x']],
];

const parse = (words: readonly string[], env: NodeJS.ProcessEnv = {}) => parseLine(create, words, env);

describe('variables of the environment', () => {
  it('variables of the environment give options that the command line does not', () => {
    const env = { QUILT_MCP_DEPLOY_CONFIG: 'a.json', QUILT_MCP_DEPLOY_TARGET: 'cdk', QUILT_MCP_DEPLOY_PROFILE: 'work' };
    expect(parse(['--target', 'terraform'], env).values).toMatchObject({
      config: 'a.json',
      target: 'terraform',
      profile: 'work',
      yes: false,
    });
  });

  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['No', false],
    ['', false],
  ])('QUILT_MCP_DEPLOY_YES=%s asks nothing: %s', (QUILT_MCP_DEPLOY_YES, yes) => {
    expect(parse([], { QUILT_MCP_DEPLOY_YES }).values.yes).toBe(yes);
  });

  it('a variable that is neither on nor off is refused by its name', () => {
    expect(() => parse([], { QUILT_MCP_DEPLOY_YES: 'maybe' })).toThrow(
      'QUILT_MCP_DEPLOY_YES is maybe; it must be 1 or 0',
    );
  });
});

describe.each(kept)('npm create … %s', (written, variables, words) => {
  const option = written.split(/[ =]/)[0]!;

  it(`npm create … ${written} is refused, and the message names the double dash`, () => {
    const env = { ...NPM, ...variables };
    expect(() => parse(words, env)).toThrow(`npm kept ${option} for itself`);
    expect(() => parse(words, env)).toThrow(`npm create quilt-mcp-deploy@latest my-deploy -- ${option}`);
  });

  it.each(Object.keys(OTHERS))(`npm’s variables for ${written} are no false alarm if %s runs the command`, (name) => {
    expect(() => parse(['x'], { ...variables, ...OTHERS[name] })).not.toThrow();
  });

  it(`npm create … ${written} is taken behind the double dash`, () => {
    expect(() => parse(['x', ...written.split(' ')], { ...NPM, ...variables })).not.toThrow();
  });
});

describe('what npm sets of itself', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['the version that Electron builds for', { npm_config_target: '30.0.0' }],
    ['the path of git', { npm_config_git: '/usr/bin/git' }],
    ['nothing', { npm_config_dry_run: '', npm_config_json: '', npm_config_yes: '' }],
    ['its own --yes', { npm_config_yes: 'true' }],
  ])('what npm sets of itself is no false alarm: %s', (_, variables) => {
    expect(() => parse(['x'], { ...NPM, ...variables })).not.toThrow();
  });

  it('what npm sets of itself is no false alarm in a script that npm publish --dry-run runs', () => {
    expect(() => parse(['x'], { ...NPM, npm_command: 'publish', npm_config_dry_run: 'true' })).not.toThrow();
  });
});

it('a refusal names the script of npm run, for options of a job that npm kept', () => {
  const env = { ...NPM, npm_command: 'run', npm_lifecycle_event: 'upgrade', npm_config_dry_run: 'true' };
  const options = { 'dry-run': { type: 'boolean', help: '' } } as const;
  expect(() => parseLine({ name: 'upgrade', options }, [], env)).toThrow('npm run upgrade -- --dry-run');
});

it('a refusal names the double dash if words are left over, and npm runs the command', async () => {
  const run = (env: NodeJS.ProcessEnv) =>
    dispatch(create, ['x', 'y'], { env } as Console, new AbortController().signal);
  await expect(run(NPM)).rejects.toThrow(/one directory at most[\s\S]*double dash/);
  await expect(run({})).rejects.not.toThrow(/double dash/);
  await expect(run({})).rejects.toThrow(/one directory at most/);
});

it('a double dash that a package manager passes on is passed over', () => {
  expect(parse(['x', '--', '--dry-run'], OTHERS.pnpm)).toMatchObject({
    positionals: ['x'],
    values: { 'dry-run': true },
  });
});
