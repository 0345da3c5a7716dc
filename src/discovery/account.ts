import type { Rule } from './listener-rules';

/**
 * Facts of an account that decide which connections are possible, as the APIs of EC2 and Elastic Load Balancing
 * describe it. Lists are of one region, and hold all that the caller may see.
 */
export interface NetworkFacts {
  readonly loadBalancers: readonly {
    readonly arn: string;
    readonly securityGroupIds: readonly string[];
    readonly subnetIds: readonly string[];
  }[];
  readonly listeners: readonly {
    readonly arn: string;
    readonly loadBalancerArn: string;
    readonly port: number;
    /** All of them, the default rule included. */
    readonly rules: readonly Rule[];
  }[];
  readonly securityGroups: readonly {
    readonly id: string;
    readonly ingress: readonly Permission[];
    readonly egress: readonly Permission[];
  }[];
  readonly subnets: readonly { readonly id: string; readonly vpcId: string; readonly cidr: string }[];
  readonly routeTables: readonly {
    readonly id: string;
    readonly vpcId: string;
    /** Whether subnets without a table of their own have it. */
    readonly isMain: boolean;
    readonly subnetIds: readonly string[];
    readonly routes: readonly {
      /** An IPv4 block; undefined for another kind of destination. */
      readonly cidr?: string;
      /** Id of a gateway, an interface or a connection; `local` within the VPC. */
      readonly target: string;
      readonly isBlackhole?: boolean;
    }[];
  }[];
  readonly natGateways: readonly {
    readonly id: string;
    /** Without a public address: it leads to other networks only. */
    readonly isPrivate: boolean;
  }[];
  readonly endpoints: readonly {
    /** `com.amazonaws.REGION.SERVICE`. */
    readonly service: string;
    readonly vpcId: string;
    readonly type: 'Gateway' | 'Interface';
    /** Route tables of a gateway endpoint. */
    readonly routeTableIds: readonly string[];
  }[];
}

/** IpPermission of the EC2 API. */
export interface Permission {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp?: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6?: string }[];
  readonly UserIdGroupPairs?: readonly { readonly GroupId?: string; readonly Description?: string }[];
  readonly PrefixListIds?: readonly { readonly PrefixListId?: string }[];
}
