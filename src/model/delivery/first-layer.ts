import type { Config } from '../../config/repository';
import type { Delivery, Environment, RegistryLayer, RolesLayer } from '../deployment';

/**
 * The layer of an environment that is deployed by hand before its service: its registry, or its roles alone. The shared
 * registry belongs to no environment.
 */
export function firstLayerOf({ registry, roles }: Environment): RegistryLayer | RolesLayer | undefined {
  return registry ?? roles;
}

/** Roles that workflows plan and deploy an environment with; undefined if no identity provider is named. */
export function deliveryOf(environment: Environment): Delivery | undefined {
  return firstLayerOf(environment)?.delivery;
}

/** Account and region of the registry that environments share; undefined if each has its own. */
export function sharedPlaceOf({ environments }: Config): { account: string; region: string } | undefined {
  const [place] = Object.values(environments).flatMap(({ registry }) =>
    registry.scope === 'shared' ? [registry] : [],
  );
  return place && { account: place.account, region: place.region };
}
