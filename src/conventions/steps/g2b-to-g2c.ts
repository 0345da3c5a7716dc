import type { Step } from '../schema';

const REFUSED = 'with it, every token is answered 403';

export const g2bToG2c: Step = {
  from: 'g2b',
  to: 'g2c',
  why: "v0.14.0 dropped tenants: one deployment is for one catalog, and takes the catalog's own tokens.",
  changes: [
    {
      kind: 'rename',
      what: 'variable',
      name: 'QUILT_MULTITENANT_MODE',
      to: 'QUILT_MULTIUSER_MODE',
      why: 'the switch under its new name; unset or mistyped, the server lets everybody in',
    },
    { kind: 'remove', what: 'variable', name: 'MCP_JWT_ISSUER', why: REFUSED },
    { kind: 'remove', what: 'variable', name: 'MCP_JWT_AUDIENCE', why: REFUSED },
    {
      kind: 'remove',
      what: 'variable',
      name: 'AWS_REGION',
      why: 'no role is taken on; documents name it for a secret that the server does not fetch',
    },
    { kind: 'remove', what: 'variable', name: 'QUILT_TENANT_ID', why: 'there are no tenants' },
    {
      kind: 'change',
      what: 'secret',
      name: 'MCP_JWT_SECRET',
      from: 'shared with who signs tokens for the server',
      to: 'what the catalog signs its own tokens with',
      why: "the catalog's tokens are taken",
    },
    {
      kind: 'remove',
      what: 'permission',
      name: 'sts:AssumeRole of the task role',
      why: "v0.13.0 takes on no role already; from v0.14.1 on the Quilt registry hands out a user's credentials",
    },
    {
      kind: 'change',
      what: 'client',
      name: 'token',
      from: 'a JWT with issuer, audience and tenant',
      to: "the catalog's: a JWT (HS256) with id, uuid and exp, and nothing else",
      why: 'iat, iss or aud in a token is answered 403',
    },
  ],
  rollOut: [
    "put the catalog's secret where auth.secretArn says",
    'publish the new image; take 0.14.1',
    'deploy image and environment in one revision of the task definition: this image with the environment of g2b is healthy and asks for no token',
    'see that POST without a token is 401, and with a token of the catalog 200, in each environment before the next one',
    'give clients tokens of the catalog',
  ],
  goBack:
    'deploy the revision of before: image and environment together, for each image with the environment of the other is open; clients need their old tokens again',
  sources: [
    { what: 'quiltdata/quilt-mcp-server proj/260210-stack-integrated/C-DEPLOY.md', at: '159c087b' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/config.py, services/jwt_decoder.py', at: '7ca254e4, v0.14.1' },
  ],
};
