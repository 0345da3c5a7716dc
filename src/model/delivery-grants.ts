import type { Conditions, Duty } from './deployment';

/** GitHub's identity provider. Source: GitHub's documentation, "Configuring OpenID Connect in Amazon Web Services". */
export const OIDC_ISSUER = 'token.actions.githubusercontent.com';

/**
 * A permission. Texts name what an environment has as CloudFormation's `Fn::Sub` does, `${ServiceName}`: the names are
 * those of {@link DELIVERY_NAMES} and of pseudo parameters.
 */
export interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly on: readonly (string | { readonly resource: string; readonly when: OptionalName })[];
  readonly conditions?: Conditions;
  /** Given only where the environment has this. */
  readonly when?: OptionalName;
  /** Given only where the environment has not. */
  readonly unless?: OptionalName;
}

/** What every environment has, and what one may be without; by name, what it is. */
export const DELIVERY_NAMES = {
  ServiceName: 'Name of the service, after which its roles, task definition, log group and tags are named',
  ClusterName: 'Name of the ECS cluster',
  ListenerPath: 'Listener of the load balancer: its ARN from app/ on',
  VpcId: 'VPC of the tasks',
  TargetGroupName: 'Name of the target group',
} as const;
export const OPTIONAL_DELIVERY_NAMES = {
  RepositoryName: 'Name of the ECR repository; empty, it is shared, and in a layer of its own',
  AlternateTargetGroupName: 'Name of the second target group; empty, no traffic is moved between two',
  DomainName: 'Host name of its own; empty, there is none',
  AlbEgressGroupId: 'Security group of the load balancer that gets a rule; empty, none does',
  HostedZoneId: 'Hosted zone of the alias record; empty, there is none',
  IssuedDomain: 'Host name that a certificate is issued for; empty, none is',
  CreatedProvider: 'Identity provider that this layer makes; empty, it makes none',
  PermissionsBoundaryArn: 'Permissions boundary of every role; empty, none',
  UpstreamRepositoryArn: "ECR repository that upstream's image is pulled from; empty, this environment pulls none",
} as const;

export type OptionalName = keyof typeof OPTIONAL_DELIVERY_NAMES | 'StateKmsKeyArn';

const at = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
const inAccount = (resource: string) => `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${resource}`;

const REPOSITORY = at('ecr', 'repository/${RepositoryName}');
const SERVICE = at('ecs', 'service/${ClusterName}/${ServiceName}');
const TASK_DEFINITION = at('ecs', 'task-definition/${ServiceName}:*');
const LOG_GROUP = [at('logs', 'log-group:/ecs/${ServiceName}'), at('logs', 'log-group:/ecs/${ServiceName}:*')];
const LISTENER = at('elasticloadbalancing', 'listener/${ListenerPath}');
const RULES = at('elasticloadbalancing', 'listener-rule/${ListenerPath}/*');
const TARGET_GROUPS = [
  at('elasticloadbalancing', 'targetgroup/${TargetGroupName}/*'),
  {
    resource: at('elasticloadbalancing', 'targetgroup/${AlternateTargetGroupName}/*'),
    when: 'AlternateTargetGroupName',
  },
] as const;
const SECURITY_GROUPS = at('ec2', 'security-group/*');
const SECURITY_GROUP_RULES = at('ec2', 'security-group-rule/*');
const ALB_GROUP = at('ec2', 'security-group/${AlbEgressGroupId}');
const TASK_ROLES = [inAccount('role/${ServiceName}-execution'), inAccount('role/${ServiceName}-task')];
const TRAFFIC_ROLE = inAccount('role/${ServiceName}-traffic');
const SERVICE_ROLES = [...TASK_ROLES, { resource: TRAFFIC_ROLE, when: 'AlternateTargetGroupName' }] as const;
const HOSTED_ZONE = 'arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId}';
const CERTIFICATES = at('acm', 'certificate/*');

/** What is tagged as this environment's: what has no name in its ARN is told from that of others by its tag. */
const OWN: Conditions = { StringEquals: { 'aws:ResourceTag/Service': '${ServiceName}' } };
const TO_BE_OWN: Conditions = { StringEquals: { 'aws:RequestTag/Service': '${ServiceName}' } };
const BOUNDED: Conditions = { StringEquals: { 'iam:PermissionsBoundary': '${PermissionsBoundaryArn}' } };

const READ_ROLE = ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'];
const WIDEN_ROLE = ['iam:CreateRole', 'iam:PutRolePolicy'];

export const PUBLISH: readonly Grant[] = [
  { sid: 'LogIn', actions: ['ecr:GetAuthorizationToken'], on: ['*'] },
  {
    sid: 'PushAndPull',
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:DescribeImageScanFindings',
      'ecr:DescribeImages',
      'ecr:DescribeRepositories',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:ListImages',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    on: [REPOSITORY],
  },
  {
    // The policy of a repository in another account is not enough: both sides have to allow it.
    sid: 'PullUpstream',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    on: ['${UpstreamRepositoryArn}'],
    when: 'UpstreamRepositoryArn',
  },
];

/** What a plan looks at, and what applying changes beside. What is replaced is deleted, too. */
interface Thing extends Omit<Grant, 'actions' | 'conditions'> {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const THINGS: readonly Thing[] = [
  {
    // Source: Service Authorization Reference: none of these is of one resource.
    sid: 'Look',
    read: [
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
      // CloudFormation looks whether what a parameter names is there, as whoever gives it.
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ecs:DescribeTaskDefinition',
      'elasticloadbalancing:DescribeListenerCertificates',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'logs:DescribeLogGroups',
    ],
    // For retiring a task definition there is no narrower one either.
    write: ['ecs:DeregisterTaskDefinition'],
    on: ['*'],
  },
  {
    sid: 'Service',
    read: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:ListTagsForResource'],
    write: [
      'ecs:CreateService',
      'ecs:DeleteService',
      'ecs:RegisterTaskDefinition',
      'ecs:TagResource',
      'ecs:UntagResource',
      'ecs:UpdateService',
    ],
    on: [SERVICE, TASK_DEFINITION],
  },
  {
    sid: 'ServiceDeployments',
    read: ['ecs:DescribeServiceDeployments'],
    write: [],
    on: [at('ecs', 'service-deployment/*/${ServiceName}/*')],
  },
  {
    sid: 'LogGroup',
    read: ['logs:ListTagsForResource'],
    write: [
      'logs:AssociateKmsKey',
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
      'logs:DeleteRetentionPolicy',
      'logs:DisassociateKmsKey',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
      'logs:UntagResource',
    ],
    on: LOG_GROUP,
  },
  {
    sid: 'Roles',
    read: READ_ROLE,
    write: [
      'iam:DeleteRole',
      'iam:DeleteRolePolicy',
      'iam:ListInstanceProfilesForRole',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole',
    ],
    on: SERVICE_ROLES,
  },
  {
    sid: 'HostedZone',
    read: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'],
    write: [],
    on: [HOSTED_ZONE],
    when: 'HostedZoneId',
  },
  {
    sid: 'Certificate',
    read: ['acm:DescribeCertificate', 'acm:ListTagsForCertificate'],
    write: [],
    on: [CERTIFICATES],
    when: 'IssuedDomain',
  },
];

/** What a plan of the service looks at. */
export const READ_SERVICE = THINGS.map(({ read, write: _write, ...thing }): Grant => ({ ...thing, actions: read }));

/** What a plan of the registry looks at, these roles included. */
export const READ_REGISTRY: readonly Grant[] = [
  {
    sid: 'ReadRepository',
    actions: [
      'ecr:DescribeRepositories',
      'ecr:GetLifecyclePolicy',
      'ecr:GetRepositoryPolicy',
      'ecr:ListTagsForResource',
    ],
    on: [REPOSITORY],
    when: 'RepositoryName',
  },
  {
    sid: 'ReadDeliveryRoles',
    actions: READ_ROLE,
    on: ['publish', 'plan', 'deploy'].map((duty) => inAccount(`role/\${ServiceName}-${duty}`)),
  },
  {
    sid: 'ReadIdentityProvider',
    actions: ['iam:GetOpenIDConnectProvider'],
    on: [inAccount(`oidc-provider/${OIDC_ISSUER}`)],
    when: 'CreatedProvider',
  },
];

/**
 * What tells whether the Quilt stack is as the answers say, and what came in the place of what is gone, beside what a plan
 * looks at. Source: Service Authorization Reference: the first two are not of one resource.
 */
export const FIND_QUILT_STACK: readonly Grant[] = [
  {
    sid: 'FindQuiltStack',
    actions: ['ecs:ListClusters', 'elasticloadbalancing:DescribeLoadBalancerAttributes'],
    on: ['*'],
  },
  { sid: 'FindCluster', actions: ['ecs:DescribeClusters'], on: [at('ecs', 'cluster/*')] },
];

/** What applying the service changes, and looks at before. */
export const WRITE_SERVICE: readonly Grant[] = [
  ...THINGS.map(({ read, write, ...thing }): Grant => ({ ...thing, actions: [...read, ...write] })),
  { sid: 'MakeTargetGroups', actions: ['elasticloadbalancing:CreateTargetGroup'], on: TARGET_GROUPS },
  { sid: 'MakeRules', actions: ['elasticloadbalancing:CreateRule'], on: [LISTENER] },
  {
    sid: 'TagNewBalancing',
    actions: ['elasticloadbalancing:AddTags'],
    on: [RULES, ...TARGET_GROUPS],
    conditions: { StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateRule', 'CreateTargetGroup'] } },
  },
  {
    sid: 'ChangeOwnBalancing',
    actions: [
      'elasticloadbalancing:AddTags',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:DeleteTargetGroup',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:RemoveTags',
      'elasticloadbalancing:SetRulePriorities',
    ],
    on: [RULES, ...TARGET_GROUPS],
    conditions: OWN,
  },
  {
    sid: 'PutCertificate',
    actions: ['elasticloadbalancing:AddListenerCertificates', 'elasticloadbalancing:RemoveListenerCertificates'],
    on: [LISTENER],
    when: 'DomainName',
  },
  { sid: 'MakeSecurityGroup', actions: ['ec2:CreateSecurityGroup'], on: [SECURITY_GROUPS], conditions: TO_BE_OWN },
  { sid: 'MakeInVpc', actions: ['ec2:CreateSecurityGroup'], on: [at('ec2', 'vpc/${VpcId}')] },
  {
    sid: 'OwnSecurityGroup',
    actions: [
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:CreateTags',
      'ec2:DeleteSecurityGroup',
      'ec2:DeleteTags',
      'ec2:ModifySecurityGroupRules',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
      'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
    ],
    on: [SECURITY_GROUPS, SECURITY_GROUP_RULES],
    conditions: OWN,
  },
  {
    // The statement below allows the rule itself. IAM cannot say which rule of the group.
    sid: 'AlbOut',
    actions: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
    on: [ALB_GROUP],
    when: 'AlbEgressGroupId',
  },
  {
    // Each of them must be allowed for its security group, too: by the statements above.
    sid: 'SecurityGroupRules',
    actions: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules'],
    on: [SECURITY_GROUP_RULES],
  },
  {
    sid: 'TagSecurityGroup',
    actions: ['ec2:CreateTags'],
    on: [SECURITY_GROUPS, SECURITY_GROUP_RULES],
    conditions: {
      StringEquals: {
        'ec2:CreateAction': ['CreateSecurityGroup', 'AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress'],
      },
    },
  },
  {
    sid: 'ChangeRecords',
    actions: ['route53:ChangeResourceRecordSets'],
    on: [HOSTED_ZONE],
    // That of the host, and below it that by which its certificate is validated.
    conditions: {
      'ForAllValues:StringLike': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['${DomainName}', '*.${DomainName}'],
      },
    },
    when: 'HostedZoneId',
  },
  {
    sid: 'AwaitRecords',
    actions: ['route53:GetChange'],
    on: ['arn:${AWS::Partition}:route53:::change/*'],
    when: 'HostedZoneId',
  },
  {
    sid: 'RequestCertificate',
    actions: ['acm:AddTagsToCertificate', 'acm:RequestCertificate'],
    on: [CERTIFICATES],
    conditions: { 'ForAllValues:StringEquals': { 'acm:DomainNames': ['${IssuedDomain}'] }, ...TO_BE_OWN },
    when: 'IssuedDomain',
  },
  {
    sid: 'ChangeOwnCertificate',
    actions: ['acm:DeleteCertificate', 'acm:RemoveTagsFromCertificate'],
    on: [CERTIFICATES],
    conditions: OWN,
    when: 'IssuedDomain',
  },
  { sid: 'WidenRoles', actions: WIDEN_ROLE, on: SERVICE_ROLES, unless: 'PermissionsBoundaryArn' },
  {
    sid: 'WidenBoundedRoles',
    actions: [...WIDEN_ROLE, 'iam:PutRolePermissionsBoundary'],
    on: SERVICE_ROLES,
    conditions: BOUNDED,
    when: 'PermissionsBoundaryArn',
  },
  {
    sid: 'LetRoleMoveTraffic',
    actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    on: [TRAFFIC_ROLE],
    conditions: {
      ArnEquals: {
        'iam:PolicyARN': 'arn:${AWS::Partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
      },
    },
    when: 'AlternateTargetGroupName',
  },
  {
    sid: 'PassTaskRoles',
    actions: ['iam:PassRole'],
    on: TASK_ROLES,
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  },
  {
    sid: 'PassTrafficRole',
    actions: ['iam:PassRole'],
    on: [TRAFFIC_ROLE],
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } },
    when: 'AlternateTargetGroupName',
  },
];

const BUCKET = 'arn:${AWS::Partition}:s3:::${StateBucket}';
const [SERVICE_STATE, REGISTRY_STATE] = [`${BUCKET}/\${ServiceStateKey}`, `${BUCKET}/\${RegistryStateKey}`];
const SERVICE_STACK = at('cloudformation', 'stack/${ServiceName}-service/*');
const REGISTRY_STACK = at('cloudformation', 'stack/${ServiceName}-registry/*');

/** What `terraform init` and `plan` ask of the bucket. Source: Terraform's documentation, "S3 Backend", permissions. */
const LIST_STATE: Grant = {
  sid: 'ListState',
  actions: ['s3:ListBucket'],
  on: [BUCKET],
  // Where workspaces would be, init looks for them.
  conditions: { StringLike: { 's3:prefix': ['env:/', '${ServiceStateKey}*', '${RegistryStateKey}*'] } },
};
const DECRYPT_STATE: Grant = {
  sid: 'DecryptState',
  actions: ['kms:Decrypt'],
  on: ['${StateKmsKeyArn}'],
  when: 'StateKmsKeyArn',
};
const MAKE_CHANGE_SET = ['cloudformation:CreateChangeSet', 'cloudformation:DeleteChangeSet'];
const CHANGE_SET = [
  'cloudformation:DescribeChangeSet',
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStacks',
  'cloudformation:GetTemplate',
  'cloudformation:GetTemplateSummary',
  'cloudformation:ListStackResources',
  'cloudformation:TagResource',
  'cloudformation:UntagResource',
];

type Engine = 'state' | 'stacks';

/** What an engine keeps its records with. */
export const ENGINES: Readonly<Record<Engine, Readonly<Record<Duty, readonly Grant[]>>>> = {
  state: {
    publish: [],
    plan: [
      LIST_STATE,
      { sid: 'ReadState', actions: ['s3:GetObject'], on: [SERVICE_STATE, REGISTRY_STATE] },
      DECRYPT_STATE,
    ],
    deploy: [
      LIST_STATE,
      { sid: 'KeepState', actions: ['s3:GetObject', 's3:PutObject'], on: [SERVICE_STATE] },
      {
        sid: 'LockState',
        actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        on: [`${SERVICE_STATE}.tflock`],
      },
      // The AWS provider looks for interfaces that a security group is left in, before it deletes one.
      { sid: 'LookForInterfaces', actions: ['ec2:DescribeNetworkInterfaces'], on: ['*'] },
      { ...DECRYPT_STATE, sid: 'EncryptState', actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'] },
    ],
  },
  stacks: {
    publish: [],
    plan: [
      {
        sid: 'CompareStacks',
        actions: [...CHANGE_SET, 'cloudformation:DescribeStackResourceDrifts', 'cloudformation:DetectStackDrift'],
        on: [SERVICE_STACK, REGISTRY_STACK],
      },
      {
        // Of no name that a deployment executes: of stack.mjs, and of `cdk diff`. Who deletes one may name it by its ARN.
        sid: 'PlanByChangeSets',
        actions: MAKE_CHANGE_SET,
        on: [SERVICE_STACK, REGISTRY_STACK],
        conditions: {
          StringLike: {
            'cloudformation:ChangeSetName': ['plan-*', 'cdk-diff-*'].flatMap((name) => [name, `*:changeSet/${name}`]),
          },
        },
      },
      // Not of one stack, says the Service Authorization Reference.
      { sid: 'AwaitDrift', actions: ['cloudformation:DescribeStackDriftDetectionStatus'], on: ['*'] },
    ],
    deploy: [
      {
        sid: 'DeployStack',
        actions: [...MAKE_CHANGE_SET, ...CHANGE_SET, 'cloudformation:DeleteStack', 'cloudformation:ExecuteChangeSet'],
        on: [SERVICE_STACK],
      },
    ],
  },
};
