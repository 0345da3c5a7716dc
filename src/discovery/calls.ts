/** A call of the AWS API that reads: its names in the AWS CLI, and the permissions that it takes. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  /** None for a call that AWS allows everybody. */
  readonly actions: readonly string[];
}

function call(service: string, operation: string, ...actions: string[]): Call {
  return { service, operation, actions };
}

/**
 * Calls of a reading of an account, by the name of what they show. None of them writes, and none returns the value of a
 * secret. Source of the permissions: Service Authorization Reference; for GetWebACLForResource also AWS WAF Developer
 * Guide, "Permissions for GetWebACLForResource".
 */
export const CALLS = {
  identity: call('sts', 'get-caller-identity'),
  stacks: call('cloudformation', 'describe-stacks', 'cloudformation:DescribeStacks'),
  stackResources: call('cloudformation', 'list-stack-resources', 'cloudformation:ListStackResources'),
  loadBalancers: call('elbv2', 'describe-load-balancers', 'elasticloadbalancing:DescribeLoadBalancers'),
  idleTimeout: call(
    'elbv2',
    'describe-load-balancer-attributes',
    'elasticloadbalancing:DescribeLoadBalancerAttributes',
  ),
  listeners: call('elbv2', 'describe-listeners', 'elasticloadbalancing:DescribeListeners'),
  rules: call('elbv2', 'describe-rules', 'elasticloadbalancing:DescribeRules'),
  listenerCertificates: call(
    'elbv2',
    'describe-listener-certificates',
    'elasticloadbalancing:DescribeListenerCertificates',
  ),
  targetGroups: call('elbv2', 'describe-target-groups', 'elasticloadbalancing:DescribeTargetGroups'),
  targetGroupTags: call('elbv2', 'describe-tags', 'elasticloadbalancing:DescribeTags'),
  limits: call('elbv2', 'describe-account-limits', 'elasticloadbalancing:DescribeAccountLimits'),
  webAcl: call(
    'wafv2',
    'get-web-acl-for-resource',
    'wafv2:GetWebACLForResource',
    'wafv2:GetWebACL',
    'elasticloadbalancing:GetLoadBalancerWebACL',
  ),
  certificates: call('acm', 'list-certificates', 'acm:ListCertificates'),
  securityGroups: call('ec2', 'describe-security-groups', 'ec2:DescribeSecurityGroups'),
  subnets: call('ec2', 'describe-subnets', 'ec2:DescribeSubnets'),
  routeTables: call('ec2', 'describe-route-tables', 'ec2:DescribeRouteTables'),
  natGateways: call('ec2', 'describe-nat-gateways', 'ec2:DescribeNatGateways'),
  endpoints: call('ec2', 'describe-vpc-endpoints', 'ec2:DescribeVpcEndpoints'),
  clusters: call('ecs', 'list-clusters', 'ecs:ListClusters'),
  cluster: call('ecs', 'describe-clusters', 'ecs:DescribeClusters'),
  serviceNames: call('ecs', 'list-services', 'ecs:ListServices'),
  services: call('ecs', 'describe-services', 'ecs:DescribeServices'),
  taskDefinition: call('ecs', 'describe-task-definition', 'ecs:DescribeTaskDefinition'),
  role: call('iam', 'get-role', 'iam:GetRole'),
  attachedPolicies: call('iam', 'list-attached-role-policies', 'iam:ListAttachedRolePolicies'),
  inlinePolicies: call('iam', 'list-role-policies', 'iam:ListRolePolicies'),
  oidcProviders: call('iam', 'list-open-id-connect-providers', 'iam:ListOpenIDConnectProviders'),
  zones: call('route53', 'list-hosted-zones', 'route53:ListHostedZones'),
  repositories: call('ecr', 'describe-repositories', 'ecr:DescribeRepositories'),
  repositoryTags: call('ecr', 'list-tags-for-resource', 'ecr:ListTagsForResource'),
  logGroups: call('logs', 'describe-log-groups', 'logs:DescribeLogGroups'),
  logGroupTags: call('logs', 'list-tags-for-resource', 'logs:ListTagsForResource'),
  secrets: call('secretsmanager', 'list-secrets', 'secretsmanager:ListSecrets'),
  buckets: call('s3api', 'list-buckets', 's3:ListAllMyBuckets'),
} as const satisfies Readonly<Record<string, Call>>;

export type CallName = keyof typeof CALLS;

/** Calls of a check of answers: roles of workflows have their permissions (`src/model/delivery/grants.ts`). */
export const CHECK_CALLS: readonly CallName[] = [
  'identity',
  'loadBalancers',
  'idleTimeout',
  'listeners',
  'rules',
  'listenerCertificates',
  'targetGroups',
  'targetGroupTags',
  'limits',
  'webAcl',
  'certificates',
  'securityGroups',
  'subnets',
  'routeTables',
  'natGateways',
  'endpoints',
  'cluster',
  'services',
  'repositories',
  'repositoryTags',
  'logGroups',
  'logGroupTags',
  'role',
];

/** The permissions of a reading, as an IAM policy: `analyze --policy` prints it. */
export function readingPolicy(names: readonly CallName[] = Object.keys(CALLS) as CallName[]): object {
  const actions = new Set(names.flatMap((name): readonly string[] => CALLS[name].actions));
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'ReadAccount', Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
  };
}
