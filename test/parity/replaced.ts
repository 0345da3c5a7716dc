import type { Deployment } from '../../src/model/deployment';
import { REPLACING, REVISED } from '../../src/resources/impact';
import { RESOURCE_TYPES } from '../../src/resources/resources';
import { RESOURCES } from './properties';

type Target = Deployment['target'];

/** Every property that a target replaces a resource for, by the table. */
export function replacedIn(target: Target): string[] {
  return RESOURCE_TYPES.flatMap((type) => {
    const inPlace = REVISED[type];
    const replacing: Readonly<Record<string, readonly Target[]>> = type === 'taskDefinition' ? {} : REPLACING[type];
    return Object.keys(RESOURCES[type]!.properties)
      .filter((name) => (inPlace ? !inPlace.includes(name) : replacing[name]?.includes(target)))
      .map((name) => `${type}.${name}`);
  }).sort();
}
