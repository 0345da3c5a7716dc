import type { Deployment } from '../../src/model/deployment';
import { layersOf, outputOf, type PlanQuery } from '../plan-query';
import { readChangeSet } from '../planned-changes';
import { OWN_COMMAND } from '../task';

/** The change set of each stack, which the package's command makes, describes and deletes. */
export function cloudformationPlans(deployment: Deployment): PlanQuery[] {
  return layersOf(deployment).map(({ environment, layer, resolved: { stackName } }) => ({
    environment,
    layer,
    what: `the change set of ${stackName}`,
    ask: async (run) => readChangeSet(outputOf(await run([OWN_COMMAND, 'stack', 'plan', stackName, '--json'])), idOf),
  }));
}

/**
 * The model's id of a logical id. A resource that may be retained stands twice in the template, as a deletion policy
 * takes no parameter; a stack has one of the two. Logical ids of the template begin with a capital; those that its
 * owner added may have names of the model.
 */
function idOf(logicalId: string): string {
  const name = logicalId.replace(/^Disposable(?=(LogGroup|Repository)$)/, '');
  return /^[A-Z]/.test(name) ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : `extra ${name}`;
}
