import { partitionOf } from '../config/partitions';
import { firstLayerOf } from '../model/delivery/first-layer';
import { OIDC_ISSUER } from '../model/delivery/grants';
import { OIDC_THUMBPRINT } from '../model/delivery/roles';
import type {
  DeliveryPolicy,
  DeliveryRole,
  Deployment,
  Environment,
  ListenerRule,
  RegistryLayer,
  Role,
  RolesLayer,
  ServiceContract,
  ServiceLayer,
  Statement,
  Tags,
} from '../model/deployment';
import { HTTPS } from '../model/egress';
import { SHARED } from '../model/names';

/** The types of resources that a deployment consists of, by their standard names; the same in every target. */
export const RESOURCE_TYPES = [
  'repository',
  'taskDefinition',
  'service',
  'securityGroup',
  'securityGroupEgress',
  'targetGroup',
  'listenerRule',
  'listenerCertificate',
  'certificate',
  'aliasRecord',
  'logGroup',
  'role',
  'policy',
  'oidcProvider',
] as const;

export type ResourceType = (typeof RESOURCE_TYPES)[number];

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** One AWS resource that a deployment describes. */
export interface Resource {
  /** The environment's name, or that of what environments share. */
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  readonly account: string;
  readonly region: string;
  /** What it is deployed as a part of: the name of its stack, or the place of its state. */
  readonly unit: string;
  /** What it is within its layer, whatever AWS calls it: by this it is known again when its name changes. */
  readonly id: string;
  /** One of {@link RESOURCE_TYPES}, or one that another version of this program knows. */
  readonly type: string;
  /** What AWS tells it by from others of its type: its name, or the priority of a rule, or a domain. */
  readonly key: string;
  /** By standard name; one that is not set is not there. What refers to another resource is a {@link referenceTo} it. */
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/**
 * Every AWS resource of a deployment, in the order of promotion and layers. It says what every target emits, but for what
 * no answer decides: the digest of the image, which publishing writes. No value of a secret is in it, only ARNs.
 */
export function resourcesOf({ target, contract, environments, sharedRegistry }: Deployment): Resource[] {
  return [
    ...(sharedRegistry ? registryResources(SHARED, sharedRegistry, contract, target) : []),
    ...environments.flatMap((environment) => {
      const first = firstLayerOf(environment);
      return [
        ...(first ? registryResources(environment.name, first, contract, target) : []),
        ...serviceResources(environment, contract),
      ];
    }),
  ];
}

/** Text that stands for an attribute that AWS gives to another resource of the same layer. */
export function referenceTo({ type, key }: Pick<Resource, 'type' | 'key'>, attribute: string): string {
  return `${type} ${key}, its ${attribute}`;
}

/** What a property is before it is in its final form: what is not set may be there as undefined. */
type PropertyValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue };
type Properties = Readonly<Record<string, PropertyValue>>;
type Part = Pick<Resource, 'id' | 'type' | 'key' | 'properties'>;

/** @param keyName the property that is its key */
function part(type: ResourceType, id: string, keyName: string, properties: Properties): Part {
  return { id, type, key: String(properties[keyName]), properties: inOrder(properties) as Resource['properties'] };
}

/** Without what is not set, and with all keys in the same order always: what is equal has the same text. */
function inOrder(value: PropertyValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  if (value === null || typeof value !== 'object') {
    return value ?? null;
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, inOrder(inner)]),
  );
}

function registryResources(
  environment: string,
  layer: RegistryLayer | RolesLayer,
  contract: ServiceContract,
  target: Deployment['target'],
): Resource[] {
  const { account, region, delivery, tags } = layer;
  const parts = [
    ...(layer.repository ? [repository(layer, contract)] : []),
    ...(delivery?.provider.create ? [oidcProvider(delivery.roles[0]!.trust.audience, tags)] : []),
    ...(delivery?.roles ?? []).flatMap((each) => [
      deliveryRole(each, delivery!.provider.arn, tags),
      ...each.policies.map((policy) => deliveryPolicy(each, policy, TAGS_POLICIES[target] ? tags : undefined)),
    ]),
  ];
  const unit = unitOf(layer);
  return parts.map((resource) => ({ environment, layer: 'registry', account, region, unit, ...resource }));
}

/** CloudFormation has no tags of a policy. Source: AWS CloudFormation Template Reference, AWS::IAM::ManagedPolicy. */
const TAGS_POLICIES: Readonly<Record<Deployment['target'], boolean>> = {
  terraform: true,
  cloudformation: false,
  cdk: false,
};

function oidcProvider(audience: string, tags: Tags): Part {
  return part('oidcProvider', 'oidcProvider', 'url', {
    url: `https://${OIDC_ISSUER}`,
    audiences: [audience],
    thumbprints: [OIDC_THUMBPRINT],
    tags,
  });
}

function deliveryRole(role: DeliveryRole, providerArn: string, tags: Tags): Part {
  const { duty, name, description, permissionsBoundaryArn, trust, policies } = role;
  return part('role', `${duty}Role`, 'name', {
    name,
    description,
    trust: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: tokenSays(trust) },
      },
    ],
    boundary: permissionsBoundaryArn,
    managedPolicies: sorted(policies.map(({ name: key }) => referenceTo({ type: 'policy', key }, 'arn'))),
    tags,
  });
}

function deliveryPolicy({ duty }: DeliveryRole, { topic, name, statements }: DeliveryPolicy, tags?: Tags): Part {
  return part('policy', policyId(duty, topic), 'name', { name, document: statements.map(allow), tags });
}

/** What a policy of a workflow's role is within its layer: `deployNetworkPolicy`. */
export function policyId(duty: string, topic: string): string {
  return `${duty}${topic.charAt(0).toUpperCase()}${topic.slice(1)}Policy`;
}

function tokenSays({ audience, subject, repositoryId }: DeliveryRole['trust']): Readonly<Record<string, string>> {
  return {
    [`${OIDC_ISSUER}:aud`]: audience,
    [`${OIDC_ISSUER}:sub`]: subject,
    ...(repositoryId !== undefined && { [`${OIDC_ISSUER}:repository_id`]: repositoryId }),
  };
}

function unitOf({ state, stackName }: RegistryLayer | RolesLayer | ServiceLayer): string {
  return state ? `s3://${state.bucket}/${state.key}` : stackName;
}

function repository(
  { repository: { name, retain, pullRoleArns }, tags }: RegistryLayer,
  { registry }: ServiceContract,
) {
  return part('repository', 'repository', 'name', {
    name,
    tagMutability: 'IMMUTABLE',
    scanOnPush: true,
    encryption: 'AES256',
    lifecycle: {
      rules: [
        {
          rulePriority: 1,
          description: 'Expire untagged images',
          selection: {
            tagStatus: 'untagged',
            countType: 'sinceImagePushed',
            countUnit: 'days',
            countNumber: registry.expireUntaggedAfterDays,
          },
          action: { type: 'expire' },
        },
      ],
    },
    policy: pullRoleArns.length > 0 ? [pullStatement(pullRoleArns)] : undefined,
    retain,
    deletesImages: !retain,
    tags,
  });
}

function pullStatement(roleArns: readonly string[]): PropertyValue {
  return {
    Sid: 'PullFromOtherAccounts',
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(roleArns.map((arn) => arn.replace(/:role\/.*/, ':root'))) },
    Action: oneOrMany(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']),
    Condition: { ArnLike: { 'aws:PrincipalArn': oneOrMany(roleArns) } },
  };
}

function serviceResources(
  { name, account, region, service: layer }: Environment,
  contract: ServiceContract,
): Resource[] {
  const { tags, rollout, listenerRules, domain } = layer;
  const parts = [
    taskDefinition(layer, contract, region),
    service(layer, contract),
    securityGroup(layer, contract),
    ...(layer.albEgressGroupId ? [albEgress(layer.albEgressGroupId, layer, contract)] : []),
    targetGroup('targetGroup', layer.targetGroupName, layer, contract),
    ...(rollout.shift
      ? [targetGroup('alternateTargetGroup', rollout.shift.alternateTargetGroupName, layer, contract)]
      : []),
    ...listenerRules.map((rule, index) => listenerRule(rule, index, layer)),
    ...(domain ? domainParts(layer, domain) : []),
    logGroup(layer),
    role('executionRole', layer.executionRole, EXECUTION.description(layer.serviceName), EXECUTION.policy, tags),
    role('taskRole', layer.taskRole, TASK.description(layer.serviceName), TASK.policy, tags),
    ...(rollout.shift ? [trafficRole(rollout.shift.roleName, layer, region)] : []),
  ];
  const unit = unitOf(layer);
  return parts.map((resource) => ({ environment: name, layer: 'service', account, region, unit, ...resource }));
}

function taskDefinition(
  { taskDefinition: task, executionRole, taskRole, logGroup: { name: logGroup }, tags }: ServiceLayer,
  { container, conventionTags }: ServiceContract,
  region: string,
): Part {
  return part('taskDefinition', 'taskDefinition', 'family', {
    family: task.family,
    cpu: String(task.cpu),
    memory: String(task.memory),
    networkMode: 'awsvpc',
    compatibilities: ['FARGATE'],
    operatingSystem: 'LINUX',
    architecture: 'X86_64',
    executionRole: roleArn(executionRole.name),
    taskRole: roleArn(taskRole.name),
    container: task.containerName,
    // Without its digest: that is not an answer.
    image: task.repository.uri,
    essential: true,
    user: container.user,
    readonlyRoot: true,
    init: true,
    tmpfsPath: container.tmpfs.containerPath,
    tmpfsSize: container.tmpfs.size,
    containerPort: container.port,
    hostPort: container.port,
    protocol: 'tcp',
    environment: { ...container.environment, ...task.environment },
    secrets: task.secrets.length > 0 ? Object.fromEntries(task.secrets.map(({ name, arn }) => [name, arn])) : undefined,
    probe: container.probe.command,
    probeInterval: container.probe.interval,
    probeTimeout: container.probe.timeout,
    probeRetries: container.probe.retries,
    startPeriod: container.probe.startPeriod,
    stopTimeout: container.stopTimeout,
    logDriver: 'awslogs',
    logGroup,
    logRegion: region,
    logPrefix: 'ecs',
    tags: { ...tags, ...conventionTags },
  });
}

function service(layer: ServiceLayer, contract: ServiceContract): Part {
  const { rollout, taskDefinition: task } = layer;
  const { alarms } = rollout;
  return part('service', 'service', 'name', {
    name: layer.serviceName,
    cluster: layer.clusterArn,
    taskDefinition: referenceTo({ type: 'taskDefinition', key: task.family }, 'arn'),
    desiredCount: layer.desiredCount,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    subnets: sorted(layer.subnetIds),
    securityGroups: [referenceTo({ type: 'securityGroup', key: layer.securityGroup.name }, 'id')],
    publicIp: false,
    loadBalancedContainer: task.containerName,
    loadBalancedPort: contract.container.port,
    targetGroup: targetGroupArn(layer.targetGroupName),
    gracePeriod: contract.service.healthCheckGracePeriod,
    minimumHealthy: contract.service.minimumHealthyPercent,
    maximum: contract.service.maximumPercent,
    circuitBreaker: true,
    rollback: true,
    ...(alarms.length > 0 ? { alarms: sorted(alarms), alarmsEnabled: true, alarmsRollBack: true } : {}),
    ...trafficShift(layer),
    zoneRebalancing: 'ENABLED',
    propagateTags: 'SERVICE',
    managedTags: true,
    execute: false,
    tags: { ...layer.tags, ...contract.conventionTags },
  });
}

function trafficShift({ rollout: { shift }, listenerRules }: ServiceLayer): Properties {
  if (!shift) {
    return {};
  }
  const { strategy, bakeTimeInMinutes, step } = shift;
  const rule = listenerRules.find(isPlain)!;
  return {
    strategy,
    bakeTime: bakeTimeInMinutes,
    ...(strategy === 'CANARY' && { canaryPercent: step?.percent, canaryTime: step?.bakeTimeInMinutes }),
    ...(strategy === 'LINEAR' && { stepPercent: step?.percent, stepTime: step?.bakeTimeInMinutes }),
    alternateTargetGroup: targetGroupArn(shift.alternateTargetGroupName),
    productionRule: referenceTo({ type: 'listenerRule', key: String(rule.priority) }, 'arn'),
    trafficRole: roleArn(shift.roleName),
  };
}

/** What the rules of ports beside 443 say that they are for. */
const OTHER_EGRESS = 'Needed by mcp-deploy.json';

function securityGroup(
  { securityGroup: group, serviceName, tags }: ServiceLayer,
  { container }: ServiceContract,
): Part {
  const rule = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  return part('securityGroup', 'securityGroup', 'name', {
    name: group.name,
    description: `Tasks of ${serviceName}`,
    vpc: group.vpcId,
    ingress: sorted(group.ingressFrom).map((SourceSecurityGroupId) => ({
      ...rule(container.port),
      Description: 'MCP from the load balancer',
      SourceSecurityGroupId,
    })),
    egress: sorted(group.egressCidrs).flatMap((CidrIp) => [
      { ...rule(HTTPS), Description: 'HTTPS', CidrIp },
      ...group.otherEgressPorts.map((port) => ({ ...rule(port), Description: OTHER_EGRESS, CidrIp })),
    ]),
    tags,
  });
}

/** The rule of a security group of the load balancer that lets it out to the tasks. */
function albEgress(group: string, { securityGroup: { name } }: ServiceLayer, { container }: ServiceContract): Part {
  return part('securityGroupEgress', 'albEgressRule', 'group', {
    group,
    description: `MCP to the tasks of ${name}`,
    destination: referenceTo({ type: 'securityGroup', key: name }, 'id'),
    protocol: 'tcp',
    fromPort: container.port,
    toPort: container.port,
  });
}

function targetGroup(
  id: string,
  name: string,
  { securityGroup: { vpcId }, stickiness, tags }: ServiceLayer,
  { container, targetGroup: fixed }: ServiceContract,
): Part {
  return part('targetGroup', id, 'name', {
    name,
    targetType: 'ip',
    vpc: vpcId,
    protocol: 'HTTP',
    port: container.port,
    healthCheck: true,
    healthCheckPath: fixed.healthCheckPath,
    healthCheckProtocol: 'HTTP',
    interval: fixed.interval,
    timeout: fixed.timeout,
    healthy: fixed.healthyThreshold,
    unhealthy: fixed.unhealthyThreshold,
    matcher: fixed.matcher,
    deregistrationDelay: fixed.deregistrationDelay,
    stickiness,
    stickinessType: 'lb_cookie',
    stickinessDuration: fixed.stickinessDuration,
    tags,
  });
}

function listenerRule(rule: ListenerRule, index: number, layer: ServiceLayer): Part {
  const { priority, host, paths, origins, action } = rule;
  return part('listenerRule', RULE_IDS[action](rule, index), 'priority', {
    listener: layer.listenerArn,
    priority,
    conditions: sorted([
      condition('host', [host]),
      condition('path', paths),
      ...(origins ? [condition('Origin', origins)] : []),
    ]),
    ...(action === 'forward'
      ? { action, ...forwardTo(layer) }
      : { action: 'fixed-response', contentType: 'text/plain', ...FIXED_RESPONSES[action] }),
    tags: layer.tags,
  });
}

const RULE_IDS: Readonly<Record<ListenerRule['action'], (rule: ListenerRule, index: number) => string>> = {
  forward: (rule, index) => (isPlain(rule) ? 'listenerRule' : `allowedOriginRule${index + 1}`),
  forbid: () => 'otherOriginRule',
  'not-found': () => 'oauthProbeRule',
};

/** Answers of the load balancer itself, by the rule's action. */
export const FIXED_RESPONSES = {
  forbid: { status: '403', body: 'Origin not allowed' },
  'not-found': { status: '404', body: 'This MCP server has no OAuth: send a bearer token' },
} as const;

/** Whether a rule forwards requests without an Origin header; if foreign origins are forwarded, it forwards all. */
function isPlain({ action, origins }: ListenerRule): boolean {
  return action === 'forward' && origins === undefined;
}

function condition(subject: string, values: readonly string[]): string {
  return `${subject}: ${sorted(values).join(', ')}`;
}

/** Where traffic is moved, the rule begins with all of it at the first target group. */
function forwardTo({ targetGroupName, rollout: { shift } }: ServiceLayer): Properties {
  if (!shift) {
    return { targetGroup: targetGroupArn(targetGroupName) };
  }
  return {
    weighted: [
      { TargetGroupArn: targetGroupArn(targetGroupName), Weight: 1 },
      { TargetGroupArn: targetGroupArn(shift.alternateTargetGroupName), Weight: 0 },
    ],
  };
}

function domainParts({ listenerArn, tags }: ServiceLayer, domain: NonNullable<ServiceLayer['domain']>): Part[] {
  const { host, certificateArn, hostedZoneId } = domain;
  const issued = part('certificate', 'certificate', 'domain', {
    domain: host,
    validation: 'DNS',
    validatedDomain: host,
    validationZone: hostedZoneId,
    tags,
  });
  const alias = (id: string, type: 'A' | 'AAAA') =>
    part('aliasRecord', id, 'name', {
      name: host,
      zone: hostedZoneId,
      type,
      target: domain.albDnsName,
      targetZone: domain.albHostedZoneId,
      evaluatesHealth: false,
    });
  const isDualstack = domain.albIpAddressType === 'dualstack';
  const ipv6 = alias('aliasRecordIpv6', 'AAAA');
  return [
    ...(certificateArn ? [] : [issued]),
    part('listenerCertificate', 'listenerCertificate', 'listener', {
      listener: listenerArn,
      certificate: certificateArn ?? referenceTo(issued, 'arn'),
    }),
    ...(hostedZoneId ? [alias('aliasRecord', 'A')] : []),
    // Two records have one name.
    ...(hostedZoneId && isDualstack ? [{ ...ipv6, key: `${ipv6.key} AAAA` }] : []),
  ];
}

function logGroup({ logGroup: { name, retentionInDays, kmsKeyArn, retain }, tags }: ServiceLayer): Part {
  return part('logGroup', 'logGroup', 'name', { name, retention: retentionInDays, key: kmsKeyArn, retain, tags });
}

const EXECUTION = {
  description: (service: string) =>
    `Starts the tasks of ${service}: pulls the image, writes the log, reads the secrets`,
  policy: 'execution',
};
const TASK = {
  description: (service: string) => `Identity of the tasks of ${service}; has no permissions`,
  policy: 'task',
};

function role(
  id: string,
  { name, permissionsBoundaryArn, trust, statements }: Role,
  description: string,
  policyName: string,
  tags: Tags,
): Part {
  return part('role', id, 'name', {
    name,
    description,
    trust: trustIn('ecs-tasks.amazonaws.com', trust),
    boundary: permissionsBoundaryArn,
    ...(statements.length > 0 ? { policyName, policy: statements.map(allow) } : {}),
    tags,
  });
}

function trafficRole(name: string, { serviceName, executionRole, tags }: ServiceLayer, region: string): Part {
  return part('role', 'trafficRole', 'name', {
    name,
    description: `Moves the traffic of ${serviceName} from one target group to the other`,
    trust: trustIn('ecs.amazonaws.com'),
    managedPolicies: [
      `arn:${partitionOf(region).id}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers`,
    ],
    boundary: executionRole.permissionsBoundaryArn,
    tags,
  });
}

function trustIn(service: string, only?: Role['trust']): PropertyValue {
  return [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(only && {
        Condition: {
          StringEquals: { 'aws:SourceAccount': only.sourceAccount },
          ArnLike: { 'aws:SourceArn': only.sourceArn },
        },
      }),
    },
  ];
}

function allow({ sid, actions, resources, conditions }: Statement): PropertyValue {
  const Condition =
    conditions &&
    Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, oneOrMany([value].flat())])),
      ]),
    );
  return { Sid: sid, Effect: 'Allow', Action: oneOrMany(actions), Resource: oneOrMany(resources), Condition };
}

function roleArn(name: string): string {
  return referenceTo({ type: 'role', key: name }, 'arn');
}

function targetGroupArn(name: string): string {
  return referenceTo({ type: 'targetGroup', key: name }, 'arn');
}

/** As IAM takes it: a list has no order and nothing twice, and one of one is its element. */
function oneOrMany(values: readonly string[]): string | readonly string[] {
  const distinct = sorted([...new Set(values)]);
  return distinct.length === 1 ? distinct[0]! : distinct;
}

function sorted(values: readonly string[]): string[] {
  return [...values].sort();
}
