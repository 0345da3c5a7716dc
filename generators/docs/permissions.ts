import { enumerate } from '../../src/conventions/labels';
import type { Deployment } from '../../src/model/deployment';
import { resourcesOf } from '../../src/resources/resources';
import { factsOf, RESOURCE_TYPES, TYPES } from '../../src/resources/types';

/** Types of the resources of a deployment, for people, and the permissions to tag them. */
export function permissionsContext(deployment: Deployment): {
  readonly types: string;
  readonly tagging: readonly string[];
} {
  const resources = resourcesOf(deployment);
  const types = RESOURCE_TYPES.filter((type) => resources.some((resource) => resource.type === type));
  const tagged = resources.filter(({ properties }) => 'tags' in properties).map(({ type }) => factsOf(type).taggedBy);
  return {
    types: enumerate(types.map((type) => TYPES[type].title)),
    tagging: [...new Set(tagged.filter((action) => action !== undefined))],
  };
}
