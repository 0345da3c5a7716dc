import { enumerate } from '../../conventions/labels';
import { ofAccount, ofDeployment } from './check';

/** Check: the credentials are for the account of the answers. */
export const ACCOUNT = ofDeployment(
  'account',
  'Are these credentials for the account of the answers?',
  ['identity'],
  ({ identity }, { environment }) =>
    identity.account === environment.account
      ? []
      : [
          {
            severity: 'error',
            text: `the credentials are for account ${identity.account}, and the answers say ${environment.account}`,
            evidence: `${identity.arn}: aws sts get-caller-identity`,
            effect: 'Everything that follows is about another account.',
            remedy: 'Choose the right profile (AWS_PROFILE, or --profile).',
          },
        ],
);

/** Check: the tasks are spread over availability zones, in the VPC. */
export const ZONES = ofDeployment(
  'zones',
  "Are the tasks' subnets in two availability zones?",
  ['subnets'],
  ({ subnets }, { environment }) => {
    const { privateSubnetIds } = environment.service.answers.network;
    const own = subnets.filter(({ id }) => privateSubnetIds.includes(id));
    // The check of the way out tells of one that is not there.
    if (own.length < privateSubnetIds.length) return [];
    const zones = [...new Set(own.map(({ zone }) => zone))];
    return zones.length !== 1
      ? []
      : [
          {
            severity: 'warning',
            text: `all subnets of the tasks are in ${zones[0]}`,
            evidence: 'aws ec2 describe-subnets',
            effect: 'If that availability zone fails, so does the server.',
            remedy: `Set environments.${environment.name}.network.privateSubnetIds to private subnets of two zones.`,
          },
        ];
  },
);

const FARGATE = ['FARGATE', 'FARGATE_SPOT'];

/**
 * Check: the cluster is there, and is one for Fargate. One without any capacity provider is: services with the launch type FARGATE
 * need none, and those of the Quilt stack have it. Source: Quilt's CloudFormation template, build 1.62.1, `RegistryService`.
 */
export const CLUSTER = ofDeployment(
  'cluster',
  'Is the cluster there, and for Fargate?',
  ['cluster'],
  ({ cluster }, { environment: { name, service } }) => {
    if (!cluster) {
      return [
        {
          severity: 'error',
          text: `there is no active cluster ${service.clusterArn.split('/').at(-1)}`,
          evidence: 'aws ecs describe-clusters',
          effect: 'The deployment fails with ClusterNotFoundException.',
          remedy: `Set environments.${name}.network.clusterName to the cluster of the Quilt stack, which is called as the stack.`,
        },
      ];
    }
    const { capacityProviders } = cluster;
    if (capacityProviders.length === 0 || capacityProviders.some((one) => FARGATE.includes(one))) return [];
    return [
      {
        severity: 'note',
        text: `the cluster ${cluster.name} has the capacity providers ${enumerate(capacityProviders)}, and neither FARGATE nor FARGATE_SPOT`,
        evidence: `capacityProviders of ${cluster.arn}: aws ecs describe-clusters`,
        effect:
          'The deployment works: its service has the launch type FARGATE, which needs no capacity provider. But is it the cluster of the Quilt stack, which runs on Fargate?',
        remedy: `If it is another one, set environments.${name}.network.clusterName to that of the Quilt stack. If not, there is nothing to do.`,
      },
    ];
  },
);

/** Check: one stack is the catalog's. */
export const STACK = ofAccount(
  'stack',
  'Is there one Quilt stack for the catalog?',
  ['stack', 'otherStacks'],
  ({ stack, otherStacks }, { catalog, region }) =>
    stack
      ? []
      : [
          {
            severity: 'warning',
            text:
              otherStacks.length > 0
                ? `the stacks ${enumerate(otherStacks)} have the same output QuiltWebHost`
                : `no stack in ${region} ${catalog ? `has the output QuiltWebHost ${catalog.host}` : 'has this name'}`,
            evidence: 'aws cloudformation describe-stacks',
            effect: 'Answers that only the stack knows, such as its private subnets, are not proposed.',
            remedy:
              otherStacks.length > 0
                ? 'Name one of them with --stack.'
                : 'Are the account, by --profile, and --region right? If so, name the stack with --stack.',
          },
        ],
);

/** Check: the stack has an MCP server of its own. */
export const CONNECT = ofAccount(
  'connect',
  "Is this deployment needed, beside Quilt's own server?",
  ['stack'],
  ({ stack }) => {
    const url = stack?.outputs.PlatformMcpServerUrl;
    return url === undefined
      ? []
      : [
          {
            severity: 'note',
            text: `the Quilt stack has an MCP server of its own: ${url}`,
            evidence: `output PlatformMcpServerUrl of the stack ${stack!.name}: Connect is on`,
            effect:
              'You may not need this deployment. Clients that only speak OAuth (claude.ai, ChatGPT) can use that server, and not this one.',
            remedy: 'Try that server first. Deploy this one if you need its tools, or clients with a bearer token.',
          },
        ];
  },
);

/** Check: GitHub's workflows can assume roles. */
export const PROVIDER = ofAccount(
  'github-provider',
  "Does the account have GitHub's identity provider?",
  ['oidcProviders', 'identity'],
  ({ oidcProviders, identity }) =>
    oidcProviders.some((arn) => arn.endsWith('/token.actions.githubusercontent.com'))
      ? []
      : [
          {
            severity: 'note',
            text: `account ${identity.account} has no identity provider for GitHub`,
            evidence: 'aws iam list-open-id-connect-providers',
            effect: 'Workflows cannot assume roles there, until somebody makes it.',
            remedy: `Set oidcProviders.${identity.account} to {"create": true}: the registry layer makes it.`,
          },
        ],
);
