import { RequestCertificateCommand, waitUntilCertificateValidated } from '@aws-sdk/client-acm';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { type AwsClients, awsClients } from '../clients';
import { DEFAULT_REGION, type Emulator } from '../emulator';
import { createDescribingStack } from './description';
import { createLoadBalancers } from './load-balancers';
import { createNetwork } from './network';
import { createSecurityGroups } from './security-groups';
import type { EmulatedQuiltStack, QuiltStackShape } from './shape';

export type { EmulatedQuiltStack, QuiltStackShape } from './shape';

/**
 * Creates the Quilt stack `name` in the emulated account, as it is before any deployment: with the listeners, rules, hosts,
 * security groups, kinds of subnets, outputs, parameters and tags that Quilt's own template makes.
 * Source: quiltdata/knowledge-base, `iam-policy-qa/template.cft` (build 1.62.1); quiltdata/iac 1.6.0 for the network and
 * UserSecurityGroup.
 *
 * Assumed, for no public source shows them: the UserSubnets of an internal stack are subnets of their own, without a route out of
 * the VPC. A UserSecurityGroup that somebody made by hand has one rule out, the one that EC2 gives every new group.
 */
export async function createQuiltStack(
  emulator: Emulator,
  { name = 'quilt-test', region = DEFAULT_REGION, ...shape }: { name?: string; region?: string } & QuiltStackShape = {},
): Promise<EmulatedQuiltStack> {
  const clients = awsClients(emulator, region);
  const domain = 'example.com';
  const [catalogHost, registryHost, proxyHost] = ['', '-registry', '-s3-proxy'].map(
    (part) => `${name}${part}.${domain}`,
  );
  const stateBucket = `${name}-terraform-state-${emulator.accountId}`;
  const [network, certificate, cluster, zone] = await Promise.all([
    createNetwork(clients, name, region, shape),
    clients.acm.send(new RequestCertificateCommand({ DomainName: `*.${domain}`, ValidationMethod: 'DNS' })),
    clients.ecs.send(new CreateClusterCommand({ clusterName: name })),
    clients.route53.send(new CreateHostedZoneCommand({ Name: `${domain}.`, CallerReference: name })),
    createStateBucket(clients, stateBucket, region),
  ]);
  const certificateArn = certificate.CertificateArn!;
  const groups = await createSecurityGroups(clients, name, network.vpcId, shape);
  const hosts = { catalog: catalogHost!, registry: registryHost!, proxy: proxyHost! };
  const [balancer] = await Promise.all([
    createLoadBalancers(clients, name, network, groups, certificateArn, hosts, shape),
    waitUntilCertificateValidated(
      { client: clients.acm, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
      { CertificateArn: certificateArn },
    ),
  ]);
  const { connectDnsName, ...alb } = balancer;
  const stack: EmulatedQuiltStack = {
    name,
    region,
    accountId: emulator.accountId,
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    intraSubnetIds: network.intraSubnetIds,
    publicSubnetIds: network.publicSubnetIds,
    albSubnetIds: network.albSubnetIds,
    ...alb,
    albSecurityGroupIds: [groups.ElbPrivateSecurityGroup!, groups.UserSecurityGroup!],
    certificateArn,
    clusterArn: cluster.cluster!.clusterArn!,
    clusterName: name,
    domain,
    hostedZoneId: zone.HostedZone!.Id!.replace('/hostedzone/', ''),
    catalogHost: hosts.catalog,
    registryHost: hosts.registry,
    stateBucket,
  };
  await createDescribingStack(clients, stack, groups, hosts.proxy, connectDnsName, shape);
  return stack;
}

async function createStateBucket({ s3 }: AwsClients, Bucket: string, region: string): Promise<void> {
  const elsewhere = region !== 'us-east-1' && {
    CreateBucketConfiguration: { LocationConstraint: region as 'us-west-2' },
  };
  await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}
