import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { answersBehind, emitRepository, environmentBehind } from '../support/repository';
import { CLOUDFORMATION, TERRAFORM, wordsFor } from '../support/targets';

const DIGEST = `sha256:${'1'.repeat(64)}`;

/**
 * Moves a deployment behind the load balancer of another VPC: AWS moves no target group there, and a name is given once. That the CDK replaces
 * what the template of CloudFormation does, test/parity holds.
 */
describe.skipIf(await lacks(...TERRAFORM.engines)).each([TERRAFORM, CLOUDFORMATION])(
  'a deployment that moves to another VPC: $target',
  (under) => {
    const { target, unchanged, start } = under;
    let emulator: Emulator;
    let clients: AwsClients;
    let from: EmulatedQuiltStack;
    let to: EmulatedQuiltStack;
    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;

    const run = async (task: string, stack: EmulatedQuiltStack, nameSuffix?: string) => {
      const dev = environmentBehind(stack);
      const { clusterArn, clusterName } = environmentBehind(from).network;
      Object.assign(dev.network, { clusterArn, clusterName, nameSuffix });
      const repository = emitRepository(answersBehind(from, { dev }, LATEST, target));
      try {
        repository.setDigest('dev', DIGEST);
        return await repository.run(`${task}:dev`, wordsFor(task, under), env);
      } finally {
        repository.remove();
      }
    };
    const targetGroups = async () => {
      const { TargetGroups = [] } = await clients.elb.send(new DescribeTargetGroupsCommand({}));
      return TargetGroups.filter(({ TargetGroupName }) => TargetGroupName!.includes('-mcp-server-')).map(
        ({ TargetGroupName, VpcId }) => [TargetGroupName, VpcId],
      );
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      clients = awsClients(emulator);
      from = await createQuiltStack(emulator);
      to = await createQuiltStack(emulator, { name: 'quilt-other' });
      ({ env, stop } = await start(emulator));
      for (const task of ['registry', 'deploy']) {
        const { exitCode, output } = await run(task, from);
        expect(exitCode, output).toBe(0);
      }
    });
    afterAll(async () => {
      await stop?.();
      await emulator?.stop();
    });

    it(`a deployment that moves to another VPC (${target}) is refused by AWS under the name that its target group has`, async () => {
      const { exitCode, output } = await run('deploy', to);
      expect(exitCode, output).not.toBe(0);
      expect(output).toMatch(/already exists|custom-named resource requires replacing/);
      expect(await targetGroups()).toEqual([['quilt-test-mcp-server-dev', from.vpcId]]);
    });

    it(`a deployment that moves to another VPC (${target}) gets a target group with another suffix, and leaves none behind`, async () => {
      const { exitCode, output } = await run('deploy', to, '2');
      expect(exitCode, output).toBe(0);
      expect(await targetGroups()).toEqual([['quilt-test-mcp-server-dev-2', to.vpcId]]);
      expect((await run('plan', to, '2')).output).toMatch(unchanged);
    });
  },
);
