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
  type SecurityGroupRule,
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
  ListOpenIDConnectProvidersCommand,
  paginateListAttachedRolePolicies,
  paginateListPolicies,
  paginateListRolePolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import {
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { paginateListBuckets, paginateListObjectsV2 } from '@aws-sdk/client-s3';

import type { AwsClients } from '../../src/rehearsal/clients';
import type { ResourceType } from '../../src/resources/types';

/** A resource as the API tells of it. */
export interface Answer {
  /** Kind and name: the same in another account that has the same resource. */
  readonly name: string;
  /** Text that AWS made up for it, wherever this occurs: ids, and the random parts of ARNs. */
  readonly generated: readonly (string | undefined)[];
  /** Answers of calls; absent for what no deployment makes, and others refer to. */
  readonly told?: unknown;
  /** Lines of the inventory, `kind identity`; absent, one of the name and what was made up. */
  readonly lines?: readonly string[];
}

export type Reader = (clients: AwsClients) => Promise<Answer[]>;

const lastOf = (arn: string | undefined) => arn?.split('/').at(-1);

const network: Reader = async ({ ec2 }) => {
  const [{ Vpcs }, { Subnets }] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({})),
    ec2.send(new DescribeSubnetsCommand({})),
  ]);
  return [
    ...Vpcs!.map(({ VpcId, Tags }) => ({ name: nameBy('VPC', Tags), generated: [VpcId], lines: [] })),
    ...Subnets!.map(({ SubnetId, Tags }) => ({ name: nameBy('subnet', Tags), generated: [SubnetId], lines: [] })),
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
      lines: [
        `security-group ${group.GroupId} ${group.GroupName}`,
        ...own.map(
          (rule) => `security-group-rule ${rule.SecurityGroupRuleId} of ${rule.GroupId} ${describeRule(rule)}`,
        ),
      ],
    };
  });
};

function describeRule(rule: SecurityGroupRule): string {
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId;
  return `${rule.IsEgress ? 'to' : 'from'} ${peer} ${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort}`;
}

const repositories: Reader = async ({ ecr: client }) => {
  const found = await collect(paginateDescribeRepositories({ client }, {}), (page) => page.repositories);
  return Promise.all(
    found.map(async (repository) => {
      const { repositoryName, repositoryArn: resourceArn } = repository;
      return {
        name: `repository ${repositoryName}`,
        generated: [],
        lines: [`ecr-repository ${repositoryName}`],
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
      return {
        name: `log group ${group.logGroupName}`,
        generated: [],
        told: { ...group, tags },
        lines: [`log-group ${group.logGroupName}`],
      };
    }),
  );
};

/** Those that are no longer active, too: a target could leave one active, or take one away that another keeps. */
const taskDefinitions: Reader = async ({ ecs: client }) => {
  const [active, inactive] = await Promise.all(
    (['ACTIVE', 'INACTIVE'] as const).map((status) =>
      collect(paginateListTaskDefinitions({ client }, { status }), (page) => page.taskDefinitionArns),
    ),
  );
  return Promise.all(
    [...active!, ...inactive!].map(async (taskDefinition) => ({
      lines: active!.includes(taskDefinition) ? [`ecs-task-definition ${taskDefinition}`] : [],
      name: `task definition ${lastOf(taskDefinition)}`,
      generated: [],
      told: await client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
    })),
  );
};

const clusters: Reader = async ({ ecs: client }) => {
  const arns = await collect(paginateListClusters({ client }, {}), (page) => page.clusterArns);
  return arns.map((arn) => ({ name: `cluster ${lastOf(arn)}`, generated: [], lines: [`ecs-cluster ${arn}`] }));
};

const services: Reader = async ({ ecs: client }) => {
  const found = await collect(paginateListClusters({ client }, {}), (page) => page.clusterArns);
  const told = await Promise.all(
    found.map(async (cluster) => {
      const arns = await collect(paginateListServices({ client }, { cluster }), (page) => page.serviceArns);
      const parts = await Promise.all(
        chunks(arns, 10).map((services) =>
          client.send(new DescribeServicesCommand({ cluster, services, include: ['TAGS'] })),
        ),
      );
      // The emulator lists those that are deleted; AWS does not.
      return parts.flatMap(({ services = [] }) => services.filter(({ status }) => status !== 'INACTIVE'));
    }),
  );
  return told.flat().map((service) => ({
    lines: [`ecs-service ${service.serviceArn}`],
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
        lines: [
          `listener ${ListenerArn} ${Port}`,
          // A listener lists its default certificate twice: as the default and as one of the list.
          ...new Set(certificates.map(({ CertificateArn }) => `listener-certificate ${ListenerArn} ${CertificateArn}`)),
        ],
      },
      ...(await Promise.all(
        rules.map(async (rule) => ({
          name: `listener rule ${Port === 443 ? '' : `${Port} `}${rule.Priority}`,
          generated: [lastOf(rule.RuleArn)],
          told: { ...rule, tags: await tagsOf(rule.RuleArn) },
          lines: [
            `listener-rule ${rule.RuleArn} ${rule.Priority} ${JSON.stringify(rule.Conditions)} -> ${JSON.stringify(rule.Actions)}`,
          ],
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
      lines: [`target-group ${TargetGroupArn}`],
    };
  });
  return [
    ...balancers.map(({ LoadBalancerName, LoadBalancerArn }) => ({
      name: `load balancer ${LoadBalancerName}`,
      generated: [lastOf(LoadBalancerArn)],
      lines: [`load-balancer ${LoadBalancerArn}`],
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
        lines: [`certificate ${CertificateArn} ${Certificate!.DomainName}`],
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
      { name: `zone ${Name}`, generated: [lastOf(HostedZoneId)], lines: [`hosted-zone ${HostedZoneId} ${Name}`] },
      ...ResourceRecordSets!.map((set) => ({
        name: `record set ${set.Name} ${set.Type} in ${Name}`,
        generated: [],
        told: set,
        lines: [`record-set ${HostedZoneId} ${set.Name} ${set.Type} ${set.SetIdentifier ?? ''} ${valuesOf(set)}`],
      })),
    ];
  });
  return (await Promise.all(answers)).flat();
};

function valuesOf({ AliasTarget, ResourceRecords }: ResourceRecordSet): string | undefined {
  return AliasTarget?.DNSName ?? ResourceRecords?.map(({ Value }) => Value).join(' ');
}

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
        lines: [
          `iam-role ${RoleName}`,
          ...names.map((name) => `iam-role-policy ${RoleName} ${name}`),
          ...attached.map(({ PolicyArn }) => `iam-attached-policy ${RoleName} ${PolicyArn}`),
        ],
      };
    }),
  );
};

const policies: Reader = async ({ iam: client }) => {
  const found = await collect(paginateListPolicies({ client }, { Scope: 'Local' }), (page) => page.Policies);
  return found.map(({ Arn }) => ({ name: `policy ${Arn}`, generated: [], lines: [`iam-policy ${Arn}`] }));
};

const oidcProviders: Reader = async ({ iam: client }) => {
  const { OpenIDConnectProviderList = [] } = await client.send(new ListOpenIDConnectProvidersCommand({}));
  return OpenIDConnectProviderList.map(({ Arn }) => ({
    name: `identity provider ${Arn}`,
    generated: [],
    lines: [`oidc-provider ${Arn}`],
  }));
};

/** Buckets and their objects, but for Terraform's own state. */
const buckets: Reader = async ({ s3: client }) => {
  const found = await collect(paginateListBuckets({ client }, {}), (page) => page.Buckets);
  return Promise.all(
    found.map(async ({ Name: Bucket }) => {
      const objects = await collect(paginateListObjectsV2({ client }, { Bucket }), (page) => page.Contents);
      const others = objects.filter(({ Key }) => !/\.tfstate(\.tflock)?$/.test(Key!));
      return {
        name: `bucket ${Bucket}`,
        generated: [],
        lines: [`s3-bucket ${Bucket}`, ...others.map(({ Key }) => `s3-object ${Bucket} ${Key}`)],
      };
    }),
  );
};

/** What reads the resources of each type; several types may be read together. */
const BY_TYPE: Readonly<Record<ResourceType, Reader>> = {
  repository: repositories,
  taskDefinition: taskDefinitions,
  service: services,
  securityGroup: securityGroups,
  securityGroupEgress: securityGroups,
  targetGroup: loadBalancing,
  listenerRule: loadBalancing,
  listenerCertificate: loadBalancing,
  certificate: certificates,
  aliasRecord: recordSets,
  logGroup: logGroups,
  role: roles,
  policy: policies,
  oidcProvider: oidcProviders,
};

/** Each once, with those of what no deployment makes. */
export const READERS: readonly Reader[] = [...new Set([network, clusters, buckets, ...Object.values(BY_TYPE)])];

/** The items of every page. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

function chunks<Item>(items: Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
