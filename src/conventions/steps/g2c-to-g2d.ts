import type { Step } from '../schema';

export const g2cToG2d: Step = {
  from: 'g2c',
  to: 'g2d',
  why: 'v0.15.0 leaves tokens to the Quilt registry, and checks none itself.',
  changes: [
    {
      kind: 'change',
      what: 'secret',
      name: 'MCP_JWT_SECRET',
      from: 'what tokens are checked with',
      to: 'demanded at the start, and used for nothing',
      why: 'keep it as it is: without it the server exits with 1, and g2c is a way back',
    },
    {
      kind: 'remove',
      what: 'variable',
      name: 'MCP_TELEMETRY_ENABLED',
      why: 'read by nothing from v0.15.0 on',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'log lines of refused requests',
      from: 'JWT validation failed (, JWT authentication required but missing Authorization header',
      to: 'JWT required but missing Authorization header',
      why: 'filters and alarms of the old ones see nothing any more',
    },
    {
      kind: 'change',
      what: 'client',
      name: 'token',
      from: 'one that the server refuses with 403 where it is not valid',
      to: 'one that the Quilt registry refuses, at the first use of a tool',
      why: 'the list of tools is public to who makes a token up',
    },
  ],
  rollOut: [
    'publish the new image',
    'deploy it with its environment, environment by environment, each after POST without a token was seen to be 401',
    'change the filters of the log',
  ],
  goBack:
    'deploy the digest from before: each version takes the environment of the other, and the secret is still there',
  sources: [
    {
      what: 'quiltdata/quilt-mcp-server src/quilt_mcp/config.py:133, middleware/jwt_extraction.py',
      at: 'v0.15.0',
    },
  ],
};
