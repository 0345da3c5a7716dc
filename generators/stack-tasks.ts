import type { Deployment } from '../src/model/deployment';
import { nameOf } from '../src/model/names';
import { layerTasks } from './layer-tasks';
import { OWN_COMMAND, type TaskSpec, type TaskStep } from './task';

/** The tasks of a target whose layers are stacks, by the command of this package for it: `npm run registry:dev -- --yes`. */
export function stackTasks(deployment: Deployment, command: 'stack' | 'cdk'): TaskSpec[] {
  const run = (operation: string, stack: string): TaskStep[] => [
    { exec: `${OWN_COMMAND} ${command} ${operation} ${stack}`, receiveArgs: true },
  ];
  return layerTasks(deployment, {
    registry: (operation, layer) => run(operation, nameOf('registryStack', deployment.name, layer)),
    service: (operation, environment) => run(operation, nameOf('serviceStack', deployment.name, environment)),
  });
}
