import type { Deployment } from '../../src/model/deployment';
import { describeDestroy, describeRegistry, keepsRegistry } from '../layers';
import type { TaskSpec, TaskStep } from '../task';
import { rootOf } from './files';

/**
 * The tasks of each environment, named alike in every target: `registry:ENV`, `plan:ENV`, `deploy:ENV`, `destroy:ENV`.
 * Arguments go to Terraform: `npm run deploy:dev -- -auto-approve`.
 */
export function terraformTasks(deployment: Deployment): TaskSpec[] {
  return deployment.environments.flatMap((environment) => {
    const { name } = environment;
    const registry = rootOf(environment.registry ? name : 'shared', 'registry');
    const service = rootOf(name, 'service');
    return [
      {
        name: `registry:${name}`,
        description: describeRegistry(environment),
        steps: run(registry, 'apply'),
      },
      {
        name: `plan:${name}`,
        description: `Show what a deployment would change in ${name}`,
        steps: run(service, 'plan'),
      },
      { name: `deploy:${name}`, description: `Deploy to ${name}`, steps: run(service, 'apply') },
      {
        name: `destroy:${name}`,
        description: describeDestroy(environment),
        steps: [...run(service, 'destroy'), ...(keepsRegistry(environment) ? [] : run(registry, 'destroy'))],
      },
    ];
  });
}

function run(root: string, command: 'plan' | 'apply' | 'destroy'): TaskStep[] {
  return [
    { exec: `terraform -chdir=${root} init -input=false -backend-config=backend.config.json` },
    { exec: `terraform -chdir=${root} ${command}`, receiveArgs: true },
  ];
}
