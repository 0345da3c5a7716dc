import type { Deployment, Environment } from '../../src/model/deployment';
import { describeDestroy, describeRegistry, keepsRegistry } from '../layers';
import type { TaskSpec, TaskStep } from '../task';
import { FOLDER } from './files';

/**
 * The tasks of each environment, named alike in every target: `registry:ENV`, `plan:ENV`, `deploy:ENV`, `destroy:ENV`.
 * Arguments go to the script that runs the AWS CLI: `npm run deploy:dev -- --yes`.
 */
export function cloudformationTasks({ environments, sharedRegistry }: Deployment): TaskSpec[] {
  return environments.flatMap((environment) => {
    const { name } = environment;
    const registry = (environment.registry ?? sharedRegistry!).stackName;
    const service = environment.service.stackName;
    return [
      {
        name: `registry:${name}`,
        description: describeRegistry(environment),
        steps: [run('deploy', registry)],
      },
      {
        name: `plan:${name}`,
        description: `Show what a deployment would change in ${name}`,
        steps: [run('plan', service)],
      },
      { name: `deploy:${name}`, description: `Deploy to ${name}`, steps: [run('deploy', service)] },
      {
        name: `destroy:${name}`,
        description: describeDestroy(environment),
        steps: destroy(environment, service, registry),
      },
    ];
  });
}

function destroy(environment: Environment, service: string, registry: string): TaskStep[] {
  return [run('destroy', service), ...(keepsRegistry(environment) ? [] : [run('destroy', registry)])];
}

function run(command: 'plan' | 'deploy' | 'destroy', stack: string): TaskStep {
  return { exec: `node ${FOLDER}/stack.mjs ${command} ${stack}`, receiveArgs: true };
}
