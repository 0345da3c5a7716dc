import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleAnswers } from '../../src/config/example';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { runCommand } from '../support/command';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR, emulatorProgram } from '../support/engines/emulator';

describe.skipIf(await lacks(EMULATOR))('analyze and check, by the AWS CLI', () => {
  let emulator: Emulator;
  let stack: EmulatedQuiltStack;
  let folder: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    stack = await createQuiltStack(emulator, { name: 'acme' });
    folder = mkdtempSync(join(tmpdir(), 'analyze-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulator?.stop();
  });

  const run = (args: readonly string[], cwd = folder, env: NodeJS.ProcessEnv = {}) =>
    runCommand(args, {
      cwd,
      env: { ...emulator.env, PATH: `${dirname(emulatorProgram('aws'))}:${process.env.PATH}`, ...env },
    });

  it('analyze answers what a repository needs, which then has nothing that check finds; a change of it that fails is found', async () => {
    const analysis = await run(['analyze', '--stack', 'acme', '--json']);
    expect([analysis.exitCode, analysis.stderr]).toEqual([0, '']);
    const { answers, verdict, snapshot } = JSON.parse(analysis.stdout);
    expect([verdict.unknown, snapshot.unseen]).toEqual([[], []]);
    const { environments: _, ...example } = exampleAnswers();
    writeFileSync(
      join(folder, 'answers.json'),
      JSON.stringify({ ...example, name: 'acme', environments: { dev: answers } }),
    );
    const created = await run(['repository', '--config', 'answers.json', '--no-install', '--no-git']);
    expect(created.stderr).not.toContain('✗');

    const repository = join(folder, 'repository');
    const checked = await run(['check', 'dev', '--verbose'], repository);
    expect([checked.exitCode, checked.stdout]).toEqual([0, 'dev: 13 checks, nothing found\n']);
    expect(checked.stderr.split('\n').filter((line) => line.startsWith('  aws ')).length).toBeLessThanOrEqual(25);

    const analysed = await run(['analyze', 'dev'], repository);
    // Nobody serves the catalog here.
    expect(analysed.stderr).toContain(`! https://${stack.catalogHost}/config.json cannot be reached`);
    expect(analysed.stdout).toContain('✓ docs/analysis/dev.md and docs/analysis/dev.json written');
    expect(readFileSync(join(repository, 'docs/analysis/dev.md'), 'utf8')).toContain(
      '# Analysis of account 123456789012',
    );

    const file = join(repository, 'mcp-deploy.json');
    const wrong = JSON.parse(readFileSync(file, 'utf8'));
    wrong.environments.dev.network.albEgress = 'present';
    writeFileSync(file, JSON.stringify(wrong));
    const offline = await run(['check', 'dev', '--from', 'docs/analysis/dev.json'], repository, { PATH: '/nowhere' });
    expect(offline.exitCode).toBe(1);
    expect(offline.stdout.replace(/\s+/g, ' ')).toMatch(
      /^Errors ✗ no security group of the load balancer .* lets it out to TCP 8000 .* dev: 13 checks: 1 error $/,
    );
    expect(offline.stderr).toMatch(/^The account as it was at 20/);
    for (const content of [
      '{',
      '{"format":2}',
      '{"format":2,"taken":"","region":"us-east-1","unseen":[],"parts":{"listeners":5}}',
    ]) {
      writeFileSync(join(repository, 'broken.json'), content);
      const broken = await run(['check', 'dev', '--from', 'broken.json'], repository);
      expect([broken.exitCode, broken.stderr], content).toEqual([
        2,
        expect.stringMatching(/^✗ \S*broken\.json (cannot be read|is not)/m),
      ]);
    }
    const nobody = await run(['check', 'dev'], repository, { PATH: '/nowhere' });
    expect([nobody.exitCode, nobody.stderr]).toEqual([2, expect.stringContaining('The AWS CLI is needed')]);
    const junit = await run(['check', 'dev', '--from', 'docs/analysis/dev.json', '--junit'], repository);
    expect(junit.stdout).toContain('tests="13" failures="1" skipped="0"');
  });

  it('analyze without an AWS CLI, without a stack, and of no catalog is one clear message', async () => {
    const without = await run(['analyze', '--stack', 'acme'], folder, { PATH: '/nowhere' });
    expect([without.exitCode, without.stderr]).toEqual([
      1,
      expect.stringMatching(/^✗ The AWS CLI is needed to read the account: aws is not on the PATH/),
    ]);
    const nothing = await run(['analyze', '--stack', 'other', '--json']);
    expect(JSON.parse(nothing.stdout).snapshot.parts).toMatchObject({ stack: null });
    expect([nothing.exitCode, nothing.stderr]).toEqual([
      1,
      expect.stringMatching(/^✗ There is no stack other in us-east-1\. Is the account, by --profile/m),
    ]);
    for (const [words, message] of [
      [['analyze'], 'analyze takes the URL of a catalog, an environment, or --stack NAME'],
      [['analyze', 'ftp://x'], 'is not the URL of a catalog'],
      [['analyze', 'dev'], 'there is no mcp-deploy.json here'],
      [['check'], 'there is no mcp-deploy.json here'],
      [['check', 'dev', 'x'], '"x" is one word too many'],
    ] as const) {
      const { exitCode, stderr } = await run(words);
      expect([exitCode, stderr], words.join(' ')).toEqual([2, expect.stringContaining(message)]);
    }
    const unreached = await run(['analyze', 'https://quilt.invalid']);
    expect([unreached.exitCode, unreached.stderr]).toEqual([
      1,
      expect.stringMatching(/cannot be reached: .* --stack NAME goes on without it\.$/m),
    ]);
    expect(existsSync(join(folder, 'docs'))).toBe(false);
  });

  it('analyze prints its policy, and asks nobody', async () => {
    const { exitCode, stdout } = await run(['analyze', '--policy'], folder, { PATH: '/nowhere' });
    expect([exitCode, JSON.parse(stdout).Statement[0].Action.length]).toEqual([0, expect.any(Number)]);
  });
});
