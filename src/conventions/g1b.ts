import {
  BAKED,
  DEFECTS,
  EXECUTION_ROLE,
  FIXED,
  headersOf,
  MENDED_BY_SHIM,
  SECRETS_READ_BY_ECS,
  SEEN,
  SHARED_CREDENTIALS,
  STARTED_BY_UVICORN,
  UNREAD,
} from './common';
import type { Conventions } from './schema';

const PUBLIC_SECRET = 'development-enhanced-jwt-secret';
const OTHER_SOURCE = 'without effect, for MCP_ENHANCED_JWT_SECRET goes before it';

export const g1b: Conventions = {
  id: 'g1b',
  title: 'enhanced JWT, checked by the server',
  summary:
    'The server checks tokens itself, with a secret that it shares with who signs them. A token carries what its bearer may do, and may carry AWS credentials. Sessions live in the memory of one task.',
  versions: { from: '0.8.0', below: '0.9.3' },
  dates: { from: '2025-10-18', to: '2025-11-19' },
  support: {
    kind: 'unsafe',
    warning:
      "Conventions g1b are unsafe: left alone, the server asks for no token, and where its secret does not arrive it takes tokens that anybody can sign, for it falls back on a secret that is published in its source. Who knows the secret can sign any permission, and what callers set in the catalog's configuration holds for all. Emitted for deployments that exist; move on to a later generation.",
    tag: 'unsafe: takes tokens of a public secret where its own is missing',
  },
  ranHere: ['0.9.2'],
  image: {
    repositories: [
      '730278974607.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp',
      '850787717197.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp',
    ],
    defaultVersion: '0.9.2',
    bakes: {
      ...BAKED,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUNBUFFERED: '1',
      UV_PROJECT_ENVIRONMENT: '/app/.venv',
    },
    user: 'root',
    hasCurl: true,
    python: '3.11',
    packages: { fastmcp: '2.12.4', 'sse-starlette': '3.0.2', starlette: '0.47.2', uvicorn: '0.35.0' },
    shim: { ...STARTED_BY_UVICORN, byDefault: false },
  },
  endpoint: { port: 8000, path: '/mcp', otherSlash: '/mcp/ is redirected to /mcp with 307' },
  health: {
    path: '/health',
    all: ['/health', '/healthz'],
    probe: "Python's urllib in the container; / asks for a token, and none of them says anything about authentication",
  },
  environment: {
    fixed: {
      ...FIXED,
      MCP_REQUIRE_JWT: {
        value: 'true',
        why: 'makes the server demand a token; who came without one would have the rights of the task role',
        without: { fails: 'open' },
      },
    },
    derived: {
      AWS_DEFAULT_REGION: {
        meaning: 'region in which Athena is asked, where Quilt names none',
        from: 'region',
      },
      QUILT_SERVICE_TIMEOUT: {
        meaning: 'seconds that a call to a Quilt service may take; a word makes the server exit with 1',
        from: 'serviceTimeout',
      },
    },
    optional: {
      ATHENA_QUERY_RESULT_LOCATION: {
        meaning: 'where Athena writes its results',
        default: 's3://aws-athena-query-results/',
        values: 'an S3 URI',
      },
      ATHENA_WORKGROUP: {
        meaning: 'workgroup of Athena, where none is found',
        default: 'primary',
        values: 'the name of a workgroup',
      },
      FASTMCP_STATELESS_HTTP: {
        meaning: 'true turns sessions off, so that any number of tasks may run',
        default: 'false',
        values: 'true or false',
      },
      MCP_TOOL_PERMISSIONS: {
        meaning: 'permissions that a token must carry to call a tool, beside those that the server knows',
        default: 'none',
        values: 'a JSON object: name of a tool to a list of permissions',
      },
      QUILT_DISABLE_USAGE_METRICS: {
        meaning: 'true stops the usage metrics that the quilt3 library sends to its vendor',
        default: 'false',
        values: 'true or false',
      },
      QUILT_MCP_RESOURCES_ENABLED: {
        meaning: 'false turns MCP resources off',
        default: 'true',
        values: 'true or false',
      },
    },
    dead: {
      LOG_LEVEL: UNREAD,
      MCP_ENHANCED_JWT_KID: 'without effect but for the log: no key is chosen by it',
      MCP_ENHANCED_JWT_SECRET_PARAM: OTHER_SOURCE,
      MCP_ENHANCED_JWT_SECRET_SSM_PARAMETER: OTHER_SOURCE,
      MCP_JWT_AUDIENCE: UNREAD,
      MCP_JWT_ISSUER: UNREAD,
      MCP_JWT_SECRET: `${UNREAD}; the secret is MCP_ENHANCED_JWT_SECRET`,
      MCP_OPTIMIZATION_ENABLED: 'read by code that nothing runs',
      MCP_SERVER_NAME: UNREAD,
      MCP_SERVER_VERSION: UNREAD,
      MCP_SKIP_BANNER: 'has no effect over HTTP',
      MCP_TELEMETRY_ENABLED: 'read by code that nothing runs; use QUILT_DISABLE_USAGE_METRICS',
      QUILT_CATALOG_URL: UNREAD,
      QUILT_DEPLOYMENT: UNREAD,
      QUILT_GRAPHQL_ENDPOINT: UNREAD,
      QUILT_MULTIUSER_MODE: UNREAD,
      QUILT_REGISTRY_URL: UNREAD,
    },
    dangerous: {
      ...SHARED_CREDENTIALS,
      FASTMCP_ADDR: 'overrides FASTMCP_HOST',
      WEB_CONCURRENCY: 'makes the server exit with 1',
    },
  },
  auth: {
    modes: {
      'enhanced-jwt': {
        meaning: 'the server checks that the token is signed (HS256) with the secret that it shares with who signs it',
        secret: {
          variable: 'MCP_ENHANCED_JWT_SECRET',
          meaning:
            'what tokens are signed with: at least 32 random bytes, and never the one in the source of the server',
          without: {
            fails: 'forgeable',
            publicSecret: PUBLIC_SECRET,
            log: 'Falling back to development JWT secret',
          },
        },
      },
    },
    anonymous: 401,
    garbage: 401,
    meaning:
      'The server takes any token that is signed with its secret, whatever its audience, and believes its permissions; a token without exp never ends. So whoever has the secret can do what any caller can.',
  },
  secrets: SECRETS_READ_BY_ECS,
  iam: {
    executionRole: EXECUTION_ROLE,
    taskRole: [],
    why: "Documents of the time gave the task role ssm:GetParameter, by which the server fetched its secret, and sts:AssumeRole, for roles that tokens name. ECS fetches the secret here; and where a token carries no credentials, the server falls back to boto3's default chain, which ends at the task role: whatever it may do, every caller may do. So it is empty, and a token carries credentials.",
  },
  sessions: {
    stateful: true,
    why: 'a session lives in the memory of the task that began it, and no other knows it',
    off: { variable: 'FASTMCP_STATELESS_HTTP', value: 'true' },
  },
  size: {
    cpu: 512,
    memory: 1024,
    why: 'its predecessor of 2025-09 took 74 s to start on a quarter of a vCPU, and 358 MB under load',
  },
  timing: {
    startPeriod: 120,
    stopTimeout: 60,
    openStream: 'hangs',
    why: 'its predecessor of 2025-09 took 74 s to start on a quarter of a vCPU; on SIGTERM the server waits for its clients to go, and one that listens does not: it is killed when the time is over',
  },
  logs: {
    started: ['Started server process', 'Application startup complete', 'Uvicorn running on'],
    misconfigured: ['Falling back to development JWT secret'],
    refused: ['JWT authentication failed for'],
    alarming: ['Falling back to development JWT secret'],
  },
  otherHosts: [
    { host: 'open.quiltdata.com', why: 'the catalog of the quilt3 library until a caller sets another' },
    {
      host: 'telemetry.quiltdata.cloud',
      why: 'usage metrics of the quilt3 library',
      off: { variable: 'QUILT_DISABLE_USAGE_METRICS', value: 'true' },
    },
  ],
  defects: [
    SEEN.preflight,
    SEEN.origin,
    SEEN.idle,
    MENDED_BY_SHIM.hangsWithSessions,
    DEFECTS.glue,
    {
      what: 'The catalog that the server works with is a setting that any caller changes, by a tool, for all callers of the same task; no variable sets it, and the next task begins without.',
      workaround: 'none; later generations read QUILT_CATALOG_URL',
    },
    {
      what: 'The line that the server has fallen back on the public secret is not written at the start, but at the first token that it sees.',
      workaround: 'send a token that nobody signed after each deployment, and look for the line',
    },
    SEEN.metadata,
    SEEN.version,
  ],
  protocol: {
    revisions: ['2024-11-05', '2025-03-26', '2025-06-18'],
    headers: headersOf(['2024-11-05', '2025-03-26', '2025-06-18']),
  },
  sources: [
    { what: 'quilt-mcp (Python registry), run', at: '0.9.2' },
    {
      what: 'quilt-mcp (Python registry): quilt_mcp/utils.py, health.py, config.py, services/bearer_auth_service.py, services/auth_metadata.py, tools/auth_helpers.py',
      at: '0.9.2',
    },
    { what: 'quiltdata/quilt-mcp-server Dockerfile', at: 'c553592f' },
  ],
};
