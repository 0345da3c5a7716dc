import {
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';

import type { Deployment, Environment, ImageRepository, Role, ServiceContract } from '../../src/model/deployment';
import type { AwsClients } from '../../src/rehearsal/clients';
import { FIXED_RESPONSES } from '../../src/resources/listener';
import { resourcesOf } from '../../src/resources/resources';

/**
 * What the AWS API tells of one environment's service, in the words of the model, so that the two can be compared
 * property by property. Sets are sorted: AWS keeps no order of conditions, subnets, or a policy's actions.
 */
export async function readService(clients: AwsClients, environment: Environment) {
  const { ecs, elb, ec2, logs } = clients;
  const { service: wanted } = environment;
  const services = await ecs.send(
    new DescribeServicesCommand({ cluster: wanted.clusterArn, services: [wanted.serviceName], include: ['TAGS'] }),
  );
  const service = services.services![0]!;
  const described = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition!, include: ['TAGS'] }),
  );
  const task = described.taskDefinition!;
  const [container, ...sidecars] = task.containerDefinitions!;
  const targetGroupArn = service.loadBalancers![0]!.targetGroupArn!;
  const [targetGroup] = (await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] })))
    .TargetGroups!;
  const attributes = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }));
  const attribute = (key: string) => attributes.Attributes!.find(({ Key }) => Key === key)?.Value;
  const network = service.networkConfiguration!.awsvpcConfiguration!;
  const [securityGroup] = (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: network.securityGroups })))
    .SecurityGroups!;
  const rules = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: network.securityGroups }] }),
  );
  const outwards = await ec2.send(
    new DescribeSecurityGroupRulesCommand({
      Filters: [{ Name: 'group-id', Values: [...wanted.securityGroup.ingressFrom] }],
    }),
  );
  const group = (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: wanted.logGroup.name })))
    .logGroups![0]!;
  const logTags = await logs.send(
    new ListLogTagsCommand({ resourceArn: group.logGroupArn ?? group.arn!.replace(/:\*$/, '') }),
  );
  return {
    service: {
      name: service.serviceName,
      cluster: service.clusterArn,
      desiredCount: service.desiredCount,
      launchType: service.launchType,
      subnets: [...network.subnets!].sort(),
      assignPublicIp: network.assignPublicIp,
      container: service.loadBalancers!.map(({ containerName, containerPort }) => `${containerName}:${containerPort}`),
      minimumHealthyPercent: service.deploymentConfiguration!.minimumHealthyPercent,
      maximumPercent: service.deploymentConfiguration!.maximumPercent,
      circuitBreaker: service.deploymentConfiguration!.deploymentCircuitBreaker,
      gracePeriod: service.healthCheckGracePeriodSeconds,
      availabilityZoneRebalancing: service.availabilityZoneRebalancing,
      propagateTags: service.propagateTags,
      managedTags: service.enableECSManagedTags,
      execute: service.enableExecuteCommand ?? false,
      tags: tagsOf(service.tags),
    },
    taskDefinition: {
      family: task.family,
      cpu: task.cpu,
      memory: task.memory,
      networkMode: task.networkMode,
      requiresCompatibilities: task.requiresCompatibilities,
      platform: task.runtimePlatform,
      roles: [task.executionRoleArn!.split('/').at(-1), task.taskRoleArn!.split('/').at(-1)],
      tags: tagsOf(described.tags),
    },
    container: {
      sidecars: sidecars.length,
      name: container!.name,
      image: container!.image,
      user: container!.user,
      readonlyRootFilesystem: container!.readonlyRootFilesystem,
      initProcess: container!.linuxParameters!.initProcessEnabled,
      tmpfs: container!.linuxParameters!.tmpfs!.map(({ containerPath, size }) => ({ containerPath, size })),
      stopTimeout: container!.stopTimeout,
      probe: container!.healthCheck,
      environment: Object.fromEntries(container!.environment!.map(({ name, value }) => [name, value])),
      secrets: Object.fromEntries((container!.secrets ?? []).map(({ name, valueFrom }) => [name, valueFrom])),
      logs: container!.logConfiguration,
    },
    targetGroup: {
      name: targetGroup!.TargetGroupName,
      type: targetGroup!.TargetType,
      protocol: `${targetGroup!.Protocol} ${targetGroup!.Port}`,
      vpc: targetGroup!.VpcId,
      healthCheckPath: targetGroup!.HealthCheckPath,
      matcher: targetGroup!.Matcher!.HttpCode,
      interval: targetGroup!.HealthCheckIntervalSeconds,
      timeout: targetGroup!.HealthCheckTimeoutSeconds,
      healthyThreshold: targetGroup!.HealthyThresholdCount,
      unhealthyThreshold: targetGroup!.UnhealthyThresholdCount,
      deregistrationDelay: Number(attribute('deregistration_delay.timeout_seconds')),
      stickiness: attribute('stickiness.enabled') === 'true',
      stickinessType: attribute('stickiness.type'),
      stickinessDuration: Number(attribute('stickiness.lb_cookie.duration_seconds')),
    },
    listenerRules: (await pathRulesOf(clients, wanted.listenerArn, wanted.listenerRules[0]!.host)).map(describeRule),
    securityGroup: {
      name: securityGroup!.GroupName,
      vpc: securityGroup!.VpcId,
      rules: rules
        .SecurityGroupRules!.map(
          (rule) =>
            `${rule.IsEgress ? 'to' : 'from'} ${rule.ReferencedGroupInfo?.GroupId ?? rule.CidrIpv4} ${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort}`,
        )
        .sort(),
    },
    albEgress: outwards
      .SecurityGroupRules!.filter(
        ({ IsEgress, ReferencedGroupInfo }) => IsEgress && ReferencedGroupInfo?.GroupId === securityGroup!.GroupId,
      )
      .map(({ GroupId, IpProtocol, FromPort, ToPort }) => `${GroupId} ${IpProtocol} ${FromPort}-${ToPort}`),
    logGroup: {
      name: group.logGroupName,
      retentionInDays: group.retentionInDays,
      kmsKeyArn: group.kmsKeyId,
      tags: logTags.tags,
    },
    executionRole: await readRole(clients, wanted.executionRole.name),
    taskRole: await readRole(clients, wanted.taskRole.name),
  };
}

/** What {@link readService} must find once this environment runs that digest. */
export function expectedService(
  deployment: Deployment,
  environment: Environment,
  digest: string,
): Awaited<ReturnType<typeof readService>> {
  const { contract } = deployment;
  const { service } = environment;
  const inModel = resourcesOf(deployment).find(
    (one) => one.environment === environment.name && one.type === 'service',
  )!;
  const { taskDefinition: task, logGroup, securityGroup } = service;
  const { port } = contract.container;
  return {
    service: {
      name: service.serviceName,
      cluster: service.clusterArn,
      desiredCount: service.answers.capacity.desired,
      launchType: 'FARGATE',
      subnets: [...service.answers.network.privateSubnetIds].sort(),
      assignPublicIp: 'DISABLED',
      container: [`${task.containerName}:${port}`],
      minimumHealthyPercent: contract.service.minimumHealthyPercent,
      maximumPercent: contract.service.maximumPercent,
      circuitBreaker: { enable: true, rollback: true },
      gracePeriod: contract.service.healthCheckGracePeriod,
      availabilityZoneRebalancing: inModel.properties.zoneRebalancing as 'ENABLED' | 'DISABLED',
      propagateTags: 'SERVICE',
      managedTags: true,
      execute: false,
      tags: { ...service.tags, ...contract.conventionTags },
    },
    taskDefinition: {
      family: task.family,
      cpu: String(service.answers.capacity.cpu),
      memory: String(service.answers.capacity.memory),
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      platform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      roles: [service.executionRole.name, service.taskRole.name],
      tags: { ...service.tags, ...contract.conventionTags },
    },
    container: {
      sidecars: 0,
      name: task.containerName,
      image: `${task.repository.uri}@${digest}`,
      user: contract.container.user,
      readonlyRootFilesystem: true,
      initProcess: true,
      tmpfs: [contract.container.tmpfs],
      stopTimeout: contract.container.stopTimeout,
      probe: { ...contract.container.probe, command: [...contract.container.probe.command] },
      environment: { ...contract.container.environment, ...task.environment },
      secrets: Object.fromEntries(task.secrets.map(({ name, arn }) => [name, arn])),
      logs: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': logGroup.name,
          'awslogs-region': environment.region,
          'awslogs-stream-prefix': 'ecs',
        },
      },
    },
    targetGroup: {
      name: service.targetGroupName,
      type: 'ip',
      protocol: `HTTP ${port}`,
      vpc: securityGroup.vpcId,
      ...contract.targetGroup,
      stickiness: service.answers.routing.stickiness,
      stickinessType: 'lb_cookie',
    },
    listenerRules: service.listenerRules.map((rule) => ({
      priority: String(rule.priority),
      conditions: [
        `Origin: ${[...(rule.origins ?? [])].sort().join(', ')}`,
        `host: ${rule.host}`,
        `path: ${[...rule.paths].sort().join(', ')}`,
      ].filter((condition) => rule.origins || !condition.startsWith('Origin')),
      action:
        rule.action === 'forward'
          ? `forward ${service.targetGroupName}`
          : `fixed-response ${FIXED_RESPONSES[rule.action].status}`,
    })),
    securityGroup: {
      name: securityGroup.name,
      vpc: securityGroup.vpcId,
      rules: [
        ...securityGroup.ingressFrom.map((group) => `from ${group} tcp ${port}-${port}`),
        ...securityGroup.egressCidrs.flatMap((cidr) =>
          [443, ...securityGroup.otherEgressPorts].map((to) => `to ${cidr} tcp ${to}-${to}`),
        ),
      ].sort(),
    },
    albEgress: service.albEgressGroupId === undefined ? [] : [`${service.albEgressGroupId} tcp ${port}-${port}`],
    logGroup: {
      name: logGroup.name,
      retentionInDays: service.answers.logs.retention,
      kmsKeyArn: service.answers.logs.kmsKeyArn,
      tags: { ...service.tags },
    },
    executionRole: expectedRole(service.executionRole),
    taskRole: expectedRole(service.taskRole),
  };
}

/** What the AWS API tells of an ECR repository. */
export async function readRepository({ ecr }: AwsClients, name: string) {
  const [repository] = (await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }))).repositories!;
  const { lifecyclePolicyText } = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName: name }));
  return {
    arn: repository!.repositoryArn,
    uri: repository!.repositoryUri,
    mutability: repository!.imageTagMutability,
    scanOnPush: repository!.imageScanningConfiguration!.scanOnPush,
    lifecycle: (JSON.parse(lifecyclePolicyText!) as LifecyclePolicy).rules,
  };
}

export interface LifecyclePolicy {
  readonly rules: readonly {
    readonly rulePriority: number;
    readonly selection: {
      readonly tagStatus: string;
      readonly countType: string;
      readonly countNumber: number;
      readonly countUnit?: string;
    };
    readonly action: { readonly type: string };
  }[];
}

/** What {@link readRepository} must find. */
export function expectedRepository(
  contract: ServiceContract,
  repository: ImageRepository,
): Awaited<ReturnType<typeof readRepository>> {
  return {
    arn: repository.arn,
    uri: repository.uri,
    mutability: 'IMMUTABLE',
    scanOnPush: true,
    lifecycle: [
      {
        rulePriority: 1,
        description: 'Expire untagged images',
        selection: {
          tagStatus: 'untagged',
          countType: 'sinceImagePushed',
          countUnit: 'days',
          countNumber: contract.registry.expireUntaggedAfterDays,
        },
        action: { type: 'expire' },
      } as LifecyclePolicy['rules'][number],
    ],
  };
}

/** The rules of a listener for paths of one host, in ascending priority: a Quilt stack's own has no path. */
async function pathRulesOf({ elb }: AwsClients, listenerArn: string, host: string): Promise<Rule[]> {
  const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  return Rules!
    .filter(({ Conditions }) => Conditions!.some(({ HostHeaderConfig }) => HostHeaderConfig?.Values?.includes(host)))
    .filter(({ Conditions }) => Conditions!.some(({ PathPatternConfig }) => PathPatternConfig))
    .sort((a, b) => Number(a.Priority) - Number(b.Priority));
}

function describeRule({ Priority, Conditions, Actions }: Rule) {
  const [action] = Actions!;
  return {
    priority: Priority,
    conditions: Conditions!
      .map((condition) => {
        const [name, values] = condition.HttpHeaderConfig
          ? [condition.HttpHeaderConfig.HttpHeaderName, condition.HttpHeaderConfig.Values]
          : condition.HostHeaderConfig
            ? ['host', condition.HostHeaderConfig.Values]
            : ['path', condition.PathPatternConfig!.Values];
        return `${name}: ${[...values!].sort().join(', ')}`;
      })
      .sort(),
    action:
      action!.Type === 'forward'
        ? `forward ${action!.TargetGroupArn!.split('/')[1]}`
        : `${action!.Type} ${action!.FixedResponseConfig?.StatusCode}`,
  };
}

async function readRole({ iam }: AwsClients, name: string) {
  const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: name }));
  const inline = await iam.send(new ListRolePoliciesCommand({ RoleName: name }));
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name }));
  const policies = await Promise.all(
    inline.PolicyNames!.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName }))),
  );
  return {
    boundary: role!.PermissionsBoundary?.PermissionsBoundaryArn,
    trust: parsePolicy(role!.AssumeRolePolicyDocument!),
    attached: attached.AttachedPolicies!.length,
    statements: policies.flatMap(({ PolicyDocument }) => parsePolicy(PolicyDocument!)),
  };
}

function expectedRole({ permissionsBoundaryArn, trust, statements }: Role): Awaited<ReturnType<typeof readRole>> {
  return {
    boundary: permissionsBoundaryArn,
    trust: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: ['sts:AssumeRole'],
        Condition: {
          StringEquals: { 'aws:SourceAccount': trust.sourceAccount },
          ArnLike: { 'aws:SourceArn': trust.sourceArn },
        },
      },
    ],
    attached: 0,
    statements: statements.map(({ sid, actions, resources }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: [...actions],
      Resource: [...resources],
    })),
  };
}

/** The statements of a policy document, which IAM returns URL-encoded and as it was given: a list of one may be the one. */
function parsePolicy(document: string): Record<string, unknown>[] {
  const { Statement } = JSON.parse(decodeURIComponent(document)) as { Statement: Record<string, unknown>[] };
  const lists = ['Action', 'Resource'];
  return Statement.map((statement) =>
    Object.fromEntries(
      Object.entries(statement).map(([key, value]) => [key, lists.includes(key) ? [value].flat() : value]),
    ),
  );
}

function tagsOf(
  tags: readonly { readonly key?: string; readonly value?: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ key, value }) => [key!, value!]));
}
