import type { Step } from '../schema';

export const g1bToGap: Step = {
  from: 'g1b',
  to: 'gap',
  why: 'v0.9.3 took all of JWT out. Nobody should go there: it is only on the way to what came after.',
  changes: [
    { kind: 'remove', what: 'variable', name: 'MCP_REQUIRE_JWT', why: 'read by nothing: the server asks for no token' },
    {
      kind: 'remove',
      what: 'variable',
      name: 'AWS_DEFAULT_REGION',
      why: 'ECS sets it to the region of the task; an owner may set another one, in which Athena is asked',
    },
    {
      kind: 'remove',
      what: 'secret',
      name: 'MCP_ENHANCED_JWT_SECRET',
      why: 'read by nothing; keep its value until no deployment of g1b is left to go back to',
    },
    {
      kind: 'remove',
      what: 'permission',
      name: 'ssm:GetParameter of the task role, where documents of the time were followed',
      why: 'there is no secret to fetch',
    },
  ],
  rollOut: ['deploy nothing: take the next step together with this one, and deploy once, at its end'],
  noRest:
    'the server asks nobody for a token, and has no setting that makes it ask: a deployment of g1b that takes this image is open',
  goBack: 'nothing was deployed; stay at g1b until what comes after is ready',
  sources: [{ what: 'quiltdata/quilt-mcp-server, where JWT was removed', at: '5d9b8be7, v0.9.3' }],
};
