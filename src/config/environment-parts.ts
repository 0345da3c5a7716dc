import * as z from 'zod';

import { FARGATE_CPU, FARGATE_MEMORY } from './fargate';
import {
  alarmName,
  albHostedZoneId,
  certificateArn,
  clusterArn,
  clusterName,
  dnsName,
  hostedZoneId,
  hostName,
  listenerArn,
  securityGroupId,
  subnetId,
  vpcId,
} from './formats';

/**
 * Seconds that a load balancer may leave a connection idle for, at most.
 * Source: Elastic Load Balancing, "Edit attributes for your Application Load Balancer", idle_timeout.timeout_seconds.
 */
export const LONGEST_IDLE_TIMEOUT = 4000;

/** One of several numbers. */
export const oneOf = (values: readonly number[], message: string) =>
  z.literal([...values], message) as unknown as z.ZodType<number, number>;

/** The highest priority of a listener rule. Source: Elastic Load Balancing API Reference, CreateRule, Priority. */
export const LAST_PRIORITY = 50_000;
const priority = z
  .int(`must be a whole number from 1 to ${LAST_PRIORITY}`)
  .min(1, `must be from 1 to ${LAST_PRIORITY}, and free on the listener`)
  .max(LAST_PRIORITY, `must be from 1 to ${LAST_PRIORITY}, and free on the listener`)
  .describe(
    "First priority of the block of listener rules that this environment takes: 12 at most. For the catalog's host, all must be below 25, the Quilt stack's own rule for that host.",
  );
const stickiness = z
  .boolean('must be true or false')
  .default(false)
  .describe(
    'Whether the load balancer keeps a client at one task, by a cookie, which most MCP clients ignore. Only for conventions with sessions.',
  );
export const routing = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({
        mode: z
          .literal('path')
          .describe("The path /mcp on a host that the listener serves already, such as the catalog's."),
        host: hostName.describe(
          "Host name that clients use. Not the registry's: Quilt 1.68 and later serve /mcp/platform there.",
        ),
        priority,
        answerOauthProbes: z
          .boolean('must be true or false')
          .optional()
          .describe(
            "Whether the listener answers clients that look for OAuth metadata on this host with 404, in place of the catalog's pages, on which they fail. Default: true if the host is the catalog's. On another host that is shared, they may be for another application.",
          ),
        stickiness,
      }),
      z.strictObject({
        mode: z.literal('domain').describe('A host name of its own, with its own certificate on the listener.'),
        host: hostName.describe('Host name that clients use, e.g. mcp.example.com.'),
        hostedZoneId: hostedZoneId
          .optional()
          .describe('Hosted zone for the alias record, and for validating a certificate when none is given.'),
        certificateArn: certificateArn
          .optional()
          .describe(
            'An issued ACM certificate in the same region, or a server certificate of IAM; issued in the hosted zone when absent.',
          ),
        priority,
        stickiness,
      }),
    ],
    { error: 'must have mode path or domain' },
  )
  .superRefine((value, context) => {
    if (value.mode === 'domain' && !value.hostedZoneId && !value.certificateArn) {
      context.addIssue({ code: 'custom', message: 'domain routing needs hostedZoneId, certificateArn, or both' });
    }
  });

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

export const capacity = z
  .strictObject({
    cpu: oneOf(FARGATE_CPU, `must be one of ${FARGATE_CPU.join(', ')} CPU units`)
      .default(512)
      .describe('CPU units of a task; 1024 are one vCPU.'),
    memory: z.int('must be a whole number of MiB').default(1024).describe('Memory of a task in MiB.'),
    desired: z
      .int('must be a whole number')
      .min(0, 'must be from 0 to 100')
      .max(100, 'must be from 0 to 100')
      .default(2)
      .describe('Tasks that run at a time.'),
  })
  .superRefine(({ cpu, memory }, context) => {
    const sizes = FARGATE_MEMORY[cpu] ?? [];
    if (!sizes.includes(memory)) {
      const list =
        sizes.length > 6
          ? `${sizes[0]} to ${sizes.at(-1)} MiB in steps of ${sizes[1]! - sizes[0]!}`
          : `${sizes.slice(0, -1).join(', ')} or ${sizes.at(-1)} MiB`;
      context.addIssue({ code: 'custom', path: ['memory'], message: `with ${cpu} CPU units Fargate offers ${list}` });
    }
  });

const percent = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be from ${least} to ${most} percent`)
    .max(most, `must be from ${least} to ${most} percent`);
const minutes = z
  .int('must be a whole number of minutes')
  .min(0, 'must be from 0 to 1440')
  .max(1440, 'must be from 0 to 1440');
const alarms = z
  .array(alarmName, 'must be a list of alarm names')
  .max(50, 'must name at most 50 alarms')
  .refine((names) => new Set(names).size === names.length, 'must not name an alarm twice')
  .default([])
  .describe('CloudWatch alarms, yours, that stop a deployment and take it back.');
const bakeMinutes = minutes
  .default(5)
  .describe('Minutes that the old tasks stay after all traffic has moved, so that it can move back at once.');

/** Source: Amazon ECS API Reference, DeploymentConfiguration, CanaryConfiguration, LinearConfiguration. */
export const deployment = z.discriminatedUnion(
  'strategy',
  [
    z.strictObject({
      strategy: z.literal('rolling').describe('New tasks first, then the old ones go.'),
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('blue-green').describe('All traffic moves at once to a second set of tasks.'),
      bakeMinutes,
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('canary').describe('A part of the traffic moves first, then the rest.'),
      percent: percent(1, 99).default(10).describe('Percent of the traffic that moves first.'),
      stepMinutes: minutes.default(10).describe('Minutes until the rest moves.'),
      bakeMinutes,
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('linear').describe('The traffic moves in equal steps.'),
      percent: percent(3, 99).default(20).describe('Percent of the traffic that moves with each step.'),
      stepMinutes: minutes.default(6).describe('Minutes between two steps.'),
      bakeMinutes,
      alarms,
    }),
  ],
  { error: 'must have strategy rolling, blue-green, canary or linear' },
);
