import type { Step } from '../schema';

const PLATFORM = 'the task needs it on Fargate, behind a load balancer, with a root that is read-only';

export const g0ToG1a: Step = {
  from: 'g0',
  to: 'g1a',
  why: 'Upstream put the server beside a Quilt stack for the first time, and had the catalog sign tokens for it.',
  changes: [
    { kind: 'add', what: 'variable', name: 'FASTMCP_HOST', why: PLATFORM },
    { kind: 'add', what: 'variable', name: 'FASTMCP_PORT', why: PLATFORM },
    { kind: 'add', what: 'variable', name: 'FORWARDED_ALLOW_IPS', why: PLATFORM },
    { kind: 'add', what: 'variable', name: 'HOME', why: PLATFORM },
    { kind: 'add', what: 'variable', name: 'MPLCONFIGDIR', why: PLATFORM },
    { kind: 'add', what: 'variable', name: 'AWS_DEFAULT_REGION', why: 'the server calls AWS in this region' },
    { kind: 'add', what: 'variable', name: 'QUILT_CATALOG_URL', why: 'the server works for one catalog' },
    {
      kind: 'add',
      what: 'secret',
      name: 'MCP_ENHANCED_JWT_SECRET',
      why: 'the catalog signs tokens with it; without, the server takes one that is public',
    },
    {
      kind: 'change',
      what: 'variable',
      name: 'FASTMCP_TRANSPORT',
      from: 'streamable-http',
      to: 'http',
      why: 'both are the same transport, and later generations write http',
    },
    {
      kind: 'remove',
      what: 'permission',
      name: 's3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on every bucket, of the task role',
      why: 'the server refuses nobody: everybody had them',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'health check',
      from: '/health or /mcp, with 404 as healthy',
      to: '/healthz, with 200',
      why: 'the server has an endpoint for it',
    },
    {
      kind: 'remove',
      what: 'resource',
      name: 'the load balancer, cluster and roles of the template deploy/ecs-fargate.yml',
      why: 'the deployment now stands behind the load balancer of the Quilt stack',
    },
  ],
  rollOut: [
    'make the secret, as a parameter or a secret of AWS',
    'deploy the new service beside the old one, and give clients its URL',
    'delete the old stack',
  ],
  noRest: 'the server of g1a lets in who has no valid token',
  goBack: 'the old stack can be made again from its template; it has no authentication at all',
  sources: [
    { what: 'quiltdata/quilt-mcp-server deploy/ecs-fargate.yml', at: '61c0feda' },
    { what: 'quiltdata/quilt-mcp-server docs/architecture/MCP_SERVER_INFRASTRUCTURE.md', at: '2eaba615' },
  ],
};
