import { DELIVERY_NAMES, OPTIONAL_DELIVERY_NAMES } from '../../src/model/delivery/grants';
import { statementOf } from '../../src/model/delivery/policies';
import { DUTIES, haveRolesAlone } from '../../src/model/delivery/roles';
import type { Delivery, DeliveryRole, Deployment, Duty } from '../../src/model/deployment';
import { identityProviderContext, maxSessionOf, otherAudience } from '../delivery';
import { hcl } from '../escape';
import type { FirstLayer, Input } from './input';

/** A parameter of the repository, which the names of the roles have, too. */
const OF_REPOSITORY = 'RepositoryName';

/** Names that the console shows with the workflows, and not with what these may deploy. */
const OF_WORKFLOWS = ['CreatedProvider', 'DeliveryBoundaryArn', 'UpstreamRepositoryArn'];

/** CloudFormation's parameters of what an environment may be without. */
export const OPTIONAL_PARAMETERS = Object.keys(OPTIONAL_DELIVERY_NAMES).filter((name) => name !== OF_REPOSITORY);

/** CloudFormation's parameter of the subject of the tokens for a duty. */
export function subjectParameter(duty: Duty): string {
  return `${duty[0]!.toUpperCase()}${duty.slice(1)}Subject`;
}

/** Inputs of the roles of workflows; none if there are no such roles. */
export function rolesOfWorkflows(deployment: Deployment): Input<FirstLayer>[] {
  const context = identityProviderContext(deployment);
  if (!context) return [];
  const { audience, audiences, issuer } = context;
  const tokens = 'Who tokens are for: as the workflows ask for them, in the AWS partition of the account';
  const provider = "GitHub's identity provider of the account";
  return [
    {
      name: 'repositoryId',
      description:
        'Number by which GitHub knows the repository whose workflows assume the roles; empty where STS does not know the claim',
      cloudformation: {
        pattern: "'^[0-9]*$'",
        must: "'Digits, as gh api repos/OWNER/NAME --jq .id says them.'",
        value: ({ delivery }) => delivery && (delivery.roles[0]!.trust.repositoryId ?? ''),
        leftOut: true,
      },
    },
    ...subjects(haveRolesAlone(deployment.environments)),
    {
      name: 'audience',
      kind: 'text',
      description: tokens,
      default: audience,
      value: ({ delivery }) => delivery && otherAudience(delivery),
      terraform: {
        name: 'oidc_audience',
        rules: [[`contains(${hcl(audiences)}, var.oidc_audience)`, `The audience is one of ${audiences.join(', ')}.`]],
      },
      cloudformation: {
        name: 'OidcAudience',
        description: `'${tokens}'`,
        allowed: `[${audiences.join(', ')}]`,
        leftOut: true,
      },
      cdk: {},
    },
    {
      name: 'deploySessionSeconds',
      description: 'Longest session of the role that deploys, in seconds; empty, an hour',
      cloudformation: {
        pattern: "'^[0-9]*$'",
        must: "'Seconds, 3600 to 43200.'",
        value: ({ delivery }) => delivery && String(maxSessionOf(delivery) ?? ''),
        leftOut: true,
      },
    },
    {
      name: 'oidcProviderArn',
      kind: 'text',
      description: provider,
      pattern: String.raw`arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\.actions\.githubusercontent\.com`,
      value: ({ delivery }) => delivery?.provider.arn,
      terraform: {
        description: `${provider}; null, no workflow assumes a role`,
        default: 'null',
        must: `The provider is that of ${issuer}, such as arn:aws:iam::111122223333:oidc-provider/${issuer}.`,
      },
      cloudformation: { must: `ARN of the provider of ${issuer}.`, leftOut: true },
      cdk: {},
    },
    {
      name: 'createOidcProvider',
      kind: 'boolean',
      description: 'Whether the identity provider is made here; an account has one',
      default: false,
      value: ({ delivery }) => delivery?.provider.create,
      terraform: {},
      cdk: { doc: 'Whether it is made here; an account has one.' },
    },
    {
      name: 'roles',
      description:
        'Roles that GitHub workflows assume, by duty: the claims of a token, and by topic the policies with their statements',
      terraform: {
        name: 'delivery_roles',
        type: ROLES_TYPE,
        default: '{}',
        rules: [
          [
            'alltrue([for role in var.delivery_roles : can(regex("^repo:[^*?:]+:environment:[^*?:]+$", role.subject)) && (role.repository_id == null || can(regex("^[0-9]+$", role.repository_id)))])',
            'A role is for one environment of one repository, such as repo:example@1/deploy@2:environment:prod, whose id is a number.',
          ],
        ],
        value: ({ delivery }) =>
          delivery &&
          byDuty(delivery, ({ name, description, trust, permissionsBoundaryArn }) => ({
            name,
            description,
            subject: trust.subject,
            repository_id: trust.repositoryId,
            permissions_boundary_arn: permissionsBoundaryArn,
          })),
      },
      cdk: {
        doc: 'By duty: publish, plan, deploy.',
        type: 'Readonly<Record<string, DeliveryRoleProps>>',
        value: ({ delivery }) =>
          delivery &&
          byDuty(delivery, ({ name, description, trust, permissionsBoundaryArn, maxSessionDuration }) => ({
            name,
            description,
            subject: trust.subject,
            repositoryId: trust.repositoryId,
            permissionsBoundaryArn,
            maxSessionDuration,
          })),
      },
    },
    ...parameters((name) => OF_WORKFLOWS.includes(name)),
  ];
}

/** Names of the resources that workflows may deploy; none if there are no roles of workflows. */
export function deployedByWorkflows(deployment: Deployment): Input<FirstLayer>[] {
  return identityProviderContext(deployment) ? parameters((name) => !OF_WORKFLOWS.includes(name)) : [];
}

const ROLES_TYPE = `map(object({
    name                     = string
    description              = string
    subject                  = string
    repository_id            = optional(string)
    permissions_boundary_arn = optional(string)
    policies = map(object({
      name = string
      statements = list(object({
        Sid       = string
        Action    = list(string)
        Resource  = list(string)
        Condition = optional(map(map(list(string))))
      }))
    }))
  }))`;

/** Roles by duty, each with its policies by topic. */
function byDuty({ roles }: Delivery, rest: (role: DeliveryRole) => object): object {
  return Object.fromEntries(
    roles.map((role) => {
      const policies = role.policies.map((policy) => [
        policy.topic,
        { name: policy.name, statements: policy.statements.map(statementOf) },
      ]);
      return [role.duty, { ...rest(role), policies: Object.fromEntries(policies) }];
    }),
  );
}

function subjects(rolesAlone: boolean): Input<FirstLayer>[] {
  const pattern = 'repo:[^*?:]+:environment:[^*?:]+';
  return DUTIES.map(({ duty, githubEnvironment }) => ({
    name: subjectParameter(duty),
    description: `Subject of the tokens of workflows that ${duty}${rolesAlone ? '; empty, the stack has no role for them' : ''}`,
    cloudformation: {
      pattern: rolesAlone ? `'^(${pattern})?$'` : `'^${pattern}$'`,
      must: `One environment of one repository, such as repo:example@1/deploy@2:environment:${githubEnvironment('prod')}.`,
      value: ({ delivery }) => delivery && (delivery.roles.find((role) => role.duty === duty)?.trust.subject ?? ''),
      leftOut: true,
    },
  }));
}

/** CloudFormation's parameters of what the roles' permissions are about. */
function parameters(isWanted: (name: string) => boolean): Input<FirstLayer>[] {
  return Object.entries({ ...DELIVERY_NAMES, ...OPTIONAL_DELIVERY_NAMES })
    .filter(([name]) => name !== OF_REPOSITORY && isWanted(name))
    .map(([name, description]) => ({
      name,
      description,
      ...(OPTIONAL_PARAMETERS.includes(name) && { default: null }),
      cloudformation: {
        description: JSON.stringify(description),
        value: ({ delivery }) => delivery?.names[name],
        leftOut: true,
      },
    }));
}
