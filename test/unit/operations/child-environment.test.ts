import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { childEnvironment } from '../../../src/operations/child-environment';

const AGENTS = {
  npm: 'npm/11.19.1 node/v20.20.2 linux x64 workspaces/false',
  yarn: 'yarn/1.22.22 npm/? node/v20.20.2 linux x64',
  'yarn 4': 'yarn/4.5.0 npm/? node/v20.20.2 linux x64',
  pnpm: 'pnpm/9.12.0 npm/? node/v20.20.2 linux x64',
  bun: 'bun/1.1.30 npm/? node/v22.6.0 linux x64',
};
const others = Object.entries(AGENTS).filter(([name]) => name !== 'npm');

describe('the environment of a program that is started', () => {
  it("the environment of a started program has none of git's local variables", () => {
    const names = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' }).trim().split('\n');
    expect(names.length).toBeGreaterThan(10);
    const env = Object.fromEntries(
      [...names, 'GIT_QUARANTINE_PATH', 'GIT_NAMESPACE', 'GIT_ATTR_SOURCE'].map((name) => [name, '/elsewhere']),
    );
    expect(childEnvironment(env)).toEqual({ NO_COLOR: '1' });
  });

  it('the environment of a started program has what a user tells git by variables: who they are, which files configure it, and settings', () => {
    const env = {
      GIT_AUTHOR_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_SSH_COMMAND: 'ssh -4',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    };
    expect(childEnvironment(env)).toMatchObject(env);
  });

  it('the environment of a started program has the registry, proxy and certificates of the user under npm, and not what npm was started for', () => {
    const kept = {
      npm_config_registry: 'https://npm.acme.example/',
      'npm_config_@acme:registry': 'https://npm.acme.example/',
      npm_config_proxy: 'http://proxy.acme.example:3128',
      npm_config_cafile: '/etc/acme.pem',
      npm_config_strict_ssl: 'false',
      npm_config_ignore_scripts: 'true',
      npm_config_userconfig: '/home/a/.npmrc',
      npm_config_cache: '/home/a/.npm',
    };
    const ofNpm = {
      npm_config_user_agent: AGENTS.npm,
      npm_config_local_prefix: '/elsewhere',
      npm_config_workspace: 'a',
      npm_config_global: 'true',
      npm_config_dry_run: 'true',
      'npm_config_package-lock': 'false',
      NPM_CONFIG_SAVE: 'false',
      npm_config_omit: 'dev',
      npm_config_json: 'true',
      npm_package_json: '/elsewhere/package.json',
      npm_lifecycle_event: 'npx',
      npm_execpath: '/x',
      npm_command: 'exec',
      INIT_CWD: '/elsewhere',
    };
    expect(childEnvironment({ ...kept, ...ofNpm })).toEqual({ ...kept, NO_COLOR: '1' });
    const { npm_config_user_agent: _, ...withoutAgent } = ofNpm;
    expect(childEnvironment({ ...kept, ...withoutAgent })).toEqual({ ...kept, NO_COLOR: '1' });
  });

  it.each(others)('a started program has no setting of %s, and what only a user sets for npm', (_, agent) => {
    const kept = {
      npm_config_userconfig: '/home/a/.npmrc',
      npm_config_cafile: '/etc/acme.pem',
      npm_config_https_proxy: 'http://proxy.acme.example:3128',
      PNPM_HOME: '/home/a/pnpm',
      BUN_INSTALL: '/home/a/.bun',
      HOME: '/home/a',
    };
    const settings = {
      npm_config_user_agent: agent,
      npm_config_registry: 'https://registry.yarnpkg.com',
      npm_config_strict_ssl: 'true',
      npm_config_ignore_scripts: '',
      npm_config_proxy: '',
      npm_config_init_license: 'MIT',
      npm_config_version_git_tag: 'true',
      npm_config_frozen_lockfile: '',
      npm_config_verify_deps_before_run: 'false',
      pnpm_config_verify_deps_before_run: 'false',
      npm_execpath: '/x/yarn.js',
      YARN_REGISTRY: 'x',
      YARN_IGNORE_PATH: '1',
      BERRY_BIN_FOLDER: '/tmp/x',
      PNPM_SCRIPT_SRC_DIR: '/x',
      BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0',
      PROJECT_CWD: '/x',
      INIT_CWD: '/x',
      COREPACK_ROOT: '/x',
      NODE_PATH: '/x/node_modules',
    };
    expect(childEnvironment({ ...kept, ...settings })).toEqual({ ...kept, NO_COLOR: '1' });
  });

  it("the environment of a started program has Node.js's options without yarn's Plug'n'Play", () => {
    const of = (options: string) => childEnvironment({ NODE_OPTIONS: options }).NODE_OPTIONS;
    expect(of('--require /tmp/a/.pnp.cjs --experimental-loader file:///tmp/a/.pnp.loader.mjs')).toBe('');
    expect(of('--require "/tmp/a b/.pnp.cjs" --max-old-space-size=4096')).toBe('--max-old-space-size=4096');
    expect(of('--require /x/hook.cjs -r=/tmp/.pnp.js')).toBe('--require /x/hook.cjs');
  });

  it('the environment of a started program asks for no colours in what is read, and for the output of a first test runner', () => {
    expect(
      childEnvironment({
        FORCE_COLOR: '1',
        CLICOLOR_FORCE: '1',
        npm_config_color: 'always',
        NODE_TEST_CONTEXT: 'child-v8',
      }),
    ).toEqual({ NO_COLOR: '1' });
  });
});
