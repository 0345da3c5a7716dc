import { FARGATE_CPU, FARGATE_MEMORY } from '../../src/config/environment/capacity';
import { enumerate } from '../../src/conventions/labels';
import { hcl, yamlFlow } from '../escape';
import type { Input } from './input';
import { tags } from './tags';

/** MiB of memory with the fewest CPU units, and with the most. */
const [SMALLEST, LARGEST] = [FARGATE_CPU[0]!, FARGATE_CPU.at(-1)!].map((cpu) => FARGATE_MEMORY[cpu]!) as [
  readonly number[],
  readonly number[],
];

export const SERVICE: readonly Input[] = [
  {
    name: 'name',
    kind: 'text',
    description: 'Name of the ECS service, the task family, the container and the security group; others begin with it',
    pattern: '[a-zA-Z][a-zA-Z0-9-]{0,46}[a-zA-Z0-9]',
    value: ({ serviceName }) => serviceName,
    terraform: {
      comment: 'IAM allows 64 characters in the name of a role, which is this and a suffix.',
      description: 'Base name of every resource; also the name of the ECS service, the task family and the container',
      rules: [
        [
          'can(regex("^[a-zA-Z][a-zA-Z0-9-]{0,46}[a-zA-Z0-9]$", var.name)) && !startswith(lower(var.name), "sg-")',
          'The name has 2 to 48 letters, digits and hyphens, begins with a letter, does not end in a hyphen, and does not begin with sg-, which EC2 keeps for IDs.',
        ],
      ],
    },
    cloudformation: {
      name: 'ServiceName',
      must: '2 to 48 letters, digits and hyphens, from a letter to a letter or digit.',
    },
    cdk: {
      doc: 'Name of the ECS service, the task family, the container and the security group; other names begin with it. It has 2 to\n48 letters, digits and hyphens.',
    },
  },
  tags('Tags of every resource, beside Service'),
  {
    name: 'clusterArn',
    kind: 'text',
    description: 'ECS cluster of the service',
    pattern: 'arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:cluster/[a-zA-Z0-9_-]{1,255}',
    value: ({ clusterArn }) => clusterArn,
    terraform: {
      name: 'ecs_cluster_arn',
      must: 'The cluster is given by its ARN: arn:aws:ecs:REGION:ACCOUNT:cluster/NAME.',
    },
    cloudformation: { must: 'The ARN of an ECS cluster.' },
    cdk: { doc: 'ARN of the ECS cluster.' },
  },
  {
    name: 'cpu',
    kind: 'number',
    description: 'CPU units of a task; 1024 are one vCPU',
    default: 512,
    value: ({ answers }) => answers.capacity.cpu,
    terraform: {
      rules: [
        [`contains(${hcl(FARGATE_CPU)}, var.cpu)`, `Fargate offers ${enumerate(FARGATE_CPU.map(String))} CPU units.`],
      ],
    },
    cloudformation: { allowed: yamlFlow(FARGATE_CPU) },
    cdk: {},
  },
  {
    name: 'memory',
    kind: 'number',
    description: 'Memory of a task, in MiB; what Fargate offers depends on Cpu',
    default: 1024,
    value: ({ answers }) => answers.capacity.memory,
    terraform: {
      description: 'Memory of a task, in MiB; what Fargate offers depends on cpu',
      rules: [
        [
          `var.memory >= ${SMALLEST[0]} && var.memory <= ${LARGEST.at(-1)} && floor(var.memory / ${SMALLEST[0]}) == var.memory / ${SMALLEST[0]}`,
          `Fargate offers ${enumerate(SMALLEST.map(String))} MiB with ${FARGATE_CPU[0]} CPU units, and more with more CPU units, up to ${LARGEST.at(-1)} MiB with ${FARGATE_CPU.at(-1)}.`,
        ],
      ],
    },
    cloudformation: {},
    cdk: { doc: 'Memory of a task, in MiB; what Fargate offers depends on `cpu`.' },
  },
  {
    name: 'desiredCount',
    kind: 'number',
    description: 'Number of tasks',
    default: 2,
    value: ({ answers }) => answers.capacity.desired,
    terraform: {
      rules: [
        [
          'var.desired_count >= 0 && floor(var.desired_count) == var.desired_count',
          'The number of tasks is 0 or a positive whole number.',
        ],
      ],
    },
    cloudformation: { range: [0, 100] },
    cdk: {},
  },
];
