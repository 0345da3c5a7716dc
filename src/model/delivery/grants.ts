import { CALLS, CHECK_CALLS } from '../../discovery/calls';
import type { Conditions, Duty } from '../deployment';
import { LOG_GROUPS, SUFFIXES } from '../names';

/** GitHub's identity provider. Source: GitHub's documentation, "Configuring OpenID Connect in Amazon Web Services". */
export const OIDC_ISSUER = 'token.actions.githubusercontent.com';

/**
 * A permission. Texts refer to an environment's values as CloudFormation's `Fn::Sub` does, `${ServiceName}`. The names
 * are those of {@link DELIVERY_NAMES} and of pseudo parameters.
 */
export interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly on: readonly (string | { readonly resource: string; readonly when: OptionalName })[];
  readonly conditions?: Conditions;
  /** Policy that has it, if not the one of its service. */
  readonly policy?: 'account';
  /** Given only if the environment has this. */
  readonly when?: OptionalName;
  /** Given only if the environment does not have this. */
  readonly unless?: OptionalName;
}

/**
 * Names that permissions refer to, with a description of each: those of every environment, and those that one may lack.
 */
export const DELIVERY_NAMES = {
  ServiceName: 'Name of the service, after which its roles, task definition, log group and tags are named',
  ClusterName: 'Name of the ECS cluster',
  ListenerPath: 'Listener of the load balancer: its ARN from app/ on',
  VpcId: 'VPC of the tasks',
  TargetGroupName: 'Name of the target group',
} as const;
export const OPTIONAL_DELIVERY_NAMES = {
  RepositoryName: 'Name of the ECR repository; empty, it is shared, and in a layer of its own',
  SharedRepositoryArn: 'ECR repository that is shared with other environments; empty, none is',
  AlternateTargetGroupName: 'Name of the second target group; empty, no traffic is moved between two',
  DomainName: 'Host name of its own; empty, there is none',
  AlbEgressGroupId: 'Security group of the load balancer that gets a rule; empty, none does',
  HostedZoneId: 'Hosted zone of the alias record; empty, there is none',
  IssuedDomain: 'Host name that a certificate is issued for; empty, none is',
  CreatedProvider: 'Identity provider that this layer makes; empty, it makes none',
  PermissionsBoundaryArn: 'Permissions boundary of the roles that a deployment makes; empty, none',
  DeliveryBoundaryArn: 'Permissions boundary of the roles that workflows assume; empty, none',
  UpstreamRepositoryArn: "ECR repository that upstream's image is pulled from; empty, this environment pulls none",
} as const;

export type OptionalName = keyof typeof OPTIONAL_DELIVERY_NAMES | 'StateKmsKeyArn';

const at = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
const inAccount = (resource: string) => `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${resource}`;

const REPOSITORY = at('ecr', 'repository/${RepositoryName}');
const SERVICE = at('ecs', 'service/${ClusterName}/${ServiceName}');
const TASK_DEFINITION = at('ecs', 'task-definition/${ServiceName}:*');
/** Ends of the names of the workflows' roles. */
const ROLES = [SUFFIXES.publishRole, SUFFIXES.planRole, SUFFIXES.deployRole];
const LOG_GROUP = ['', ':*'].map((end) => at('logs', `log-group:${LOG_GROUPS}\${ServiceName}${end}`));
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
const roleOfService = (kind: keyof typeof SUFFIXES) => inAccount(`role/\${ServiceName}${SUFFIXES[kind]}`);
const TASK_ROLES = [roleOfService('executionRole'), roleOfService('taskRole')];
const TRAFFIC_ROLE = roleOfService('trafficRole');
const SERVICE_ROLES = [...TASK_ROLES, { resource: TRAFFIC_ROLE, when: 'AlternateTargetGroupName' }] as const;
const HOSTED_ZONE = 'arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId}';
const CERTIFICATES = at('acm', 'certificate/*');

/** Resources tagged as this environment's. It tells those apart whose ARN has no name. */
const OWN: Conditions = { StringEquals: { 'aws:ResourceTag/Service': '${ServiceName}' } };
const TO_BE_OWN: Conditions = { StringEquals: { 'aws:RequestTag/Service': '${ServiceName}' } };
/**
 * Calls that CloudFormation makes with the role's credentials, but not the role itself. Source: IAM User Guide, "AWS
 * global condition context keys", aws:CalledVia.
 */
const BY_STACKS: Conditions = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } };
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

/**
 * Actions on one kind of resource: those of a plan, and those that applying adds. Deletion is among them, for
 * replacements.
 */
interface Thing extends Omit<Grant, 'actions' | 'conditions'> {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const THINGS: readonly Thing[] = [
  {
    // Source: Service Authorization Reference: none of these is of one resource.
    sid: 'LookAtNetwork',
    read: [
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
      // CloudFormation checks that the resources named by parameters exist, with the caller's permissions.
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
    write: [],
    on: ['*'],
  },
  {
    // Source: as above.
    sid: 'LookAtBalancing',
    read: [
      'elasticloadbalancing:DescribeListenerCertificates',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    write: [],
    on: ['*'],
  },
  {
    // Source: as above.
    sid: 'LookAtService',
    read: ['ecs:DescribeTaskDefinition', 'logs:DescribeLogGroups'],
    // For retiring a task definition there is no narrower one either.
    write: ['ecs:DeregisterTaskDefinition'],
    on: ['*'],
  },
  {
    sid: 'Service',
    read: [
      // These cover the service and its deployment, and so does the action that stops it. Source: Service Authorization
      // Reference.
      'ecs:DescribeServiceDeployments',
      'ecs:DescribeServices',
      'ecs:ListServiceDeployments',
      'ecs:ListTagsForResource',
    ],
    write: [
      'ecs:CreateService',
      'ecs:DeleteService',
      'ecs:RegisterTaskDefinition',
      'ecs:StopServiceDeployment',
      'ecs:TagResource',
      'ecs:UntagResource',
      'ecs:UpdateService',
    ],
    on: [SERVICE, TASK_DEFINITION],
  },
  {
    sid: 'ServiceDeployments',
    read: ['ecs:DescribeServiceDeployments'],
    write: ['ecs:StopServiceDeployment'],
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
      // Terraform and CloudFormation change a description by this call.
      'iam:UpdateRoleDescription',
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

/** Permissions of a plan of the service. */
export const READ_SERVICE = THINGS.map(({ read, write: _write, ...thing }): Grant => ({ ...thing, actions: read }));

const READ_IMAGE = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** Permissions to verify the signature of an image, which the registry keeps beside the image. */
export const READ_SIGNATURE: readonly Grant[] = [
  { sid: 'LogIn', actions: ['ecr:GetAuthorizationToken'], on: ['*'] },
  { sid: 'ReadSignature', actions: READ_IMAGE, on: [REPOSITORY], when: 'RepositoryName' },
  // If that repository is in another account, its policy must allow this, too.
  { sid: 'ReadSharedSignature', actions: READ_IMAGE, on: ['${SharedRepositoryArn}'], when: 'SharedRepositoryArn' },
];

/** Permissions of a plan of the registry, these roles included. */
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
    on: ROLES.map((role) => inAccount(`role/\${ServiceName}${role}`)),
  },
  {
    // Source: the handler of AWS::IAM::ManagedPolicy, read, for drift; Terraform's AWS provider 5.100, aws_iam_policy.
    sid: 'ReadDeliveryPolicies',
    actions: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListEntitiesForPolicy', 'iam:ListPolicyVersions'],
    on: ROLES.map((role) => inAccount(`policy/\${ServiceName}${role}-*`)),
  },
  {
    sid: 'ReadIdentityProvider',
    actions: ['iam:GetOpenIDConnectProvider'],
    on: [inAccount(`oidc-provider/${OIDC_ISSUER}`)],
    when: 'CreatedProvider',
  },
];

/**
 * Permissions, beyond those of a plan, to find out if the Quilt stack is as the answers say, and what took the place of
 * resources that are gone. Source: Service Authorization Reference: the first two take no resource.
 */
export const FIND_QUILT_STACK: readonly Grant[] = [
  { sid: 'FindLoadBalancer', actions: ['elasticloadbalancing:DescribeLoadBalancerAttributes'], on: ['*'] },
  { sid: 'FindClusters', actions: ['ecs:ListClusters'], on: ['*'] },
  { sid: 'FindCluster', actions: ['ecs:DescribeClusters'], on: [at('ecs', 'cluster/*')] },
];

const WEB_ACLS = at('wafv2', 'regional/webacl/*');
const LOAD_BALANCERS = at('elasticloadbalancing', 'loadbalancer/app/*');

/** Resources of the calls of a check that are of one. Source: Service Authorization Reference: the others are of none. */
const CHECKED: readonly Omit<Grant, 'policy' | 'conditions'>[] = [
  { sid: 'CheckCluster', actions: ['ecs:DescribeClusters'], on: [at('ecs', 'cluster/${ClusterName}')] },
  {
    sid: 'CheckRepository',
    actions: ['ecr:DescribeRepositories', 'ecr:ListTagsForResource'],
    on: [REPOSITORY],
    when: 'RepositoryName',
  },
  { sid: 'CheckWebAcl', actions: ['wafv2:GetWebACL'], on: [WEB_ACLS] },
  { sid: 'CheckWebAclOf', actions: ['wafv2:GetWebACLForResource'], on: [WEB_ACLS, LOAD_BALANCERS] },
  { sid: 'CheckBalancerWebAcl', actions: ['elasticloadbalancing:GetLoadBalancerWebACL'], on: [LOAD_BALANCERS] },
];
const ofOne = new Set(CHECKED.flatMap(({ actions }) => actions));
/** Each role that checks plans, too. */
const ofPlan = new Set(THINGS.flatMap(({ read }) => read));

/**
 * Permissions of the command `check` beyond those of a plan: those of its calls, as the table of calls has them. A policy of their
 * own has them.
 */
export const CHECK: readonly Grant[] = [
  {
    sid: 'CheckAccount',
    actions: [...new Set(CHECK_CALLS.flatMap((name): readonly string[] => CALLS[name].actions))]
      .filter((action) => !ofOne.has(action) && !ofPlan.has(action))
      .sort(),
    on: ['*'],
    policy: 'account',
  },
  ...CHECKED.map((grant): Grant => ({ ...grant, policy: 'account' })),
];

/** Permissions to apply the service; those of its plan are included. */
export const WRITE_SERVICE: readonly Grant[] = [
  ...THINGS.map(({ read, write, ...thing }): Grant => ({ ...thing, actions: [...read, ...write] })),
  {
    // By the names in their ARNs, which are this environment's alone, and not by a tag: no document says whether
    // CloudFormation gives a group its tags before its attributes, which are a call of their own.
    sid: 'TargetGroups',
    actions: [
      'elasticloadbalancing:AddTags',
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:DeleteTargetGroup',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:RemoveTags',
    ],
    on: TARGET_GROUPS,
  },
  { sid: 'MakeRules', actions: ['elasticloadbalancing:CreateRule'], on: [LISTENER] },
  {
    sid: 'TagNewRules',
    actions: ['elasticloadbalancing:AddTags'],
    on: [RULES],
    conditions: { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateRule' } },
  },
  {
    sid: 'ChangeOwnRules',
    actions: [
      'elasticloadbalancing:AddTags',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:RemoveTags',
    ],
    on: [RULES],
    conditions: OWN,
  },
  {
    // Earlier ones, of another name: network.nameSuffix changes the name.
    sid: 'DeleteFormerTargetGroups',
    actions: ['elasticloadbalancing:DeleteTargetGroup'],
    on: [at('elasticloadbalancing', 'targetgroup/*')],
    conditions: OWN,
  },
  {
    // Without a condition: the Service Authorization Reference lists no key for it, not even the tag.
    sid: 'MoveRules',
    actions: ['elasticloadbalancing:SetRulePriorities'],
    on: [RULES],
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
    // The record of the host, and below it the one that validates its certificate.
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
    // Source: Service Authorization Reference: a request is of no resource, and only its tags are of a certificate. Terraform sends
    // them with it, CloudFormation in a second call (aws-cloudformation/cloudformation-coverage-roadmap#2308).
    sid: 'RequestCertificate',
    actions: ['acm:RequestCertificate'],
    on: ['*'],
    conditions: {
      'ForAllValues:StringEquals': { 'acm:DomainNames': ['${IssuedDomain}'] },
      StringEqualsIfExists: TO_BE_OWN.StringEquals!,
    },
    when: 'IssuedDomain',
  },
  {
    // Not one that is another environment's: with our tag, it could be deleted.
    sid: 'TagCertificate',
    actions: ['acm:AddTagsToCertificate'],
    on: [CERTIFICATES],
    conditions: { ...TO_BE_OWN, StringEqualsIfExists: OWN.StringEquals! },
    when: 'IssuedDomain',
  },
  {
    sid: 'ChangeOwnCertificate',
    // A change of other tags does not send ours again.
    actions: ['acm:AddTagsToCertificate', 'acm:DeleteCertificate', 'acm:RemoveTagsFromCertificate'],
    on: [CERTIFICATES],
    conditions: OWN,
    when: 'IssuedDomain',
  },
  {
    // Without a boundary nothing limits these roles anyway; so a deployment may take away the one that they had.
    sid: 'WidenRoles',
    actions: [...WIDEN_ROLE, 'iam:DeleteRolePermissionsBoundary'],
    on: SERVICE_ROLES,
    unless: 'PermissionsBoundaryArn',
  },
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
const SERVICE_STACK = at('cloudformation', `stack/\${ServiceName}${SUFFIXES.serviceStack}/*`);
const REGISTRY_STACK = at('cloudformation', `stack/\${ServiceName}${SUFFIXES.registryStack}/*`);

/**
 * Permissions of `terraform init` and `plan` for the bucket. Source: Terraform's documentation, "S3 Backend",
 * permissions.
 */
const LIST_STATE: Grant = {
  sid: 'ListState',
  actions: ['s3:ListBucket'],
  on: [BUCKET],
  // `init` looks for workspaces at this prefix.
  conditions: { StringLike: { 's3:prefix': ['env:/', '${ServiceStateKey}*', '${RegistryStateKey}*'] } },
};
/**
 * For a state that does not exist yet, S3 answers 404 to those who may list the bucket, else 403. If it judges that as
 * a listing without a prefix, the statement above does not allow it, as its key is missing. This one does; if S3
 * ignores the condition, it adds nothing. It shows the names of keys, too, but not their content. Source: Amazon S3 API
 * Reference, HeadObject and GetObject, permissions.
 */
const MISS_STATE: Grant = {
  sid: 'MissState',
  actions: ['s3:ListBucket'],
  on: [BUCKET],
  conditions: { Null: { 's3:prefix': 'true' } },
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

/** Permissions of CloudFormation to read a log group. Source: schema of AWS::Logs::LogGroup, handlers. */
const READ_LOG_GROUP: Grant = { sid: 'LogGroupPolicy', actions: ['logs:GetDataProtectionPolicy'], on: LOG_GROUP };
/** Not of one log group, says the Service Authorization Reference. */
const LOG_POLICIES = ['logs:DescribeIndexPolicies', 'logs:DescribeResourcePolicies'];

/** The tag of the environment's own stack, if CloudFormation gave its tags already: the Quilt stack's resources have another. */
const OF_NO_OTHER_STACK = {
  'aws:ResourceTag/aws:cloudformation:stack-name': `\${ServiceName}${SUFFIXES.serviceStack}`,
};
const WITHOUT_OUR_TAG = { 'aws:ResourceTag/Service': 'true' };

/** A group of the VPC that is not of another environment or stack. */
const FRESH_GROUP: Conditions = {
  ArnEquals: { 'ec2:Vpc': at('ec2', 'vpc/${VpcId}') },
  Null: WITHOUT_OUR_TAG,
  StringEqualsIfExists: OF_NO_OTHER_STACK,
};

const FINISH_GROUP = [
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:DeleteSecurityGroup',
  'ec2:RevokeSecurityGroupEgress',
];
const CHANGE_RULE = [
  'elasticloadbalancing:DeleteRule',
  'elasticloadbalancing:ModifyRule',
  'elasticloadbalancing:RemoveTags',
];

/**
 * CloudFormation tags a security group and a listener rule in the call that makes it, or in a later one, or not at all:
 * its documents do not say. WRITE_SERVICE allows the first. These allow the others, to CloudFormation alone.
 */
const UNTAGGED_BY_STACKS: readonly Grant[] = [
  {
    // MakeInVpc limits it to the VPC: the Service Authorization Reference has no such key for this resource.
    sid: 'MakeUntaggedGroup',
    actions: ['ec2:CreateSecurityGroup'],
    on: [SECURITY_GROUPS],
    conditions: { Null: { 'aws:RequestTag/Service': 'true' }, ...BY_STACKS },
  },
  {
    // Handlers give a group its rules before its tags (aws-cloudformation/cloudformation-coverage-roadmap#714).
    sid: 'FinishUntaggedGroup',
    actions: FINISH_GROUP,
    on: [SECURITY_GROUPS],
    conditions: { ...FRESH_GROUP, ...BY_STACKS },
  },
  {
    sid: 'TagUntaggedGroup',
    actions: ['ec2:CreateTags'],
    on: [SECURITY_GROUPS],
    conditions: { ...FRESH_GROUP, ...TO_BE_OWN, ...BY_STACKS },
  },
  {
    // Until July 2026 CloudFormation gave listener rules no tags (aws-cloudformation/cloudformation-coverage-roadmap#1526):
    // those of older stacks have none. Their ARN names the listener.
    sid: 'ChangeUntaggedRules',
    actions: CHANGE_RULE,
    on: [RULES],
    conditions: { Null: WITHOUT_OUR_TAG, StringEqualsIfExists: OF_NO_OTHER_STACK, ...BY_STACKS },
  },
  {
    // A change of other tags does not send this one again, so that a rule may stay without it.
    sid: 'TagUntaggedRules',
    actions: ['elasticloadbalancing:AddTags'],
    on: [RULES],
    conditions: {
      Null: WITHOUT_OUR_TAG,
      StringEqualsIfExists: { ...OF_NO_OTHER_STACK, 'aws:RequestTag/Service': '${ServiceName}' },
      ...BY_STACKS,
    },
  },
];

type Engine = 'state' | 'stacks';

/** Permissions for the records of an engine: its state, or its stacks. */
export const ENGINES: Readonly<Record<Engine, Readonly<Record<Duty, readonly Grant[]>>>> = {
  state: {
    publish: [],
    plan: [
      LIST_STATE,
      MISS_STATE,
      { sid: 'ReadState', actions: ['s3:GetObject'], on: [SERVICE_STATE, REGISTRY_STATE] },
      DECRYPT_STATE,
    ],
    deploy: [
      LIST_STATE,
      MISS_STATE,
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
        actions: [
          ...CHANGE_SET,
          'cloudformation:DescribeStackResourceDrifts',
          'cloudformation:DetectStackDrift',
          // DetectStackDrift needs it for each resource, too, which the Service Authorization Reference does not say. Source:
          // AWS CloudFormation User Guide, "Detect unmanaged configuration changes to stacks and resources", permissions.
          'cloudformation:DetectStackResourceDrift',
        ],
        on: [SERVICE_STACK, REGISTRY_STACK],
      },
      {
        // Change sets of `stack`, `cdk` and `cdk diff`, whose names no deployment executes. One may be deleted by its
        // ARN, too.
        sid: 'PlanByChangeSets',
        actions: MAKE_CHANGE_SET,
        on: [SERVICE_STACK, REGISTRY_STACK],
        conditions: {
          StringLike: {
            'cloudformation:ChangeSetName': ['plan-*', 'cdk-diff-*'].flatMap((name) => [name, `*:changeSet/${name}`]),
          },
        },
      },
      {
        // Not of one stack, says the Service Authorization Reference.
        sid: 'AwaitDrift',
        actions: ['cloudformation:BatchDescribeTypeConfigurations', 'cloudformation:DescribeStackDriftDetectionStatus'],
        on: ['*'],
      },
      READ_LOG_GROUP,
      { sid: 'LogPolicies', actions: LOG_POLICIES, on: ['*'] },
    ],
    deploy: [
      {
        // An import that is asked for by name may bring in what an earlier stack kept, and nothing else. One without types,
        // such as `--import-existing-resources`, which CloudFormation resolves by itself, has no such key.
        sid: 'MakeChangeSet',
        actions: ['cloudformation:CreateChangeSet'],
        on: [SERVICE_STACK],
        conditions: { 'ForAllValues:StringEquals': { 'cloudformation:ImportResourceTypes': ['AWS::Logs::LogGroup'] } },
      },
      {
        sid: 'DeployStack',
        actions: [
          'cloudformation:DeleteChangeSet',
          ...CHANGE_SET,
          'cloudformation:DeleteStack',
          'cloudformation:ExecuteChangeSet',
        ],
        on: [SERVICE_STACK],
      },
      READ_LOG_GROUP,
      // CloudFormation looks for instances that a security group is left in, before it deletes one. Source: schema of
      // AWS::EC2::SecurityGroup, handlers.
      { sid: 'LookAround', actions: ['ec2:DescribeInstances', ...LOG_POLICIES], on: ['*'] },
      ...UNTAGGED_BY_STACKS,
    ],
  },
};
