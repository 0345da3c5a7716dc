import type { Conventions } from './conventions';

const DEAD = 'read by no code of this generation';

/**
 * What boto3's default chain reads before it comes to the task role; the server falls back to that chain.
 * Source: Boto3 documentation, "Credentials" and "Configuration".
 */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_CONFIG_FILE',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SECURITY_TOKEN',
  'AWS_SESSION_TOKEN',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

export const g3c: Conventions = {
  id: 'g3c',
  title: 'remote pass-through, registry URL optional',
  versions: { from: '0.22.0' },
  defaultVersion: '0.22.0',
  port: 8000,
  path: '/mcp',
  healthPath: '/health',
  fixedEnvironment: {
    FASTMCP_HOST: {
      value: '0.0.0.0',
      why: 'unset, the server binds 127.0.0.1: the container probe passes and the load balancer gets no answer',
    },
    FASTMCP_PORT: { value: '8000', why: 'port of the target group' },
    FASTMCP_TRANSPORT: { value: 'http', why: 'with sse the server is healthy while /mcp is 404' },
    FORWARDED_ALLOW_IPS: {
      value: '*',
      why: 'makes redirects https behind the load balancer; safe, for only its security groups can connect',
    },
    HOME: { value: '/tmp', why: 'an arbitrary user has no home, and without one the server exits with 1' },
    MPLCONFIGDIR: { value: '/tmp/mpl', why: 'matplotlib writes its cache here; the root file system is read-only' },
    QUILT_DEPLOYMENT: {
      value: 'remote',
      why: 'baked into the image; named here because legacy means no authentication',
    },
  },
  derivedEnvironment: {
    QUILT_CATALOG_URL: 'URL of the Quilt catalog; without it the server exits with 1',
    QUILT_REGISTRY_URL:
      'URL of the Quilt registry; without it the server asks the catalog for config.json on every tool call',
    QUILT_SERVICE_TIMEOUT: 'seconds that a call to the registry may take; below the idle timeout of the load balancer',
  },
  optionalEnvironment: {
    QUILT_BROWSING_SESSION_TTL: 'seconds that a browsing session lives',
    QUILT_DISABLE_USAGE_METRICS: 'true stops the usage metrics that the server sends to its vendor',
    QUILT_GRAPHQL_ENDPOINT: "GraphQL endpoint, where it is not the registry's own /graphql",
    QUILT_MCP_RESOURCES_ENABLED: 'false turns MCP resources off',
  },
  forbiddenEnvironment: {
    ...Object.fromEntries(
      CREDENTIALS.map((name) => [name, "gives every caller these credentials, where a user's own fail"]),
    ),
    FASTMCP_ADDR: 'overrides FASTMCP_HOST',
    MCP_ENHANCED_JWT_SECRET: DEAD,
    MCP_JWT_AUDIENCE: DEAD,
    MCP_JWT_ISSUER: DEAD,
    MCP_JWT_SECRET: DEAD,
    MCP_JWT_SECRET_SSM_PARAMETER: DEAD,
    MCP_OPTIMIZATION_ENABLED: DEAD,
    MCP_SKIP_BANNER: 'has no effect over HTTP',
    MCP_TELEMETRY_ENABLED: `${DEAD}; use QUILT_DISABLE_USAGE_METRICS`,
    QUILT_ALLOW_TEST_JWT: 'makes the server take a fixed secret of its tests for a token',
    QUILT_FALLBACK_JWT: 'lets anonymous callers in',
    WEB_CONCURRENCY: 'makes the server exit with 1',
  },
  authModes: ['bearer'],
  startPeriod: 120,
  stopTimeout: 60,
  sources: [
    'quilt-mcp 0.22.0 (Python registry), run',
    'quiltdata/quilt-mcp-server v0.21.0, src/quilt_mcp/utils/common.py, config.py',
  ],
};
