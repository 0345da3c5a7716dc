import {
  ATHENA,
  BAKED,
  DEFECTS,
  EXECUTION_ROLE,
  FIXED,
  headersOf,
  MENDED_BY_SHIM,
  OWN_POLICY,
  SECRETS_READ_BY_ECS,
  SHARED_CREDENTIALS,
  STARTED_BY_UVICORN,
  UNREAD,
} from './common';
import type { Conventions } from './schema';

const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

export const g2a: Conventions = {
  id: 'g2a',
  title: 'JWT that names a role',
  summary:
    'v0.10.0 brought JWT back under other names. The server checks a token with a secret that it shares with who signs it, and takes on the role of AWS that the token names. Sessions can be turned off, and are here, so that any number of tasks may run.',
  versions: { from: '0.10.0', below: '0.11.0' },
  dates: { from: '2026-01-28', to: '2026-01-28' },
  support: { kind: 'emitted' },
  ranHere: [],
  image: {
    repositories: ['730278974607.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp'],
    defaultVersion: '0.10.0',
    bakes: BAKED,
    user: 'root',
    hasCurl: true,
    python: '3.11',
    packages: { fastmcp: '2.14.4' },
    shim: { ...STARTED_BY_UVICORN, byDefault: true },
  },
  endpoint: { port: 8000, path: '/mcp', otherSlash: '/mcp/ is redirected to /mcp with 307' },
  health: {
    path: '/health',
    all: ['/', '/health', '/healthz'],
    probe: "Python's urllib in the container; it says nothing about authentication",
  },
  environment: {
    fixed: {
      ...FIXED,
      MCP_REQUIRE_JWT: {
        value: 'true',
        why: 'makes the server demand a token; who came without one would have the rights of the task role',
        without: { fails: 'open' },
      },
      MCP_TELEMETRY_ENABLED: {
        value: 'false',
        why: 'left on, it keeps something of every request in memory, and never lets it go',
      },
      QUILT_MCP_STATELESS_MODE: {
        value: 'true',
        why: 'turns sessions off, so that any number of tasks may run, and answers with JSON',
      },
    },
    derived: {
      AWS_REGION: { meaning: 'region in which the server takes on the role that a token names', from: 'region' },
      QUILT_SERVICE_TIMEOUT: {
        meaning: 'seconds that a call to a Quilt service may take',
        from: 'serviceTimeout',
      },
    },
    optional: {
      ...ATHENA,
      MCP_JWT_AUDIENCE: {
        meaning: 'audience (aud) that a token must name',
        default: 'none: not looked at',
        values: 'text, as the tokens have it',
      },
      MCP_JWT_ISSUER: {
        meaning: 'issuer (iss) that a token must name',
        default: 'none: not looked at',
        values: 'text, as the tokens have it',
      },
      MCP_JWT_SESSION_DURATION: {
        meaning: 'seconds that the role of a token is taken on for',
        default: '3600',
        values: 'a whole number; below 900 it is 900, above 43200 it is 43200',
      },
      QUILT_MCP_RESOURCES_ENABLED: {
        meaning: 'false turns MCP resources off',
        default: 'true',
        values: 'true or false',
      },
    },
    dead: {
      MCP_ENHANCED_JWT_KID: UNREAD,
      MCP_ENHANCED_JWT_SECRET: `${UNREAD}; the secret is MCP_JWT_SECRET`,
      MCP_ENHANCED_JWT_SECRET_SSM_PARAMETER: UNREAD,
      MCP_JWT_SECRET_SSM_PARAMETER:
        "not read beside MCP_JWT_SECRET; alone it is read by the task role, which may not; give the parameter's ARN as auth.secretArn",
      QUILT_CATALOG_URL: UNREAD,
    },
    dangerous: {
      ...SHARED_CREDENTIALS,
      FASTMCP_ADDR: 'overrides FASTMCP_HOST',
      QUILT_ALLOW_TEST_JWT:
        'from v0.16.0 on lets the server sign a token with a secret from its public source, for a call that has none',
      QUILT_FALLBACK_JWT: 'from v0.17.1 on lets anonymous callers in',
      WEB_CONCURRENCY: 'makes the server exit with 1',
    },
  },
  auth: {
    modes: {
      'jwt-secret': {
        meaning: 'the server checks that a token is signed (HS256) with the secret that it shares with who signs it',
        secret: {
          variable: 'MCP_JWT_SECRET',
          meaning: 'what tokens are signed with: at least 32 random bytes',
          without: { fails: 'exit', code: 1, log: 'JWT mode requires MCP_JWT_SECRET' },
        },
      },
    },
    anonymous: 401,
    garbage: 403,
    meaning:
      'The server refuses a request without a token with 401, and one with a token that is expired or not signed with its secret with 403. At the door only exp is demanded of a token; what reaches AWS takes role_arn of it. Whoever has the secret can name any role that trusts the task role.',
  },
  secrets: SECRETS_READ_BY_ECS,
  iam: {
    executionRole: EXECUTION_ROLE,
    taskRole: [],
    why: `The server of this time takes on the role that a token names (sts:AssumeRole, with sts:SetSourceIdentity and sts:TagSession), and reads S3 and Athena by it; documents of the time also gave ssm:GetParameter, for the secret, which ECS fetches here. Which roles these are, only the owner knows: the task role is empty, and tools that need a role fail until its owner adds ${OWN_POLICY}, which allows sts:AssumeRole on exactly these. Give it no S3 or Athena of its own.`,
  },
  sessions: { stateful: false, why: 'QUILT_MCP_STATELESS_MODE turns them off' },
  size: {
    cpu: 512,
    memory: 1024,
    why: 'with v0.14.1 a start took 54 s on a quarter of a vCPU, and 212 MB were in use; under load, that stays so only without telemetry',
  },
  timing: {
    startPeriod: 120,
    stopTimeout: 60,
    openStream: 'hangs',
    why: 'with v0.14.1 a start took 54 s on a quarter of a vCPU; on SIGTERM the server waits for its clients to go, and one that listens does not: it is killed when the time is over',
  },
  logs: {
    started: [],
    misconfigured: ['JWT mode requires MCP_JWT_SECRET'],
    refused: [
      'JWT validation failed (',
      'JWT authentication required but missing Authorization header',
      'Invalid Authorization header format',
      'Empty Bearer token provided',
    ],
    alarming: [],
  },
  defects: [
    DEFECTS.memory,
    DEFECTS.glue,
    MENDED_BY_SHIM.preflight,
    DEFECTS.origin,
    MENDED_BY_SHIM.idle,
    MENDED_BY_SHIM.hangs,
    DEFECTS.metadata,
    DEFECTS.version,
  ],
  protocol: { revisions: REVISIONS, headers: headersOf(REVISIONS) },
  sources: [
    { what: 'quiltdata/quilt-mcp-server, where JWT was brought back', at: 'eed87f35, v0.10.0' },
    { what: 'quiltdata/quilt-mcp-server docs/AUTHENTICATION.md, docs/deployment/jwt-mode-docker.md', at: '02682a83' },
    {
      what: 'quiltdata/quilt-mcp-server src/quilt_mcp/middleware/jwt_middleware.py, and its source started',
      at: 'v0.10.0',
    },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp, for size and signals', at: '7ca254e4, v0.14.1' },
  ],
};
