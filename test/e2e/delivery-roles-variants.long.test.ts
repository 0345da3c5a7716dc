import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { partitionOf } from '../../src/config/partitions';
import { LATEST } from '../../src/conventions';
import { sampleDeliveryBoundary, sampleTaskBoundary } from '../../src/model/delivery/boundaries';
import type { Duty } from '../../src/model/deployment';
import { awsClients } from '../../src/rehearsal/clients';
import type { Behaviour } from '../../src/rehearsal/cloudformation/account';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { type Guard, startGuard } from '../support/guard';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, type TargetUnderTest, TERRAFORM, withoutCheck } from '../support/targets';

const FIRST = `sha256:${'1'.repeat(64)}`;
const SECOND = `sha256:${'2'.repeat(64)}`;

type Boundaries = Required<Pick<EnvironmentAnswers, 'permissionsBoundaryArn' | 'deliveryBoundaryArn'>>;

const region = 'us-gov-west-1';

interface Variant {
  readonly name: string;
  readonly under: TargetUnderTest;
  /** Whether the second deployment gives target groups and the security group other names, which nobody does while ECS moves traffic. */
  readonly renames?: true;
  /** Of what plays CloudFormation and ECS. */
  readonly behaviour?: Behaviour;
  readonly answers: (stack: EmulatedQuiltStack, boundaries: Boundaries) => Partial<EnvironmentAnswers>;
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'a path, within boundaries, in GovCloud',
    under: TERRAFORM,
    renames: true,
    answers: (_, boundaries) => boundaries,
  },
  {
    name: 'traffic in two steps, on a host of its own with a certificate that is made, within boundaries, in GovCloud, if CloudFormation tags what it made already',
    under: CLOUDFORMATION,
    behaviour: { tagsLater: true, firstTraffic: 'second' },
    answers: ({ hostedZoneId }, boundaries) => ({
      ...boundaries,
      routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId },
      // Longer than the hour that a role's session takes by default.
      deployment: { strategy: 'canary', percent: 10, stepMinutes: 30 },
    }),
  },
  {
    name: 'traffic at once, on a host of its own with a certificate that is there, within boundaries, in GovCloud',
    under: CDK,
    behaviour: { firstTraffic: 'second' },
    answers: ({ hostedZoneId, certificateArn }, boundaries) => ({
      ...boundaries,
      routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId, certificateArn },
      deployment: { strategy: 'blue-green' },
    }),
  },
];

/** Plans, deploys and changes by other answers, as the roles that are made for it. */
describe.skipIf(await lacks(...TERRAFORM.engines)).each(VARIANTS)(
  'roles of workflows by other answers: $under.target, $name',
  ({ name, under: { target, approved, unchanged, start }, renames, behaviour, answers }) => {
    let emulator: Emulator;
    let guard: Guard;
    let repository: EmittedRepository;
    /** The same environment by answers that change what is there already. */
    let changed: EmittedRepository;
    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;

    const succeed = async (
      duty: Duty | undefined,
      from: EmittedRepository,
      task: string,
      args: readonly string[] = [],
    ) => {
      const { roles } = repository.deployment.environments[0]!.registry!.delivery!;
      await guard.become(roles.find((role) => role.duty === duty)?.name);
      const { exitCode, output } = await from.run(task, args, env);
      // The CDK looks for the stack of `cdk bootstrap`, and does without.
      const refused = guard.refused.filter((what) => !what.includes(':stack/CDKToolkit/'));
      expect(exitCode, [output, ...refused].join('\n')).toBe(0);
      expect(refused).toEqual([]);
      return output;
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      const stack = await createQuiltStack(emulator, { region });
      guard = await startGuard(emulator, region);
      const url = target === 'terraform' ? guard.url : guard.behindCloudFormation;
      ({ env, stop } = await start({ ...emulator, url, env: { ...emulator.env, AWS_ENDPOINT_URL: url } }, behaviour));
      if (target !== 'terraform') env = { ...env, AWS_ENDPOINT_URL: await guard.before(env.AWS_ENDPOINT_URL!) };
      const policyArn = (policy: string) => `arn:${partitionOf(region).id}:iam::${stack.accountId}:policy/${policy}`;
      const boundaries = { permissionsBoundaryArn: policyArn('tasks'), deliveryBoundaryArn: policyArn('delivery') };
      const emit = (change: Partial<EnvironmentAnswers>) => {
        const dev = environmentBehind(stack, { ...answers(stack, boundaries), ...change });
        return emitRepository({
          ...answersBehind(stack, { dev }, LATEST, target),
          repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
          oidcProviders: { [stack.accountId]: { create: true } },
        });
      };
      repository = emit({});
      // The samples that the emitted documents have.
      const samples = { tasks: sampleTaskBoundary(), delivery: sampleDeliveryBoundary(repository.deployment) };
      for (const [PolicyName, document] of Object.entries(samples)) {
        const PolicyDocument = JSON.stringify(document);
        await awsClients(emulator, region).iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
      }
      const { routing, network } = environmentBehind(stack, answers(stack, boundaries));
      // Far enough that no rule takes the priority of another, which waits for its own change.
      changed = emit({
        tags: { Team: 'core' },
        routing: { ...routing, priority: routing.priority! + 100 },
        ...(renames && { network: { ...network, nameSuffix: '2' } }),
      });
      await succeed(undefined, repository, 'registry:dev', approved);
    });
    afterAll(async () => {
      repository?.remove();
      changed?.remove();
      await stop?.();
      await guard?.stop();
      await emulator?.stop();
    });

    it(`roles of workflows by other answers (${target}, ${name}) plan, deploy, and find nothing to change`, async () => {
      repository.setDigest('dev', FIRST);
      const plan = target === 'terraform' ? ['-lock=false'] : [];
      expect(await succeed('plan', repository, 'plan:dev', plan)).toMatch(/task_?definition/i);
      await succeed('deploy', repository, 'deploy:dev', approved);
      expect(await succeed('plan', repository, 'plan:dev', plan)).toMatch(unchanged);
    });

    it(`roles of workflows by other answers (${target}, ${name}) change the image, the tags, the priority of the rules${renames ? ', and names,' : ''} and leave no former target group behind`, async () => {
      changed.setDigest('dev', SECOND);
      // Their permissions name what they make.
      await succeed(undefined, changed, 'registry:dev', approved);
      await succeed('deploy', changed, 'deploy:dev', withoutCheck(approved));
      const { TargetGroups = [] } = await awsClients(emulator, region).elb.send(new DescribeTargetGroupsCommand({}));
      const { targetGroupName, rollout } = changed.deployment.environments[0]!.service;
      const wanted = [targetGroupName, ...(rollout.shift ? [rollout.shift.alternateTargetGroupName] : [])];
      const names = TargetGroups.map(({ TargetGroupName }) => TargetGroupName!).filter((one) =>
        /-mcp-server-/.test(one),
      );
      expect(names.sort()).toEqual(wanted.sort());
    });
  },
);
