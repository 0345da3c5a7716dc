import type { Deployment, Environment } from '../../src/model/deployment';
import { nameOf } from '../../src/model/names';
import { describeDestroy, keepsRegistry, type RegistryTask, registryTask, sharedRegistryTasks } from '../layers';
import { OWN_COMMAND, type TaskSpec, type TaskStep } from '../task';

/**
 * The tasks of each environment, named alike in every target: `registry:ENV`, `plan:ENV`, `deploy:ENV`, `destroy:ENV`.
 * Arguments go to the command: `npm run deploy:dev -- --yes`.
 */
export function cloudformationTasks(deployment: Deployment): TaskSpec[] {
  const stackOf = (layer: string) => nameOf('registryStack', deployment.name, layer);
  const registry = ({ name, description, layer }: RegistryTask): TaskSpec => ({
    name,
    description,
    steps: [run('deploy', stackOf(layer))],
  });
  const own = deployment.environments.flatMap((environment) => {
    const { name } = environment;
    const service = environment.service.stackName;
    return [
      registry(registryTask(environment)),
      {
        name: `plan:${name}`,
        description: `Show what a deployment would change in ${name}`,
        steps: [run('plan', service)],
      },
      { name: `deploy:${name}`, description: `Deploy to ${name}`, steps: [run('deploy', service)] },
      {
        name: `destroy:${name}`,
        description: describeDestroy(environment),
        steps: destroy(environment, service, stackOf(name)),
      },
    ];
  });
  return [...sharedRegistryTasks(deployment).map(registry), ...own];
}

function destroy(environment: Environment, service: string, registry: string): TaskStep[] {
  return [run('destroy', service), ...(keepsRegistry(environment) ? [] : [run('destroy', registry)])];
}

function run(command: 'plan' | 'deploy' | 'destroy', stack: string): TaskStep {
  return { exec: `${OWN_COMMAND} stack ${command} ${stack}`, receiveArgs: true };
}
