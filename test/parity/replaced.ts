import { factsOf, RESOURCE_TYPES, type Target } from '../../src/resources/types';
import { RESOURCES } from './properties';

/** Every property that a target replaces a resource for, by the table. */
export function replacedIn(target: Target): string[] {
  return RESOURCE_TYPES.flatMap((type) => {
    const { revised, replaced = {} } = factsOf(type);
    return Object.keys(RESOURCES[type]!.properties)
      .filter((name) => (revised ? !revised.includes(name) : replaced[name]?.includes(target)))
      .map((name) => `${type}.${name}`);
  }).sort();
}
