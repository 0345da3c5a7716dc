import type { Question } from '../question';
import { always, behindSameListener, isDomain } from './context';

/** The network of the Quilt stack. */
export const NETWORK: readonly Question[] = [
  {
    path: 'environments.*.network.vpcId',
    kind: 'text',
    message: 'VPC',
    hint: "Id of the load balancer's VPC, e.g. vpc-0123456789abcdef0.",
    initial: (context) => behindSameListener(context)?.vpcId,
  },
  {
    path: 'environments.*.network.privateSubnetIds',
    kind: 'list',
    message: 'Private subnets',
    hint: 'At least two ids, separated by commas: the parameter Subnets of the Quilt stack. They have a route to a NAT gateway, or VPC endpoints; its IntraSubnets have neither.',
    initial: (context) => behindSameListener(context)?.privateSubnetIds?.join(', '),
  },
  {
    path: 'environments.*.network.albSecurityGroupIds',
    kind: 'list',
    message: "Load balancer's security groups",
    hint: 'Their ids, separated by commas. Of a Quilt stack, begin with the resource ElbPrivateSecurityGroup: it lets the load balancer out.',
    initial: (context) => behindSameListener(context)?.albSecurityGroupIds?.join(', '),
  },
  {
    path: 'environments.*.network.albEgress',
    kind: 'select',
    message: 'Load balancer reaches the tasks by',
    hint: ({ conventions: { endpoint } }) =>
      `The groups of a Quilt stack let its load balancer out to TCP 80 alone, and the tasks listen on ${endpoint.port}. The group is not this deployment's: it adds and removes no other rule of it.`,
    choices: ({ environment, conventions: { endpoint } }) => [
      ...(environment.network?.albSecurityGroupIds ?? []).map((value) => ({
        value,
        title: `a rule that this deployment adds to ${value}: out to TCP ${endpoint.port} of its tasks`,
      })),
      { value: 'present', title: 'what is there: a rule that somebody else makes, or one for everything' },
    ],
    answer: (value) => (value === 'present' ? value : { create: value }),
    initial: ({ environment }) => environment.network?.albSecurityGroupIds?.[0],
    required: always,
  },
  {
    path: 'environments.*.network.albIdleTimeout',
    kind: 'number',
    message: "Load balancer's idle timeout",
    hint: 'Seconds. That of a Quilt stack has 1000.',
    source: 'aws elbv2 describe-load-balancer-attributes has it as idle_timeout.timeout_seconds.',
    initial: (context) => behindSameListener(context)?.albIdleTimeout ?? 1000,
  },
  {
    path: 'environments.*.network.clusterName',
    kind: 'text',
    message: 'ECS cluster',
    hint: 'Name of the ECS cluster that runs the tasks.',
    when: ({ environment }) => environment.network?.clusterArn === undefined,
    initial: (context) => behindSameListener(context)?.clusterName,
    required: always,
  },
  {
    path: 'environments.*.network.albDnsName',
    kind: 'text',
    message: "Load balancer's DNS name",
    hint: 'The alias record points to it.',
    source: 'aws elbv2 describe-load-balancers has it as DNSName.',
    when: isDomain,
    initial: (context) => behindSameListener(context)?.albDnsName,
    required: always,
  },
  {
    path: 'environments.*.network.albHostedZoneId',
    kind: 'text',
    message: "Load balancer's hosted zone",
    hint: '',
    source: 'aws elbv2 describe-load-balancers has it as CanonicalHostedZoneId.',
    when: isDomain,
    initial: (context) => behindSameListener(context)?.albHostedZoneId,
    required: always,
  },
  {
    path: 'environments.*.network.albIpAddressType',
    kind: 'select',
    message: "Load balancer's IP addresses",
    hint: 'With IPv6, the host gets an AAAA record beside its A record.',
    choices: () => [
      { value: 'ipv4', title: 'IPv4' },
      { value: 'dualstack', title: 'IPv4 and IPv6' },
    ],
    when: isDomain,
    otherwise: { value: 'ipv4', isNeverAsked: always },
  },
];
