import { paginateListCertificates } from '@aws-sdk/client-acm';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import {
  DescribeServicesCommand,
  paginateListClusters,
  paginateListServices,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs';
import {
  paginateDescribeListenerCertificates,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ListOpenIDConnectProvidersCommand,
  paginateListAttachedRolePolicies,
  paginateListPolicies,
  paginateListRolePolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  paginateListHostedZones,
} from '@aws-sdk/client-route-53';
import { paginateListBuckets, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';

/** Lines `kind identity`, one per resource. */
type Lines = Promise<string[]>;

/**
 * Every live resource of the account, of each kind that a deployment may create, as sorted lines `kind identity`; what a
 * resource consists of is in its line where it has no name (rules, record sets). What AWS keeps of a deleted resource
 * does not count (INACTIVE services and task definitions), nor do Terraform's own state objects.
 */
export async function takeInventory(emulator: Emulator, region: string = DEFAULT_REGION): Promise<string[]> {
  const clients = awsClients(emulator, region);
  const takers = [securityGroups, logGroups, repositories, iam, loadBalancing, ecs, certificates, dns, s3];
  const lines = await Promise.all(takers.map((take) => take(clients)));
  return lines.flat().sort();
}

async function securityGroups({ ec2 }: AwsClients): Lines {
  const groups = await collect(paginateDescribeSecurityGroups({ client: ec2 }, {}), (page) => page.SecurityGroups);
  const rules = await collect(
    paginateDescribeSecurityGroupRules({ client: ec2 }, {}),
    (page) => page.SecurityGroupRules,
  );
  return [
    ...groups.map((group) => `security-group ${group.GroupId} ${group.GroupName}`),
    ...rules.map((rule) => `security-group-rule ${rule.SecurityGroupRuleId} of ${rule.GroupId} ${describeRule(rule)}`),
  ];
}

function describeRule(rule: SecurityGroupRule): string {
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId;
  return `${rule.IsEgress ? 'to' : 'from'} ${peer} ${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort}`;
}

async function logGroups({ logs }: AwsClients): Lines {
  const groups = await collect(paginateDescribeLogGroups({ client: logs }, {}), (page) => page.logGroups);
  return groups.map((group) => `log-group ${group.logGroupName}`);
}

async function repositories({ ecr }: AwsClients): Lines {
  const found = await collect(paginateDescribeRepositories({ client: ecr }, {}), (page) => page.repositories);
  return found.map((repository) => `ecr-repository ${repository.repositoryName}`);
}

async function iam({ iam: client }: AwsClients): Lines {
  const roles = await collect(paginateListRoles({ client }, {}), (page) => page.Roles);
  const ofRoles = await Promise.all(
    roles.map(async ({ RoleName }) => {
      const inline = await collect(paginateListRolePolicies({ client }, { RoleName }), (page) => page.PolicyNames);
      const attached = await collect(
        paginateListAttachedRolePolicies({ client }, { RoleName }),
        (page) => page.AttachedPolicies,
      );
      return [
        `iam-role ${RoleName}`,
        ...inline.map((name) => `iam-role-policy ${RoleName} ${name}`),
        ...attached.map((policy) => `iam-attached-policy ${RoleName} ${policy.PolicyArn}`),
      ];
    }),
  );
  const policies = await collect(paginateListPolicies({ client }, { Scope: 'Local' }), (page) => page.Policies);
  const providers = await client.send(new ListOpenIDConnectProvidersCommand({}));
  return [
    ...ofRoles.flat(),
    ...policies.map((policy) => `iam-policy ${policy.Arn}`),
    ...(providers.OpenIDConnectProviderList ?? []).map((provider) => `oidc-provider ${provider.Arn}`),
  ];
}

async function loadBalancing({ elb: client }: AwsClients): Lines {
  const targetGroups = await collect(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups);
  const balancers = await collect(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers);
  const listeners = await Promise.all(
    balancers.map(({ LoadBalancerArn }) =>
      collect(paginateDescribeListeners({ client }, { LoadBalancerArn }), (page) => page.Listeners),
    ),
  );
  const ofListeners = await Promise.all(
    listeners.flat().map(async ({ ListenerArn, Port }) => {
      const attached = await collect(
        paginateDescribeListenerCertificates({ client }, { ListenerArn }),
        (page) => page.Certificates,
      );
      const rules = await collect(paginateDescribeRules({ client }, { ListenerArn }), (page) => page.Rules);
      return [
        `listener ${ListenerArn} ${Port}`,
        // A listener lists its default certificate twice: as the default and as one of the list.
        ...new Set(attached.map((certificate) => `listener-certificate ${ListenerArn} ${certificate.CertificateArn}`)),
        ...rules.map(
          (rule) =>
            `listener-rule ${rule.RuleArn} ${rule.Priority} ${JSON.stringify(rule.Conditions)} -> ${JSON.stringify(rule.Actions)}`,
        ),
      ];
    }),
  );
  return [
    ...targetGroups.map((group) => `target-group ${group.TargetGroupArn}`),
    ...balancers.map((balancer) => `load-balancer ${balancer.LoadBalancerArn}`),
    ...ofListeners.flat(),
  ];
}

async function ecs({ ecs: client }: AwsClients): Lines {
  const clusters = await collect(paginateListClusters({ client }, {}), (page) => page.clusterArns);
  const services = await Promise.all(
    clusters.map(async (cluster) => {
      const arns = await collect(paginateListServices({ client }, { cluster }), (page) => page.serviceArns);
      const described = await Promise.all(
        chunks(arns, 10).map((part) => client.send(new DescribeServicesCommand({ cluster, services: part }))),
      );
      return described.flatMap((answer) => answer.services ?? []);
    }),
  );
  const definitions = await collect(
    paginateListTaskDefinitions({ client }, { status: 'ACTIVE' }),
    (page) => page.taskDefinitionArns,
  );
  return [
    ...clusters.map((arn) => `ecs-cluster ${arn}`),
    ...services
      .flat()
      .filter((service) => service.status !== 'INACTIVE')
      .map((service) => `ecs-service ${service.serviceArn}`),
    ...definitions.map((arn) => `ecs-task-definition ${arn}`),
  ];
}

async function certificates({ acm }: AwsClients): Lines {
  const found = await collect(paginateListCertificates({ client: acm }, {}), (page) => page.CertificateSummaryList);
  return found.map((certificate) => `certificate ${certificate.CertificateArn} ${certificate.DomainName}`);
}

async function dns({ route53: client }: AwsClients): Lines {
  const zones = await collect(paginateListHostedZones({ client }, {}), (page) => page.HostedZones);
  const lines = zones.map((zone) => `hosted-zone ${zone.Id} ${zone.Name}`);
  for (const { Id } of zones) {
    let page: ListResourceRecordSetsCommandOutput | undefined;
    do {
      page = await client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: Id,
          StartRecordName: page?.NextRecordName,
          StartRecordType: page?.NextRecordType,
          StartRecordIdentifier: page?.NextRecordIdentifier,
        }),
      );
      for (const record of page.ResourceRecordSets ?? []) {
        const values = record.AliasTarget?.DNSName ?? record.ResourceRecords?.map(({ Value }) => Value).join(' ');
        lines.push(`record-set ${Id} ${record.Name} ${record.Type} ${record.SetIdentifier ?? ''} ${values}`);
      }
    } while (page.IsTruncated);
  }
  return lines;
}

async function s3({ s3: client }: AwsClients): Lines {
  const buckets = await collect(paginateListBuckets({ client }, {}), (page) => page.Buckets);
  const objects = await Promise.all(
    buckets.map(async ({ Name: Bucket }) => {
      const found = await collect(paginateListObjectsV2({ client }, { Bucket }), (page) => page.Contents);
      return found
        .filter((object) => !/\.tfstate(\.tflock)?$/.test(object.Key!))
        .map((object) => `s3-object ${Bucket} ${object.Key}`);
    }),
  );
  return [...buckets.map((bucket) => `s3-bucket ${bucket.Name}`), ...objects.flat()];
}

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
