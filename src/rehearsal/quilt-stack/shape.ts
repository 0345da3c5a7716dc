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
