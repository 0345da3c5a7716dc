import { OWN_POLICY, UNREAD } from './common';
import { g2a } from './g2a';
import type { Conventions } from './schema';

const { MCP_REQUIRE_JWT: _jwt, QUILT_MCP_STATELESS_MODE: _stateless, ...fixed } = g2a.environment.fixed;
const { MCP_JWT_AUDIENCE: _audience, MCP_JWT_ISSUER: _issuer, ...optional } = g2a.environment.optional;
const { QUILT_CATALOG_URL: _catalog, ...dead } = g2a.environment.dead;

const requires = (name: string) => ({ fails: 'exit', code: 1, log: `Multitenant mode requires ${name}` }) as const;

/** As g2a, but for the following. */
export const g2b: Conventions = {
  ...g2a,
  id: 'g2b',
  title: 'multitenant mode',
  summary:
    'One switch, QUILT_MULTITENANT_MODE, takes the place of two: with it the server demands a token, keeps no sessions and asks the Quilt registry by GraphQL. A token must be signed with the shared secret, name the issuer and the audience that the server is told, and name a tenant.',
  versions: { from: '0.11.0', below: '0.14.0' },
  dates: { from: '2026-02-01', to: '2026-02-03' },
  image: { ...g2a.image, defaultVersion: '0.13.0' },
  environment: {
    fixed: {
      ...fixed,
      QUILT_MULTITENANT_MODE: {
        value: 'true',
        why: 'makes the server demand a token; one that is mistyped counts as none',
        without: { fails: 'open' },
      },
    },
    derived: {
      ...g2a.environment.derived,
      AWS_REGION: {
        meaning: 'region in which the server takes on the role that a token names; 0.13.0 takes on none',
        from: 'region',
      },
      MCP_JWT_AUDIENCE: {
        meaning: 'audience (aud) that a token must name, as who signs tokens writes it',
        from: 'environment',
        without: requires('MCP_JWT_AUDIENCE'),
      },
      MCP_JWT_ISSUER: {
        meaning: 'issuer (iss) that a token must name, as who signs tokens writes it',
        from: 'environment',
        without: requires('MCP_JWT_ISSUER'),
      },
      QUILT_CATALOG_URL: {
        meaning: 'URL of the Quilt catalog; the last versions of this generation exit with 1 without it',
        from: 'catalogUrl',
      },
      QUILT_REGISTRY_URL: {
        meaning: 'URL of the Quilt registry; the last versions of this generation exit with 1 without it',
        from: 'registryUrl',
      },
    },
    optional: {
      ...optional,
      MCP_JWT_SESSION_DURATION: {
        ...optional.MCP_JWT_SESSION_DURATION!,
        meaning: 'seconds that the role of a token is taken on for; 0.13.0 does not read it, for it takes on none',
      },
      QUILT_BROWSING_SESSION_TTL: {
        meaning: 'seconds that a browsing session lives; read from 0.13.0 on',
        default: '180',
        values: 'a whole number',
      },
      QUILT_GRAPHQL_ENDPOINT: {
        meaning: "GraphQL endpoint, if it is not the registry's own /graphql; read from 0.13.0 on",
        default: "the registry's /graphql",
        values: 'a URL',
      },
      QUILT_TENANT_ID: {
        meaning: 'tenant of who has a token that names none (QUILT_TENANT does the same)',
        default: 'none: such a token is refused',
        values: 'the id of a tenant',
      },
    },
    dead: {
      ...dead,
      MCP_JWT_SECRET_SSM_PARAMETER:
        "never makes up for MCP_JWT_SECRET, without which the server exits with 1; give the parameter's ARN as auth.secretArn",
      MCP_REQUIRE_JWT: `${UNREAD}; QUILT_MULTITENANT_MODE took its place`,
      QUILT_DISABLE_QUILT3_SESSION: UNREAD,
      QUILT_MCP_STATELESS_MODE: `${UNREAD}; QUILT_MULTITENANT_MODE took its place`,
    },
    dangerous: g2a.environment.dangerous,
  },
  auth: {
    modes: {
      'jwt-secret': {
        ...g2a.auth.modes['jwt-secret']!,
        secret: { ...g2a.auth.modes['jwt-secret']!.secret!, without: requires('MCP_JWT_SECRET') },
      },
    },
    anonymous: 401,
    garbage: 403,
    meaning:
      'The server refuses a request without a token with 401, and with 403 one whose token is expired, not signed with its secret, or of another issuer or audience. A tenant is taken from the token: whoever has the secret can name any.',
  },
  iam: {
    ...g2a.iam,
    why: `Documents of the time give the task role ssm:GetParameter, for the secret, which ECS fetches here; 0.13.0 takes on no role that a token names, as versions before it did. The task role is empty; if a tool of an earlier version fails for want of a role, its owner adds ${OWN_POLICY}, which allows sts:AssumeRole on exactly the roles that tokens name.`,
  },
  sessions: { stateful: false, why: 'QUILT_MULTITENANT_MODE turns them off' },
  logs: {
    ...g2a.logs,
    started: [
      'Quilt MCP Server starting in multitenant mode',
      'Backend type: graphql',
      'JWT required: True',
      'Default transport: http',
    ],
    misconfigured: ['Invalid configuration: Multitenant mode requires', 'Invalid configuration:'],
  },
  defects: [
    {
      what: 'The GraphQL side was begun as a stub: in 0.11.0, 19 tools are not implemented, in 0.13.0 still 3.',
      workaround: 'take the last version, 0.13.0, or go on to g2c',
    },
    ...g2a.defects,
  ],
  sources: [
    {
      what: 'quiltdata/quilt-mcp-server src/quilt_mcp/main.py, config.py, context/tenant_extraction.py',
      at: 'v0.11.0, v0.13.0',
    },
    { what: 'quiltdata/quilt-mcp-server .kiro/specs/mode-config-consolidation', at: 'v0.11.0' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp, for size and signals', at: '7ca254e4, v0.14.1' },
  ],
};
