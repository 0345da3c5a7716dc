import { firstLayerOf } from '../model/delivery/first-layer';
import type {
  Deployment,
  Environment,
  RegistryLayer,
  RolesLayer,
  ServiceContract,
  ServiceLayer,
} from '../model/deployment';
import { SHARED } from '../model/names';
import { domainParts, listenerRule } from './listener';
import { albEgress, securityGroup, targetGroup } from './network';
import { repository } from './registry';
import type { Resource } from './resource';
import { deliveryPolicy, deliveryRole, EXECUTION, oidcProvider, role, TAGS_POLICIES, TASK, trafficRole } from './roles';
import { logGroup, service, taskDefinition } from './service';

/**
 * Every AWS resource of a deployment, in the order of promotion and layers. All targets emit these, but for the digest
 * of the image, which no answer decides: publishing writes it. It has no value of a secret, only ARNs.
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

function unitOf({ state, stackName }: RegistryLayer | RolesLayer | ServiceLayer): string {
  return state ? `s3://${state.bucket}/${state.key}` : stackName;
}
