import { ListServiceDeploymentsCommand, StopServiceDeploymentCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DescribeRulesCommand, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { EnvironmentAnswers } from '../../src/config/environment';
import { type Deployable, findDeployable, LATEST } from '../../src/conventions';
import { nameOf } from '../../src/model/names';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { TrafficPlace } from '../../src/rehearsal/cloudformation/account';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { type TargetUnderTest, wordsFor } from '../support/targets';

const BEFORE = findDeployable('g3b')!;
const DIGESTS = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`);

/** What is deployed: the first digest with the conventions before the newest, if nothing else is said. */
interface Deployed {
  readonly digest: string;
  readonly conventions: Deployable;
  readonly tags: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly host: string;
  readonly rolling: boolean;
}

/**
 * Changes a stack while ECS has the traffic at one target group, or at the other. What stands for CloudFormation fails each change of
 * the rule that takes it away, and sends the rule's weights whatever of the rule changes.
 */
export async function describeTraffic(
  under: TargetUnderTest,
  firstTraffic: TrafficPlace,
  { isShort = false }: { readonly isShort?: boolean } = {},
): Promise<void> {
  const { target, engines, start } = under;
  describe.skipIf(await lacks(...engines))(`traffic with ${target}, first at the ${firstTraffic} target group`, () => {
    let emulator: Emulator;
    let clients: AwsClients;
    let stack: EmulatedQuiltStack;
    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;
    const repositories: EmittedRepository[] = [];
    let live = firstTraffic;
    /** Where the traffic is after a deployment of ECS. */
    const moved = () => {
      live = live === 'first' ? 'second' : 'first';
      return [live];
    };
    let deployed: Deployed = {
      digest: DIGESTS[0]!,
      conventions: BEFORE,
      tags: {},
      priority: 200,
      host: 'mcp.example.com',
      rolling: false,
    };

    const run = async (task: 'registry' | 'plan' | 'deploy', change: Partial<Deployed> = {}) => {
      const { digest, conventions, tags, priority, host, rolling } = { ...deployed, ...change };
      const environment: Partial<EnvironmentAnswers> = {
        routing: {
          mode: 'domain',
          host,
          priority,
          certificateArn: stack.certificateArn,
          hostedZoneId: stack.hostedZoneId,
        },
        tags,
        deployment: rolling ? { strategy: 'rolling' } : { strategy: 'canary', percent: 10, stepMinutes: 1 },
        cors: { foreignOrigins: 'forward' },
      };
      const behind = environmentBehind(stack, environment, conventions);
      const repository = emitRepository(answersBehind(stack, { dev: behind }, conventions, target));
      repositories.push(repository);
      repository.setDigest('dev', digest);
      return repository.run(`${task}:dev`, wordsFor(task, under), env);
    };
    const deploy = async (change: Partial<Deployed>) => {
      const { exitCode, output } = await run('deploy', change);
      expect(exitCode, output).toBe(0);
      deployed = { ...deployed, ...change };
      return output;
    };
    const rule = async () => {
      const { Rules } = await clients.elb.send(new DescribeRulesCommand({ ListenerArn: stack.listenerArn }));
      return Rules!.find(({ Priority }) => Priority === String(deployed.priority))!;
    };
    /** Where the rule forwards to. */
    const traffic = async () => {
      const second = nameOf('alternateTargetGroup', stack.name, 'dev');
      const groups = (await rule()).Actions![0]!.ForwardConfig!.TargetGroups!;
      return groups
        .filter(({ Weight }) => Weight! > 0)
        .map(({ TargetGroupArn }) => (TargetGroupArn!.includes(`/${second}/`) ? 'second' : 'first'));
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      clients = awsClients(emulator);
      stack = await createQuiltStack(emulator);
      ({ env, stop } = await start(emulator, { firstTraffic }));
      const { exitCode, output } = await run('registry');
      expect(exitCode, output).toBe(0);
      await deploy({});
    });
    afterEach(() => {
      for (const { remove } of repositories.splice(0)) remove();
    });
    afterAll(async () => {
      await stop?.();
      await emulator?.stop();
    });

    const named = `traffic with ${target}, first at the ${firstTraffic} target group,`;

    it(`${named} stays there while tags and priority change`, async () => {
      expect(await traffic()).toEqual([live]);
      await deploy({ tags: { Team: 'a' } });
      expect(await traffic()).toEqual([live]);
      await deploy({ tags: { Team: 'b' }, priority: 210 });
      expect(await traffic()).toEqual([live]);
    });

    if (isShort) return;

    it(`${named} moves with a new image, and stays at the other one while tags and priority change`, async () => {
      await deploy({ digest: DIGESTS[1]! });
      expect(await traffic()).toEqual(moved());
      await deploy({ tags: { Team: 'c' }, priority: 220 });
      expect(await traffic()).toEqual([live]);
    });

    it(`${named} moves with another host, and with an upgrade of conventions, which leaves the rule alone`, async () => {
      await deploy({ host: 'other.example.com' });
      expect(await traffic()).toEqual(moved());
      const planned = await run('plan', { conventions: LATEST });
      expect(planned.exitCode, planned.output).toBe(0);
      expect(planned.output).toMatch(/TaskDefinition/);
      expect(planned.output).not.toMatch(/ListenerRule/);
      await deploy({ conventions: LATEST, digest: DIGESTS[2]!, tags: { Team: 'd' } });
      expect(await traffic()).toEqual(moved());
    });

    it(`${named} is not taken away by a deployment that begins while ECS moves it, or by one that is rolling`, async () => {
      const { RuleArn, Actions } = await rule();
      const { TargetGroups } = Actions![0]!.ForwardConfig!;
      const parted = TargetGroups!.map((group) => ({ ...group, Weight: group.Weight === 0 ? 10 : 90 }));
      await clients.elb.send(
        new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: parted } }] }),
      );
      const moving = await run('deploy', { tags: { Team: 'e' } });
      expect(moving.exitCode).not.toBe(0);
      expect(moving.output).toContain('ECS is moving the traffic');
      await clients.elb.send(
        new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }),
      );

      const service = { cluster: stack.clusterName, service: nameOf('service', stack.name, 'dev') };
      await clients.ecs.send(new UpdateServiceCommand({ ...service, forceNewDeployment: true }));
      expect(await traffic()).toEqual([live]);
      // The rule stays in the second one, and ECS moves its weights all the same.
      for (const change of [{ tags: { Team: 'e' } }, { digest: DIGESTS[1]! }]) {
        const { exitCode, output } = await run('deploy', change);
        expect(exitCode).not.toBe(0);
        expect(output).toContain('ECS is moving the traffic');
      }
      const { serviceDeployments } = await clients.ecs.send(new ListServiceDeploymentsCommand(service));
      const { serviceDeploymentArn } = serviceDeployments![0]!;
      await clients.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));

      if (live === 'first') {
        await deploy({ digest: DIGESTS[1]! });
        moved();
      }
      expect(await traffic()).toEqual(['second']);
      const rolling = await run('deploy', { rolling: true });
      expect(rolling.exitCode).not.toBe(0);
      expect(rolling.output).toContain('--force-new-deployment');
      await deploy({ digest: DIGESTS[0]! });
      await deploy({ rolling: true });
    });
  });
}
