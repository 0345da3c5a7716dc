import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCommand } from '../support/command';
import { startProgram } from '../support/program';
import { standInProgram } from '../support/programs';
import { putAnswers } from '../support/put-program';

const IDENTITY = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
const NO_REGISTRY = {
  type: 'diagnostic',
  diagnostic: {
    severity: 'error',
    summary: 'Failed to query available provider packages',
    detail:
      'Could not retrieve the list of available versions for provider hashicorp/aws: the request failed after 2 attempts: 503 Service Unavailable',
  },
};

describe("README's first command on a machine with Terraform and without its registry", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let first: Awaited<ReturnType<typeof runCommand>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'first-command-'));
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    // It formats, and fetches no provider.
    putAnswers(join(bin, 'terraform'), {
      'version*': { says: { terraform_version: '1.11.0' } },
      'init*': { says: NO_REGISTRY, exitCode: 1 },
      '*': {},
    });
    const { CI: _, TF_PLUGIN_MIRROR: __, ...own } = process.env;
    env = { ...own, ...IDENTITY, PATH: `${bin}:${process.env.PATH}` };
    first = await start('acme');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** `runCommand` adds variables to this process's own: those that are not to be there are empty. */
  const start = (name: string, more: NodeJS.ProcessEnv = {}) =>
    runCommand([name, '--yes'], { cwd: folder, env: { ...env, CI: '', TF_PLUGIN_MIRROR: '', ...more } });

  it("README's first command without Terraform's registry ends with 0, and says in one line what was not run, why, and what to set", () => {
    expect(first.stdout).toMatch(/^- its tests: 4 passed, 1 not run$/m);
    const [reason, ...others] = first.stdout.split('\n').filter((line) => line.startsWith('    '));
    expect(others).toEqual([]);
    expect(reason).toMatch(
      /^ {4}deploy\/terraform is valid and passes its tests: Terraform cannot fetch its provider hashicorp\/aws .*503 Service Unavailable.*Set TF_PLUGIN_MIRROR/,
    );
    expect(first.stdout).toMatch(/^✓ git repository, first commit$/m);
    expect(first.exitCode, first.stdout).toBe(0);
  });

  it.each([
    ['is skipped on a developer machine', '', 0],
    ['fails under CI', 'true', 1],
  ])('in the emitted repository, a test that cannot fetch a provider of Terraform %s', async (_, ci, exitCode) => {
    const tested = await startProgram(['npm', 'test'], join(folder, 'acme'), { ...env, CI: ci });
    expect(tested.output.match(/Terraform cannot fetch its provider/g)).toHaveLength(1);
    expect(tested.exitCode, tested.output).toBe(exitCode);
  });

  it("under CI, README's first command without Terraform's registry ends with 1, names the test that failed, and where the whole output is", async () => {
    const { stdout, exitCode } = await start('under-ci', { CI: 'true' });
    const details = stdout.split('\n').filter((line) => line.startsWith('    '));
    expect(stdout).toMatch(/^✗ its tests: 1 failed$/m);
    expect(details).toHaveLength(2);
    expect(readFileSync(/The whole output: (.*)$/.exec(details[1]!)![1]!, 'utf8')).toContain('fail 1');
    expect(exitCode).toBe(1);
  });

  it('without npm on the PATH, the command says that npm is not there', async () => {
    const bin = join(folder, 'only-node');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    const { stdout, exitCode } = await start('without-npm', { PATH: bin });
    expect(stdout).toMatch(/^✗ npm install failed: npm is not on the PATH$/m);
    expect(stdout).toMatch(/^- nothing is committed: without its packages there is no lock file/m);
    expect(exitCode).toBe(1);
  });

  it('an npm that fails with many lines: ten of them are shown, and where the rest is', async () => {
    const npm = standInProgram(join(folder, 'failing-npm'), 'npm', 'npm-fails-at-length.sh');
    const { stdout, exitCode } = await start('failing-npm-repository', npm);
    const details = stdout.split('\n').filter((line) => line.startsWith('    '));
    expect(stdout).toMatch(/^✗ npm install failed$/m);
    expect(details).toHaveLength(11);
    expect(details[0]).toBe('    npm error line 1');
    const log = /The whole output: (.*)$/.exec(details[10]!)![1]!;
    expect(readFileSync(log, 'utf8')).toContain('npm error line 50');
    rmSync(dirname(log), { recursive: true });
    expect(exitCode).toBe(1);
  });
});
