import type { Deployment } from '../model/deployment';

export type Target = Deployment['target'];

/** Facts about a type of resources. */
export interface TypeFacts {
  /** Name for people. */
  readonly title: string;
  /** Its type in Terraform's AWS provider. */
  readonly terraform: string;
  /** Its type in CloudFormation. */
  readonly cloudformation: string;
  /** The property that tells one from another. */
  readonly key: string;
  /** The call of AWS that makes it, as permissions name it. */
  readonly madeBy: string;
  /** The call that tags it; absent, it has no tags. */
  readonly taggedBy?: string;
  /** The targets that replace a resource if a property changes; a property that is not named is changed in place. */
  readonly replaced?: Readonly<Record<string, readonly Target[]>>;
  /** It has revisions, each as it was made; properties that can be changed all the same. */
  readonly revised?: readonly string[];
  /** Properties by which AWS tells it from others of its type: no second one with the same can be made beside it. */
  readonly uniqueBy?: readonly string[];
  /** Terraform destroys it before it makes its successor. All else has create_before_destroy, or something that has needs it. */
  readonly destroyedFirst?: true;
  /** It holds images or logs, which are nowhere else. */
  readonly holdsData?: true;
  /** Requests of clients go through it. */
  readonly serves?: true;
  /** Targets that keep it if `retain` says so; AWS refuses to delete it for the others unless it is empty. */
  readonly keptBy?: readonly Target[];
}

const EVERY: readonly Target[] = ['terraform', 'cloudformation', 'cdk'];
const STACKS: readonly Target[] = ['cloudformation', 'cdk'];

/**
 * The types of resources that a deployment consists of, by their standard names; the same in every target.
 *
 * Source of `replaced`: CloudFormation's resource specification ("Update requires: Replacement"), and ForceNew in the
 * schemas of Terraform's AWS provider 5.100; the tests hold it against both. The two differ if a row does not name
 * every target.
 */
export const TYPES = {
  repository: {
    title: 'ECR repository',
    terraform: 'aws_ecr_repository',
    cloudformation: 'AWS::ECR::Repository',
    key: 'name',
    madeBy: 'ecr:CreateRepository',
    taggedBy: 'ecr:TagResource',
    // The template of CloudFormation has one resource for each value of `retain`: a policy of deletion takes no parameter.
    replaced: { name: EVERY, encryption: EVERY, retain: ['cloudformation'] },
    uniqueBy: ['name'],
    destroyedFirst: true,
    holdsData: true,
    keptBy: STACKS,
  },
  taskDefinition: {
    title: 'task definition',
    terraform: 'aws_ecs_task_definition',
    cloudformation: 'AWS::ECS::TaskDefinition',
    key: 'family',
    madeBy: 'ecs:RegisterTaskDefinition',
    taggedBy: 'ecs:TagResource',
    revised: ['tags'],
  },
  service: {
    title: 'ECS service',
    terraform: 'aws_ecs_service',
    cloudformation: 'AWS::ECS::Service',
    key: 'name',
    madeBy: 'ecs:CreateService',
    taggedBy: 'ecs:TagResource',
    replaced: { name: EVERY, cluster: EVERY, launchType: EVERY },
    uniqueBy: ['name', 'cluster'],
    destroyedFirst: true,
    serves: true,
  },
  securityGroup: {
    title: 'security group',
    terraform: 'aws_security_group',
    cloudformation: 'AWS::EC2::SecurityGroup',
    key: 'name',
    madeBy: 'ec2:CreateSecurityGroup',
    taggedBy: 'ec2:CreateTags',
    replaced: { name: EVERY, description: EVERY, vpc: EVERY },
    uniqueBy: ['name', 'vpc'],
  },
  securityGroupEgress: {
    title: "rule of the load balancer's security group",
    terraform: 'aws_vpc_security_group_egress_rule',
    cloudformation: 'AWS::EC2::SecurityGroupEgress',
    key: 'group',
    madeBy: 'ec2:AuthorizeSecurityGroupEgress',
    replaced: { group: EVERY, destination: STACKS, protocol: STACKS, fromPort: STACKS, toPort: STACKS },
  },
  targetGroup: {
    title: 'target group',
    terraform: 'aws_lb_target_group',
    cloudformation: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    key: 'name',
    madeBy: 'elasticloadbalancing:CreateTargetGroup',
    taggedBy: 'elasticloadbalancing:AddTags',
    replaced: { name: EVERY, targetType: EVERY, vpc: EVERY, protocol: EVERY, port: EVERY },
    uniqueBy: ['name'],
    serves: true,
  },
  listenerRule: {
    title: 'listener rule',
    terraform: 'aws_lb_listener_rule',
    cloudformation: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    key: 'priority',
    madeBy: 'elasticloadbalancing:CreateRule',
    taggedBy: 'elasticloadbalancing:AddTags',
    replaced: { listener: EVERY },
    destroyedFirst: true,
  },
  listenerCertificate: {
    title: 'certificate of the listener',
    terraform: 'aws_lb_listener_certificate',
    cloudformation: 'AWS::ElasticLoadBalancingV2::ListenerCertificate',
    key: 'listener',
    madeBy: 'elasticloadbalancing:AddListenerCertificates',
    replaced: { listener: EVERY, certificate: ['terraform'] },
  },
  certificate: {
    title: 'certificate',
    terraform: 'aws_acm_certificate',
    cloudformation: 'AWS::CertificateManager::Certificate',
    key: 'domain',
    madeBy: 'acm:RequestCertificate',
    taggedBy: 'acm:AddTagsToCertificate',
    // Terraform has the record that validates as a resource of its own.
    replaced: { domain: EVERY, validation: EVERY, validatedDomain: STACKS, validationZone: STACKS },
  },
  aliasRecord: {
    title: 'alias record',
    terraform: 'aws_route53_record',
    cloudformation: 'AWS::Route53::RecordSet',
    key: 'name',
    madeBy: 'route53:ChangeResourceRecordSets',
    replaced: { name: EVERY, zone: EVERY },
    uniqueBy: ['name', 'zone'],
    destroyedFirst: true,
  },
  logGroup: {
    title: 'log group',
    terraform: 'aws_cloudwatch_log_group',
    cloudformation: 'AWS::Logs::LogGroup',
    key: 'name',
    madeBy: 'logs:CreateLogGroup',
    taggedBy: 'logs:TagResource',
    replaced: { name: EVERY, retain: ['cloudformation'] },
    uniqueBy: ['name'],
    holdsData: true,
    keptBy: EVERY,
  },
  role: {
    title: 'IAM role',
    terraform: 'aws_iam_role',
    cloudformation: 'AWS::IAM::Role',
    key: 'name',
    madeBy: 'iam:CreateRole',
    taggedBy: 'iam:TagRole',
    replaced: { name: EVERY },
    uniqueBy: ['name'],
  },
  policy: {
    title: 'IAM policy',
    terraform: 'aws_iam_policy',
    cloudformation: 'AWS::IAM::ManagedPolicy',
    key: 'name',
    madeBy: 'iam:CreatePolicy',
    taggedBy: 'iam:TagPolicy',
    replaced: { name: EVERY },
    uniqueBy: ['name'],
    destroyedFirst: true,
  },
  oidcProvider: {
    title: 'identity provider of GitHub',
    terraform: 'aws_iam_openid_connect_provider',
    cloudformation: 'AWS::IAM::OIDCProvider',
    key: 'url',
    madeBy: 'iam:CreateOpenIDConnectProvider',
    taggedBy: 'iam:TagOpenIDConnectProvider',
    replaced: { url: EVERY },
    uniqueBy: ['url'],
    destroyedFirst: true,
  },
} as const satisfies Readonly<Record<string, TypeFacts>>;

export type ResourceType = keyof typeof TYPES;

export const RESOURCE_TYPES = Object.keys(TYPES) as readonly ResourceType[];

export function isKnown(type: string): type is ResourceType {
  return Object.hasOwn(TYPES, type);
}

/** Facts of a type; none for a type of another version of this program. */
export function factsOf(type: string): Partial<TypeFacts> {
  return isKnown(type) ? TYPES[type] : {};
}

/** Name of a type for people; the type itself for one of another version of this program. */
export function typeTitle(type: string): string {
  return factsOf(type).title ?? type;
}
