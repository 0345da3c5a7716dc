import type { Conventions } from './schema';

/** Parts of several generations. Parts of only one or two are in their own files. */

/**
 * Variables that boto3's default chain reads before the task role; the server falls back to that chain. Source: Boto3
 * documentation, "Credentials" and "Configuration".
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

/** Dangerous in every generation: credentials that all callers would share. */
export const SHARED_CREDENTIALS = Object.fromEntries(
  CREDENTIALS.map((name) => [name, "gives every caller these credentials, where a user's own fail"]),
);

/** Effect of QUILT_ALLOW_TEST_JWT. Source: quilt_mcp/auth/jwt_discovery.py of 0.16.0 to 0.22.0. */
export const SIGNS_FOR_TESTS =
  'lets the server sign a token with a secret from its public source, for a call that has none; over HTTP no call gets so far, for who brings no token gets 401: a deployment has no use for it';

export const UNREAD = 'read by no code of this generation';

/** Variables that the Dockerfile of every version from v0.8.0 on sets. */
export const BAKED = { FASTMCP_HOST: '0.0.0.0', FASTMCP_PORT: '8000', FASTMCP_TRANSPORT: 'http' } as const;

/**
 * Variables that every version up to 0.22.0 reads for Athena. ECS sets the region for each task: Amazon ECS Developer Guide,
 * "Amazon ECS environment variables".
 */
export const ATHENA = {
  ATHENA_QUERY_RESULT_LOCATION: {
    meaning: 'where Athena writes its results',
    default: 's3://aws-athena-query-results/',
    values: 'an S3 URI',
  },
  ATHENA_WORKGROUP: {
    meaning: 'workgroup of Athena',
    default: 'one that is found, or else primary',
    values: 'the name of a workgroup',
  },
  AWS_DEFAULT_REGION: {
    meaning: 'region in which Athena is asked',
    default: 'the region of the task, which ECS sets',
    values: 'a region of AWS',
  },
} as const satisfies Conventions['environment']['optional'];

const SENDS_NOTHING = 'read by code that sends nothing';
const USED_FOR_NOTHING = 'read at the start, and used for nothing';

/** Variables that versions from 0.15.0 to 0.22.0 read and no document of theirs names, and those about usage metrics. */
export const READ_SINCE_G2D = {
  optional: {
    QUILT_DISABLE_USAGE_METRICS: {
      meaning: 'true turns off usage metrics, of which this server sends none',
      default: 'false',
      values: 'true or false',
    },
    QUILT_ENABLE_FALLBACK_DISCOVERY: {
      meaning: 'any text makes the server look for buckets by Glue, Athena and QUILT_KNOWN_BUCKETS, if AWS lists none',
      default: 'only if AWS refuses to list buckets',
      values: 'any text',
    },
    QUILT_KNOWN_BUCKETS: {
      meaning: 'buckets that a caller may be able to read, tried if AWS refuses to list buckets',
      default: 'none',
      values: 'names or S3 URIs, with commas between them',
    },
    QUILT_MCP_RESOURCE_CACHE_TTL: {
      meaning: `${USED_FOR_NOTHING}; a word makes the server exit with 1`,
      default: '300',
      values: 'a whole number',
    },
  },
  dead: {
    MCP_TELEMETRY_API_KEY: SENDS_NOTHING,
    MCP_TELEMETRY_BATCH_SIZE: SENDS_NOTHING,
    MCP_TELEMETRY_ENDPOINT: SENDS_NOTHING,
    MCP_TELEMETRY_FLUSH_INTERVAL: SENDS_NOTHING,
    MCP_TELEMETRY_LEVEL: SENDS_NOTHING,
    MCP_TELEMETRY_LOCAL_ONLY: SENDS_NOTHING,
    MCP_TELEMETRY_PRIVACY_LEVEL: SENDS_NOTHING,
    MCP_TELEMETRY_SESSION_TIMEOUT: SENDS_NOTHING,
    QUILT_MCP_RESOURCE_ACCESS_LOGGING: USED_FOR_NOTHING,
    QUILT_MCP_RESOURCE_CACHE_ENABLED: USED_FOR_NOTHING,
  },
} as const satisfies Pick<Conventions['environment'], 'optional' | 'dead'>;

/** Basis of the shim: unchanged since v0.8.0. */
export const STARTED_BY_UVICORN = {
  module: 'quilt_mcp.main',
  serves: 'uvicorn.run',
  cors: 'for any origin, but within authentication, which answers a preflight before CORS is asked',
} as const;

/** The shim's remedy for a server that waits for its clients. */
const ENDS_IN_TIME = "the shim ends what is still open once the load balancer's delay for a target that leaves is over";

/** The owner's way to give the task role permissions that the generator leaves out. */
export const OWN_POLICY = 'a policy of its own, as docs/deployment.md of the repository says under "Own resources"';

/** Variables that are fixed in every generation: for Fargate, the load balancer and a read-only root. */
export const FIXED = {
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
} as const satisfies Conventions['environment']['fixed'];

/** Permissions of ECS to start a task, each by ARN: the same for every generation. */
export const EXECUTION_ROLE: Conventions['iam']['executionRole'] = [
  {
    sid: 'AuthorizeAgainstRegistry',
    actions: ['ecr:GetAuthorizationToken'],
    on: 'everything',
    why: 'the action knows no resource',
  },
  {
    sid: 'PullImage',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    on: 'repository',
    why: 'pulls the image',
  },
  {
    sid: 'WriteLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: 'logGroup',
    why: 'writes the log',
  },
  {
    sid: 'ReadSecrets',
    actions: ['secretsmanager:GetSecretValue'],
    on: 'secrets',
    why: 'fills variables from Secrets Manager',
  },
  { sid: 'ReadParameters', actions: ['ssm:GetParameters'], on: 'parameters', why: 'fills variables from SSM' },
];

/** ECS resolves references to secrets before the server starts; its own process reads none. */
export const SECRETS_READ_BY_ECS = {
  readBy: 'the execution role: ECS puts the value into the variable before the server starts',
} as const;

/**
 * Headers of the streamable HTTP transport. Source: Model Context Protocol specification, "Transports". Of 2026-07-28,
 * `Mcp-Param-…` is left out: it has the name of a tool's parameter at its end, so that no list without wildcards can have it.
 * No server here has such a tool.
 */
export const PROTOCOL_HEADERS: Conventions['protocol']['headers'] = {
  '2024-11-05': ['Authorization', 'Content-Type', 'Accept'],
  '2025-03-26': ['Authorization', 'Content-Type', 'Accept', 'Mcp-Session-Id', 'Last-Event-ID'],
  '2025-06-18': ['Authorization', 'Content-Type', 'Accept', 'Mcp-Session-Id', 'Last-Event-ID', 'MCP-Protocol-Version'],
  '2025-11-25': ['Authorization', 'Content-Type', 'Accept', 'Mcp-Session-Id', 'Last-Event-ID', 'MCP-Protocol-Version'],
  '2026-07-28': ['Authorization', 'Content-Type', 'Accept', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'],
};

/** The headers of these revisions, of those above. */
export function headersOf(revisions: readonly string[]): Conventions['protocol']['headers'] {
  return Object.fromEntries(revisions.map((revision) => [revision, PROTOCOL_HEADERS[revision]!]));
}

/** Defects that several generations share, by name. */
export const DEFECTS = {
  preflight: {
    what: 'A preflight (OPTIONS /mcp) is answered 401 without CORS headers, for authentication runs before CORS; a 401 cannot be read by a page of another origin, either. Browsers of other origins cannot connect.',
    workaround:
      "serve it on the catalog's host (path routing), whose own pages need no preflight, or put CORS in front",
  },
  origin: {
    what: 'The server does not look at the Origin header, and the MCP specification demands that a foreign one is refused.',
    workaround: 'the listener refuses it: cors.foreignOrigins is refuse, unless you say otherwise',
  },
  idle: {
    what: 'A connection that is idle for 5 s is closed by the server, while the load balancer keeps it: now and then a request gets 502.',
    workaround: 'clients try again; no variable changes it',
  },
  hangs: {
    what: 'On SIGTERM the server waits for every client that listens, until it is killed.',
    workaround: 'roll out when few are connected',
  },
  hangsWithSessions: {
    what: 'On SIGTERM the server waits for every client that listens, until it is killed; its sessions are gone with it.',
    workaround:
      'FASTMCP_STATELESS_HTTP=true, where clients can do without sessions; or roll out when few are connected',
  },
  glue: {
    what: 'The client for Glue is made for us-east-1, whatever region is set.',
    workaround:
      'none is needed in 0.9.2, 0.17.4, 0.21.0 and 0.22.0, of which no tool uses it; databases and tables are read by Athena',
  },
  memory: {
    what: 'Telemetry keeps 0.65 KB of every request in memory, of refused ones too, and never lets it go: 12,000 of them took the server from 211 to 219 MB.',
    workaround: 'MCP_TELEMETRY_ENABLED=false, which is emitted: with it they took the server from 210 to 211 MB',
  },
  metadata: {
    what: 'The server answers no request for OAuth metadata (/.well-known/…), and a 401 has no WWW-Authenticate.',
    workaround: 'give clients a token in their configuration',
  },
  version: {
    what: 'serverInfo.version of the MCP handshake is not the version of the server.',
    workaround:
      'the digest says which image runs; /health, which is not routed from outside, has the version as server.version',
  },
} as const satisfies Record<string, Conventions['defects'][number]>;

/** Defects that a shim mends, and how. */
export const MENDED_BY_SHIM = {
  preflight: {
    ...DEFECTS.preflight,
    shim: 'the shim answers preflights of the origins that cors.allowedOrigins names, and lets their pages read every answer, a 401 too',
  },
  idle: { ...DEFECTS.idle, shim: 'the shim keeps a connection for longer than any load balancer leaves one idle' },
  hangs: { ...DEFECTS.hangs, shim: ENDS_IN_TIME },
  hangsWithSessions: { ...DEFECTS.hangsWithSessions, shim: `${ENDS_IN_TIME}; sessions are gone all the same` },
} as const satisfies Partial<Record<keyof typeof DEFECTS, Conventions['defects'][number]>>;

/** The same, with the check of the real server that shows each. */
export const SEEN = {
  preflight: { ...MENDED_BY_SHIM.preflight, seen: 'preflight-refused' },
  origin: { ...DEFECTS.origin, seen: 'origin-ignored' },
  idle: { ...MENDED_BY_SHIM.idle, seen: 'idle-connection-closed' },
  metadata: { ...DEFECTS.metadata, seen: 'no-authorization-metadata' },
  version: { ...DEFECTS.version, seen: 'wrong-server-version' },
} as const satisfies Partial<Record<keyof typeof DEFECTS, Conventions['defects'][number]>>;
