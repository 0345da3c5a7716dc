import * as z from 'zod';

import {
  albHostedZoneId,
  clusterArn,
  clusterName,
  dnsName,
  listenerArn,
  securityGroupId,
  subnetId,
  vpcId,
} from '../formats';

/**
 * Seconds that a load balancer may leave a connection idle for, at most.
 * Source: Elastic Load Balancing, "Edit attributes for your Application Load Balancer", idle_timeout.timeout_seconds.
 */
export const LONGEST_IDLE_TIMEOUT = 4000;

/** Most TCP ports beside 443 that tasks may reach: each takes room in the template of CloudFormation. */
export const MOST_OTHER_PORTS = 4;

/** Network of the Quilt stack, where the service is, and what its tasks reach. */
export const network = z
  .strictObject({
    vpcId,
    privateSubnetIds: z
      .array(subnetId, 'must be a list of subnet ids')
      .min(2, 'must name at least two private subnets, in different availability zones')
      .max(16, 'must name at most 16 subnets')
      .refine((ids) => new Set(ids).size === ids.length, 'must not name a subnet twice')
      .describe(
        'Private subnets of the tasks, with a route to a NAT gateway or to VPC endpoints: the parameter Subnets of a Quilt stack. Its IntraSubnets have none, and a task there cannot pull its image.',
      ),
    listenerArn: listenerArn.describe("HTTPS listener of the Quilt stack's load balancer."),
    albSecurityGroupIds: z
      .array(securityGroupId, 'must be a list of security group ids')
      .min(1, 'must name the security group of the load balancer')
      .max(5, 'must name at most 5 security groups')
      .refine((ids) => new Set(ids).size === ids.length, 'must not name a security group twice'),
    albEgress: z
      .union(
        [
          z.strictObject({
            create: securityGroupId.describe(
              'Security group of the load balancer that gets a rule of this deployment: TCP to its tasks, and nothing else.',
            ),
          }),
          z.literal('present').describe("The load balancer's groups let it out to the tasks already."),
        ],
        { error: 'must be {"create": "sg-…"}, a security group of the load balancer, or present' },
      )
      .default('present')
      .describe(
        "What lets the load balancer out to the tasks. A Quilt stack's own groups do not: ElbPrivateSecurityGroup lets out TCP 80 alone.",
      ),
    albDnsName: dnsName
      .optional()
      .describe("The load balancer's own DNS name; needed for the alias record of domain routing."),
    albHostedZoneId: albHostedZoneId.optional(),
    albIpAddressType: z
      .enum(['ipv4', 'dualstack'], 'must be ipv4 or dualstack')
      .default('ipv4')
      .describe(
        'IP address type of the load balancer, as it is. With dualstack, domain routing makes an AAAA record beside the A record.',
      ),
    nameSuffix: z
      .string('must be a text')
      .regex(/^[a-z0-9]{1,8}$/, 'must be 1 to 8 lower-case letters and digits')
      .optional()
      .describe(
        "Ends the names of the target groups and the security group. Set another one if vpcId changes, or the server's port: AWS changes neither in a target group, and its successor needs a name of its own.",
      ),
    albIdleTimeout: z
      .int('must be a whole number of seconds')
      .min(10, 'must be from 10 to 4000 seconds')
      .max(LONGEST_IDLE_TIMEOUT, `must be from 10 to ${LONGEST_IDLE_TIMEOUT} seconds`)
      .default(60)
      .describe(
        "The load balancer's idle timeout in seconds, as it is: 1000 in a Quilt stack. QUILT_SERVICE_TIMEOUT is kept below it.",
      ),
    clusterArn: clusterArn.optional(),
    clusterName: clusterName.optional(),
    egressPorts: z
      .array(
        z
          .int('must be a whole number from 1 to 65535')
          .min(1, 'must be from 1 to 65535')
          .max(65535, 'must be from 1 to 65535'),
        'must be a list of TCP ports',
      )
      .refine((ports) => new Set(ports).size === ports.length, 'must not name a port twice')
      .optional()
      .describe(
        'More TCP ports that the tasks may reach. 443, the ports of registryUrl and catalogUrl, and those of URLs under environment need no mention.',
      ),
  })
  .superRefine((value, context) => {
    if (!value.clusterArn === !value.clusterName) {
      context.addIssue({ code: 'custom', path: ['clusterArn'], message: 'give either clusterArn or clusterName' });
    }
  });
