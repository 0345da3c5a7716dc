import {
  DescribeCertificateCommand,
  ListTagsForCertificateCommand,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import {
  ListTagsForResourceCommand as ListLogTagsCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type Tag,
} from '@aws-sdk/client-ec2';
import {
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand as ListRepositoryTagsCommand,
  paginateDescribeRepositories,
} from '@aws-sdk/client-ecr';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  paginateListClusters,
  paginateListServices,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs';
import {
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  paginateDescribeListenerCertificates,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { ListResourceRecordSetsCommand, paginateListHostedZones } from '@aws-sdk/client-route-53';

import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';
import { collect } from './inventory';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** By a name that says its kind: what the AWS API tells of each resource, in a form that has no accident in it. */
export type ReadAccount = Readonly<Record<string, Json>>;

/** One place in which two accounts are not the same; undefined: it is not there. */
export interface Difference {
  /** `resource: path.of.members`, or only the resource where one account has none such. */
  readonly where: string;
  readonly first: Json | undefined;
  readonly second: Json | undefined;
}

/** A resource as the API tells of it. */
interface Answer {
  /** Kind and name: the same in another account that has the same resource. */
  readonly name: string;
  /** Text that AWS made up for it, wherever this occurs: ids, and the random parts of ARNs. */
  readonly generated: readonly (string | undefined)[];
  /** Answers of calls; absent for what no deployment makes, and others refer to. */
  readonly told?: unknown;
}

type Reader = (clients: AwsClients) => Promise<Answer[]>;

/** Members that tell when something was, or count what has happened. */
const DROPPED: ReadonlySet<string> = new Set([
  '$metadata',
  'CreateDate',
  'CreatedAt',
  'IssuedAt',
  'NotAfter',
  'NotBefore',
  'RoleLastUsed',
  'createdAt',
  'creationTime',
  'deregisteredAt',
  'events',
  'lastEvaluatedAt',
  'registeredAt',
  'updatedAt',
]);

/** Lists that have an order; all others are sets. */
const ORDERED: ReadonlySet<string> = new Set(['command', 'entryPoint']);

/** Members that name the entry of a list which has them, so that the list is one by name. */
const NAMING = ['Sid', 'Key', 'key', 'name'];

/**
 * What the AWS API tells of every resource of each kind that a deployment makes, whoever made it, with all members of its
 * answers. What AWS made up is replaced by the name of the resource that has it, so that accounts can be compared; dates
 * are left out, sets are sorted, policies are read, and what has a name stands under it.
 *
 * @throws Error where two resources have one name, or what AWS made up is too short to be told from other text
 */
export async function readAccount(
  emulator: Pick<Emulator, 'url'>,
  region: string = DEFAULT_REGION,
): Promise<ReadAccount> {
  const clients = awsClients(emulator, region);
  const answers = (await Promise.all(READERS.map((read) => read(clients)))).flat();
  const labels = answers.flatMap(({ name, generated }) =>
    generated.filter((text) => text !== undefined).map((text): [string, string] => [text, `⟨${name}⟩`]),
  );
  const short = labels.filter(([text]) => text.length < 8);
  if (short.length > 0) throw new Error(`Not to be told from other text: ${short.join('; ')}`);
  // The longest first: one may be a part of another.
  labels.sort(([a], [b]) => b.length - a.length);
  const replaced = (text: string) => labels.reduce((result, [made, label]) => result.replaceAll(made, label), text);
  // Twice, since a label may have in it what was made up for another resource: a group's has its VPC.
  const named = (text: string) => replaced(replaced(text));
  const account: Record<string, Json> = {};
  for (const { name, told } of answers) {
    if (told === undefined) continue;
    const key = named(name);
    if (key in account) throw new Error(`Two resources are called ${key}`);
    account[key] = normalise(told, named);
  }
  return account;
}

/** Where two accounts are not the same, by name of the resource. */
export function differences(first: ReadAccount, second: ReadAccount): Difference[] {
  return namesOf(first, second).flatMap((name) =>
    compare(first[name], second[name]).map(({ where, ...values }) => ({
      where: where === '' ? name : `${name}: ${where.replace(/^\./, '')}`,
      ...values,
    })),
  );
}

function compare(first: Json | undefined, second: Json | undefined, where = ''): Difference[] {
  if (isRecord(first) && isRecord(second)) {
    return namesOf(first, second).flatMap((name) => compare(first[name], second[name], `${where}.${name}`));
  }
  if (isList(first) && isList(second) && first.length === second.length) {
    return first.flatMap((entry, index) => compare(entry, second[index], `${where}[${index}]`));
  }
  return JSON.stringify(first) === JSON.stringify(second) ? [] : [{ where, first, second }];
}

function normalise(value: unknown, named: (text: string) => string, member = ''): Json {
  if (typeof value === 'string') {
    const document = documentIn(value);
    return document === undefined ? named(value) : withoutListsOfOne(normalise(document, named));
  }
  if (Array.isArray(value)) {
    const entries = value.map((entry) => normalise(entry, named));
    if (ORDERED.has(member)) return entries;
    const naming = NAMING.find(
      (key) => entries.length > 0 && entries.every((entry) => isRecord(entry) && key in entry),
    );
    if (!naming) return entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const byName = entries.map((entry): [string, Json] => {
      const { [naming]: name, ...rest } = entry as Readonly<Record<string, Json>>;
      return [String(name), rest];
    });
    if (new Set(byName.map(([name]) => name)).size < byName.length) throw new Error(`${member} has a name twice`);
    return inOrder(byName);
  }
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Date) throw new Error(`${member} is a date: say that it is left out`);
    const members = Object.entries(value).filter(([name, inner]) => !DROPPED.has(name) && inner !== undefined);
    return inOrder(members.map(([name, inner]) => [named(name), normalise(inner, named, name)]));
  }
  return (value ?? null) as Json;
}

/** A policy as an API returns it: JSON, which IAM encodes as for a URL. */
function documentIn(text: string): unknown {
  return /^(\{\s*"|%7B)/.test(text) ? JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text) : undefined;
}

/** In a policy, a list of one means the same as the one. */
function withoutListsOfOne(value: Json): Json {
  if (isList(value)) return value.length === 1 ? withoutListsOfOne(value[0]!) : value.map(withoutListsOfOne);
  if (!isRecord(value)) return value;
  return inOrder(Object.entries(value).map(([name, inner]) => [name, withoutListsOfOne(inner)]));
}

function inOrder(entries: readonly (readonly [string, Json])[]): Record<string, Json> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function namesOf(...records: readonly object[]): string[] {
  return [...new Set(records.flatMap(Object.keys))].sort();
}

const lastOf = (arn: string | undefined) => arn?.split('/').at(-1);

const network: Reader = async ({ ec2 }) => {
  const [{ Vpcs }, { Subnets }] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({})),
    ec2.send(new DescribeSubnetsCommand({})),
  ]);
  return [
    ...Vpcs!.map(({ VpcId, Tags }) => ({ name: nameBy('VPC', Tags), generated: [VpcId] })),
    ...Subnets!.map(({ SubnetId, Tags }) => ({ name: nameBy('subnet', Tags), generated: [SubnetId] })),
  ];
};

function nameBy(kind: string, tags: readonly Tag[] | undefined): string {
  return `${kind} ${tags?.find(({ Key }) => Key === 'Name')?.Value ?? 'of the account'}`;
}

const securityGroups: Reader = async ({ ec2: client }) => {
  const groups = await collect(paginateDescribeSecurityGroups({ client }, {}), (page) => page.SecurityGroups);
  const rules = await collect(paginateDescribeSecurityGroupRules({ client }, {}), (page) => page.SecurityGroupRules);
  return groups.map((group) => {
    const own = rules.filter(({ GroupId }) => GroupId === group.GroupId);
    const name = `security group ${group.GroupName} in ${group.VpcId}`;
    return {
      name,
      generated: [group.GroupId, ...own.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)],
      told: { ...group, rules: own },
    };
  });
};

const repositories: Reader = async ({ ecr: client }) => {
  const found = await collect(paginateDescribeRepositories({ client }, {}), (page) => page.repositories);
  return Promise.all(
    found.map(async (repository) => {
      const { repositoryName, repositoryArn: resourceArn } = repository;
      return {
        name: `repository ${repositoryName}`,
        generated: [],
        told: {
          ...repository,
          lifecycle: await client
            .send(new GetLifecyclePolicyCommand({ repositoryName }))
            .catch(unless('LifecyclePolicyNotFoundException')),
          policy: await client
            .send(new GetRepositoryPolicyCommand({ repositoryName }))
            .catch(unless('RepositoryPolicyNotFoundException')),
          tags: (await client.send(new ListRepositoryTagsCommand({ resourceArn }))).tags,
        },
      };
    }),
  );
};

function unless(name: string): (error: Error) => undefined {
  return (error) => {
    if (error.name !== name) throw error;
  };
}

const logGroups: Reader = async ({ logs: client }) => {
  const found = await collect(paginateDescribeLogGroups({ client }, {}), (page) => page.logGroups);
  return Promise.all(
    found.map(async (group) => {
      const resourceArn = group.arn!.replace(/:\*$/, '');
      const { tags } = await client.send(new ListLogTagsCommand({ resourceArn }));
      return { name: `log group ${group.logGroupName}`, generated: [], told: { ...group, tags } };
    }),
  );
};

/** Those that are no longer active, too: a target could leave one active, or take one away that another keeps. */
const taskDefinitions: Reader = async ({ ecs: client }) => {
  const arns = await Promise.all(
    (['ACTIVE', 'INACTIVE'] as const).map((status) =>
      collect(paginateListTaskDefinitions({ client }, { status }), (page) => page.taskDefinitionArns),
    ),
  );
  return Promise.all(
    arns.flat().map(async (taskDefinition) => ({
      name: `task definition ${lastOf(taskDefinition)}`,
      generated: [],
      told: await client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
    })),
  );
};

const services: Reader = async ({ ecs: client }) => {
  const clusters = await collect(paginateListClusters({ client }, {}), (page) => page.clusterArns);
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const arns = await collect(paginateListServices({ client }, { cluster }), (page) => page.serviceArns);
      if (arns.length === 0) return [];
      const told = await client.send(new DescribeServicesCommand({ cluster, services: arns, include: ['TAGS'] }));
      // The emulator lists those that are deleted; AWS does not.
      return told.services!.filter(({ status }) => status !== 'INACTIVE');
    }),
  );
  return found.flat().map((service) => ({
    name: `service ${service.serviceName}`,
    generated: service.deployments!.map(({ id }) => lastOf(id)),
    told: service,
  }));
};

const loadBalancing: Reader = async ({ elb: client }) => {
  const tagsOf = async (arn: string | undefined) =>
    (await client.send(new DescribeTagsCommand({ ResourceArns: [arn!] }))).TagDescriptions![0]!.Tags;
  const balancers = await collect(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers);
  const listeners = await Promise.all(
    balancers.map(({ LoadBalancerArn }) =>
      collect(paginateDescribeListeners({ client }, { LoadBalancerArn }), (page) => page.Listeners),
    ),
  );
  const ofListeners = listeners.flat().map(async ({ ListenerArn, Port }): Promise<Answer[]> => {
    const [certificates, rules] = await Promise.all([
      collect(paginateDescribeListenerCertificates({ client }, { ListenerArn }), (page) => page.Certificates),
      collect(paginateDescribeRules({ client }, { ListenerArn }), (page) => page.Rules),
    ]);
    return [
      {
        name: `listener ${Port}`,
        generated: [lastOf(ListenerArn)],
        told: { certificates, priorities: rules.map(({ Priority }) => Priority) },
      },
      ...(await Promise.all(
        rules.map(async (rule) => ({
          name: `listener rule ${Port === 443 ? '' : `${Port} `}${rule.Priority}`,
          generated: [lastOf(rule.RuleArn)],
          told: { ...rule, tags: await tagsOf(rule.RuleArn) },
        })),
      )),
    ];
  });
  const groups = await collect(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups);
  const targetGroups = groups.map(async (group): Promise<Answer> => {
    const TargetGroupArn = group.TargetGroupArn!;
    const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    return {
      name: `target group ${group.TargetGroupName}`,
      generated: [lastOf(TargetGroupArn)],
      told: { ...group, attributes: Attributes, tags: await tagsOf(TargetGroupArn) },
    };
  });
  return [
    ...balancers.map(({ LoadBalancerName, LoadBalancerArn }) => ({
      name: `load balancer ${LoadBalancerName}`,
      generated: [lastOf(LoadBalancerArn)],
    })),
    ...(await Promise.all(ofListeners)).flat(),
    ...(await Promise.all(targetGroups)),
  ];
};

const certificates: Reader = async ({ acm: client }) => {
  const found = await collect(paginateListCertificates({ client }, {}), (page) => page.CertificateSummaryList);
  return Promise.all(
    found.map(async ({ CertificateArn }) => {
      const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
      const { Tags } = await client.send(new ListTagsForCertificateCommand({ CertificateArn }));
      return {
        name: `certificate ${Certificate!.DomainName}`,
        // The emulator's validation records are always the same.
        generated: [lastOf(CertificateArn), Certificate!.Serial],
        told: { ...Certificate, tags: Tags },
      };
    }),
  );
};

const recordSets: Reader = async ({ route53: client }) => {
  const zones = await collect(paginateListHostedZones({ client }, {}), (page) => page.HostedZones);
  const answers = zones.map(async ({ Id: HostedZoneId, Name }): Promise<Answer[]> => {
    const { ResourceRecordSets, IsTruncated } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
    if (IsTruncated) throw new Error(`${Name} has more record sets than are read`);
    return [
      { name: `zone ${Name}`, generated: [lastOf(HostedZoneId)] },
      ...ResourceRecordSets!.map((set) => ({
        name: `record set ${set.Name} ${set.Type} in ${Name}`,
        generated: [],
        told: set,
      })),
    ];
  });
  return (await Promise.all(answers)).flat();
};

const roles: Reader = async ({ iam: client }) => {
  const found = await collect(paginateListRoles({ client }, {}), (page) => page.Roles);
  return Promise.all(
    found.map(async ({ RoleName, RoleId }) => {
      const { Role } = await client.send(new GetRoleCommand({ RoleName }));
      const names = await collect(paginateListRolePolicies({ client }, { RoleName }), (page) => page.PolicyNames);
      const policies = await Promise.all(
        names.map(async (PolicyName) => {
          const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          return [PolicyName, PolicyDocument] as const;
        }),
      );
      const attached = await collect(
        paginateListAttachedRolePolicies({ client }, { RoleName }),
        (page) => page.AttachedPolicies,
      );
      return {
        name: `role ${RoleName}`,
        generated: [RoleId],
        told: { ...Role, policies: Object.fromEntries(policies), attached },
      };
    }),
  );
};

const READERS: readonly Reader[] = [
  network,
  securityGroups,
  repositories,
  logGroups,
  taskDefinitions,
  services,
  loadBalancing,
  certificates,
  recordSets,
  roles,
];
