import type { Step } from '../schema';

export const g3aToG3b: Step = {
  from: 'g3a',
  to: 'g3b',
  why: 'v0.17.1 reads no MCP_JWT_SECRET any more, and so signs no tokens. It brought QUILT_FALLBACK_JWT, which must never be set.',
  changes: [
    {
      kind: 'change',
      what: 'variable',
      name: 'MCP_JWT_SECRET',
      from: 'dangerous: the server can sign tokens of its own with it',
      to: 'read by nothing',
      why: 'so it may go now, where it is still set',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'alarms on log lines',
      from: 'none',
      to: 'Using QUILT_FALLBACK_JWT, more than never',
      why: 'with that variable, anonymous callers are let in',
    },
  ],
  rollOut: [
    'publish the new image',
    'deploy it, environment by environment, each after POST without a token was seen to be 401',
    'remove MCP_JWT_SECRET where it is still set',
  ],
  goBack: 'not to v0.16.0; the way back is the revision of g2d, with its secret',
  sources: [
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/auth/jwt_discovery.py', at: '1186217b, v0.16.0' },
    { what: 'quiltdata/quilt-mcp-server, where QUILT_FALLBACK_JWT came', at: 'f2644b9e' },
  ],
};
