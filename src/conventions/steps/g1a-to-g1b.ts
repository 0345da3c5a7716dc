import type { Step } from '../schema';

const BY_HAND = 'read by nothing; deployments that were made by hand have it';

export const g1aToG1b: Step = {
  from: 'g1a',
  to: 'g1b',
  why: 'v0.8.0 is the first published version with the tokens of the branches. It refuses who has no valid token, where MCP_REQUIRE_JWT says so.',
  changes: [
    {
      kind: 'add',
      what: 'variable',
      name: 'MCP_REQUIRE_JWT',
      why: 'unset, the server lets everybody in',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'QUILT_SERVICE_TIMEOUT',
      why: "keeps calls to Quilt's services below the load balancer's idle timeout",
    },
    { kind: 'remove', what: 'variable', name: 'QUILT_CATALOG_URL', why: 'read by nothing from v0.8.0 on' },
    {
      kind: 'rename',
      what: 'variable',
      name: 'FASTMCP_ADDR',
      to: 'FASTMCP_HOST',
      why: 'deployments that were made by hand have it, and it overrides FASTMCP_HOST',
    },
    { kind: 'remove', what: 'variable', name: 'MCP_ENHANCED_JWT_KID', why: BY_HAND },
    { kind: 'remove', what: 'variable', name: 'MCP_SERVER_NAME', why: BY_HAND },
    { kind: 'remove', what: 'variable', name: 'MCP_SERVER_VERSION', why: BY_HAND },
    { kind: 'remove', what: 'variable', name: 'QUILT_REGISTRY_URL', why: BY_HAND },
    {
      kind: 'rotate',
      what: 'secret',
      name: 'MCP_ENHANCED_JWT_SECRET',
      why: "development-enhanced-jwt-secret is public, and stood in the published task definition; a value that ever stood in a task definition's environment can be read by who may describe it",
    },
    {
      kind: 'remove',
      what: 'permission',
      name: 'S3, Athena and sts:AssumeRole of the task role (ecsTaskRole)',
      why: 'where a token carries no credentials, every caller has what the task role has',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'health check',
      from: '/healthz',
      to: '/health',
      why: 'both answer now, and /health has the version',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'size of a task',
      from: '256 CPU units and 512 MiB, where documents of the time were followed',
      to: '512 CPU units and 1024 MiB',
      why: 'a start took 74 s on a quarter of a vCPU',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'paths of the listener rule',
      from: '/mcp/*, where documents of the time were followed',
      to: '/mcp and /mcp/*',
      why: 'the canonical path is now /mcp, which /mcp/* does not match',
    },
    {
      kind: 'change',
      what: 'client',
      name: 'URL of the endpoint',
      from: '…/mcp/',
      to: '…/mcp',
      why: '/mcp is canonical now, and /mcp/ is redirected to it with 307',
    },
    {
      kind: 'change',
      what: 'resource',
      name: 'repository of the image',
      from: '850787717197.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server',
      to: 'quiltdata/mcp',
      why: 'published versions have their own repository',
    },
  ],
  rollOut: [
    'make the new secret, and have who signs tokens take it',
    'publish the new image',
    'deploy image and environment in one revision of the task definition, environment by environment, each after POST without a token was seen to be 401',
    'give clients the URL without the slash at its end',
  ],
  goBack:
    'deploy the revision of before, with its image: its server lets in who has no valid token, so only to one that nobody else reaches',
  sources: [
    { what: 'quiltdata/quilt-mcp-server docs/architecture/MCP_SERVER_INFRASTRUCTURE.md', at: '2eaba615' },
    { what: 'quiltdata/quilt-mcp-server deploy/ecs-task-definition.json', at: '045870a0' },
    { what: 'quilt-mcp (Python registry), run', at: '0.9.2' },
  ],
};
