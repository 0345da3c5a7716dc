import type { LoadBalancer } from './snapshot';

/** A load balancer, as DescribeLoadBalancers of Elastic Load Balancing returns it. */
export interface DescribedBalancer {
  readonly LoadBalancerArn: string;
  readonly LoadBalancerName: string;
  readonly Type: string;
  readonly Scheme: string;
  readonly VpcId: string;
  readonly DNSName: string;
  readonly CanonicalHostedZoneId: string;
  readonly IpAddressType: string;
  readonly SecurityGroups?: readonly string[];
  readonly AvailabilityZones?: readonly { readonly SubnetId: string }[];
}

/** The application load balancers among those that were described. */
export function applicationBalancers(described: readonly DescribedBalancer[]): LoadBalancer[] {
  return described.filter(({ Type }) => Type === 'application').map(loadBalancerOf);
}

function loadBalancerOf(described: DescribedBalancer): LoadBalancer {
  return {
    arn: described.LoadBalancerArn,
    name: described.LoadBalancerName,
    scheme: described.Scheme,
    vpcId: described.VpcId,
    dnsName: described.DNSName.toLowerCase(),
    hostedZoneId: described.CanonicalHostedZoneId,
    ipAddressType: described.IpAddressType,
    securityGroupIds: described.SecurityGroups ?? [],
    subnetIds: (described.AvailabilityZones ?? []).map(({ SubnetId }) => SubnetId),
  };
}

export type DescribedAttributes = readonly { readonly Key: string; readonly Value: string }[];

/** Seconds after which a load balancer ends an idle connection, by DescribeLoadBalancerAttributes; undefined if it does not say. */
export function idleTimeoutOf(attributes: DescribedAttributes): number | undefined {
  const value = attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value;
  return value === undefined ? undefined : Number(value);
}

/** An answer that the load balancer of the listener decides. */
interface AnswerOfBalancer {
  readonly read: (balancer: LoadBalancer) => unknown;
  /** Whether an answer is right for the value of the load balancer. */
  readonly fits: (answer: never, value: never) => boolean;
}

/** Answers below `network` that the load balancer of the listener decides. */
export const ANSWERS_OF_BALANCER = {
  vpcId: { read: ({ vpcId }) => vpcId, fits: isEqual },
  albSecurityGroupIds: {
    read: ({ securityGroupIds }) => securityGroupIds,
    // One that the answers do not name takes no request away.
    fits: (answer: readonly string[], value: readonly string[]) => answer.every((id) => value.includes(id)),
  },
  albDnsName: {
    read: ({ dnsName }) => dnsName,
    // Route 53 puts dualstack. in front.
    fits: (answer: string, value: string) => answer.toLowerCase().replace(/^dualstack\./, '') === value,
  },
  albHostedZoneId: { read: ({ hostedZoneId }) => hostedZoneId, fits: isEqual },
  albIpAddressType: {
    read: ({ ipAddressType }) => ipAddressType,
    // With ipv4 there is no record that could be wrong.
    fits: (answer: string, value: string) => answer === 'ipv4' || answer === value,
  },
} as const satisfies Readonly<Record<string, AnswerOfBalancer>>;

function isEqual(answer: unknown, value: unknown): boolean {
  return answer === value;
}
