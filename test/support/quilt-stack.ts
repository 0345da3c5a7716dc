import { RequestCertificateCommand, waitUntilCertificateValidated } from '@aws-sdk/client-acm';
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { type AwsClients, awsClients } from './clients';
import { DEFAULT_REGION, type Emulator } from './emulator';

/** The existing Quilt stack that a deployment is put behind: everything that its answers ask for. */
export interface QuiltStack {
  name: string;
  region: string;
  accountId: string;
  vpcId: string;
  privateSubnetIds: string[];
  publicSubnetIds: string[];
  albArn: string;
  albDnsName: string;
  albHostedZoneId: string;
  albSecurityGroupIds: string[];
  listenerArn: string;
  /** Of the listener's default certificate, `*.example.com`. */
  certificateArn: string;
  clusterArn: string;
  clusterName: string;
  /** The zone's name without the dot at its end. */
  domain: string;
  hostedZoneId: string;
  /** Served by the one rule (priority 1) that the listener has besides its default. */
  registryHost: string;
  /** Versioned, for Terraform's state. */
  stateBucket: string;
}

/** Creates the Quilt stack `name` in the emulated account, as it is before any deployment. */
export async function createQuiltStack(
  emulator: Emulator,
  { name = 'quilt-test', region = DEFAULT_REGION }: { name?: string; region?: string } = {},
): Promise<QuiltStack> {
  const clients = awsClients(emulator, region);
  const domain = 'example.com';
  const registryHost = `${name}-registry.${domain}`;
  const stateBucket = `${name}-terraform-state-${emulator.accountId}`;
  const [network, certificate, cluster, zone] = await Promise.all([
    createNetwork(clients, name, region),
    clients.acm.send(new RequestCertificateCommand({ DomainName: `*.${domain}`, ValidationMethod: 'DNS' })),
    clients.ecs.send(new CreateClusterCommand({ clusterName: name })),
    clients.route53.send(new CreateHostedZoneCommand({ Name: `${domain}.`, CallerReference: name })),
    createStateBucket(clients, stateBucket, region),
  ]);
  const certificateArn = certificate.CertificateArn!;
  const [balancer] = await Promise.all([
    createLoadBalancer(clients, name, network, certificateArn, registryHost),
    waitUntilCertificateValidated(
      { client: clients.acm, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
      { CertificateArn: certificateArn },
    ),
  ]);
  return {
    name,
    region,
    accountId: emulator.accountId,
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    publicSubnetIds: network.publicSubnetIds,
    ...balancer,
    albSecurityGroupIds: [network.albSecurityGroupId],
    certificateArn,
    clusterArn: cluster.cluster!.clusterArn!,
    clusterName: name,
    domain,
    hostedZoneId: zone.HostedZone!.Id!.replace('/hostedzone/', ''),
    registryHost,
    stateBucket,
  };
}

type Network = Awaited<ReturnType<typeof createNetwork>>;

async function createNetwork({ ec2 }: AwsClients, name: string, region: string) {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: nameTag(name) }],
    }),
  );
  const vpcId = Vpc!.VpcId!;
  const subnet = async (index: number, kind: string) => {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.0.${index}.0/24`,
        AvailabilityZone: `${region}${'ab'[index % 2]}`,
        TagSpecifications: [{ ResourceType: 'subnet', Tags: nameTag(`${name}-${kind}-${index % 2}`) }],
      }),
    );
    return Subnet!.SubnetId!;
  };
  const publicSubnetIds = [await subnet(0, 'public'), await subnet(1, 'public')];
  const privateSubnetIds = [await subnet(2, 'private'), await subnet(3, 'private')];

  // What makes a subnet public: a route to an internet gateway.
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId: vpcId, InternetGatewayId: GatewayId }));
  const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable!.RouteTableId!;
  await ec2.send(new CreateRouteCommand({ RouteTableId, GatewayId, DestinationCidrBlock: '0.0.0.0/0' }));
  for (const SubnetId of publicSubnetIds) await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));

  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: `${name}-alb`, Description: 'The load balancer', VpcId: vpcId }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  return { vpcId, publicSubnetIds, privateSubnetIds, albSecurityGroupId: GroupId! };
}

async function createLoadBalancer(
  { elb }: AwsClients,
  name: string,
  network: Network,
  certificateArn: string,
  registryHost: string,
) {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: name,
      Type: 'application',
      Scheme: 'internet-facing',
      Subnets: network.publicSubnetIds,
      SecurityGroups: [network.albSecurityGroupId],
    }),
  );
  const { LoadBalancerArn, DNSName, CanonicalHostedZoneId } = LoadBalancers![0];
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: 443,
      Certificates: [{ CertificateArn: certificateArn }],
      DefaultActions: [fixedResponse('404', 'no such host')],
    }),
  );
  const listenerArn = Listeners![0].ListenerArn!;
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: 1,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [registryHost] } }],
      Actions: [fixedResponse('200', 'the registry')],
    }),
  );
  return { albArn: LoadBalancerArn!, albDnsName: DNSName!, albHostedZoneId: CanonicalHostedZoneId!, listenerArn };
}

async function createStateBucket({ s3 }: AwsClients, Bucket: string, region: string): Promise<void> {
  const elsewhere = region !== 'us-east-1' && {
    CreateBucketConfiguration: { LocationConstraint: region as 'us-west-2' },
  };
  await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}

function fixedResponse(StatusCode: string, MessageBody: string) {
  return {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode, ContentType: 'text/plain', MessageBody },
  } as const;
}

function nameTag(Value: string): Tag[] {
  return [{ Key: 'Name', Value }];
}
