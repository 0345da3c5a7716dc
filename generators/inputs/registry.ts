import { haveRolesAlone } from '../../src/model/delivery/roles';
import type { Deployment } from '../../src/model/deployment';
import { deployedByWorkflows, rolesOfWorkflows } from './delivery-roles';
import type { FirstLayer, Input, InputGroup } from './input';
import { tags } from './tags';

/** Everything that a registry is deployed with, by topic, in the order of CloudFormation's parameters. */
export function registryInputs(deployment: Deployment): InputGroup<FirstLayer>[] {
  return [...repositoryInputs(deployment), ...rolesInputs(deployment)];
}

/** Inputs of the repository itself: a layer of roles alone has none of them. */
export function repositoryInputs({ environments }: Deployment): InputGroup<FirstLayer>[] {
  return [
    { label: 'Repository', comment: '', inputs: repository(haveRolesAlone(environments)) },
    { label: 'Other accounts', comment: '', inputs: OTHER_ACCOUNTS },
  ];
}

/** Inputs that a layer of roles alone has, too. */
export function rolesInputs(deployment: Deployment): InputGroup<FirstLayer>[] {
  return [
    { label: 'Tags', comment: '', inputs: [tags('Tags of every resource')] },
    { label: 'GitHub workflows', comment: '', inputs: rolesOfWorkflows(deployment) },
    { label: 'What they may deploy', comment: '', inputs: deployedByWorkflows(deployment) },
  ];
}

function repository(rolesAlone: boolean): Input<FirstLayer>[] {
  const name = 'Name of the ECR repository';
  const pattern = String.raw`[a-z0-9]+((\.|_|__|-+|/)[a-z0-9]+)*`;
  return [
    {
      name: 'repositoryName',
      kind: 'text',
      description: name,
      value: (layer) => layer.repository?.name,
      terraform: {
        name: 'name',
        rules: [
          [
            'can(regex("^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$", var.name)) && length(var.name) >= 2 && length(var.name) <= 256',
            'The name of an ECR repository has 2 to 256 characters: lower-case letters and digits, with single separators (. _ - /) between them.',
          ],
        ],
      },
      cloudformation: {
        description: rolesAlone ? `${name}; empty, the stack has roles alone` : name,
        maxLength: 256,
        pattern: rolesAlone ? `'^(${pattern})?$'` : `'^${pattern}$'`,
        must: 'Lower-case letters, digits and single separators, such as quilt-mcp-server-dev.',
        value: (layer) => layer.repository?.name ?? '',
      },
      cdk: {},
    },
    {
      name: 'retainData',
      kind: 'boolean',
      description: 'Whether the repository outlives its stack; otherwise it goes with all its images',
      default: true,
      value: (layer) => layer.repository?.retain,
      terraform: { description: 'Whether destroying the repository is refused while it holds images' },
      cloudformation: { value: (layer) => layer.repository?.retain ?? false },
      cdk: {},
    },
  ];
}

const OTHER_ACCOUNTS: readonly Input<FirstLayer>[] = [
  {
    name: 'pullPrincipals',
    kind: 'texts',
    description:
      'Accounts of the roles that pull, each as arn:aws:iam::111122223333:root; empty, nobody from outside may',
    default: [],
    value: ({ repository }) => [...new Set(repository?.pullRoleArns.map((arn) => arn.replace(/:role\/.*/, ':root')))],
    cloudformation: {},
  },
  {
    name: 'pullRoleArns',
    kind: 'texts',
    description: 'Roles of other accounts that pull: execution roles and, to look at signatures, those that plan',
    default: [],
    value: ({ repository }) => repository?.pullRoleArns,
    terraform: {
      description: 'IAM roles of other accounts that pull images; a role need not exist yet',
      rules: [
        [
          'alltrue([for arn in var.pull_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[a-zA-Z0-9+=,.@_/-]+$", arn))])',
          'Each entry is the ARN of an IAM role, such as arn:aws:iam::111122223333:role/quilt-mcp-server-prod-execution.',
        ],
      ],
    },
    cloudformation: {},
    cdk: { default: '- nobody from another account pulls' },
  },
];
