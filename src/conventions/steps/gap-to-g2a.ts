import type { Step } from '../schema';

export const gapToG2a: Step = {
  from: 'gap',
  to: 'g2a',
  why: 'v0.10.0 brought JWT back: other names, other claims, and roles of AWS that a token names.',
  changes: [
    { kind: 'add', what: 'variable', name: 'MCP_REQUIRE_JWT', why: 'unset, the server lets everybody in' },
    {
      kind: 'add',
      what: 'variable',
      name: 'QUILT_MCP_STATELESS_MODE',
      why: 'turns sessions off, so that any number of tasks may run',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'AWS_REGION',
      why: 'the server takes on the role of a token in this region',
    },
    {
      kind: 'add',
      what: 'variable',
      name: 'MCP_TELEMETRY_ENABLED',
      why: 'false, for telemetry keeps something of every request in memory, and never lets it go',
    },
    {
      kind: 'add',
      what: 'secret',
      name: 'MCP_JWT_SECRET',
      why: 'what tokens are signed with; who comes from g1b knows it as MCP_ENHANCED_JWT_SECRET. ECS fills it from auth.secretArn',
    },
    {
      kind: 'rotate',
      what: 'secret',
      name: 'MCP_JWT_SECRET',
      why: 'do not take the value of MCP_ENHANCED_JWT_SECRET along: development-enhanced-jwt-secret, on which g1 falls back, is public, and who signs with it could name any role now',
    },
    {
      kind: 'remove',
      what: 'variable',
      name: 'MCP_JWT_SECRET_SSM_PARAMETER',
      why: 'documents of the time have it; the server would fetch the parameter by the task role, which may not',
    },
    {
      kind: 'change',
      what: 'permission',
      name: 'task role',
      from: 'what every caller was to have: S3, Athena',
      to: 'none, or sts:AssumeRole on exactly the roles that tokens name, in a file of the owner',
      why: 'the server works by the role that a token names',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'tasks at a time',
      from: 'one, for sessions live in its memory',
      to: 'any number, without stickiness',
      why: 'there are no sessions',
    },
    {
      kind: 'change',
      what: 'client',
      name: 'token',
      from: 'none; at g1b an enhanced JWT',
      to: 'a JWT (HS256) with exp and role_arn',
      why: 'the server demands exp at the door, and takes on role_arn for what reaches AWS',
    },
  ],
  rollOut: [
    'make the new secret, and have who signs tokens sign with it and write the new claims',
    'let the roles that tokens name trust the task role, and the task role assume these',
    'publish the new image',
    'deploy image and environment in one revision of the task definition: this image with the environment of g1 is healthy and asks for no token',
    'see that POST without a token is 401 in each environment, before the next one',
  ],
  goBack:
    'deploy the revision of g1b, with its image, secret and who signs for it; not one of the gap, whose server is open',
  sources: [
    { what: 'quiltdata/quilt-mcp-server, where JWT was brought back', at: 'eed87f35, v0.10.0' },
    { what: 'quiltdata/quilt-mcp-server docs/AUTHENTICATION.md', at: '02682a83' },
  ],
};
