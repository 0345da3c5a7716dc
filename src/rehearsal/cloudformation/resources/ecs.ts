import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';

import { DescribeRulesCommand, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';

import type { Account, TrafficPlace } from '../account';
import { changeTags, type Handler, lowerTags, type Tag, takeTags } from '../handler';
import { isSame, lowerCamel } from '../spec';

/** Every property of a task definition but its family and its tags; the API's names are these in lower case. */
const OF_TASK = [
  'ContainerDefinitions',
  'Cpu',
  'EnableFaultInjection',
  'EphemeralStorage',
  'ExecutionRoleArn',
  'InferenceAccelerators',
  'IpcMode',
  'Memory',
  'NetworkMode',
  'PidMode',
  'PlacementConstraints',
  'ProxyConfiguration',
  'RequiresCompatibilities',
  'RuntimePlatform',
  'TaskRoleArn',
  'Volumes',
];

/** Memory in MiB that Fargate offers with as many CPU units; not by src/config, whose list it judges. Source: Amazon ECS, "Task CPU and memory". */
const FARGATE: Readonly<Record<string, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16384: steps(32_768, 122_880, 8192),
};

interface TaskDefinition {
  readonly request: RegisterTaskDefinitionCommandInput;
  readonly tags: Tag[];
}

const taskDefinition: Handler<TaskDefinition> = {
  read: (properties, generatedName) => {
    const family = properties.takeText('Family') ?? generatedName(255).replaceAll('-', '');
    const tags = takeTags(properties);
    const rest = lowerCamel('AWS::ECS::TaskDefinition', properties.takeAll(OF_TASK));
    const request = { ...rest, family } as unknown as RegisterTaskDefinitionCommandInput;
    refuseTask(request);
    return { request, tags };
  },
  async create({ clients }, { request, tags }) {
    const { taskDefinition: made } = await clients.ecs.send(
      new RegisterTaskDefinitionCommand({ ...request, tags: tags.length > 0 ? lowerTags(tags) : undefined }),
    );
    const arn = made!.taskDefinitionArn!;
    return { physicalId: arn, attributes: { TaskDefinitionArn: arn } };
  },
  update: (account, wanted, before, { physicalId }) => changeEcsTags(account, physicalId, wanted.tags, before.tags),
  remove: async ({ clients }, _, { physicalId }) => {
    await clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: physicalId }));
  },
};

/** Refuses tasks that the emulator accepts and AWS refuses. */
function refuseTask(request: RegisterTaskDefinitionCommandInput): void {
  if (!request.requiresCompatibilities?.includes('FARGATE')) return;
  const { cpu, memory, networkMode, executionRoleArn, containerDefinitions = [] } = request;
  if (networkMode !== 'awsvpc') throw new Error('Fargate only supports network mode awsvpc');
  if (!FARGATE[cpu!]?.includes(Number(memory))) {
    throw new Error(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory`);
  }
  const needsRole = containerDefinitions.some(
    ({ secrets, logConfiguration }) => logConfiguration?.logDriver === 'awslogs' || (secrets ?? []).length > 0,
  );
  if (needsRole && !executionRoleArn) throw new Error('Fargate requires task definition to have execution role ARN');
}

/** Properties that an update may carry; the others replace the service, or stay as they are. */
const OF_SERVICE = [
  'AvailabilityZoneRebalancing',
  'CapacityProviderStrategy',
  'DeploymentConfiguration',
  'DesiredCount',
  'EnableECSManagedTags',
  'EnableExecuteCommand',
  'HealthCheckGracePeriodSeconds',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlacementConstraints',
  'PlacementStrategies',
  'PlatformVersion',
  'PropagateTags',
  'ServiceConnectConfiguration',
  'ServiceRegistries',
  'TaskDefinition',
  'VolumeConfigurations',
];
const FIXED_OF_SERVICE = ['DeploymentController', 'LaunchType', 'Role', 'SchedulingStrategy'];

interface Service {
  readonly name: string;
  readonly cluster: string;
  readonly fixed: Partial<CreateServiceCommandInput>;
  readonly changeable: Partial<UpdateServiceCommandInput>;
  readonly tags: Tag[];
}

/** Properties whose change makes ECS start other tasks. */
const DEPLOYED = ['loadBalancers', 'networkConfiguration', 'platformVersion', 'taskDefinition'] as const;

const service: Handler<Service> = {
  name: 'ServiceName',
  read: (properties, generatedName) => ({
    name: properties.takeText('ServiceName') ?? generatedName(255),
    cluster: properties.takeText('Cluster') ?? 'default',
    fixed: lowerCamel('AWS::ECS::Service', properties.takeAll(FIXED_OF_SERVICE)),
    changeable: lowerCamel('AWS::ECS::Service', properties.takeAll(OF_SERVICE)),
    tags: takeTags(properties),
  }),
  async create(account, { name, cluster, fixed, changeable, tags }) {
    const { clients, firstTraffic } = account;
    const { service: made } = await clients.ecs.send(
      new CreateServiceCommand({
        // The API demands a number of replicas; CloudFormation's default is one.
        ...(fixed.schedulingStrategy === 'DAEMON' ? {} : { desiredCount: 1 }),
        ...fixed,
        ...(changeable as Partial<CreateServiceCommandInput>),
        serviceName: name,
        cluster,
        tags: tags.length > 0 ? lowerTags(tags) : undefined,
      }),
    );
    await moveTraffic(account, changeable, firstTraffic);
    const arn = made!.serviceArn!;
    return { physicalId: arn, attributes: { ServiceArn: arn, Name: name } };
  },
  async update(account, wanted, before, { physicalId }) {
    if (!isSame(wanted.changeable, before.changeable)) {
      const request = { ...wanted.changeable, cluster: wanted.cluster, service: wanted.name };
      await account.clients.ecs.send(new UpdateServiceCommand(request));
      if (DEPLOYED.some((part) => !isSame(wanted.changeable[part], before.changeable[part]))) {
        for (const rule of rulesOf(before.changeable)) {
          if (!rulesOf(wanted.changeable).includes(rule)) account.live.delete(rule);
        }
        await moveTraffic(account, wanted.changeable);
      }
    }
    await changeEcsTags(account, physicalId, wanted.tags, before.tags);
  },
  remove: async ({ clients, live }, { name, cluster, changeable }) => {
    for (const rule of rulesOf(changeable)) live.delete(rule);
    await clients.ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }));
  },
};

/** The listener rules that ECS moves the traffic of a service with. */
function rulesOf({ loadBalancers = [] }: Partial<UpdateServiceCommandInput>): string[] {
  return loadBalancers.flatMap(({ advancedConfiguration }) => advancedConfiguration?.productionListenerRule ?? []);
}

/**
 * Moves the traffic by the weights of the listener rule, as ECS does at the end of a deployment, with every strategy but a rolling one:
 * to the target group that had none, or to the one that is given. Source: Amazon ECS Developer Guide, "Amazon ECS blue/green
 * deployments"; that the second one may have it after the very first deployment, go-to-k/cdk-real-drift#1730.
 */
async function moveTraffic(
  { clients: { elb }, live }: Account,
  { loadBalancers = [] }: Partial<UpdateServiceCommandInput>,
  to?: TrafficPlace,
): Promise<void> {
  for (const { targetGroupArn: first, advancedConfiguration } of loadBalancers) {
    const { alternateTargetGroupArn: second, productionListenerRule: rule } = advancedConfiguration ?? {};
    if (!rule) continue;
    const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [rule] }));
    const weighted =
      Rules![0]!.Actions!.at(-1)!.ForwardConfig?.TargetGroups?.map((group) => group.TargetGroupArn) ?? [];
    if (!isSame([...weighted].sort(), [first, second].sort())) {
      throw new Error('The production listener rule must forward to both target groups, and to no other one');
    }
    const isSecond = to ? to === 'second' : (live.get(rule) ?? first) === first;
    live.set(rule, isSecond ? second! : first!);
    const TargetGroups = [first, second].map((TargetGroupArn) => ({
      TargetGroupArn,
      Weight: TargetGroupArn === live.get(rule) ? 100 : 0,
    }));
    await elb.send(
      new ModifyRuleCommand({ RuleArn: rule, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }),
    );
  }
}

async function changeEcsTags({ clients }: Account, resourceArn: string, wanted: Tag[], before: Tag[]): Promise<void> {
  await changeTags(
    wanted,
    before,
    (tags) => clients.ecs.send(new TagResourceCommand({ resourceArn, tags: lowerTags(tags) })),
    (tagKeys) => clients.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
  );
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

export const ECS = {
  'AWS::ECS::Service': service,
  'AWS::ECS::TaskDefinition': taskDefinition,
};
