import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import { BASE_FILE, parseBase } from '../../src/project/merge-base';
import { ownPackage } from '../../src/project/package-root';
import { runCommand } from '../support/command';
import { NO_REGISTRY, treeOf } from '../support/emitted';
import { linkPackages } from '../support/installed';
import { packOtherBuild } from '../support/other-build';
import { type Registry, startRegistry } from '../support/registry';

const MAIN = 'deploy/terraform/modules/mcp_server/main.tf';
const VERSION = '9.9.9';
const { name: NAME, version: OWN_VERSION } = ownPackage();

/** The newest image that the other build knows, and that this one does not. */
const IMAGE = LATEST.image.defaultVersion;
const NEWER_IMAGE = IMAGE.replace(/\d+$/, '99');

let shared: string;
let tarball: string;
let folder: string;
let repository: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), 'other-build-'));
  tarball = packOtherBuild(shared, VERSION, {
    // The command is one bundled file, with its templates; .projenrc.js loads the library and the templates beside it.
    'lib/cli.js': [[`defaultVersion:"${IMAGE}"`, `defaultVersion:"${NEWER_IMAGE}"`]],
    [`lib/src/conventions/${LATEST.id}.js`]: [[`defaultVersion: '${IMAGE}'`, `defaultVersion: '${NEWER_IMAGE}'`]],
    'templates/terraform/modules/mcp_server/main.tf.hbs': [
      ['data "aws_caller_identity" "current" {}', 'data "aws_caller_identity" "current" {} # of the other build'],
    ],
  });
});
afterAll(() => rmSync(shared, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'other-generator-'));
  repository = join(folder, 'my-deploy');
  env = { ...NO_REGISTRY, npm_config_cache: join(folder, 'cache') };
  const set = ['conventions=g3b', 'image.version=0.21.0'].flatMap((one) => ['--set', one]);
  const { exitCode, stderr } = await runCommand(['my-deploy', '--yes', '--no-install', '--no-git', ...set], {
    cwd: folder,
  });
  expect(exitCode, stderr).toBe(0);
  linkPackages(repository);
  appendFileSync(join(repository, MAIN), '\n# our own note\n');
  const added = read('.projenrc.js').replace('project.synth();', "project.addTask('mine');\nproject.synth();");
  writeFileSync(join(repository, '.projenrc.js'), added);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const upgrade = (...args: string[]) => runCommand(['upgrade', '--no-install', ...args], { cwd: repository, env });
const pin = () => JSON.parse(read('package.json')).devDependencies[NAME] as string;
const vendored = () => readdirSync(join(repository, 'vendor'));

/** What only the other build does, and what of the owner's must have outlived it. */
function expectOtherBuild(): void {
  expect(read(MAIN)).toContain('# of the other build');
  expect(read(MAIN)).toContain('# our own note');
  expect(JSON.parse(read('mcp-deploy.json'))).toMatchObject({
    conventions: LATEST.id,
    image: { version: NEWER_IMAGE },
  });
  expect(parseBase(read(BASE_FILE)).origin).toMatchObject({ conventions: LATEST.id, generator: VERSION });
  expect(read('.projen/tasks.json')).toContain('"mine"');
}

describe('an upgrade by another build of the generator', () => {
  it('an upgrade by another build of the generator is done by that build, from a tarball, which the repository then carries', async () => {
    const [old] = vendored();
    const { exitCode, stdout, stderr } = await upgrade('--generator', tarball);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/merged +deploy\/terraform\/modules\/mcp_server\/main\.tf/);
    expectOtherBuild();
    expect(vendored()).toHaveLength(1);
    expect(vendored()).not.toContain(old);
    expect(pin()).toBe(`file:vendor/${vendored()[0]}`);
    expect(readFileSync(join(repository, 'vendor', vendored()[0]!)).equals(readFileSync(tarball))).toBe(true);
    const report = readdirSync(join(repository, 'docs/upgrades')).find((file) => file.endsWith('.json'))!;
    expect(JSON.parse(read(`docs/upgrades/${report}`))).toMatchObject({
      from: { generator: OWN_VERSION },
      to: { generator: VERSION },
    });

    const before = treeOf(repository);
    const again = await upgrade('--generator', tarball);
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('there is nothing newer')]);
    expect(treeOf(repository)).toEqual(before);

    // As npm install then leaves it: npx projen keeps to what package.json depends on.
    const installed = join(repository, 'node_modules', NAME);
    rmSync(installed);
    mkdirSync(installed);
    execFileSync('tar', ['-xzf', join(repository, 'vendor', vendored()[0]!), '--strip=1', '-C', installed]);
    const projenrc = execFileSync(process.execPath, ['.projenrc.js'], { cwd: repository, encoding: 'utf8' });
    expect(projenrc).toMatch(/0 created, 0 updated, 0 deleted/);
    expect(treeOf(repository)).toEqual(before);
  });

  it.each([
    ['is not there', () => 'none.tgz', 'neither a version, e.g. 1.2.0, nor a tarball that is there'],
    ['is a folder', () => shared, 'neither a version, e.g. 1.2.0, nor a tarball that is there'],
    ['is no archive', () => write('text.tgz', 'text'), 'text.tgz cannot be installed: '],
    ['is another package', otherPackage, `other.tgz is not ${NAME}`],
  ])('an upgrade by another build says so if its tarball %s, and writes nothing', async (_, make, why) => {
    const before = treeOf(repository);
    const { exitCode, stdout, stderr } = await upgrade('--generator', make());
    expect(stderr).toMatch(/^✗ [^\n]+\n$/);
    expect(stderr).toContain(why);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(treeOf(repository)).toEqual(before);
  });

  it('an upgrade goes on with the build at hand if no registry can be reached', async () => {
    const { exitCode, stdout, stderr } = await upgrade();
    expect(stderr).toContain(`! the registry cannot be reached: this is done with ${NAME} ${OWN_VERSION}`);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(JSON.parse(read('mcp-deploy.json')).image.version).toBe(IMAGE);
    expect(read(MAIN)).not.toContain('# of the other build');
  });

  it('an upgrade says so if no registry can be reached, and a version was asked for', async () => {
    const before = treeOf(repository);
    const { exitCode, stdout, stderr } = await upgrade('--generator', VERSION);
    expect(stderr).toMatch(/^✗ create-quilt-mcp-deploy@9\.9\.9 cannot be installed: [^\n]+\n$/);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(treeOf(repository)).toEqual(before);
  });
});

describe('an upgrade by what a registry has', () => {
  let registry: Registry;

  beforeEach(async () => {
    registry = await startRegistry(NAME, VERSION, tarball);
    env.npm_config_registry = registry.url;
  });
  afterEach(() => registry.stop());

  it.each([
    ['is asked for', ['--generator', VERSION]],
    ['is the newest', []],
  ])('an upgrade from a registry is done by the version that %s, and package.json depends on it', async (_, args) => {
    const { exitCode, stdout, stderr } = await upgrade(...args);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(registry.requests).toContain(`/${NAME}-${VERSION}.tgz`);
    expectOtherBuild();
    expect(pin()).toBe(VERSION);
    expect(readdirSync(repository)).not.toContain('vendor');
  });

  it('an upgrade from a registry is not done by an older version than the repository is of, unless that is asked for', async () => {
    write('my-deploy/package.json', read('package.json').replace(pin(), '99.0.0'));
    const before = treeOf(repository);
    const { exitCode, stderr } = await upgrade();
    expect(stderr).toContain(`uses ${NAME} 99.0.0, and the newest version available here is ${VERSION}: run npm ci`);
    expect(exitCode).toBe(2);
    expect(treeOf(repository)).toEqual(before);
  });

  it('an upgrade says so if the registry does not have the version that is asked for', async () => {
    const before = treeOf(repository);
    const { exitCode, stdout, stderr } = await upgrade('--generator', '9.9.8');
    expect(stderr).toMatch(/^✗ create-quilt-mcp-deploy@9\.9\.8 cannot be installed: [^\n]+\n$/);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(treeOf(repository)).toEqual(before);
  });
});

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function otherPackage(): string {
  mkdirSync(join(folder, 'package'));
  write('package/package.json', JSON.stringify({ name: 'other', version: '1.0.0' }));
  execFileSync('tar', ['-czf', join(folder, 'other.tgz'), '-C', folder, 'package']);
  return join(folder, 'other.tgz');
}
