import { BAKED, MENDED_BY_SHIM, SHARED_CREDENTIALS } from './common';
import { g3b, HANGS_EARLIER } from './g3b';
import type { Conventions } from './schema';

const { MCP_JWT_SECRET: _secret, ...dead } = g3b.environment.dead;
const { earlier: _earlier, ...timing } = g3b.timing!;
const { QUILT_FALLBACK_JWT: _fallback, ...dangerous } = g3b.environment.dangerous;

/** As g3b, which followed on the same day, but for the following. */
export const g3a: Conventions = {
  ...g3b,
  id: 'g3a',
  title: 'remote pass-through with a secret of its own',
  summary:
    'v0.16.0 brought QUILT_DEPLOYMENT=remote, and the pass-through of g3b; but if MCP_JWT_SECRET is still in its environment, it can sign tokens of its own with it. Over HTTP, who brings no token gets 401 all the same. v0.17.1 of the same day took that out.',
  versions: { from: '0.16.0', below: '0.17.1' },
  dates: { from: '2026-02-11', to: '2026-02-11' },
  support: {
    kind: 'recognised',
    why: 'with MCP_JWT_SECRET, which the version before demands, the server can sign tokens of its own; over HTTP, who brings none gets 401 all the same',
    instead: 'deploy 0.17.1 or later, which takes the same environment and does not read MCP_JWT_SECRET',
  },
  ranHere: [],
  image: {
    ...g3b.image,
    defaultVersion: null,
    bakes: { ...BAKED, QUILT_DEPLOYMENT: 'remote' },
    packages: { fastmcp: '2.14.4' },
  },
  environment: {
    ...g3b.environment,
    dead,
    dangerous: {
      ...SHARED_CREDENTIALS,
      ...dangerous,
      MCP_JWT_SECRET: 'the server can sign tokens of its own with it',
      PLATFORM_TEST_JWT_SECRET: 'the server can sign tokens of its own with it',
    },
  },
  timing: {
    ...timing,
    openStream: 'hangs',
    why: 'as with v0.17.1 of the same day, which has the same fastmcp; not measured: a start takes 54 s on a quarter of a vCPU; on SIGTERM the server waits for its clients to go, and one that listens does not',
  },
  logs: { ...g3b.logs, alarming: [] },
  otherHosts: [],
  defects: [
    {
      what: 'If MCP_JWT_SECRET is set, the server can sign tokens of its own with it, for a call that has none; over HTTP none gets so far, for it is answered 401.',
      workaround: 'do not deploy this version',
    },
    MENDED_BY_SHIM.hangs,
    ...g3b.defects.filter((defect) => defect !== HANGS_EARLIER).map(({ seen: _seen, ...defect }) => defect),
  ],
  sources: [
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/auth/jwt_discovery.py', at: '1186217b, v0.16.0' },
    { what: 'quiltdata/quilt-mcp-server Dockerfile:40', at: '46d6c06a, v0.16.0' },
  ],
};
