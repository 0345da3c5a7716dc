import type { ServiceContract, ServiceLayer } from '../model/deployment';
import { domainParts, isPlain, listenerRule } from './listener';
import { albEgress, securityGroup, targetGroup, targetGroupArn } from './network';
import { type Part, type Properties, part, referenceTo, sorted } from './resource';
import { EXECUTION, role, roleArn, TASK, trafficRole } from './roles';

/** The resources of a layer that runs an image. */
export function serviceParts(layer: ServiceLayer, contract: ServiceContract, region: string): Part[] {
  const { tags, rollout, listenerRules, domain } = layer;
  return [
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
}

function taskDefinition(
  {
    answers: { capacity },
    taskDefinition: task,
    executionRole,
    taskRole,
    logGroup: { name: logGroup },
    tags,
  }: ServiceLayer,
  { container, conventionTags }: ServiceContract,
  region: string,
): Part {
  return part('taskDefinition', 'taskDefinition', {
    family: task.family,
    cpu: String(capacity.cpu),
    memory: String(capacity.memory),
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
  return part('service', 'service', {
    name: layer.serviceName,
    cluster: layer.clusterArn,
    taskDefinition: referenceTo({ type: 'taskDefinition', key: task.family }, 'arn'),
    desiredCount: layer.answers.capacity.desired,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    subnets: sorted(layer.answers.network.privateSubnetIds),
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

function logGroup({ logGroup: { name, retain }, answers: { logs }, tags }: ServiceLayer): Part {
  return part('logGroup', 'logGroup', { name, retention: logs.retention, key: logs.kmsKeyArn, retain, tags });
}
