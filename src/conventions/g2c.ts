import { ATHENA, BAKED, DEFECTS, MENDED_BY_SHIM, OWN_POLICY, UNREAD } from './common';
import { g2b } from './g2b';
import type { Conventions } from './schema';

const { QUILT_MULTITENANT_MODE: _mode, ...fixed } = g2b.environment.fixed;
const { QUILT_SERVICE_TIMEOUT } = g2b.environment.derived;

const requires = (name: string) => ({ fails: 'exit', code: 1, log: `Multiuser mode requires ${name}` }) as const;

/** As g2b, but for the following. */
export const g2c: Conventions = {
  ...g2b,
  id: 'g2c',
  title: 'multiuser mode, tokens of the catalog',
  summary:
    "Tenants are gone: one deployment is for one catalog, and the switch is QUILT_MULTIUSER_MODE. The server checks that the catalog's own token is signed with the secret that it shares with the catalog, and the Quilt registry decides what it allows.",
  versions: { from: '0.14.0', below: '0.15.0' },
  dates: { from: '2026-02-04', to: '2026-02-04' },
  image: {
    ...g2b.image,
    defaultVersion: '0.14.1',
    bakes: { ...BAKED, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
    python: '3.13; 3.11 in 0.14.0',
  },
  environment: {
    fixed: {
      ...fixed,
      QUILT_MULTIUSER_MODE: {
        value: 'true',
        why: 'makes the server demand a token; one that is mistyped counts as none',
        without: { fails: 'open' },
      },
    },
    derived: {
      QUILT_CATALOG_URL: {
        meaning: 'URL of the Quilt catalog',
        from: 'catalogUrl',
        without: requires('QUILT_CATALOG_URL'),
      },
      QUILT_REGISTRY_URL: {
        meaning: 'URL of the Quilt registry',
        from: 'registryUrl',
        without: requires('QUILT_REGISTRY_URL'),
      },
      QUILT_SERVICE_TIMEOUT: QUILT_SERVICE_TIMEOUT!,
    },
    optional: {
      ...ATHENA,
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
      ...g2b.environment.dead,
      MCP_SKIP_BANNER: 'has no effect over HTTP',
      MCP_TELEMETRY_LEVEL: 'without effect, for MCP_TELEMETRY_ENABLED turns telemetry off',
      MCP_REQUIRE_JWT: `${UNREAD}; QUILT_MULTIUSER_MODE took its place`,
      QUILT_MCP_STATELESS_MODE: `${UNREAD}; QUILT_MULTIUSER_MODE took its place`,
      QUILT_MULTITENANT_MODE: `${UNREAD}; QUILT_MULTIUSER_MODE took its place`,
      QUILT_TENANT: UNREAD,
      QUILT_TENANT_ID: UNREAD,
    },
    dangerous: {
      ...g2b.environment.dangerous,
      MCP_JWT_AUDIENCE: 'every token is answered 403, for the server takes none that has aud',
      MCP_JWT_ISSUER: 'every token is answered 403, for the server takes none that has iss',
    },
  },
  auth: {
    modes: {
      'jwt-secret': {
        meaning: 'the server checks that a token is signed (HS256) with the secret that it shares with the catalog',
        secret: {
          variable: 'MCP_JWT_SECRET',
          meaning: 'what the catalog signs its tokens with',
          without: requires('MCP_JWT_SECRET'),
        },
      },
    },
    anonymous: 401,
    garbage: 403,
    meaning:
      'The server refuses a request without a token with 401, and with 403 one whose token is malformed, expired or not signed with its secret. A token has id, uuid and exp and nothing else: iat, iss or aud in it is answered 403, too. What a token allows, the Quilt registry decides.',
  },
  iam: {
    ...g2b.iam,
    why: `All data comes by the Quilt registry, which from v0.14.1 on also hands out a user's credentials for S3 and Athena. Documents of the time give the task role ssm:GetParameter, for the secret, which ECS fetches here. So it is empty; who needs more adds ${OWN_POLICY}, and gives it to every caller.`,
  },
  sessions: { stateful: false, why: 'QUILT_MULTIUSER_MODE turns them off' },
  size: {
    ...g2b.size!,
    why: 'a start takes 54 s on a quarter of a vCPU; 212 MB are in use; under load, that stays so only without telemetry',
  },
  timing: {
    ...g2b.timing!,
    why: 'a start takes 54 s on a quarter of a vCPU; on SIGTERM the server waits for its clients to go, and one that listens does not: it is killed when the time is over',
  },
  logs: {
    ...g2b.logs,
    started: [
      'Quilt MCP Server starting in multiuser mode',
      'Backend type: graphql',
      'JWT required: True',
      'Default transport: http',
    ],
    misconfigured: ['Invalid configuration: Multiuser mode requires', 'Invalid configuration:'],
  },
  defects: [
    {
      what: 'The task definition that upstream published for this generation has MCP_JWT_SECRET_SSM_PARAMETER in place of MCP_JWT_SECRET, and so never starts.',
      workaround: 'auth.secretArn: ECS fills MCP_JWT_SECRET from the parameter',
    },
    DEFECTS.memory,
    DEFECTS.glue,
    MENDED_BY_SHIM.preflight,
    DEFECTS.origin,
    MENDED_BY_SHIM.idle,
    MENDED_BY_SHIM.hangs,
    DEFECTS.metadata,
    DEFECTS.version,
  ],
  sources: [
    { what: 'quiltdata/quilt-mcp-server proj/260210-stack-integrated/C-DEPLOY.md', at: '159c087b' },
    {
      what: 'quiltdata/quilt-mcp-server src/quilt_mcp: config.py, main.py, middleware/jwt_middleware.py, services/jwt_decoder.py',
      at: '7ca254e4, v0.14.1',
    },
  ],
};
