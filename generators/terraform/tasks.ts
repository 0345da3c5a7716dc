import type { Deployment } from '../../src/model/deployment';
import { describeDestroy, keepsRegistry, type RegistryTask, registryTask, sharedRegistryTasks } from '../layers';
import type { TaskSpec, TaskStep } from '../task';
import { rootOf } from './files';

/**
 * The tasks of each environment, named alike in every target: `registry:ENV`, `plan:ENV`, `deploy:ENV`, `destroy:ENV`.
 * Arguments go to Terraform: `npm run deploy:dev -- -auto-approve`.
 */
export function terraformTasks(deployment: Deployment): TaskSpec[] {
  const registry = ({ name, description, layer }: RegistryTask): TaskSpec => ({
    name,
    description,
    steps: run(rootOf(layer, 'registry'), 'apply'),
  });
  const own = deployment.environments.flatMap((environment) => {
    const { name } = environment;
    const service = rootOf(name, 'service');
    return [
      registry(registryTask(environment)),
      {
        name: `plan:${name}`,
        description: `Show what a deployment would change in ${name}`,
        steps: run(service, 'plan'),
      },
      { name: `deploy:${name}`, description: `Deploy to ${name}`, steps: run(service, 'apply') },
      {
        name: `destroy:${name}`,
        description: describeDestroy(environment),
        steps: [
          ...run(service, 'destroy'),
          ...(keepsRegistry(environment) ? [] : run(rootOf(name, 'registry'), 'destroy')),
        ],
      },
    ];
  });
  return [...sharedRegistryTasks(deployment).map(registry), ...own];
}

function run(root: string, command: 'plan' | 'apply' | 'destroy'): TaskStep[] {
  return [
    { exec: `terraform -chdir=${root} init -input=false -backend-config=backend.config.json` },
    { exec: `terraform -chdir=${root} ${command}`, receiveArgs: true },
  ];
}
