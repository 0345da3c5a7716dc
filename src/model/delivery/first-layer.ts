import type { Config } from '../../config/repository';
import type { Delivery, Environment, RegistryLayer, RolesLayer } from '../deployment';

/** What of an environment is deployed by hand before its service: its registry, or its roles alone; the shared registry is nobody's. */
export function firstLayerOf({ registry, roles }: Environment): RegistryLayer | RolesLayer | undefined {
  return registry ?? roles;
}

/** What workflows plan and deploy an environment with; undefined where no provider is named. */
export function deliveryOf(environment: Environment): Delivery | undefined {
  return firstLayerOf(environment)?.delivery;
}

/** Account and region of the registry that environments share; undefined where each has its own. */
export function sharedPlaceOf({ environments }: Config): { account: string; region: string } | undefined {
  const [place] = Object.values(environments).flatMap(({ registry }) =>
    registry.scope === 'shared' ? [registry] : [],
  );
  return place && { account: place.account, region: place.region };
}
