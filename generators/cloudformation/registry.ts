import type { Input, InputGroup } from '../inputs/input';
import type { deliveryTemplate } from './delivery';

type DeliveryTemplate = NonNullable<ReturnType<typeof deliveryTemplate>>;

/** The parameters of the template of the registry. */
export function registryInputs(delivery: DeliveryTemplate | undefined, rolesAlone: boolean): InputGroup[] {
  return [
    { label: 'Repository', comment: '', inputs: repository(rolesAlone) },
    { label: 'Other accounts', comment: '', inputs: OTHER_ACCOUNTS },
    ...(delivery
      ? [
          {
            label: 'GitHub workflows',
            comment: '',
            inputs: [...workflows(delivery, rolesAlone), ...names(delivery, false)],
          },
          { label: 'What they may deploy', comment: '', inputs: names(delivery, true) },
        ]
      : []),
  ];
}

function repository(rolesAlone: boolean): Input[] {
  const pattern = String.raw`[a-z0-9]+((\.|_|__|-+|/)[a-z0-9]+)*`;
  return [
    {
      name: 'repositoryName',
      description: `Name of the ECR repository${rolesAlone ? '; empty, the stack has roles alone' : ''}`,
      cloudformation: {
        maxLength: 256,
        pattern: rolesAlone ? `'^(${pattern})?$'` : `'^${pattern}$'`,
        must: 'Lower-case letters, digits and single separators, such as quilt-mcp-server-dev.',
      },
    },
    {
      name: 'retainData',
      kind: 'boolean',
      description: 'Whether the repository outlives its stack; otherwise it goes with all its images',
      default: true,
      cloudformation: {},
    },
  ];
}

const OTHER_ACCOUNTS: readonly Input[] = [
  {
    name: 'pullPrincipals',
    kind: 'texts',
    description:
      'Accounts of the roles that pull, each as arn:aws:iam::111122223333:root; empty, nobody from outside may',
    default: [],
    cloudformation: {},
  },
  {
    name: 'pullRoleArns',
    kind: 'texts',
    description: 'Execution and plan roles of other accounts that pull',
    default: [],
    cloudformation: {},
  },
];

function workflows({ audience, audiences, issuer, roles }: DeliveryTemplate, rolesAlone: boolean): Input[] {
  const subject = 'repo:[^*?:]+:environment:[^*?:]+';
  return [
    {
      name: 'repositoryId',
      description:
        'Number by which GitHub knows the repository whose workflows assume the roles; empty where STS does not know the claim',
      cloudformation: {
        pattern: "'^[0-9]*$'",
        must: "'Digits, as gh api repos/OWNER/NAME --jq .id says them.'",
      },
    },
    ...roles.map(
      ({ subject: name, duty, example }): Input => ({
        name,
        description: `Subject of the tokens of workflows that ${duty}${rolesAlone ? '; empty, the stack has no role for them' : ''}`,
        cloudformation: {
          pattern: rolesAlone ? `'^(${subject})?$'` : `'^${subject}$'`,
          must: `One environment of one repository, such as repo:example@1/deploy@2:environment:${example}.`,
        },
      }),
    ),
    {
      name: 'oidcAudience',
      description: 'Who tokens are for',
      default: audience,
      cloudformation: {
        description: "'Who tokens are for: as the workflows ask for them, in the AWS partition of the account'",
        allowed: `[${audiences.join(', ')}]`,
      },
    },
    {
      name: 'oidcProviderArn',
      description: "GitHub's identity provider of the account",
      cloudformation: {
        pattern: String.raw`'^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\.actions\.githubusercontent\.com$'`,
        must: `ARN of the provider of ${issuer}.`,
      },
    },
  ];
}

/** @param deployed whether those of what workflows deploy, or those of workflows */
function names(delivery: DeliveryTemplate, deployed: boolean): Input[] {
  return delivery.names
    .filter((name) => name.deployed === deployed)
    .map(({ name, description, optional }) => ({
      name,
      description: name,
      ...(optional && { default: null }),
      cloudformation: { description },
    }));
}
