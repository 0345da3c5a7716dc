import type { Step } from '../schema';

export const g2dToG3a: Step = {
  from: 'g2d',
  to: 'g3a',
  why: 'v0.16.0 named what had become of the server: remote, by QUILT_DEPLOYMENT, which is baked into the image. Nobody should stay there: it is only on the way to v0.17.1 of the same day.',
  changes: [
    {
      kind: 'add',
      what: 'variable',
      name: 'QUILT_DEPLOYMENT',
      why: 'remote demands a token; the image sets it, and the environment says so, too',
    },
    {
      kind: 'remove',
      what: 'variable',
      name: 'QUILT_MULTIUSER_MODE',
      why: 'QUILT_DEPLOYMENT goes before it; without that, the server would start as one on a desk',
    },
    {
      kind: 'remove',
      what: 'secret',
      name: 'MCP_JWT_SECRET',
      why: 'v0.15.0 does not start without it, and v0.16.0 can sign tokens of its own with it: keep it until every task runs v0.17.1 or later, which does not read it',
    },
    {
      kind: 'remove',
      what: 'permission',
      name: 'ssm:GetParameter of the task role, and the secret of the execution role',
      why: 'there is no secret left; where a user has no credentials, every caller has what the task role has',
    },
  ],
  rollOut: [
    'publish an image of g3b, v0.17.1 or later, never v0.16.0: take the next step together with this one',
    'deploy image and environment in one revision of the task definition; where that cannot be, the image first: v0.17.1 works with the environment of any older generation, while an image of g2 with the environment of g3 is healthy and asks for no token',
    'see that POST without a token is 401 in each environment, before the next one',
    'where MCP_JWT_SECRET was left in the environment, remove it once every task runs the new image',
    'delete the parameter or secret, once nothing is left that goes back to g2',
  ],
  noRest: 'if MCP_JWT_SECRET is still set, the server of v0.16.0 can sign tokens of its own with it',
  goBack:
    'deploy the revision of g2d, with its image, QUILT_MULTIUSER_MODE and MCP_JWT_SECRET, which is why the secret is deleted last; never its image alone',
  sources: [
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/config.py:133', at: 'v0.15.0' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/config.py:146-148, on QUILT_MULTIUSER_MODE', at: 'v0.21.0' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/auth/jwt_discovery.py', at: '1186217b, v0.16.0' },
  ],
};
