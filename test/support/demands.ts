import { ListTagsForCertificateCommand } from '@aws-sdk/client-acm';
import { DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand } from '@aws-sdk/client-iam';

import { partitionOf } from '../../src/config/partitions';
import type { AwsClients } from '../../src/rehearsal/clients';
import { type Call, listOf, type Parameters, requestTags, textOf } from './aws-calls';
import { aboutByReference, taggingDemands } from './demands-by-reference';
import type { Demand } from './evaluate';
import { referenceOf } from './service-reference';

/** The account that a call is made in, as its root user sees it. */
export interface Place {
  readonly accountId: string;
  readonly clients: AwsClients;
}

type Context = NonNullable<Demand['context']>;

/** What a call is about: a resource, and the condition keys of the request for it. */
interface About {
  readonly resource: string;
  readonly context?: Context;
}

/** How the ARNs of a service are written where a call is made. */
type Arn = (service: string, resource: string) => string;

type Reader = (call: Call, arn: Arn, place: Place) => readonly About[] | Promise<readonly About[]>;

/**
 * What a call is about, by its service. Empty where it names no resource. What the Service Authorization Reference says is
 * enough for a service that is not here.
 */
const ABOUT: Readonly<Partial<Record<string, Reader>>> = {
  acm: async ({ parameters }, _, place) => {
    const tags = requestTags(parameters.Tags);
    const resource = textOf(parameters, 'CertificateArn');
    if (resource) return [{ resource, context: { ...(await certificateTags(place, resource)), ...tags } }];
    const names = [textOf(parameters, 'DomainName'), ...listOf(parameters, 'SubjectAlternativeNames')];
    return [
      {
        resource: '*',
        context: { 'acm:DomainNames': names.filter((name) => name !== undefined).map(String), ...tags },
      },
    ];
  },
  cloudformation: ({ parameters }, arn) => {
    const [stack, changeSet] = [textOf(parameters, 'StackName'), textOf(parameters, 'ChangeSetName')];
    const imported = listOf(parameters, 'ResourcesToImport').flatMap((one) => textOf(one, 'ResourceType') ?? []);
    const context = {
      'cloudformation:ChangeSetName': changeSet,
      ...(imported.length > 0 && { 'cloudformation:ImportResourceTypes': imported }),
      ...requestTags(parameters.Tags),
    };
    if (stack)
      return [{ resource: stack.startsWith('arn:') ? stack : arn('cloudformation', `stack/${stack}/id`), context }];
    if (changeSet) throw new Error('the stack of a change set is not known here by the name of the change set alone');
    return [];
  },
  ec2: aboutNetwork,
  ecr: ({ action, parameters }, arn) => {
    const names = [textOf(parameters, 'repositoryName'), ...listOf(parameters, 'repositoryNames')];
    const resource = textOf(parameters, 'resourceArn');
    if (resource) return [{ resource }];
    const known = names.filter((name) => name !== undefined);
    // Without a name it is about all of them.
    const asked = known.length === 0 && action === 'DescribeRepositories' ? ['*'] : known;
    return asked.map((name) => ({ resource: arn('ecr', `repository/${name}`) }));
  },
  ecs: aboutTasks,
  elasticloadbalancing: aboutBalancing,
  iam: async ({ action, parameters }, arn, place) => {
    const other =
      textOf(parameters, 'OpenIDConnectProviderArn') ??
      (action.endsWith('RolePolicy') ? undefined : textOf(parameters, 'PolicyArn'));
    if (other) return [{ resource: other }];
    const name = textOf(parameters, 'RoleName');
    if (!name) return [];
    const boundary = textOf(parameters, 'PermissionsBoundary') ?? (await boundaryOf(place, name));
    const context = { 'iam:PermissionsBoundary': boundary, 'iam:PolicyARN': textOf(parameters, 'PolicyArn') };
    return [{ resource: arn('iam', `role/${name}`), context: { ...context, ...requestTags(parameters.Tags) } }];
  },
  logs: ({ parameters }, arn) => {
    const name = textOf(parameters, 'logGroupName');
    const resource = textOf(parameters, 'resourceArn') ?? (name && arn('logs', `log-group:${name}`));
    return resource ? [{ resource, context: requestTags(parameters.tags) }] : [];
  },
  route53: ({ action, parameters }, arn) => {
    const id = textOf(parameters, 'Id');
    if (!id) return [];
    if (action === 'GetChange') return [{ resource: arn('route53', `change/${id}`) }];
    const body = textOf(parameters, 'body') ?? '';
    const all = (name: string) =>
      [...body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text!);
    const prefix = 'route53:ChangeResourceRecordSets';
    const context = {
      [`${prefix}NormalizedRecordNames`]: all('Name').map((name) => name.toLowerCase().replace(/\.$/, '')),
      [`${prefix}RecordTypes`]: all('Type'),
      [`${prefix}Actions`]: all('Action'),
    };
    return [{ resource: arn('route53', `hostedzone/${id}`), context }];
  },
  s3: ({ parameters }, arn) => {
    const [bucket, key] = [textOf(parameters, 'Bucket'), textOf(parameters, 'Key')];
    if (bucket === undefined) return [];
    const resource = arn('s3', key === undefined ? bucket : `${bucket}/${key}`);
    return [{ resource, context: { 's3:prefix': textOf(parameters, 'Prefix') } }];
  },
  wafv2: ({ parameters }) => [{ resource: textOf(parameters, 'ResourceArn')! }],
};

async function aboutNetwork({ action, parameters }: Call, arn: Arn, place: Place): Promise<readonly About[]> {
  const ofGroup = async (): Promise<About> => {
    const id = textOf(parameters, 'GroupId')!;
    return { resource: arn('ec2', `security-group/${id}`), context: await networkContext(place, id, arn) };
  };
  const specified = requestTags(listOf(listOf(parameters, 'TagSpecification')[0], 'Tag'));
  if (action === 'CreateSecurityGroup') {
    return [
      { resource: arn('ec2', 'security-group/new'), context: specified },
      { resource: arn('ec2', `vpc/${textOf(parameters, 'VpcId')}`) },
    ];
  }
  // Source: Service Authorization Reference: a new rule is a resource of its own, beside its group.
  if (/^Authorize/.test(action)) {
    return [await ofGroup(), { resource: arn('ec2', 'security-group-rule/new'), context: specified }];
  }
  if (action === 'ModifySecurityGroupRules') {
    const rules = listOf(parameters, 'SecurityGroupRule').map((rule) => textOf(rule, 'SecurityGroupRuleId')!);
    return [
      await ofGroup(),
      ...(await Promise.all(
        rules.map(async (id) => ({
          resource: arn('ec2', `security-group-rule/${id}`),
          context: await networkContext(place, id, arn),
        })),
      )),
    ];
  }
  if (action === 'CreateTags' || action === 'DeleteTags') {
    const tags = requestTags(listOf(parameters, 'Tag'));
    return Promise.all(
      listOf(parameters, 'ResourceId').map(async (id) => ({
        resource: arn('ec2', `${String(id).startsWith('sgr-') ? 'security-group-rule' : 'security-group'}/${id}`),
        context: { ...(await networkContext(place, String(id), arn)), ...tags },
      })),
    );
  }
  return textOf(parameters, 'GroupId') ? [await ofGroup()] : [];
}

function aboutTasks({ parameters }: Call, arn: Arn): readonly About[] {
  const context = requestTags(parameters.tags);
  const cluster = (textOf(parameters, 'cluster') ?? 'default').split('/').at(-1)!;
  const serviceOf = (name: string) => (name.startsWith('arn:') ? name : arn('ecs', `service/${cluster}/${name}`));
  const named = textOf(parameters, 'serviceName') ?? textOf(parameters, 'service');
  const services = [named, ...listOf(parameters, 'services')].filter((name) => name !== undefined);
  const family = textOf(parameters, 'family');
  const deployments = [textOf(parameters, 'serviceDeploymentArn'), ...listOf(parameters, 'serviceDeploymentArns')]
    .filter((one) => one !== undefined)
    .map(String);
  const resources = [
    textOf(parameters, 'resourceArn'),
    family && arn('ecs', `task-definition/${family}:1`),
    ...services.map((name) => serviceOf(String(name))),
    // Source: Service Authorization Reference: of the service of a deployment, too.
    ...deployments.flatMap((one) => [one, one.replace(':service-deployment/', ':service/').replace(/\/[^/]+$/, '')]),
    ...listOf(parameters, 'clusters').map((one) =>
      String(one).startsWith('arn:') ? String(one) : arn('ecs', `cluster/${one}`),
    ),
  ];
  return resources.filter((resource) => resource !== undefined).map((resource) => ({ resource, context }));
}

async function aboutBalancing({ action, parameters }: Call, arn: Arn, place: Place): Promise<readonly About[]> {
  const tags = requestTags(parameters.Tags);
  if (action === 'CreateTargetGroup') {
    return [{ resource: arn('elasticloadbalancing', `targetgroup/${textOf(parameters, 'Name')}/new`), context: tags }];
  }
  const resources = [
    ...['RuleArn', 'ListenerArn', 'TargetGroupArn'].map((name) => textOf(parameters, name)),
    ...listOf(parameters, 'ResourceArns').map(String),
    ...listOf(parameters, 'RulePriorities').map((one) => textOf(one, 'RuleArn')),
  ].filter((resource) => resource !== undefined);
  return Promise.all(
    resources.map(async (resource) => ({ resource, context: { ...(await balancingTags(place, resource)), ...tags } })),
  );
}

/** A question that AWS asks beside that of a call's own name. */
interface Beyond {
  /** Calls, each as service and action. */
  readonly calls: RegExp;
  readonly source: string;
  readonly demands: (call: Call, arn: Arn) => readonly Demand[];
}

/** What AWS checks beyond a call's own name. */
const BEYOND: readonly Beyond[] = [
  {
    calls: /^wafv2:GetWebACLForResource$/,
    source: 'AWS WAF Developer Guide, "Permissions for GetWebACLForResource"',
    demands: ({ parameters }, arn) => [
      { action: 'wafv2:GetWebACL', resource: arn('wafv2', 'regional/webacl/any/id') },
      { action: 'elasticloadbalancing:GetLoadBalancerWebACL', resource: textOf(parameters, 'ResourceArn')! },
    ],
  },
  {
    calls: /^cloudformation:DetectStackDrift$/,
    source:
      'AWS CloudFormation User Guide, "Detect unmanaged configuration changes to stacks and resources", permissions',
    demands: ({ parameters }, arn) => {
      const stack = textOf(parameters, 'StackName')!;
      const resource = stack.startsWith('arn:') ? stack : arn('cloudformation', `stack/${stack}/id`);
      return [{ action: 'cloudformation:DetectStackResourceDrift', resource }];
    },
  },
  {
    calls: /^cloudformation:(CreateChangeSet|CreateStack|UpdateStack)$/,
    source: 'Service Authorization Reference, "AWS CloudFormation", TagResource, cloudformation:CreateAction',
    demands: ({ action, parameters }, arn) =>
      listOf(parameters, 'Tags').length === 0
        ? []
        : [
            {
              action: 'cloudformation:TagResource',
              resource: arn(
                'cloudformation',
                `stack/${textOf(parameters, 'StackName')!.replace(/^.*:stack\/([^/]+).*$/, '$1')}/id`,
              ),
              context: { 'cloudformation:CreateAction': action, ...requestTags(parameters.Tags) },
            },
          ],
  },
  {
    calls: /^ecs:RegisterTaskDefinition$/,
    source: 'IAM User Guide, "Grant a user permissions to pass a role to an AWS service"',
    demands: ({ parameters }) =>
      ['executionRoleArn', 'taskRoleArn']
        .flatMap((name) => textOf(parameters, name) ?? [])
        .map((role) => passing(role, 'ecs-tasks.amazonaws.com')),
  },
  {
    calls: /^ecs:(CreateService|UpdateService)$/,
    source: 'Amazon ECS Developer Guide, "Amazon ECS infrastructure IAM role for load balancers"',
    demands: ({ parameters }) => {
      const roles = listOf(parameters, 'loadBalancers').map((one) =>
        textOf((one as Parameters).advancedConfiguration, 'roleArn'),
      );
      return [...new Set(roles)].flatMap((role) => role ?? []).map((role) => passing(role, 'ecs.amazonaws.com'));
    },
  },
  {
    calls: /^ecs:(RegisterTaskDefinition|CreateService)$/,
    source: 'Amazon ECS Developer Guide, "Grant permission to tag resources on creation"',
    demands: (call, arn) =>
      listOf(call.parameters, 'tags').length === 0
        ? []
        : aboutTasks(call, arn).map(({ resource, context }) => ({
            action: 'ecs:TagResource',
            resource,
            context: { ...context, 'ecs:CreateAction': call.action },
          })),
  },
  {
    calls: /^ec2:(CreateSecurityGroup|AuthorizeSecurityGroup(In|E)gress)$/,
    source: 'Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation"',
    demands: ({ action, parameters }, arn) =>
      listOf(parameters, 'TagSpecification').map((one) => ({
        action: 'ec2:CreateTags',
        resource: arn('ec2', `${textOf(one, 'ResourceType')}/new`),
        context: { 'ec2:CreateAction': action, ...requestTags(listOf(one, 'Tag')) },
      })),
  },
  {
    calls: /^elasticloadbalancing:(CreateRule|CreateTargetGroup)$/,
    source:
      'Elastic Load Balancing User Guide, "Elastic Load Balancing API permissions to tag resources during creation"',
    demands: ({ action, parameters }, arn) => {
      const resource =
        action === 'CreateRule'
          ? `${textOf(parameters, 'ListenerArn')!.replace(':listener/', ':listener-rule/')}/new`
          : arn('elasticloadbalancing', `targetgroup/${textOf(parameters, 'Name')}/new`);
      const context = { 'elasticloadbalancing:CreateAction': action, ...requestTags(parameters.Tags) };
      return listOf(parameters, 'Tags').length === 0
        ? []
        : [{ action: 'elasticloadbalancing:AddTags', resource, context }];
    },
  },
  {
    calls: /^iam:CreateRole$/,
    source: 'IAM User Guide, "Tag IAM roles", permissions',
    demands: ({ parameters }, arn) =>
      listOf(parameters, 'Tags').length === 0
        ? []
        : [
            {
              action: 'iam:TagRole',
              resource: arn('iam', `role/${textOf(parameters, 'RoleName')}`),
              context: requestTags(parameters.Tags),
            },
          ],
  },
  {
    calls: /^logs:CreateLogGroup$/,
    source: 'Amazon CloudWatch Logs API Reference, CreateLogGroup, tags',
    demands: ({ parameters }, arn) =>
      Object.keys(parameters.tags ?? {}).length === 0
        ? []
        : [
            {
              action: 'logs:TagResource',
              resource: arn('logs', `log-group:${textOf(parameters, 'logGroupName')}`),
              context: requestTags(parameters.tags),
            },
          ],
  },
  {
    calls: /^acm:RequestCertificate$/,
    source: 'AWS Certificate Manager API Reference, RequestCertificate and AddTagsToCertificate',
    demands: ({ parameters }, arn) =>
      listOf(parameters, 'Tags').length === 0
        ? []
        : [
            {
              action: 'acm:AddTagsToCertificate',
              resource: arn('acm', 'certificate/new'),
              context: requestTags(parameters.Tags),
            },
          ],
  },
];

function passing(role: string, service: string): Demand {
  return { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } };
}

/** Every question that AWS asks before it does what a call asks. Rejects where it is not known here what the call is about. */
export async function demandsOf(call: Call, place: Place): Promise<Demand[]> {
  const name = `${call.service}:${call.action}`;
  const reference = await referenceOf(name);
  if (!reference) throw new Error(`the Service Authorization Reference has no ${name}`);
  const partition = partitionOf(call.region).id;
  const arn: Arn = (service, resource) => {
    const where = { iam: `:${place.accountId}`, s3: ':', route53: ':' }[service] ?? `${call.region}:${place.accountId}`;
    return `arn:${partition}:${service}:${where}:${resource}`;
  };
  const known = ABOUT[call.service];
  const about = known ? await known(call, arn, place) : aboutByReference(call, reference, arn);
  const own = reference.ofNothing ? [{ resource: '*', context: about[0]?.context }] : about;
  if (own.length === 0 && reference.types.some(({ required }) => required)) {
    throw new Error(`which resource ${name} is about is not known here: say it in test/support/demands.ts`);
  }
  return [
    // A call that may name a resource, and does not, is about all of them.
    ...(own.length > 0 ? own : [{ resource: '*' }]).map((one): Demand => ({ action: name, ...one })),
    ...BEYOND.filter(({ calls }) => calls.test(name)).flatMap(({ demands }) => demands(call, arn)),
    ...(known ? [] : taggingDemands(call, about)),
  ];
}

async function networkContext({ clients: { ec2 } }: Place, id: string, arn: Arn): Promise<Context> {
  if (id.startsWith('sgr-')) {
    const { SecurityGroupRules = [] } = await known(
      ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] })),
    );
    return resourceTags(SecurityGroupRules[0]?.Tags);
  }
  const { SecurityGroups = [] } = await known(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })));
  const vpc = SecurityGroups[0]?.VpcId;
  return { ...resourceTags(SecurityGroups[0]?.Tags), 'ec2:Vpc': vpc && arn('ec2', `vpc/${vpc}`) };
}

async function balancingTags({ clients }: Place, resource: string): Promise<Context> {
  const { TagDescriptions = [] } = await known(clients.elb.send(new DescribeTagsCommand({ ResourceArns: [resource] })));
  return resourceTags(TagDescriptions[0]?.Tags);
}

async function certificateTags({ clients }: Place, CertificateArn: string): Promise<Context> {
  const { Tags } = await known(clients.acm.send(new ListTagsForCertificateCommand({ CertificateArn })));
  return resourceTags(Tags);
}

async function boundaryOf({ clients }: Place, RoleName: string): Promise<string | undefined> {
  const { Role } = await known(clients.iam.send(new GetRoleCommand({ RoleName })));
  return Role?.PermissionsBoundary?.PermissionsBoundaryArn;
}

/** What is not there has no tags, and the call will say that it is not there. */
async function known<T extends object>(answer: Promise<T>): Promise<Partial<T>> {
  try {
    return await answer;
  } catch (error) {
    if (!/NotFound|NoSuchEntity|Invalid.*ID/i.test((error as Error).name)) throw error;
    return {};
  }
}

function resourceTags(tags: readonly { Key?: string; Value?: string }[] = []): Context {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value ?? '']));
}
