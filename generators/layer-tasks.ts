import type { Deployment } from '../src/model/deployment';
import { describeDestroy, keepsRegistry, type RegistryTask, registryTask, sharedRegistryTasks } from './layers';
import { OWN_COMMAND, type TaskSpec, type TaskStep } from './task';

/** Steps of a target for one layer: the registry layer of a name, or an environment's service. */
export interface LayerSteps {
  readonly registry: (operation: 'deploy' | 'destroy', layer: string) => readonly TaskStep[];
  readonly service: (operation: 'plan' | 'destroy', environment: string) => readonly TaskStep[];
}

/**
 * The tasks of each environment, named alike in every target: `registry:ENV`, `plan:ENV`, `deploy:ENV`, `destroy:ENV`; before them, that of
 * the registry that environments share. Arguments go to the last step of each layer.
 */
export function layerTasks(deployment: Deployment, steps: LayerSteps): TaskSpec[] {
  const registry = ({ name, description, layer }: RegistryTask): TaskSpec => ({
    name,
    description,
    steps: steps.registry('deploy', layer),
  });
  const own = deployment.environments.flatMap((environment) => {
    const { name } = environment;
    return [
      registry(registryTask(environment)),
      {
        name: `plan:${name}`,
        description: `Show what a deployment would change in ${name}`,
        steps: steps.service('plan', name),
      },
      {
        name: `deploy:${name}`,
        description: `Look in the account for what would make it fail, and deploy to ${name}`,
        steps: [{ exec: `${OWN_COMMAND} deploy ${name}`, receiveArgs: true }],
      },
      {
        name: `destroy:${name}`,
        description: describeDestroy(environment),
        steps: [
          ...steps.service('destroy', name),
          ...(keepsRegistry(environment) ? [] : steps.registry('destroy', name)),
        ],
      },
    ];
  });
  return [...sharedRegistryTasks(deployment).map(registry), ...own];
}
