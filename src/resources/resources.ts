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
import { repository } from './registry';
import type { Resource } from './resource';
import { deliveryPolicy, deliveryRole, oidcProvider, TAGS_POLICIES } from './roles';
import { serviceParts } from './service';

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

function serviceResources({ name, account, region, service }: Environment, contract: ServiceContract): Resource[] {
  const unit = unitOf(service);
  return serviceParts(service, contract, region).map((resource) => ({
    environment: name,
    layer: 'service',
    account,
    region,
    unit,
    ...resource,
  }));
}

function unitOf({ state, stackName }: RegistryLayer | RolesLayer | ServiceLayer): string {
  return state ? `s3://${state.bucket}/${state.key}` : stackName;
}
