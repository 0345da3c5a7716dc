import { ATHENA, BAKED, DEFECTS, FIXED, headersOf, UNREAD } from './common';
import type { Conventions } from './schema';

const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18'];

export const gap: Conventions = {
  id: 'gap',
  title: 'authentication removed',
  summary:
    'v0.9.3 took all of JWT out, and v0.10.0 brought another JWT in. In between the server knows no caller: it works with credentials of AWS or a login of quilt3 that it finds where it runs, for everybody alike.',
  versions: { from: '0.9.3', below: '0.10.0' },
  dates: { from: '2025-12-04', to: '2026-01-28' },
  support: {
    kind: 'recognised',
    why: 'the server asks for no token, and has no setting that makes it ask',
    instead: 'deploy 0.17.1 or later; 0.10.0 is the first that authenticates again',
  },
  ranHere: [],
  image: {
    repositories: ['730278974607.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp'],
    defaultVersion: null,
    bakes: BAKED,
    user: 'root',
    hasCurl: true,
    python: '3.11',
    packages: { fastmcp: '2.12.4' },
  },
  endpoint: { port: 8000, path: '/mcp', otherSlash: '/mcp/ is redirected to /mcp with 307' },
  health: {
    path: '/health',
    all: ['/', '/health', '/healthz'],
    probe: "Python's urllib in the container; it says nothing about authentication, which there is none of",
  },
  environment: {
    fixed: FIXED,
    derived: {
      QUILT_SERVICE_TIMEOUT: {
        meaning: 'seconds that a call to a Quilt service may take',
        from: 'serviceTimeout',
      },
    },
    optional: ATHENA,
    dead: {
      MCP_ENHANCED_JWT_KID: UNREAD,
      MCP_ENHANCED_JWT_SECRET: UNREAD,
      MCP_ENHANCED_JWT_SECRET_SSM_PARAMETER: UNREAD,
      MCP_REQUIRE_JWT: `${UNREAD}, so that a deployment of g1b that takes this image is open`,
    },
    dangerous: {},
  },
  auth: {
    modes: {},
    anonymous: 200,
    garbage: 200,
    meaning: 'The server looks at no token. Whoever reaches it can use every tool, with the rights of its task role.',
  },
  secrets: { readBy: 'nobody: there is none' },
  iam: {
    executionRole: [],
    taskRole: [],
    why: 'The server works with its task role alone. What documents gave it is not known; whatever it may do, everybody may do.',
  },
  sessions: { stateful: true, why: 'a session lives in the memory of the task that began it, and no other knows it' },
  size: { cpu: 512, memory: 1024, why: 'as for the generations beside it; not measured' },
  timing: {
    startPeriod: 120,
    stopTimeout: 60,
    openStream: 'hangs',
    why: 'as for the generations beside it; not measured',
  },
  logs: { started: [], misconfigured: [], refused: [], alarming: [] },
  defects: [DEFECTS.glue, DEFECTS.origin, DEFECTS.idle, DEFECTS.version],
  protocol: { revisions: REVISIONS, headers: headersOf(REVISIONS) },
  sources: [
    { what: 'quiltdata/quilt-mcp-server, where JWT was removed', at: '5d9b8be7, v0.9.3' },
    { what: 'quiltdata/quilt-mcp-server .github/workflows/prod.yml', at: '58b08ebb' },
  ],
};
