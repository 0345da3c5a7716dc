import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Analysis } from '../../src/analysis/analysis';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack } from '../../src/rehearsal/quilt-stack';
import { runCommand } from '../support/command';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR, emulatorProgram } from '../support/engines/emulator';
import {
  EXPIRED,
  type Faults,
  type FaultyAws,
  startFaultyAws,
  THROTTLED,
  THROTTLED_BY_EC2,
} from '../support/faulty-aws';

/** The real AWS CLI, and an API that answers late, in part, or not at all. */
describe.skipIf(await lacks(EMULATOR))('analyze, if AWS answers badly', () => {
  let emulator: Emulator;
  let faulty: FaultyAws;
  let healthy: Analysis;
  beforeAll(async () => {
    emulator = await startEmulator();
    await createQuiltStack(emulator, { name: 'acme' });
    faulty = await startFaultyAws(emulator.url);
    healthy = await analyse();
  });
  afterAll(async () => {
    await faulty?.stop();
    await emulator?.stop();
  });

  const run = (env: NodeJS.ProcessEnv = {}) =>
    runCommand(['analyze', '--stack', 'acme', '--json'], {
      cwd: dirname(__dirname),
      env: {
        ...emulator.env,
        AWS_ENDPOINT_URL: faulty.url,
        PATH: `${dirname(emulatorProgram('aws'))}:${process.env.PATH}`,
        ...env,
      },
    });
  const analyse = async (env: NodeJS.ProcessEnv = {}): Promise<Analysis> => {
    const { exitCode, stdout, stderr } = await run(env);
    expect(exitCode, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  it('analyze is as complete as ever if AWS takes no call at the first attempt', async () => {
    faulty.inject({ '*': (call) => (call === 1 ? THROTTLED : undefined) });
    const { verdict, proposals, snapshot } = await analyse();
    expect(snapshot.unseen).toEqual([]);
    expect({ verdict, proposals }).toEqual({ verdict: healthy.verdict, proposals: healthy.proposals });
  });

  it.each<[string, Faults, call: string, reason: string, RegExp]>([
    [
      'throttles the subnets',
      { DescribeSubnets: () => THROTTLED_BY_EC2 },
      'subnets',
      'throttled',
      /RequestLimitExceeded/,
    ],
    ['throttles the rules', { DescribeRules: () => THROTTLED }, 'rules', 'throttled', /Rate exceeded/],
    ['cuts off the route tables', { DescribeRouteTables: () => 'cut' }, 'routeTables', 'timeout', /./],
    [
      'does not answer for NAT gateways',
      { DescribeNatGateways: () => 'hangs' },
      'natGateways',
      'timeout',
      /[Rr]ead timeout/,
    ],
  ])('analyze says what it did not see if AWS %s', async (_, faults, call, reason, said) => {
    faulty.inject(faults);
    // Without the attempts of the AWS CLI, which take a minute.
    const { verdict, snapshot, proposals } = await analyse({ AWS_MAX_ATTEMPTS: '1' });
    // The rules of each listener are a call.
    for (const one of snapshot.unseen) expect(one).toEqual({ call, reason, said: expect.stringMatching(said) });
    expect(snapshot.unseen).not.toEqual([]);
    expect(verdict.findings).toEqual(healthy.verdict.findings);
    expect(verdict.unknown).not.toEqual([]);
    for (const { path, value } of proposals.filter((one) => one.value !== undefined)) {
      expect(value, path).toEqual(healthy.proposals.find((one) => one.path === path)!.value);
    }
  });

  it('analyze with credentials that have expired is one message, and no report', async () => {
    faulty.inject({ '*': () => EXPIRED });
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/^✗ The session of the AWS credentials has expired: run aws sso login, [^\n]*\n$/),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 1 });
  });
});
