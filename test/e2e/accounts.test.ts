import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exampleEnvironment } from '../../src/config/example';
import type { EnvironmentAnswers } from '../../src/config/schema';
import { LATEST } from '../../src/conventions';
import { differences, type ReadAccount, readAccount } from '../support/account';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import { createQuiltStack, type QuiltStack } from '../support/quilt-stack';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, TERRAFORM, type TargetUnderTest } from '../support/targets';

const FIRST = `sha256:${'1'.repeat(64)}`;
const SECOND = `sha256:${'2'.repeat(64)}`;

function environments(stack: QuiltStack): Record<string, EnvironmentAnswers> {
  const { accountId } = stack;
  return {
    production: environmentBehind(stack, {
      routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: stack.hostedZoneId },
      cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'http://localhost:3000'] },
      environment: { QUILT_BROWSING_SESSION_TTL: '60', EMPTY: '', lower_case: 'a, b: "c" ${d} #e' },
      secrets: {
        FROM_SECRETS_MANAGER: `arn:aws:secretsmanager:us-east-1:${accountId}:secret:quilt/x-AbCdEf:key::`,
        FROM_SSM: `arn:aws:ssm:us-east-1:${accountId}:parameter/quilt/x`,
      },
      capacity: { cpu: 2048, memory: 5120, desired: 5 },
      logs: {
        retention: 365,
        kmsKeyArn: `arn:aws:kms:us-east-1:${accountId}:key/01234567-89ab-cdef-0123-456789abcdef`,
      },
      registry: { scope: 'shared', account: accountId, region: stack.region },
      permissionsBoundaryArn: `arn:aws:iam::${accountId}:policy/boundary`,
      retainData: true,
      tags: { Team: 'R + D: core@example.com' },
    }),
    // It is not deployed; for it, the shared repository lets another account pull.
    elsewhere: {
      ...exampleEnvironment('elsewhere', 1),
      registry: { scope: 'shared', account: accountId, region: stack.region },
    },
  };
}

const TARGETS = [TERRAFORM, CLOUDFORMATION, CDK];

describe.skipIf(skipWithoutEngines())('accounts', { timeout: 300_000 }, () => {
  it('x', async () => {
    const t0 = Date.now();
    await Promise.all(
      TARGETS.map(async (target) => {
        const emulator = await startEmulator();
        const { env, stop } = await target.start(emulator);
        const stack = await createQuiltStack(emulator);
        const repository = emitRepository(answersBehind(stack, environments(stack), LATEST, target.target));
        const log = (what: string) => console.log(target.target, what, Date.now() - t0);
        const task = async (name: string, args: readonly string[]) => {
          const { exitCode, output } = await repository.run(name, args, env);
          log(name);
          expect(exitCode, output).toBe(0);
        };
        const dump = async (n: string) => {
          log('reading');
          writeFileSync(`/tmp/account-dump/${target.target}-${n}.json`, JSON.stringify(await readAccount(emulator), null, 1));
          log('read');
        };
        repository.setDigest('production', FIRST);
        await dump('0');
        await task('registry:production', target.approved);
        await task('deploy:production', target.approved);
        await dump('1');
        repository.setDigest('production', SECOND);
        await task('deploy:production', target.approved);
        await dump('2');
        await task('destroy:production', target.destroyApproved);
        await dump('3');
        await task('deploy:production', target.approved);
        await dump('4');
        await stop();
        await emulator.stop();
      }),
    );
  });
});
