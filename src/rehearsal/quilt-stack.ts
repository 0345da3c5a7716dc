import { createHash } from 'node:crypto';
import { RequestCertificateCommand, waitUntilCertificateValidated } from '@aws-sdk/client-acm';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { type AwsClients, awsClients } from './clients';
import { DEFAULT_REGION, type Emulator } from './emulator';

/** Differences between Quilt stacks. */
export interface QuiltStackShape {
  /** Whether the load balancer is reached from the internet, or inside the network only. Default: the internet. */
  readonly scheme?: 'internet-facing' | 'internal';
  /** Whether Connect is on, which has a load balancer of its own (platform 1.68 and later). Default: no. */
  readonly connect?: boolean;
  /** Whether the load balancer's own group still has the rule of every new group: out to everything. Default: no. */
  readonly openEgress?: boolean;
  /**
   * Origin of UserSecurityGroup: quiltdata/iac, which leaves it without egress, or a person, with the rule of every new
   * group: out to everything. Default: quiltdata/iac.
   */
  readonly userGroup?: 'iac' | 'by hand';
  /** Priorities of the stack's rules for its three hosts. Default: 25, 30 and 40. */
  readonly priorities?: { readonly catalog: number; readonly registry: number; readonly proxy: number };
}

/** The existing Quilt stack that a deployment is put behind: everything that its answers ask for. */
export interface EmulatedQuiltStack {
  name: string;
  region: string;
  accountId: string;
  vpcId: string;
  /** With a route to a NAT gateway: the parameter Subnets. */
  privateSubnetIds: string[];
  /** Without a route to anywhere else: the parameter IntraSubnets. */
  intraSubnetIds: string[];
  publicSubnetIds: string[];
  /** Subnets of the load balancer: the parameter UserSubnets or PublicSubnets, by the scheme. */
  albSubnetIds: string[];
  albArn: string;
  albDnsName: string;
  albHostedZoneId: string;
  /** ElbPrivateSecurityGroup, then UserSecurityGroup. */
  albSecurityGroupIds: string[];
  /** HTTPS on 443. */
  listenerArn: string;
  /** ARN of the listener's default certificate, `*.example.com`. */
  certificateArn: string;
  clusterArn: string;
  clusterName: string;
  /** The zone's name without the dot at its end. */
  domain: string;
  hostedZoneId: string;
  /** Output QuiltWebHost: the catalog's. */
  catalogHost: string;
  registryHost: string;
  /** Versioned, for Terraform's state. */
  stateBucket: string;
}

/** Seconds. */
const IDLE_TIMEOUT = 1000;
const PRIORITIES = { catalog: 25, registry: 30, proxy: 40 };
const ALL: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

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
  const groups = await createGroups(clients, name, network.vpcId, shape);
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
  await describeStack(clients, stack, groups, hosts.proxy, connectDnsName, shape);
  return stack;
}

type Network = Awaited<ReturnType<typeof createNetwork>>;
type Groups = Readonly<Record<string, string>>;

async function createNetwork(
  { ec2 }: AwsClients,
  name: string,
  region: string,
  { scheme = 'internet-facing' }: QuiltStackShape,
) {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: nameTag(name) }],
    }),
  );
  const vpcId = Vpc!.VpcId!;
  const subnets = async (kind: string, first: number) => {
    const made: string[] = [];
    for (const zone of ['a', 'b']) {
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          CidrBlock: `10.0.${first + made.length}.0/24`,
          AvailabilityZone: `${region}${zone}`,
          TagSpecifications: [{ ResourceType: 'subnet', Tags: nameTag(`${name}-${kind}-${made.length}`) }],
        }),
      );
      made.push(Subnet!.SubnetId!);
    }
    return made;
  };
  const routeTable = async (subnetIds: readonly string[], route?: { GatewayId: string } | { NatGatewayId: string }) => {
    const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable!.RouteTableId!;
    if (route) await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...route }));
    for (const SubnetId of subnetIds) await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    return RouteTableId;
  };
  const publicSubnetIds = await subnets('public', 0);
  const privateSubnetIds = await subnets('private', 2);
  const intraSubnetIds = await subnets('intra', 4);
  const albSubnetIds = scheme === 'internal' ? await subnets('user', 6) : publicSubnetIds;

  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId: vpcId, InternetGatewayId: GatewayId }));
  await routeTable(publicSubnetIds, { GatewayId });
  const tables: string[] = [];
  for (const [index, subnetId] of privateSubnetIds.entries()) {
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const { NatGateway } = await ec2.send(
      new CreateNatGatewayCommand({ SubnetId: publicSubnetIds[index], ConnectivityType: 'public', AllocationId }),
    );
    tables.push(await routeTable([subnetId], { NatGatewayId: NatGateway!.NatGatewayId! }));
  }
  tables.push(await routeTable(intraSubnetIds));
  if (scheme === 'internal') await routeTable(albSubnetIds);
  await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: vpcId,
      VpcEndpointType: 'Gateway',
      ServiceName: `com.amazonaws.${region}.s3`,
      RouteTableIds: tables,
    }),
  );
  return { vpcId, publicSubnetIds, privateSubnetIds, intraSubnetIds, albSubnetIds };
}

/** The security groups by their logical ids. */
async function createGroups(
  { ec2 }: AwsClients,
  name: string,
  VpcId: string,
  { openEgress = false, userGroup = 'iac' }: QuiltStackShape,
): Promise<Groups> {
  const group = async (GroupName: string, Description: string, Tags: Tag[], keepsAll: boolean) => {
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName,
        Description,
        VpcId,
        TagSpecifications: Tags.length > 0 ? [{ ResourceType: 'security-group', Tags }] : [],
      }),
    );
    if (!keepsAll) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [ALL] }));
    return GroupId!;
  };
  /** Named as CloudFormation names resources without a name in the template. */
  const own = (logicalId: string, description: string, keepsAll = false) =>
    group(generatedName(name, logicalId, 255), description, tagsOf(name, logicalId), keepsAll);
  // A parameter of the stack, so it has no tag of CloudFormation, in either case.
  const byHand = userGroup === 'by hand';
  const userName = byHand ? 'quilt users' : `${name}-user-ingress`;
  const ids = {
    ElbTargetSecurityGroup: await own('ElbTargetSecurityGroup', 'What the load balancer forwards to'),
    ElbPrivateAccessorSecurityGroup: await own('ElbPrivateAccessorSecurityGroup', 'Services that call services'),
    ElbPrivateSecurityGroup: await own('ElbPrivateSecurityGroup', 'The load balancer, to its targets', openEgress),
    UserSecurityGroup: await group(
      userName,
      'The load balancer, from its users',
      byHand ? [] : nameTag(userName),
      byHand,
    ),
    OutboundSecurityGroup: await own('OutboundSecurityGroup', 'Out to the internet'),
  };
  const tcp = (port: number, peer: Partial<IpPermission>): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...peer,
  });
  const of = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });
  const anywhere = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const [inwards, outwards] = [
    [
      [ids.ElbPrivateSecurityGroup, [tcp(444, of(ids.ElbPrivateAccessorSecurityGroup))]],
      [ids.ElbTargetSecurityGroup, [tcp(80, of(ids.ElbPrivateSecurityGroup))]],
      [ids.UserSecurityGroup, [tcp(443, anywhere), tcp(80, anywhere)]],
    ] as [string, IpPermission[]][],
    [
      [ids.ElbPrivateSecurityGroup, [tcp(80, of(ids.ElbTargetSecurityGroup))]],
      [ids.OutboundSecurityGroup, [tcp(443, anywhere), { IpProtocol: 'udp', FromPort: 53, ToPort: 53, ...anywhere }]],
    ] as [string, IpPermission[]][],
  ];
  for (const [GroupId, IpPermissions] of inwards) {
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  for (const [GroupId, IpPermissions] of outwards) {
    await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  }
  return ids;
}

async function createLoadBalancers(
  { elb }: AwsClients,
  name: string,
  { vpcId, albSubnetIds }: Network,
  groups: Groups,
  certificateArn: string,
  hosts: { readonly catalog: string; readonly registry: string; readonly proxy: string },
  { scheme = 'internet-facing', connect = false, priorities = PRIORITIES }: QuiltStackShape,
) {
  const balancer = async (logicalId: string) => {
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: generatedName(name, logicalId, 32),
        Type: 'application',
        Scheme: scheme,
        Subnets: albSubnetIds,
        SecurityGroups: [groups.ElbPrivateSecurityGroup!, groups.UserSecurityGroup!],
        Tags: tagsOf(name, logicalId),
      }),
    );
    const { LoadBalancerArn, DNSName, CanonicalHostedZoneId } = LoadBalancers![0]!;
    return { albArn: LoadBalancerArn!, albDnsName: DNSName!, albHostedZoneId: CanonicalHostedZoneId! };
  };
  const listener = async (LoadBalancerArn: string, Protocol: 'HTTP' | 'HTTPS', Port: number, action: Action) => {
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol,
        Port,
        ...(Protocol === 'HTTPS'
          ? { Certificates: [{ CertificateArn: certificateArn }], SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }
          : {}),
        DefaultActions: [action],
      }),
    );
    return Listeners![0]!.ListenerArn!;
  };
  const alb = await balancer('LoadBalancer');
  await elb.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: alb.albArn,
      Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(IDLE_TIMEOUT) }],
    }),
  );
  const notFound: Action = {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' },
  };
  const toHttps: Action = {
    Type: 'redirect',
    RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
  };
  const targets = async (logicalId: string): Promise<Action> => {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: generatedName(name, logicalId, 32),
        TargetType: 'ip',
        VpcId: vpcId,
        Protocol: 'HTTP',
        Port: 80,
        Tags: tagsOf(name, logicalId),
      }),
    );
    return { Type: 'forward', TargetGroupArn: TargetGroups![0]!.TargetGroupArn! };
  };
  const rule = (ListenerArn: string, Priority: number, host: string, action: Action) =>
    elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
        Actions: [action],
      }),
    );
  const [nginx, registry, proxy] = [
    await targets('NginxTargetGroup'),
    await targets('RegistryTargetGroup'),
    await targets('S3ProxyTargetGroup'),
  ];
  const listenerArn = await listener(alb.albArn, 'HTTPS', 443, notFound);
  await listener(alb.albArn, 'HTTP', 80, toHttps);
  const privateListener = await listener(alb.albArn, 'HTTPS', 444, notFound);
  await rule(listenerArn, priorities.catalog, hosts.catalog, nginx);
  await rule(listenerArn, priorities.registry, hosts.registry, registry);
  await rule(listenerArn, priorities.proxy, hosts.proxy, proxy);
  await rule(privateListener, PRIORITIES.registry, hosts.registry, registry);
  if (!connect) return { ...alb, listenerArn, connectDnsName: undefined };
  const other = await balancer('ConnectLoadBalancer');
  await listener(other.albArn, 'HTTPS', 443, notFound);
  return { ...alb, listenerArn, connectDnsName: other.albDnsName };
}

/** Makes all of that the resources of a CloudFormation stack, which is asked for them, its outputs and its parameters. */
async function describeStack(
  { cloudformation }: AwsClients,
  stack: EmulatedQuiltStack,
  groups: Groups,
  proxyHost: string,
  connectDnsName: string | undefined,
  { scheme = 'internet-facing' }: QuiltStackShape,
): Promise<void> {
  const { UserSecurityGroup, ...ownGroups } = groups;
  const parameters = {
    VPC: stack.vpcId,
    Subnets: stack.privateSubnetIds.join(','),
    IntraSubnets: stack.intraSubnetIds.join(','),
    [scheme === 'internal' ? 'UserSubnets' : 'PublicSubnets']: stack.albSubnetIds.join(','),
    UserSecurityGroup: UserSecurityGroup!,
    CertificateArnELB: stack.certificateArn,
    QuiltWebHost: stack.catalogHost,
    ConnectAllowedHosts: connectDnsName === undefined ? '' : 'claude.ai',
  };
  const resources: Readonly<Record<string, readonly [type: string, id: string]>> = {
    LoadBalancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', stack.albArn],
    Listener: ['AWS::ElasticLoadBalancingV2::Listener', stack.listenerArn],
    Cluster: ['AWS::ECS::Cluster', stack.clusterName],
    ...Object.fromEntries(
      Object.entries(ownGroups).map(([logicalId, id]) => [logicalId, ['AWS::EC2::SecurityGroup', id] as const]),
    ),
  };
  const outputs = {
    QuiltWebHost: stack.catalogHost,
    RegistryHost: stack.registryHost,
    S3ProxyHost: proxyHost,
    LoadBalancerDNSName: stack.albDnsName,
    LoadBalancerCanonicalHostedZoneID: stack.albHostedZoneId,
    OutboundSecurityGroup: groups.OutboundSecurityGroup!,
    TemplateBuildMetadata: JSON.stringify({ git_tag: connectDnsName === undefined ? '1.62.1' : '1.68.0' }),
    ...(connectDnsName === undefined
      ? {}
      : {
          ConnectHost: `${stack.name}-connect.${stack.domain}`,
          PlatformMcpServerUrl: `https://${stack.name}-connect.${stack.domain}/mcp/platform/mcp`,
        }),
  };
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { Type: 'String' }])),
    Resources: Object.fromEntries(
      // A type that the emulator knows, for existing resources.
      Object.entries(resources).map(([logicalId, [Type, Id]]) => [
        logicalId,
        { Type: 'Custom::Existing', Properties: { Type, Id } },
      ]),
    ),
    Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
  };
  await cloudformation.send(
    new CreateStackCommand({
      StackName: stack.name,
      TemplateBody: JSON.stringify(template),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: [{ Key: 'quilt', Value: stack.name }],
    }),
  );
}

async function createStateBucket({ s3 }: AwsClients, Bucket: string, region: string): Promise<void> {
  const elsewhere = region !== 'us-east-1' && {
    CreateBucketConfiguration: { LocationConstraint: region as 'us-west-2' },
  };
  await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}

/** A name as CloudFormation makes it for a resource without one: stack, logical id and a random part. */
function generatedName(stack: string, logicalId: string, limit: number): string {
  const suffix = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 12).toUpperCase();
  const room = limit - suffix.length - 2;
  const [head, tail] = [stack.slice(0, Math.floor(room / 2)), logicalId.slice(0, Math.floor(room / 2))];
  return `${head}-${tail}-${suffix}`;
}

function tagsOf(stack: string, logicalId: string): { Key: string; Value: string }[] {
  return [
    { Key: 'aws:cloudformation:stack-name', Value: stack },
    { Key: 'aws:cloudformation:logical-id', Value: logicalId },
  ];
}

function nameTag(Value: string): Tag[] {
  return [{ Key: 'Name', Value }];
}
