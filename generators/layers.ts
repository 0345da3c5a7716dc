import { partitionOf } from '../src/config/partitions';
import { deliveryOf, firstLayerOf } from '../src/model/delivery/first-layer';
import type { DeliveryRole, Deployment, Environment, RegistryLayer, RolesLayer } from '../src/model/deployment';
import { SHARED } from '../src/model/names';

/** Every layer that is deployed by hand, by the environment's name: the shared one, then that of each environment. */
export function firstLayersOf({ environments, sharedRegistry }: Deployment) {
  return [
    ...(sharedRegistry ? [{ name: SHARED, layer: sharedRegistry as RegistryLayer | RolesLayer }] : []),
    ...environments.flatMap((environment) => {
      const layer = firstLayerOf(environment);
      return layer ? [{ name: environment.name, layer }] : [];
    }),
  ];
}

/** A role of workflows, and its ARN. */
export type RoleWithArn = DeliveryRole & { readonly arn: string };

/**
 * The roles by which workflows deliver to an environment: its own, and the one that publishes to its shared registry.
 */
export function rolesOf(environment: Environment, { sharedRegistry }: Deployment): RoleWithArn[] {
  const layers = [...(environment.registry ? [] : [sharedRegistry]), firstLayerOf(environment)];
  return layers.flatMap((layer) =>
    (layer?.delivery?.roles ?? []).map((role) => ({
      ...role,
      arn: `arn:${partitionOf(layer!.region).id}:iam::${layer!.account}:role/${role.name}`,
    })),
  );
}

/** A task `registry:NAME`, and the layer that it applies. */
export interface RegistryTask {
  readonly name: string;
  readonly description: string;
  /** The environment's name, or {@link SHARED}. */
  readonly layer: string;
}

/** The task that applies the registry that environments share, if they do. */
export function sharedRegistryTasks({ sharedRegistry }: Deployment): RegistryTask[] {
  const also = sharedRegistry?.delivery ? ', and the role that publishes to it' : '';
  const description = `Create or update the ECR repository that environments share${also}`;
  return sharedRegistry ? [{ name: `registry:${SHARED}`, description, layer: SHARED }] : [];
}

/** The task that applies the registry layer of an environment, or the shared one. */
export function registryTask(environment: Environment): RegistryTask {
  const { name } = environment;
  const layer = firstLayerOf(environment) ? name : SHARED;
  return { name: `registry:${name}`, description: describeRegistry(environment), layer };
}

/**
 * Whether the first layer of an environment stays after a destroy: one with a retained repository does, and a shared
 * one is not its own.
 */
export function keepsRegistry(environment: Environment): boolean {
  const layer = firstLayerOf(environment);
  return layer === undefined || layer.repository?.retain === true;
}

/** A shared repository serves others too, and a retained one outlives its environment. */
export function keepsImages({ registry }: Environment): boolean {
  return registry === undefined || registry.repository.retain;
}

/** Description of the task that applies the registry layer of an environment, in a few words. */
function describeRegistry({ name, registry, roles }: Environment): string {
  if (roles) {
    return `Create or update the roles of the workflows of ${name}`;
  }
  const also = registry?.delivery ? ', and the roles of its workflows' : '';
  return `Create or update the ECR repository that ${name} pulls from${also}`;
}

/** Description of the task that destroys an environment, in a few words. */
export function describeDestroy(environment: Environment): string {
  const { name, service } = environment;
  const kept = [
    ...(keepsImages(environment) ? ['the ECR repository'] : []),
    ...(service.logGroup.retain ? ['the log group'] : []),
  ];
  const provider =
    deliveryOf(environment)?.provider.create && !keepsRegistry(environment)
      ? ", and GitHub's identity provider, by which every workflow acts in its account"
      : '';
  return `Destroy ${name}${kept.length > 0 ? `, but for ${kept.join(' and ')}` : ', its images and logs included'}${provider}`;
}
