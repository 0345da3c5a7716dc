import type { Deployment } from '../../src/model/deployment';
import { nameOf } from '../../src/model/names';
import { describeDestroy, keepsRegistry, type RegistryTask, registryTask, sharedRegistryTasks } from '../layers';
import type { TaskSpec, TaskStep } from '../task';
import { FOLDER } from './files';

/** What each command is given. A retained repository or log group is taken over by the stack that names it. */
const COMMANDS = {
  // `cdk diff`, which makes no stack.
  diff: 'node bin/plan.mjs',
  // `cdk deploy`, with what only the account can tell.
  deploy: 'node bin/deploy.mjs',
  destroy: 'cdk destroy',
} as const;

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
        steps: [run('diff', service)],
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

function run(command: keyof typeof COMMANDS, stack: string): TaskStep {
  return { exec: `${COMMANDS[command]} ${stack}`, cwd: FOLDER, receiveArgs: true };
}
