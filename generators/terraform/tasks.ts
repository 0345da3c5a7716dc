import type { Deployment } from '../../src/model/deployment';
import { layerTasks } from '../layer-tasks';
import type { TaskSpec, TaskStep } from '../task';
import { rootOf } from './files';

/** The tasks of Terraform, whose layers are roots: `npm run registry:dev -- -auto-approve`. */
export function terraformTasks(deployment: Deployment): TaskSpec[] {
  return layerTasks(deployment, {
    registry: (operation, layer) => run(rootOf(layer, 'registry'), operation),
    service: (operation, environment) => run(rootOf(environment, 'service'), operation),
  });
}

function run(root: string, operation: 'plan' | 'deploy' | 'destroy'): TaskStep[] {
  return [
    { exec: `terraform -chdir=${root} init -input=false -backend-config=backend.config.json` },
    { exec: `terraform -chdir=${root} ${operation === 'deploy' ? 'apply' : operation}`, receiveArgs: true },
  ];
}
