import {
  ATHENA,
  BAKED,
  DEFECTS,
  EXECUTION_ROLE,
  FIXED,
  headersOf,
  MENDED_BY_SHIM,
  READ_SINCE_G2D,
  SECRETS_READ_BY_ECS,
  SEEN,
  SHARED_CREDENTIALS,
  SIGNS_FOR_TESTS,
  STARTED_BY_UVICORN,
  UNREAD,
} from './common';
import type { Conventions } from './schema';

/** A defect of this generation that its last versions no longer have. */
export const HANGS_EARLIER = {
  ...MENDED_BY_SHIM.hangs,
  what: 'In versions from 0.17.1 to 0.17.4 the server waits, on SIGTERM, for every client that listens, until it is killed.',
  workaround: 'run 0.17.5 or later',
};

export const g3b: Conventions = {
  id: 'g3b',
  title: 'remote pass-through, registry URL required',
  summary:
    "The server keeps no secret and checks no token: it passes the caller's bearer token on to the Quilt registry, which decides. Sessions are gone, so any number of tasks may run.",
  versions: { from: '0.17.1', below: '0.22.0' },
  dates: { from: '2026-02-11' },
  support: { kind: 'emitted' },
  ranHere: ['0.17.4', '0.17.6', '0.21.0'],
  image: {
    repositories: [
      '730278974607.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp',
      '850787717197.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp',
    ],
    defaultVersion: '0.21.0',
    bakes: {
      ...BAKED,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUNBUFFERED: '1',
      QUILT_DEPLOYMENT: 'remote',
      UV_PROJECT_ENVIRONMENT: '/app/.venv',
    },
    user: 'root',
    hasCurl: true,
    python: '3.13',
    packages: { fastmcp: '2.14.5', mcp: '1.26.0', 'sse-starlette': '3.2.0', starlette: '0.52.1', uvicorn: '0.40.0' },
    shim: { ...STARTED_BY_UVICORN, byDefault: true },
  },
  endpoint: { port: 8000, path: '/mcp', otherSlash: '/mcp/ is redirected to /mcp with 307' },
  health: {
    path: '/health',
    all: ['/', '/health', '/healthz'],
    probe:
      "Python's urllib in the container, for images before 0.7.3 have no curl; it says nothing about authentication",
  },
  environment: {
    fixed: {
      ...FIXED,
      QUILT_DEPLOYMENT: {
        value: 'remote',
        why: 'baked into the image; named here because legacy means no authentication',
      },
    },
    derived: {
      QUILT_CATALOG_URL: {
        meaning: 'URL of the Quilt catalog',
        from: 'catalogUrl',
        without: { fails: 'exit', code: 1, log: 'Platform backend requires QUILT_CATALOG_URL' },
      },
      QUILT_REGISTRY_URL: {
        meaning: 'URL of the Quilt registry',
        from: 'registryUrl',
        without: { fails: 'exit', code: 1, log: 'Platform backend requires QUILT_REGISTRY_URL' },
      },
      QUILT_SERVICE_TIMEOUT: {
        meaning:
          'seconds that a call to a Quilt service may take; read at the start (a word makes the server exit with 1), while calls of tools to the registry wait 60 whatever it says',
        from: 'serviceTimeout',
      },
    },
    optional: {
      ...ATHENA,
      ...READ_SINCE_G2D.optional,
      QUILT_BROWSING_SESSION_TTL: {
        meaning: 'seconds that a browsing session lives',
        default: '180',
        values: 'a whole number',
      },
      QUILT_GRAPHQL_ENDPOINT: {
        meaning: "GraphQL endpoint, where it is not the registry's own /graphql",
        default: "the registry's /graphql",
        values: 'a URL',
      },
      QUILT_MCP_RESOURCES_ENABLED: {
        meaning: 'false turns MCP resources off',
        default: 'true',
        values: 'true or false',
      },
    },
    dead: {
      ...READ_SINCE_G2D.dead,
      MCP_ENHANCED_JWT_SECRET: UNREAD,
      MCP_JWT_AUDIENCE: UNREAD,
      MCP_JWT_ISSUER: UNREAD,
      MCP_JWT_SECRET: UNREAD,
      MCP_JWT_SECRET_SSM_PARAMETER: UNREAD,
      MCP_OPTIMIZATION_ENABLED: UNREAD,
      MCP_SKIP_BANNER: 'has no effect over HTTP',
      MCP_TELEMETRY_ENABLED: UNREAD,
      QUILT_MULTIUSER_MODE: 'without effect, for QUILT_DEPLOYMENT goes before it',
    },
    dangerous: {
      ...SHARED_CREDENTIALS,
      FASTMCP_ADDR: 'overrides FASTMCP_HOST',
      QUILT_ALLOW_TEST_JWT: SIGNS_FOR_TESTS,
      QUILT_FALLBACK_JWT: 'lets anonymous callers in',
      WEB_CONCURRENCY: 'makes the server exit with 1',
    },
  },
  auth: {
    modes: { bearer: { meaning: "the caller's token is passed to the Quilt registry, which checks it" } },
    anonymous: 401,
    garbage: 200,
    meaning:
      'The server refuses a request without a bearer token with 401, and passes any other token on; the Quilt registry decides. So a made-up token can list the tools, but not use them. Treat the list of tools as public.',
  },
  secrets: SECRETS_READ_BY_ECS,
  iam: {
    executionRole: EXECUTION_ROLE,
    taskRole: [],
    why: "Where a user's credentials fail, the server falls back to boto3's default chain, which ends at the task role: whatever it may do, every caller may do. So it is empty.",
  },
  sessions: { stateful: false, why: 'the server keeps no state between requests' },
  size: { cpu: 512, memory: 1024, why: 'a start takes 54 s on a quarter of a vCPU; 213 MB are in use, under load too' },
  timing: {
    startPeriod: 120,
    stopTimeout: 60,
    openStream: 'ends',
    earlier: {
      below: '0.17.5',
      openStream: 'hangs',
      why: 'their lock has sse-starlette 3.0.2, starlette 0.47.2, uvicorn 0.35.0 and fastmcp 2.14.4; that of 0.17.5 has 3.2.0, 0.52.1, 0.40.0 and 2.14.5',
    },
    why: 'a start takes 54 s on a quarter of a vCPU; on SIGTERM the server ends its streams and finishes the calls of tools, of which one to the registry may take 60 s',
  },
  logs: {
    started: [
      'Quilt MCP Server starting in multiuser mode',
      'Deployment mode: remote (deployment-env)',
      'Backend selection: platform (deployment-env)',
      'Backend type: graphql',
      'JWT required: True',
      'Default transport: http',
    ],
    misconfigured: ['Invalid configuration: Platform backend requires', 'Invalid configuration:'],
    refused: [
      'JWT required but missing Authorization header',
      'Invalid Authorization header format',
      'Empty Bearer token provided',
    ],
    alarming: ['Using QUILT_FALLBACK_JWT'],
  },
  otherHosts: [
    { host: 'docs.quilt.bio', why: 'the tool search_docs_quilt_bio, from 0.18.0 on, reads its sitemap.xml and pages' },
  ],
  defects: [
    SEEN.preflight,
    SEEN.origin,
    SEEN.idle,
    HANGS_EARLIER,
    {
      what: 'A call of a tool that waits for the registry blocks the health check meanwhile (a call of 12 s blocked it for 10.5 s), and may wait 60 s, which QUILT_SERVICE_TIMEOUT does not change.',
      workaround: 'an idle timeout of the load balancer above 60 s lets the answer through',
    },
    DEFECTS.glue,
    SEEN.metadata,
    SEEN.version,
  ],
  protocol: {
    revisions: ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'],
    headers: headersOf(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']),
    otherRevision:
      '400, and a list of those that the server speaks, also if it names 2026-07-28, the newest; clients then begin with initialize, and take one of the list',
  },
  sources: [
    { what: 'quilt-mcp (Python registry), run', at: '0.17.4, 0.17.6, 0.21.0' },
    { what: 'quiltdata/quilt-mcp-server uv.lock', at: 'v0.17.4, v0.17.5' },
    {
      what: 'quiltdata/quilt-mcp-server src/quilt_mcp/utils/common.py, config.py, middleware/jwt_extraction.py',
      at: 'v0.21.0',
    },
    { what: 'quiltdata/quilt-mcp-server Dockerfile', at: 'v0.21.0' },
  ],
};
