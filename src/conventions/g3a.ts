import { SHARED_CREDENTIALS } from './common';
import { g3b } from './g3b';
import type { Conventions } from './schema';

const { MCP_JWT_SECRET: _secret, ...dead } = g3b.environment.dead;
const { QUILT_FALLBACK_JWT: _fallback, ...dangerous } = g3b.environment.dangerous;

/** As g3b, which followed on the same day, but for what stands here. */
export const g3a: Conventions = {
  ...g3b,
  id: 'g3a',
  title: 'remote pass-through that signs tokens',
  summary:
    'v0.16.0 brought QUILT_DEPLOYMENT=remote, and the pass-through of g3b; but where MCP_JWT_SECRET is still in its environment, it signs tokens of its own with it for who brings none. v0.17.1 of the same day took that out.',
  versions: { from: '0.16.0', below: '0.17.1' },
  dates: { from: '2026-02-11', to: '2026-02-11' },
  support: {
    kind: 'recognised',
    why: 'with MCP_JWT_SECRET, which the version before demands, the server makes up tokens of its own',
    instead: 'deploy 0.17.1 or later, which takes the same environment and does not read MCP_JWT_SECRET',
  },
  ranHere: [],
  image: { ...g3b.image, defaultVersion: null, bakes: { QUILT_DEPLOYMENT: 'remote' }, packages: { fastmcp: '2.14.4' } },
  environment: {
    ...g3b.environment,
    dead,
    dangerous: {
      ...SHARED_CREDENTIALS,
      ...dangerous,
      MCP_JWT_SECRET: 'the server signs tokens of its own with it',
      PLATFORM_TEST_JWT_SECRET: 'the server signs tokens of its own with it',
    },
  },
  logs: { ...g3b.logs, alarming: [] },
  defects: [
    {
      what: 'Where MCP_JWT_SECRET is set, the server signs tokens of its own with it.',
      workaround: 'do not deploy this version',
    },
    ...g3b.defects.map(({ seen: _seen, ...defect }) => defect),
  ],
  sources: [
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/auth/jwt_discovery.py', at: '1186217b, v0.16.0' },
    { what: 'quiltdata/quilt-mcp-server Dockerfile:40', at: '46d6c06a, v0.16.0' },
  ],
};
