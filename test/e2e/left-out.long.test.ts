import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command';
import { IDENTITY } from '../support/git-identity';

const VARIABLES = 'deploy/terraform/environments/dev/service/terraform.tfvars.json';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'left-out-test-'));
  await run(['origin', '--yes', '--no-install', '--no-git'], '.');
  git('origin', 'init', '--quiet');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], cwd: string) => runCommand(args, { cwd: join(folder, cwd), env: IDENTITY });
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: join(folder, cwd), encoding: 'utf8', env: { ...process.env, ...IDENTITY } });
const commitAll = () => {
  git('origin', 'add', '--all');
  git('origin', 'commit', '--quiet', '--message', 'x');
};
const clone = (...options: string[]) =>
  git('.', 'clone', '--quiet', ...options, `file://${join(folder, 'origin')}`, 'clone');

/** A repository whose ignore file lost what takes generated files in again, in a clone. */
function cloneWithoutVariables(...options: string[]): void {
  writeFileSync(join(folder, 'origin/.gitignore'), 'node_modules/\n*.tfvars.json\n');
  commitAll();
  clone(...options);
}

describe('a file that is missing in a clone', () => {
  it('a file that is missing in a clone because git left it out is named as missing, with what to do, and exit code 1', async () => {
    cloneWithoutVariables();
    const { exitCode, stdout } = await run(['sync', '--check'], 'clone');
    expect(stdout).toMatch(new RegExp(`^ {2}missing {2}${VARIABLES}: no commit has it: git left it out$`, 'm'));
    expect(stdout).toMatch(
      /6 files missing here\. To generate a file again: npx create-quilt-mcp-deploy sync --restore FILE, then git add --force FILE/,
    );
    expect(stdout).not.toContain('you deleted it');
    expect(exitCode).toBe(1);
    expect((await run(['sync'], 'clone')).exitCode).toBe(1);
    expect(existsSync(join(folder, 'clone', VARIABLES))).toBe(false);
  });

  it('a file that is missing in a clone comes back by sync --restore, from a folder below and by its name from there, too', async () => {
    cloneWithoutVariables();
    const below = 'clone/deploy/terraform/environments/dev/service';
    expect((await run(['sync', '--restore', 'terraform.tfvars.json'], below)).stdout).toContain(
      `created  ${VARIABLES}`,
    );
    expect(readFileSync(join(folder, 'clone', VARIABLES), 'utf8')).toBe(
      readFileSync(join(folder, 'origin', VARIABLES), 'utf8'),
    );
  });

  it('a file that is missing in a clone is no longer missed once its owner has said by eject that they deleted it', async () => {
    writeFileSync(join(folder, 'origin/.gitignore'), 'renovate.json5\n');
    commitAll();
    clone();
    expect((await run(['sync', '--check'], 'clone')).exitCode).toBe(1);
    expect((await run(['eject', 'renovate.json5'], 'clone')).exitCode).toBe(0);
    const { exitCode, stdout } = await run(['sync', '--check'], 'clone');
    expect(stdout).not.toContain('missing');
    expect(exitCode).toBe(0);
  });

  it('a file that is missing in a clone because its owner deleted it stays so, with exit code 0', async () => {
    commitAll();
    git('origin', 'rm', '--quiet', 'renovate.json5');
    git('origin', 'commit', '--quiet', '--message', 'y');
    clone();
    const { exitCode, stdout } = await run(['sync', '--check'], 'clone');
    expect(stdout).toMatch(/^ {2}gone {5}renovate\.json5: you deleted it$/m);
    expect(exitCode).toBe(0);
  });

  it('a file that is missing in a clone because it was deleted on a branch that was merged stays so, too', async () => {
    commitAll();
    git('origin', 'switch', '--quiet', '--create', 'other');
    git('origin', 'rm', '--quiet', 'renovate.json5');
    git('origin', 'commit', '--quiet', '--message', 'y');
    git('origin', 'switch', '--quiet', '-');
    git('origin', 'merge', '--quiet', '--no-ff', '--message', 'z', 'other');
    clone();
    expect((await run(['sync', '--check'], 'clone')).exitCode).toBe(0);
  });

  it('a missing file is not judged by a clone without its history, nor before the first commit, nor without git', async () => {
    rmSync(join(folder, 'origin/renovate.json5'));
    const gone = async (cwd: string, why: string) => {
      const { exitCode, stdout } = await run(['sync', '--check'], cwd);
      expect(stdout).toContain(`gone     renovate.json5: ${why}`);
      expect(exitCode).toBe(0);
    };
    await gone('origin', 'you deleted it');
    commitAll();
    git('origin', 'commit', '--quiet', '--allow-empty', '--message', 'y');
    clone('--depth=1');
    await gone('clone', 'it was deleted, or git left it out: this clone has not the history that tells');
    rmSync(join(folder, 'origin/.git'), { recursive: true });
    await gone('origin', 'you deleted it');
  });
});

describe('in a folder of an emitted repository', () => {
  it.each(['docs', 'deploy/terraform/modules/registry'])(
    'in the folder %s of an emitted repository, commands do what they do at its root',
    async (below) => {
      const [here, there] = [
        await run(['sync', '--check'], 'origin'),
        await run(['sync', '--check'], `origin/${below}`),
      ];
      expect(there).toEqual(here);
      expect(here.exitCode).toBe(0);
      expect(await run(['diff', '--json'], `origin/${below}`)).toEqual(await run(['diff', '--json'], 'origin'));
      expect((await run(['upgrade', '--dry-run', '--no-plan'], `origin/${below}`)).exitCode).toBe(0);
      expect((await run(['env', 'remove', 'staging', '--keep-resources'], `origin/${below}`)).exitCode).toBe(0);
      expect(existsSync(join(folder, 'origin/deploy/images/staging.json'))).toBe(true);
      expect(existsSync(join(folder, 'origin/deploy/terraform/environments/staging'))).toBe(false);
    },
  );

  it.each([
    [[], /^Nothing was written\. To write it: npx projen\./m],
    [
      ['--restore', 'renovate.json5'],
      /^Nothing was written\. To write it: npx create-quilt-mcp-deploy sync --restore renovate\.json5\./m,
    ],
  ])('sync --check %j says how to write what it shows', async (args, remedy) => {
    writeFileSync(join(folder, 'origin/renovate.json5'), '{}');
    const answers = join(folder, 'origin/mcp-deploy.json');
    writeFileSync(answers, readFileSync(answers, 'utf8').replace('"desired": 2', '"desired": 3'));
    const { exitCode, stdout } = await run(['sync', '--check', ...args], 'origin');
    expect(stdout).toMatch(remedy);
    expect(exitCode).toBe(1);
  });

  it('in a folder of an emitted repository, files are named from there, or from the root as reports name them', async () => {
    expect((await run(['diff', 'image.md', '--json'], 'origin/docs')).stdout).toContain('"docs/image.md"');
    expect((await run(['diff', 'docs/image.md', '--json'], 'origin/docs')).stdout).toContain('"docs/image.md"');
    expect((await run(['diff', '../README.md', '--json'], 'origin/docs')).stdout).toContain('"README.md"');
    const { exitCode } = await run(['eject', './image.md'], 'origin/docs');
    expect(exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'origin/mcp-deploy.json'), 'utf8')).ejected).toEqual(['docs/image.md']);
    const unknown = await run(['eject', 'nothing.md'], 'origin/docs');
    expect(unknown.stderr).toMatch(/not a generated file: docs\/nothing\.md/);
  });

  it('in a folder of an emitted repository, the menu is offered, and without a terminal what to run', async () => {
    const { exitCode, stderr } = await run([], 'origin/docs');
    expect(stderr).toMatch(/this is a repository that create-quilt-mcp-deploy emitted already/);
    expect(exitCode).toBe(2);
  });
});
