import * as z from 'zod';

import { certificateArn, hostedZoneId, hostName } from '../formats';

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

/** URL by which clients reach the server, and rules of the listener for it. */
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
