import { FORMAT, type Parts, type Snapshot } from '../../src/discovery/snapshot';

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const HOST = 'quilt.example.com';
const elb = (rest: string) => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${rest}`;
const ALB = 'app/quilt-LoadBalancer-0A1B/0123456789abcdef';
const CERTIFICATE = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`;
const LISTENER = elb(`listener/${ALB}/fedcba9876543210`);
const targetGroup = (name: string) => elb(`targetgroup/${name}/0123456789abcdef`);
const rule = (Priority: string, host: string, group: string) => ({
  RuleArn: elb(`listener-rule/${ALB}/fedcba9876543210/${Priority}`),
  Priority,
  Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
  Actions: [{ Type: 'forward', TargetGroupArn: targetGroup(group) }],
});
const anywhere = [{ CidrIp: '0.0.0.0/0' }];
const tcp = (port: number, peer: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer });

/**
 * A Quilt stack in which a deployment finds all that it needs, as `createQuiltStack` makes it, read from an account that
 * has GitHub's identity provider.
 */
export function healthyAccount(change: (parts: Required<Parts>) => Parts = (parts) => parts): Snapshot {
  return {
    format: FORMAT,
    taken: '2026-12-01T00:00:00.000Z',
    region: REGION,
    parts: change(parts()),
    unseen: [],
    calls: 27,
  };
}

function parts(): Required<Parts> {
  return {
    identity: { account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/me` },
    stack: {
      name: 'quilt',
      status: 'UPDATE_COMPLETE',
      outputs: { QuiltWebHost: HOST, RegistryHost: 'quilt-registry.example.com' },
      parameters: { VPC: 'vpc-0a0a0a0a', Subnets: 'subnet-0a0a0a0a,subnet-0b0b0b0b' },
      resources: {
        LoadBalancer: { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id: elb(`loadbalancer/${ALB}`) },
        Listener: { type: 'AWS::ElasticLoadBalancingV2::Listener', id: LISTENER },
        Cluster: { type: 'AWS::ECS::Cluster', id: 'quilt' },
        ElbPrivateSecurityGroup: { type: 'AWS::EC2::SecurityGroup', id: 'sg-0a0a0a0a' },
      },
    },
    otherStacks: [],
    loadBalancers: [
      {
        arn: elb(`loadbalancer/${ALB}`),
        name: 'quilt-LoadBalancer-0A1B',
        scheme: 'internet-facing',
        vpcId: 'vpc-0a0a0a0a',
        dnsName: 'quilt-loadbalancer-0a1b.us-east-1.elb.amazonaws.com',
        hostedZoneId: 'Z35SXDOTRQ7X7K',
        ipAddressType: 'ipv4',
        securityGroupIds: ['sg-0b0b0b0b', 'sg-0a0a0a0a'],
        subnetIds: ['subnet-0c0c0c0c', 'subnet-0d0d0d0d'],
      },
    ],
    listenerArn: LISTENER,
    listeners: [
      {
        arn: LISTENER,
        loadBalancerArn: elb(`loadbalancer/${ALB}`),
        protocol: 'HTTPS',
        port: 443,
        rules: [
          rule('25', HOST, 'nginx'),
          rule('30', 'quilt-registry.example.com', 'registry'),
          {
            Priority: 'default',
            IsDefault: true,
            Conditions: [],
            Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
          },
        ],
      },
    ],
    idleTimeout: 1000,
    targetGroups: ['nginx', 'registry'].map((name) => ({ arn: targetGroup(name), name })),
    limits: { rules: 100, certificates: 25 },
    listenerCertificates: [CERTIFICATE],
    webAcl: null,
    certificates: [
      { arn: CERTIFICATE, names: ['*.example.com'], status: 'ISSUED', notAfter: '2027-06-01T00:00:00.000Z' },
    ],
    securityGroups: [
      {
        id: 'sg-0a0a0a0a',
        name: 'ElbPrivate',
        ingress: [],
        egress: [tcp(80, { UserIdGroupPairs: [{ GroupId: 'sg-0e0e0e0e' }] })],
      },
      { id: 'sg-0b0b0b0b', name: 'quilt-user-ingress', ingress: [tcp(443, { IpRanges: anywhere })], egress: [] },
    ],
    subnets: ['a', 'b', 'c', 'd'].map((letter, index) => ({
      id: `subnet-${`0${letter}`.repeat(4)}`,
      vpcId: 'vpc-0a0a0a0a',
      cidr: `10.0.${index}.0/24`,
      zone: `us-east-1${index % 2 === 0 ? 'a' : 'b'}`,
    })),
    routeTables: [
      {
        id: 'rtb-private',
        vpcId: 'vpc-0a0a0a0a',
        isMain: false,
        subnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b'],
        routes: [{ cidr: '0.0.0.0/0', target: 'nat-0a0a0a0a' }],
      },
      {
        id: 'rtb-public',
        vpcId: 'vpc-0a0a0a0a',
        isMain: true,
        subnetIds: [],
        routes: [{ cidr: '0.0.0.0/0', target: 'igw-0a0a0a0a' }],
      },
    ],
    natGateways: [{ id: 'nat-0a0a0a0a', isPrivate: false }],
    endpoints: [],
    cluster: { arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/quilt`, name: 'quilt', capacityProviders: [] },
    clusters: [],
    services: [],
    running: [],
    zones: [{ id: 'Z0123456789ABCDEFGHIJ', name: 'example.com', isPrivate: false }],
    repositories: [],
    // Of the deployment that the proposals come to.
    roles: ['execution', 'task'].map((name) => ({ name: `quilt-mcp-server-proposed-${name}`, isThere: false })),
    oidcProviders: [`arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`],
    logGroups: [],
    secrets: [],
    buckets: [],
  };
}

/** Target group of a server that this generator did not make. */
export const OLD_GROUP = targetGroup('old');

/**
 * A server that runs behind {@link OLD_GROUP}, as parts of an account.
 *
 * @param convention the tag of this generator's services; absent, somebody else made it
 */
export function oldServer(image: string, convention?: string): Pick<Required<Parts>, 'services' | 'running'> {
  return {
    services: [
      {
        name: 'old-mcp',
        desired: 1,
        running: 1,
        taskDefinition: 'old-mcp:1',
        targetGroupArns: [OLD_GROUP],
        ...(convention !== undefined && { convention }),
      },
    ],
    running: [{ service: 'old-mcp', image, variables: [], secrets: [], plaintextSecrets: [] }],
  };
}

/** The rules of a catalog, with one before them, of this priority, that forwards all requests for its host to {@link OLD_GROUP}. */
export function withOldRule(listeners: Required<Parts>['listeners'], Priority: string): Required<Parts>['listeners'] {
  const rule = { RuleArn: 'arn:old', Priority, Actions: [{ Type: 'forward', TargetGroupArn: OLD_GROUP }] };
  return listeners.map((one) => ({ ...one, rules: [{ ...one.rules[0]!, ...rule }, ...one.rules] }));
}
