import type { Deployment } from '../../src/model/deployment';
import { nameOf } from '../../src/model/names';
import { describeDestroy, keepsRegistry, type RegistryTask, registryTask, sharedRegistryTasks } from '../layers';
import { OWN_COMMAND, type TaskSpec, type TaskStep } from '../task';

/**
 * The tasks of each environment, named alike in every target: `registry:ENV`, `plan:ENV`, `deploy:ENV`, `destroy:ENV`.
 * Arguments go to the CDK: `npm run deploy:dev -- --require-approval never`.
 */
export function cdkTasks(deployment: Deployment): TaskSpec[] {
  const { name: stack, environments } = deployment;
  const registry = ({ name, description, layer }: RegistryTask): TaskSpec => ({
    name,
    description,
    steps: [run('deploy', nameOf('registryStack', stack, layer))],
  });
  const own = environments.flatMap((environment) => {
    const { name } = environment;
    const service = nameOf('serviceStack', stack, name);
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
        steps: [
          run('destroy', service),
          ...(keepsRegistry(environment) ? [] : [run('destroy', nameOf('registryStack', stack, name))]),
        ],
      },
    ];
  });
  return [...sharedRegistryTasks(deployment).map(registry), ...own];
}

function run(command: 'plan' | 'deploy' | 'destroy', stack: string): TaskStep {
  return { exec: `${OWN_COMMAND} cdk ${command} ${stack}`, receiveArgs: true };
}
