import { DEFECTS, OWN_POLICY, READ_SINCE_G2D, UNREAD } from './common';
import { g2c } from './g2c';
import type { Conventions } from './schema';

const { MCP_TELEMETRY_ENABLED: _enabled, ...fixed } = g2c.environment.fixed;

/** As g2c, but for the following. */
export const g2d: Conventions = {
  ...g2c,
  id: 'g2d',
  title: 'pass-through that still demands a secret',
  summary:
    "v0.15.0 no longer checks tokens: it passes the caller's on to the Quilt registry, which decides. It still does not start without MCP_JWT_SECRET, and reads it for nothing else.",
  versions: { from: '0.15.0', below: '0.16.0' },
  dates: { from: '2026-02-09', to: '2026-02-09' },
  image: { ...g2c.image, defaultVersion: '0.15.0', python: '3.13' },
  environment: {
    ...g2c.environment,
    fixed,
    optional: { ...g2c.environment.optional, ...READ_SINCE_G2D.optional },
    dead: {
      ...g2c.environment.dead,
      ...READ_SINCE_G2D.dead,
      MCP_OPTIMIZATION_ENABLED: UNREAD,
      MCP_TELEMETRY_ENABLED: UNREAD,
    },
    dangerous: {
      ...g2c.environment.dangerous,
      MCP_JWT_AUDIENCE: 'has every token answered 403 by v0.14.1, to which one may go back; v0.15.0 has no use for it',
      MCP_JWT_ISSUER: 'has every token answered 403 by v0.14.1, to which one may go back; v0.15.0 has no use for it',
    },
  },
  auth: {
    modes: {
      'jwt-secret': {
        meaning: "the caller's token is passed to the Quilt registry, which checks it",
        secret: {
          variable: 'MCP_JWT_SECRET',
          meaning:
            'used for nothing once the server runs: any text does, and the secret of the catalog need not be spread for it',
          without: { fails: 'exit', code: 1, log: 'Multiuser mode requires MCP_JWT_SECRET' },
        },
      },
    },
    anonymous: 401,
    garbage: 200,
    meaning:
      'The server refuses a request without a bearer token with 401, and passes any other token on; the Quilt registry decides. So a made-up token can list the tools, but not use them. Treat the list of tools as public.',
  },
  iam: {
    ...g2c.iam,
    why: `All data comes by the Quilt registry, which also hands out a user's credentials for S3 and Athena. As no token is checked here, what the task role may do, who makes a token up might do. So it is empty; who needs more adds ${OWN_POLICY}, and gives it to every caller.`,
  },
  logs: {
    ...g2c.logs,
    refused: [
      'JWT required but missing Authorization header',
      'Invalid Authorization header format',
      'Empty Bearer token provided',
    ],
  },
  otherHosts: [],
  defects: [
    {
      what: 'The server demands MCP_JWT_SECRET at the start, and has no use for it (config.py:133).',
      workaround: 'a parameter of any text as auth.secretArn; g3b needs none',
    },
    ...g2c.defects.slice(1).filter((defect) => defect !== DEFECTS.memory),
  ],
  sources: [
    {
      what: 'quiltdata/quilt-mcp-server src/quilt_mcp: config.py:133, middleware/jwt_extraction.py',
      at: 'v0.15.0',
    },
  ],
};
