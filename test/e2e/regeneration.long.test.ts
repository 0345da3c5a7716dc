import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import { runCommand } from '../support/command';
import { NO_REGISTRY, treeOf } from '../support/emitted';
import { linkPackages } from '../support/installed';

let folder: string;
let repository: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regeneration-'));
  repository = join(folder, 'my-deploy');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A repository as its owner has it after the first run, the example with some answers. */
async function emit(...set: string[]): Promise<void> {
  const args = ['my-deploy', '--yes', '--no-install', '--no-git', ...set.flatMap((one) => ['--set', one])];
  const { exitCode, stderr } = await runCommand(args, { cwd: folder });
  expect(exitCode, stderr).toBe(0);
  linkPackages(repository);
}

const command = (...args: string[]) => runCommand(args, { cwd: repository });
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const change = (path: string, from: string | RegExp, to: string) => {
  const text = read(path);
  expect(text).toMatch(from);
  writeFileSync(join(repository, path), text.replace(from, to));
};
/** As git leaves a file that two branches changed. */
const marked = (text: string) => `<<<<<<< HEAD\n${text}=======\n{}\n>>>>>>> other\n`;
const MAIN = 'deploy/terraform/modules/mcp_server/main.tf';
const WORKFLOW = '.github/workflows/validate.yml';

describe('an emitted repository', () => {
  it('an emitted repository has nothing to change after it was emitted', async () => {
    await emit();
    const { exitCode, stdout } = await command('sync', '--check');
    expect(stdout).toContain('0 create, 0 update, 0 delete');
    expect(exitCode).toBe(0);
  });

  it('an emitted repository shows what becomes of package.json and what is in place of its books, if there is nothing else', async () => {
    await emit();
    change('package.json', '"projen test"', '"projen test && npm run mine"');
    const taken = "update   package.json: its script test is the generator's again; name yours otherwise\n";
    const shown = await command('diff', 'package.json');
    expect(shown.stdout).toMatch(/^-.*npm run mine.*\n\+.*"projen test"/m);
    expect(shown.stdout).toContain(taken);
    expect(shown.exitCode).toBe(0);
    const checked = await command('sync', '--check');
    expect(checked.stdout).toContain(taken);
    expect(checked.stdout).toContain('0 create, 1 update, 0 delete');
    expect(checked.exitCode).toBe(1);
    for (const args of [['eject'], ['sync', '--restore']]) {
      const { exitCode, stderr } = await command(...args, 'package.json');
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/not a generated file/)]);
    }
    expect((await command('sync')).exitCode).toBe(0);
    expect((await command('sync', '--check')).exitCode).toBe(0);

    rmSync(join(repository, '.projen/resources.json'));
    symlinkSync('../package.json', join(repository, '.projen/resources.json'));
    for (const args of [['diff'], ['sync', '--check'], ['sync']]) {
      const { stdout, exitCode } = await command(...args);
      expect(stdout).toMatch(/(leave|left) +\.projen\/resources\.json: it is a symbolic link to .*: put a plain file/);
      expect(exitCode, args.join(' ')).toBe(args[0] === 'diff' ? 0 : 1);
    }
  });

  it('an emitted repository shows what a change of the answers would do, and --check fails until it is done', async () => {
    await emit();
    change('mcp-deploy.json', '"desired": 2', '"desired": 3');
    const before = read('README.md');
    const shown = await command('diff', 'README.md');
    expect(shown.stdout).toMatch(/^-.*2 tasks.*\n\+.*3 tasks/m);
    expect(shown.exitCode).toBe(0);
    expect((await command('sync', '--check')).exitCode).toBe(1);
    expect(read('README.md')).toBe(before);
    expect((await command('sync')).exitCode).toBe(0);
    expect((await command('sync', '--check')).exitCode).toBe(0);
    expect(read('README.md')).not.toBe(before);
  });

  it('an emitted repository keeps an edit through an upgrade, and its owner is asked about one that upstream wants otherwise', async () => {
    await emit('conventions=g2c', 'image.version=0.14.1');
    appendFileSync(join(repository, MAIN), '\n# our own note\n');
    change('docs/environment-variables.md', 'MCP_JWT_ISSUER` |', 'MCP_JWT_ISSUER`, ours |');
    const first = await command('upgrade', '--no-install');
    expect(first.stdout).toContain(`g2c → ${LATEST.id}`);
    expect(first.stdout).toMatch(/merged +deploy\/terraform\/modules\/mcp_server\/main\.tf/);
    expect(first.stdout).toMatch(/conflict docs\/environment-variables\.md/);
    expect(first.exitCode).toBe(1);
    expect(read(MAIN)).toContain('# our own note');
    const text = read('docs/environment-variables.md');
    expect(text).toMatch(/^<<<<<<< yours$[\s\S]*MCP_JWT_ISSUER`, ours[\s\S]*^>>>>>>> generated now: .*g2c → g2d/m);

    const again = await command('sync');
    expect(again.stdout).toContain('docs/environment-variables.md');
    expect(again.stdout).toContain('nothing was changed');
    expect(again.exitCode).toBe(1);
    expect(read('docs/environment-variables.md')).toBe(text);

    const solved = text.replace(/^<<<<<<< yours\n[\s\S]*?^=======\n([\s\S]*?)^>>>>>>> .*\n/gm, '$1');
    writeFileSync(join(repository, 'docs/environment-variables.md'), solved);
    const last = await command('sync');
    expect(last.exitCode, last.stdout).toBe(0);
    expect((await command('sync', '--check')).stdout).toContain('0 create, 0 update, 0 delete');
  });

  it('sync does not overwrite a managed file that was edited, until it is ejected or restored', async () => {
    await emit();
    const generated = read(WORKFLOW);
    change(WORKFLOW, 'name: validate', 'name: ours');
    const left = await command('sync');
    expect(left.stdout).toMatch(/left +\.github\/workflows\/validate\.yml: add a workflow of your own beside it/);
    expect(left.stdout).toContain('eject FILE');
    expect(left.exitCode).toBe(1);
    expect(read(WORKFLOW)).toContain('name: ours');

    const preview = await command('diff');
    expect(preview.stdout).toMatch(/^! one file left as you made it/m);
    expect(preview.exitCode).toBe(0);

    const [header, ...rest] = read(WORKFLOW).split('\n');
    expect(header).toMatch(/^# Managed by create-quilt-mcp-deploy: /);
    expect((await command('eject', WORKFLOW)).exitCode).toBe(0);
    expect(read(WORKFLOW)).toBe(rest.join('\n'));
    expect(JSON.parse(read('mcp-deploy.json')).ejected).toEqual([WORKFLOW]);
    expect((await command('sync')).exitCode).toBe(0);
    expect(read(WORKFLOW)).toContain('name: ours');

    change('mcp-deploy.json', /,\s*"ejected": \[[\s\S]*\]/, '');
    expect((await command('sync', '--restore', WORKFLOW)).exitCode).toBe(0);
    expect(read(WORKFLOW)).toBe(generated);
    expect((await command('sync', '--check')).exitCode).toBe(0);
  });

  it.each([
    ['missing', () => rmSync(join(repository, '.projen'), { recursive: true })],
    ['cut off', () => writeFileSync(join(repository, '.projen/base'), read('.projen/base').slice(0, 5000))],
    ['broken', () => writeFileSync(join(repository, '.projen/tasks.json'), '{')],
  ])('an emitted repository is brought up to date with .projen/ %s', async (_, breakIt) => {
    await emit();
    breakIt();
    const { exitCode, stdout, stderr } = await command('sync');
    expect(exitCode, stdout + stderr).toBe(0);
    expect((await command('sync', '--check')).exitCode).toBe(0);
  });

  it('an emitted repository is brought up to date before its packages are installed, too', async () => {
    await emit();
    rmSync(join(repository, 'node_modules'), { recursive: true });
    change('mcp-deploy.json', '"desired": 2', '"desired": 3');
    const { exitCode, stdout, stderr } = await command('sync');
    expect(exitCode, stdout + stderr).toBe(0);
    expect(read('README.md')).toContain('3 tasks');
  });

  it("an emitted repository does what its owner's .projenrc.js says beside, also when it is upgraded", async () => {
    await emit('conventions=g3b', 'image.version=0.21.0');
    change('.projenrc.js', 'project.synth();', "project.addTask('mine', { exec: 'true' });\nproject.synth();");
    expect((await command('upgrade', '--no-install')).exitCode).toBe(0);
    expect(read('.projen/tasks.json')).toContain('"mine"');
    expect(JSON.parse(read('mcp-deploy.json'))).toMatchObject({
      conventions: LATEST.id,
      image: { version: LATEST.image.defaultVersion },
    });
  });

  it('upgrade goes only forward, to conventions that can be deployed', async () => {
    await emit();
    for (const [id, why] of [
      ['g3b', `older than ${LATEST.id}`],
      ['g4', 'cannot be deployed'],
      ['g9', 'are not known'],
    ] as const) {
      const { exitCode, stderr } = await command('upgrade', '--to', id);
      expect(stderr).toContain(why);
      expect(exitCode).toBe(2);
    }
  });

  it('an emitted repository refuses another target, and says how one gets there', async () => {
    await emit();
    change('mcp-deploy.json', '"target": "terraform"', '"target": "cloudformation"');
    for (const args of [['sync'], ['upgrade', '--no-install']]) {
      const { exitCode, stderr } = await runCommand(args, { cwd: repository, env: NO_REGISTRY });
      expect(stderr).toContain('cannot be changed in a repository that deploys with terraform');
      expect(stderr).toContain('import');
      expect(exitCode).toBe(2);
    }
    expect(existsSync(join(repository, 'deploy/cloudformation'))).toBe(false);
  });

  it('an emitted repository is not taken back by an older generator that happens to be installed', async () => {
    await emit();
    change('package.json', /"create-quilt-mcp-deploy": "[^"]*"/, '"create-quilt-mcp-deploy": "98.0.0"');
    const before = treeOf(repository);
    for (const args of [['sync'], ['diff'], ['env', 'remove', 'staging', '--keep-resources'], ['eject', MAIN]]) {
      const { exitCode, stderr } = await command(...args);
      expect(stderr).toMatch(/^✗ this repository uses create-quilt-mcp-deploy 98\.0\.0, and this is .*: run npm ci/);
      expect(exitCode).toBe(2);
    }
    const { status, stderr } = spawnSync(process.execPath, ['.projenrc.js'], { cwd: repository, encoding: 'utf8' });
    expect(stderr).toMatch(/^✗ this repository uses create-quilt-mcp-deploy 98\.0\.0/);
    expect(status).toBe(2);
    expect(treeOf(repository)).toEqual(before);
  });

  it.each([
    ['eject', ['eject', MAIN]],
    ['env remove', ['env', 'remove', 'staging', '--keep-resources']],
    ['upgrade', ['upgrade', '--no-install', '--no-plan']],
  ])('an emitted repository keeps answers that somebody changes while %s is at work', async (_, args) => {
    await emit('conventions=g3b', 'image.version=0.21.0');
    const edit = `const fs = require('node:fs');
const answers = fs.readFileSync('mcp-deploy.json', 'utf8');
fs.writeFileSync('mcp-deploy.json', answers.replace('"desired": 2', '"desired": 9'));
`;
    writeFileSync(join(repository, '.projenrc.js'), edit + read('.projenrc.js'));
    const { exitCode, stderr } = await runCommand(args, { cwd: repository, env: NO_REGISTRY });
    expect(stderr).toContain('✗ mcp-deploy.json was changed by somebody else meanwhile; nothing was written');
    expect(exitCode).toBe(1);
    expect(read('mcp-deploy.json')).toContain('"desired": 9');
    expect(read('mcp-deploy.json')).not.toContain('ejected');
  });

  it('an emitted repository keeps each report of an upgrade, and what is not its own in vendor/', async () => {
    await emit('conventions=g3b', 'image.version=0.21.0');
    const outside = join(folder, 'victim.tgz');
    writeFileSync(outside, '');
    change('package.json', /"file:vendor\/[^"]*"/, '"file:vendor/../../victim.tgz"');
    const upgrade = () => runCommand(['upgrade', '--no-install'], { cwd: repository, env: NO_REGISTRY });
    expect((await upgrade()).exitCode).toBe(0);
    expect(existsSync(outside)).toBe(true);

    const [report, ...others] = readdirSync(join(repository, 'docs/upgrades')).filter((file) => file.endsWith('.md'));
    expect(others).toEqual([]);
    appendFileSync(join(repository, 'docs/upgrades', report!), 'Our note.\n');
    change('mcp-deploy.json', /"conventions": "[^"]*"/, '"conventions": "g3b"');
    change('mcp-deploy.json', /"version": "[^"]*"/, '"version": "0.21.0"');
    expect((await upgrade()).exitCode).toBe(0);
    expect(read(`docs/upgrades/${report}`)).toMatch(/Our note\.\n$/);
    expect(readdirSync(join(repository, 'docs/upgrades'))).toHaveLength(4);
  });

  it.each([
    ['package.json', 'is cut off', (text: string) => text.slice(0, 20), 'is not JSON'],
    ['package.json', 'has marks of a merge', marked, 'has marks of a merge'],
    ['package.json', 'has other things in it', () => '{ "scripts": [] }', 'must be an object'],
    ['mcp-deploy.json', 'is cut off', (text: string) => text.slice(0, 20), 'is not JSON'],
    ['mcp-deploy.json', 'has marks of a merge', marked, 'has marks of a merge'],
  ])('an emitted repository says what is wrong if %s %s, and changes nothing', async (path, _, breakIt, why) => {
    await emit();
    writeFileSync(join(repository, path), breakIt(read(path)));
    const before = treeOf(repository);
    for (const args of [['sync'], ['upgrade', '--no-install']]) {
      const { exitCode, stdout, stderr } = await runCommand(args, { cwd: repository, env: NO_REGISTRY });
      expect(stderr, args.join(' ')).toMatch(new RegExp(`^✗ ${path}: 1 problem, nothing written\n\n.*\n.*${why}`));
      expect(stderr).not.toMatch(/^\s+at /m);
      expect([exitCode, stdout], args.join(' ')).toEqual([2, '']);
    }
    expect(treeOf(repository)).toEqual(before);
  });

  it('an emitted repository says by npx projen, too, what is wrong with its answers', async () => {
    await emit();
    writeFileSync(join(repository, 'mcp-deploy.json'), marked(read('mcp-deploy.json')));
    const { status, stderr } = spawnSync(process.execPath, [require.resolve('projen/bin/projen')], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect(stripVTControlCharacters(stderr)).toMatch(
      /✗ mcp-deploy\.json: 1 problem, nothing written\n\n.*\n.*has marks/,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  it('the command says what it offers if it is run again in an emitted repository without a terminal', async () => {
    await emit();
    const { exitCode, stderr } = await command();
    expect(stderr).toContain('emitted already');
    expect(exitCode).toBe(2);
  });

  it('an emitted repository takes a mistyped command for that, and not for a directory', async () => {
    await emit();
    const { exitCode, stderr } = await command('upgrad', '--yes');
    expect(stderr).toMatch(/^✗ there is no command upgrad; did you mean upgrade\?.* \.\/upgrad\n$/);
    expect(exitCode).toBe(2);
    expect(existsSync(join(repository, 'upgrad'))).toBe(false);
  });
});

describe('an environment', () => {
  const SET = [
    'account=111122223333',
    'region=us-east-1',
    'catalogUrl=https://qa.example.com',
    'registryUrl=https://qa-registry.example.com',
    'routing.mode=path',
    'routing.host=qa.example.com',
    'routing.priority=10',
    'network.vpcId=vpc-0123456789abcdef0',
    'network.privateSubnetIds=subnet-0123456789abcdef0,subnet-0123456789abcdef1',
    'network.listenerArn=arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/qa/0123456789abcdef/0123456789abcdef',
    'network.albSecurityGroupIds=sg-0123456789abcdef0',
    'network.albEgress.create=sg-0123456789abcdef0',
    'network.clusterName=qa',
  ].flatMap((one) => ['--set', one]);

  it('an environment is added with what is given, and nothing of the others changes', async () => {
    await emit();
    const tfvars = 'deploy/terraform/environments/production/service/terraform.tfvars.json';
    const before = read(tfvars);
    const { exitCode, stdout, stderr } = await command('env', 'add', 'qa', ...SET);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(read('deploy/terraform/environments/qa/service/terraform.tfvars.json')).toContain('qa.example.com');
    expect(read(tfvars)).toBe(before);
    expect((await command('sync', '--check')).exitCode).toBe(0);
  });

  it('an added environment is followed by what is to be done: its environments of GitHub alone, before the roles, if there are any', async () => {
    await emit();
    const without = (await command('env', 'add', 'qa', ...SET)).stdout;
    expect(without).toMatch(/\nNext:\n {2}npm run registry:qa\n {2}npm run promote:qa\n {2}npm run plan:qa\n/);
    expect(without).not.toContain('gh ');
    expect(without).not.toMatch(/^!/m);

    const answers = JSON.parse(read('mcp-deploy.json'));
    Object.assign(answers.repository, { name: 'acme/deploy', ownerId: 12, repositoryId: 345 });
    answers.oidcProviders = { '111122223333': { create: true } };
    writeFileSync(join(repository, 'mcp-deploy.json'), JSON.stringify(answers));
    expect((await command('sync')).exitCode).toBe(0);
    const other = SET.map((one) => one.replace('priority=10', 'priority=400').replace('host=qa', 'host=eu'));
    const { exitCode, stdout, stderr } = await command('env', 'add', 'eu', ...other);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^! the role that deploys eu can give .* permissionsBoundaryArn limits/m);
    const next = stdout.slice(stdout.indexOf('\nNext:\n') + '\nNext:\n'.length).split('\n\n')[0]!;
    const run = execFileSync('sh', ['-eu'], {
      input: `gh() { echo gh "$5" "\${6-any branch}"; }\nnpm() { echo npm "$2"; }\n${next}`,
      encoding: 'utf8',
    });
    const path = 'repos/acme/deploy/environments/eu';
    expect(run.trim().split('\n')).toEqual([
      `gh ${path}-publish -F`,
      `gh ${path} -F`,
      `gh ${path}-plan any branch`,
      ...['registry', 'promote', 'plan', 'deploy'].map((task) => `npm ${task}:eu`),
    ]);
  });

  it('an environment is not added while something is missing: all of it is said, and nothing is written', async () => {
    await emit();
    const before = read('mcp-deploy.json');
    const named = await command('env', 'add', 'Bad Name');
    expect(named.stderr).toMatch(/^✗ no environment can be called Bad Name: [^\n]+\n$/);
    expect(named.exitCode).toBe(2);
    const { exitCode, stderr } = await command('env', 'add', 'qa', '--set', 'region=nowhere');
    expect(stderr).toContain('environments.qa.region');
    expect(stderr).toContain('environments.qa.account');
    expect(exitCode).toBe(2);
    expect(read('mcp-deploy.json')).toBe(before);
  });

  it('an environment is not removed while nobody can say the deployment of it, but with --keep-resources', async () => {
    await emit();
    appendFileSync(join(repository, 'deploy/images/staging.json'), '\n');
    const env = { AWS_EC2_METADATA_DISABLED: 'true', TF_CLI_CONFIG_FILE: '' };
    const refused = await runCommand(['env', 'remove', 'staging'], { cwd: repository, env });
    expect(refused.stderr).toContain('--keep-resources');
    expect(refused.exitCode).toBe(1);
    expect(read('mcp-deploy.json')).toContain('"staging"');

    expect((await command('env', 'remove', 'staging', '--keep-resources')).exitCode).toBe(0);
    expect(read('mcp-deploy.json')).not.toContain('"staging"');
    expect(existsSync(join(repository, 'deploy/terraform/environments/staging/service/main.tf'))).toBe(false);
    expect(existsSync(join(repository, 'deploy/images/staging.json'))).toBe(true);
  });

  it('an environment that is unknown, or the last one, is not removed', async () => {
    await emit();
    expect((await command('env', 'remove', 'nope', '--keep-resources')).stderr).toContain(
      'there is no environment nope',
    );
    for (const name of ['dev', 'staging']) {
      expect((await command('env', 'remove', name, '--keep-resources')).exitCode).toBe(0);
    }
    const { exitCode, stderr } = await command('env', 'remove', 'production', '--keep-resources');
    expect(stderr).toContain('only environment');
    expect(exitCode).toBe(2);
  });
});
