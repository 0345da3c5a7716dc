import type { Step } from '../schema';

export const g2aToG2b: Step = {
  from: 'g2a',
  to: 'g2b',
  why: 'v0.11.0 put one switch in the place of several that could contradict one another, and asks the Quilt registry by GraphQL.',
  changes: [
    {
      kind: 'rename',
      what: 'variable',
      name: 'MCP_REQUIRE_JWT',
      to: 'QUILT_MULTITENANT_MODE',
      why: 'the one switch; unset or mistyped, the server lets everybody in',
    },
    {
      kind: 'remove',
      what: 'variable',
      name: 'QUILT_MCP_STATELESS_MODE',
      why: 'QUILT_MULTITENANT_MODE turns sessions off, too',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'MCP_JWT_ISSUER',
      why: 'required now: without it the server exits with 1',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'MCP_JWT_AUDIENCE',
      why: 'required now: without it the server exits with 1',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'QUILT_CATALOG_URL',
      why: 'the server works for one catalog; the last versions exit with 1 without it',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'QUILT_REGISTRY_URL',
      why: 'the server asks the registry; the last versions exit with 1 without it',
    },
    {
      kind: 'change',
      what: 'secret',
      name: 'MCP_JWT_SECRET',
      from: 'may be fetched by the server, from MCP_JWT_SECRET_SSM_PARAMETER',
      to: 'must be in the environment: without it the server exits with 1',
      why: 'ECS fills it from auth.secretArn, before and after',
    },
    {
      kind: 'change',
      what: 'client',
      name: 'token',
      from: 'a JWT with exp and role_arn',
      to: 'a JWT that names issuer, audience and tenant',
      why: 'the server refuses others; QUILT_TENANT_ID stands in for a tenant that a token does not name',
    },
  ],
  rollOut: [
    'have who signs tokens write issuer, audience and tenant',
    'write MCP_JWT_ISSUER and MCP_JWT_AUDIENCE under environment',
    'publish the new image',
    'deploy image and environment in one revision of the task definition: this image with the environment of g2a is healthy and asks for no token',
    'see that POST without a token is 401 in each environment, before the next one',
  ],
  goBack:
    'deploy the revision of before: image and environment together, for each image with the environment of the other is open',
  sources: [
    { what: 'quiltdata/quilt-mcp-server .kiro/specs/mode-config-consolidation', at: 'v0.11.0' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/config.py', at: 'v0.11.0' },
  ],
};
