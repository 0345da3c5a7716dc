import {
  ATHENA,
  DEFECTS,
  EXECUTION_ROLE,
  FIXED,
  headersOf,
  OWN_POLICY,
  SECRETS_READ_BY_ECS,
  SHARED_CREDENTIALS,
  UNREAD,
} from './common';
import type { Conventions } from './schema';

// The newest revision is later than these images.
const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18'];

// Every deployment gets the region, so it is not among the optional variables.
const { AWS_DEFAULT_REGION: _region, ...athena } = ATHENA;

export const g1a: Conventions = {
  id: 'g1a',
  title: 'enhanced JWT, images of branches',
  summary:
    'Images that were built from branches in September 2025, for the demo of Quilt itself. The catalog signs an enhanced JWT, which carries what its bearer may do; but the server also lets in who has no token, or one that nobody signed. Sessions live in the memory of one task. A later state of the branches drops the secret again, and has the task take on a role instead.',
  versions: null,
  dates: { from: '2025-09-22', to: '2025-09-25' },
  support: {
    kind: 'unsafe',
    warning:
      'Conventions g1a are unsafe: the server is healthy and answers 200 without a token, and with one that is malformed, expired or signed with another secret; and where its secret does not arrive, it takes one that is published in its source. Emitted for deployments that exist; move on to a later generation.',
    tag: 'unsafe: takes requests without a valid token',
  },
  ranHere: [],
  image: {
    repositories: ['850787717197.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server'],
    // These images have no published version; this tag is one that the document of the time deploys.
    defaultVersion: 'jwt-auth-v1.0.0',
    bakes: {},
    user: 'root',
    hasCurl: false,
    python: '3.11',
    packages: { fastmcp: '2.11.2' },
  },
  endpoint: { port: 8000, path: '/mcp/', otherSlash: '/mcp is redirected to /mcp/ with 307' },
  health: {
    path: '/healthz',
    all: ['/healthz'],
    probe: "Python's urllib in the container, for the image has no curl; / and /health are 404",
  },
  environment: {
    fixed: FIXED,
    derived: {
      AWS_DEFAULT_REGION: { meaning: 'region of the calls to AWS', from: 'region' },
      QUILT_CATALOG_URL: { meaning: 'URL of the Quilt catalog', from: 'catalogUrl' },
    },
    optional: {
      ...athena,
      FASTMCP_STATELESS_HTTP: {
        meaning: 'true turns sessions off, so that any number of tasks may run',
        default: 'false',
        values: 'true or false',
      },
    },
    dead: {
      AWS_REGION: `${UNREAD}; AWS_DEFAULT_REGION is`,
      LOG_LEVEL: UNREAD,
      MCP_ENHANCED_JWT_KID: 'without effect: no key is chosen by it',
      MCP_SERVER_NAME: UNREAD,
      MCP_SERVER_VERSION: UNREAD,
      QUILT_REGISTRY_URL: `${UNREAD}; documents of the time set it to the URL of the catalog`,
    },
    dangerous: {
      ...SHARED_CREDENTIALS,
      FASTMCP_ADDR: 'overrides FASTMCP_HOST',
      MCP_ASSUME_ROLE_ARN: 'gives every caller the identity of this role',
      QUILT_ACCESS_TOKEN: 'gives every caller the identity of this token',
      QUILT_USER_ROLE_ARN: 'gives every caller the identity of this role',
      WEB_CONCURRENCY: 'makes the server exit with 1',
    },
  },
  auth: {
    modes: {
      'enhanced-jwt': {
        meaning: 'the server reads what a token allows, by the secret that it shares with who signs it (HS256)',
        secret: {
          variable: 'MCP_ENHANCED_JWT_SECRET',
          meaning:
            'what tokens are signed with: at least 32 random bytes, and never development-enhanced-jwt-secret, which is in the source of the server',
          without: { fails: 'open' },
        },
      },
    },
    anonymous: 200,
    garbage: 200,
    meaning:
      'The server refuses nobody at the door: no token, a malformed, an expired and a wrongly signed one all get 200. Only what stands in front of it, such as the network, keeps callers out.',
  },
  secrets: SECRETS_READ_BY_ECS,
  iam: {
    executionRole: EXECUTION_ROLE,
    taskRole: [],
    why: `Documents of the time gave the task role S3, Athena and sts:AssumeRole: the server reads buckets itself, with credentials or a role that a token names, else with the task role. As the server refuses nobody, whatever the task role may do, everybody may do, and so may every role that it may take on: a header names one. So it is empty; who needs more adds ${OWN_POLICY}, and answers for it.`,
  },
  sessions: {
    stateful: true,
    why: 'a session lives in the memory of the task that began it, and another answers 400',
    off: { variable: 'FASTMCP_STATELESS_HTTP', value: 'true' },
  },
  size: {
    cpu: 512,
    memory: 1024,
    why: 'a start takes 74 s on a quarter of a vCPU, which is what documents of the time give it, and 358 MB are in use under load',
  },
  timing: {
    startPeriod: 120,
    stopTimeout: 60,
    openStream: 'hangs',
    why: 'a start takes 74 s on a quarter of a vCPU; on SIGTERM the server waits for its clients to go, and one that listens does not: it is killed when the time is over',
  },
  logs: { started: [], misconfigured: [], refused: [], alarming: [] },
  defects: [
    {
      what: 'The public secret development-enhanced-jwt-secret stands in the task definition that upstream published, and in the source as what is taken where none is set.',
      workaround: 'a secret of your own; it does not keep out who has no token',
    },
    {
      what: 'GET /mcp/healthz, which documents of the time use as a test, is answered 400 or 406 and leaves a session behind.',
      workaround: 'ask /healthz, from within',
    },
    {
      what: "Documents of the time route /mcp/* alone, and probe with curl, which the image does not have: such a container is never healthy, and a client's /mcp is not routed.",
      workaround: 'both are mended here',
    },
    {
      what: 'A request without a token that has the header X-Quilt-User-Role, with the ARN of a role, makes the server take that role on with the credentials of the task (sts:AssumeRole).',
      workaround: 'a task role that may take on no role, which is what is emitted',
    },
    {
      what: 'Who calls is kept in the environment of the process: callers of the same task get the identity of one another.',
      workaround: 'none; later generations keep it by request',
    },
    {
      what: 'The source of the server at commit 8398a476, of the later state of the branches, does not compile.',
      workaround: 'build from another commit',
    },
    DEFECTS.glue,
    DEFECTS.origin,
    DEFECTS.idle,
    DEFECTS.hangsWithSessions,
    {
      what: 'The server answers no request for OAuth metadata (/.well-known/…).',
      workaround: DEFECTS.metadata.workaround,
    },
    { what: DEFECTS.version.what, workaround: 'none: look at the digest of the image' },
  ],
  protocol: { revisions: REVISIONS, headers: headersOf(REVISIONS) },
  sources: [
    { what: 'quiltdata/quilt-mcp-server docs/architecture/MCP_SERVER_INFRASTRUCTURE.md', at: '2eaba615' },
    { what: 'quiltdata/quilt-mcp-server docs/architecture/MCP_SERVER_INFRASTRUCTURE_DIAGRAM.md', at: 'ed3c916f' },
    { what: 'quiltdata/quilt-mcp-server deploy/ecs-task-definition.json', at: '045870a0' },
    { what: 'quiltdata/quilt-mcp-server deploy/terraform/modules/mcp_server', at: '8398a476' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp', at: '2eaba615, 8398a476' },
  ],
};
