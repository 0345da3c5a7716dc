import type { Deployment } from '../../src/model/deployment';
import { DOMAIN } from './domain';
import { IMAGE } from './image';
import type { Input, InputGroup } from './input';
import { listener } from './listener';
import { LOGS } from './logs';
import { network } from './network';
import { ROLLOUT } from './rollout';
import { SERVICE } from './service';
import { secrets, variables } from './variables';

/** Everything that a service is deployed with, by topic, in the order of CloudFormation's parameters. */
export function serviceInputs(deployment: Deployment): InputGroup[] {
  return [
    {
      label: 'Image',
      comment: 'Image. It has no default: a tag may mean another image tomorrow, and what runs is what was published.',
      inputs: IMAGE,
    },
    { label: 'Service', inputs: SERVICE },
    { label: 'Deployment of a new revision', inputs: ROLLOUT },
    { label: 'Network', inputs: network(deployment) },
    { label: 'Listener rules', inputs: listener(deployment) },
    { label: 'Host name of its own', inputs: DOMAIN },
    { label: 'Logs and roles', inputs: LOGS },
    {
      label: 'Environment variables',
      comment: 'Environment variables. Those that are the same everywhere stand in the task definition.',
      inputs: variables(deployment),
    },
    {
      label: 'Secrets',
      comment: 'Secrets, each by reference: ECS reads it when a task starts.',
      inputs: secrets(deployment),
    },
  ];
}

/**
 * Inputs in the order and the groups in which repositories have them already, so that an upgrade moves nothing. One that the order
 * does not name follows the one before it in the list.
 */
export function arranged<Layer>(
  inputs: readonly Input<Layer>[],
  order: readonly (readonly string[])[],
): Input<Layer>[][] {
  const groups = order.map((names) => names.flatMap((name) => inputs.filter((input) => input.name === name)));
  inputs.forEach((input, index) => {
    if (groups.some((group) => group.includes(input))) return;
    const former = inputs[index - 1];
    const group = groups.find((candidate) => former === undefined || candidate.includes(former))!;
    group.splice(former === undefined ? 0 : group.indexOf(former) + 1, 0, input);
  });
  return groups.filter((group) => group.length > 0);
}
