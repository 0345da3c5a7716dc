import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { exampleWith } from '../support/answers';
import { COMMAND, runCommand } from '../support/command';
import { NO_REGISTRY } from '../support/emitted';
import { KEYS, Terminal } from '../support/pty';

const ROOT = join(__dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invocation-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm create', () => {
  /** A project that has the command installed, so that npm asks no registry for it. */
  beforeEach(() => {
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(ROOT, join(folder, 'node_modules/create-quilt-mcp-deploy'));
    const script = `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`;
    writeFileSync(join(folder, 'node_modules/.bin/create-quilt-mcp-deploy'), script, { mode: 0o755 });
    const dependencies = { 'create-quilt-mcp-deploy': '0.0.0' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', private: true, dependencies }));
  });

  const npmCreate = (...args: string[]) =>
    spawnSync('npm', ['create', 'quilt-mcp-deploy', 'x', ...args], {
      cwd: folder,
      encoding: 'utf8',
      input: '',
      env: { ...process.env, ...NO_REGISTRY },
    });

  it.each([['--dry-run'], ['--json'], ['--no-git'], ['--target=cdk'], ['--config=a.json']])(
    'npm create starts nothing with %s before a double dash, and says where it belongs',
    (option) => {
      const { status, stderr, stdout } = npmCreate(option);
      expect(stderr + stdout).toContain(`npm create quilt-mcp-deploy@latest my-deploy -- ${option.split('=')[0]}`);
      expect(status).toBe(2);
      expect(existsSync(join(folder, 'x'))).toBe(false);
    },
  );

  it('npm create names the double dash if answers are missing and npm took --yes for its own', () => {
    const { status, stderr } = npmCreate('--yes');
    expect(stderr).toMatch(/is missing[\s\S]*Write a double dash before the options: npm create .* -- --yes/);
    expect(status).toBe(2);
  });

  it('npm create shows the tree with --dry-run behind a double dash', () => {
    const { status, stdout } = npmCreate('--', '--dry-run', '--yes');
    expect(stdout).toContain('nothing written');
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('in a pseudo-terminal', () => {
  const start = (env: NodeJS.ProcessEnv) =>
    new Terminal(process.execPath, [COMMAND, 'x', '--no-install', '--no-git'], { cwd: folder, env });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['CI=true', { CI: 'true' }],
    ['CI=1', { CI: '1' }],
    ['CI=woodpecker', { CI: 'woodpecker' }],
    ['GITHUB_ACTIONS', { CI: '', GITHUB_ACTIONS: 'true' }],
    ['TF_BUILD', { CI: '', TF_BUILD: 'True' }],
    ['CONTINUOUS_INTEGRATION', { CI: '', CONTINUOUS_INTEGRATION: 'true' }],
    ['TEAMCITY_VERSION', { CI: '', TEAMCITY_VERSION: '2026.1' }],
  ])('the command in a terminal asks nobody with %s, lists what is missing, and ends with 2', async (_, env) => {
    const terminal = start(env);
    expect(await terminal.ended).toBe(2);
    expect(terminal.output).toContain('This is a run of CI, where nobody answers');
    expect(terminal.output).toContain('environments.<name>.account');
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['CI=false', { CI: 'false' }],
    ['CI=0', { CI: '0' }],
    ['CI=', { CI: '', GITHUB_ACTIONS: '' }],
  ])('the command in a terminal asks with %s', async (_, env) => {
    const terminal = start(env);
    await terminal.see('Deploy with');
    terminal.press(KEYS.ctrlC);
    expect(await terminal.ended).toBe(1);
  });
});

describe('--config', () => {
  const dryRun = (args: readonly string[], input: string | Buffer) =>
    spawnSync(process.execPath, [COMMAND, 'x', '--dry-run', '--json', ...args], {
      cwd: folder,
      input,
      encoding: 'utf8',
    });

  it.each([
    ['JSON', JSON.stringify(exampleWith({}))],
    ['YAML', stringify(exampleWith({}))],
  ])('--config takes %s from standard input with -', (_, input) => {
    const { status, stdout, stderr } = dryRun(['--config', '-'], input);
    expect(stderr).not.toMatch(/✗/);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).environments).toEqual(['dev', 'staging', 'production']);
  });

  it('--config names standard input in an error', () => {
    const { status, stderr } = dryRun(['--config', '-'], '{');
    expect(stderr).toMatch(/standard input: 1 problem[\s\S]*line 1, column 2: a } is missing/);
    expect(status).toBe(2);
  });
});

describe('--set', () => {
  it('--set says the same of a number that is too large as a file of answers', async () => {
    writeFileSync(join(folder, 'a.json'), JSON.stringify(exampleWith({ 'dev.capacity.desired': 500 })));
    const [bySet, byFile] = await Promise.all([
      runCommand(['x', '--yes', '--dry-run', '--set', 'environments.dev.capacity.desired=500'], { cwd: folder }),
      runCommand(['x', '--dry-run', '--config', 'a.json'], { cwd: folder }),
    ]);
    expect(byFile.stderr).toContain('must be from 0 to 100');
    expect(bySet.stderr).toContain('must be from 0 to 100');
    expect(bySet.exitCode).toBe(2);
  });
});

describe('in an emitted repository', () => {
  it('sync in an emitted repository says what to do if a variable has the name of a secret already, and goes on once its owner has decided', async () => {
    await runCommand(['x', '--yes', '--no-install', '--no-git'], { cwd: folder });
    const cwd = join(folder, 'x');
    const file = join(cwd, 'mcp-deploy.json');
    const answers = JSON.parse(readFileSync(file, 'utf8'));
    const write = (more: object) => {
      Object.assign(answers.environments.dev, more);
      writeFileSync(file, JSON.stringify(answers, undefined, 2));
    };
    write({ environment: { PAGE_TOKEN: 'first' } });
    const refused = await runCommand(['sync'], { cwd });
    expect(refused.stderr).toMatch(
      /environments\.dev\.environment\.PAGE_TOKEN[\s\S]*add "PAGE_TOKEN" to environments\.dev\.notSecrets/,
    );
    expect(refused.exitCode).toBe(2);
    write({ notSecrets: ['PAGE_TOKEN'] });
    const taken = await runCommand(['sync'], { cwd });
    expect(taken.stderr).toBe('');
    expect(taken.exitCode).toBe(0);
    expect(
      readFileSync(join(cwd, 'deploy/terraform/environments/dev/service/terraform.tfvars.json'), 'utf8'),
    ).toContain('"PAGE_TOKEN": "first"');
  });

  it('an emitted repository has a package that npm takes, whatever GitHub calls the repository', async () => {
    await runCommand(['x', '--yes', '--no-install', '--no-git', '--set', 'repository.name=jdoe_acme/_.Deploy'], {
      cwd: folder,
    });
    expect(JSON.parse(readFileSync(join(folder, 'x/package.json'), 'utf8')).name).toBe('deploy');
  });
});
