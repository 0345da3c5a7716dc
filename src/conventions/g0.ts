import { headersOf } from './common';
import type { Conventions } from './schema';

const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18'];

export const g0: Conventions = {
  id: 'g0',
  title: 'before authentication',
  summary:
    'The server knows no authentication: whoever reaches it does what its task role may do. Upstream had files for a deployment only from v0.3.5 to v0.4.0, in August 2025; later versions below 0.8.0 were published for use on a desk.',
  versions: { from: '0.0.0', below: '0.8.0' },
  dates: { from: '2025-08-13' },
  support: {
    kind: 'recognised',
    why: 'the server asks for no token, and has no setting that makes it ask',
    instead: 'deploy a version that authenticates, 0.17.1 or later',
  },
  ranHere: [],
  image: {
    repositories: [],
    defaultVersion: null,
    bakes: {},
    user: 'not known',
    hasCurl: null,
    python: '3.11',
    packages: {},
  },
  endpoint: { port: 8000, path: '/mcp/', otherSlash: '/mcp is redirected to /mcp/ with 307' },
  environment: {
    fixed: {
      FASTMCP_TRANSPORT: { value: 'streamable-http', why: 'what the template of the time sets' },
    },
    derived: {},
    optional: {},
    dead: {},
    dangerous: {},
  },
  auth: {
    modes: {},
    anonymous: 200,
    garbage: 200,
    meaning: 'The server looks at no token. Whoever reaches it can use every tool, with the rights of its task role.',
  },
  secrets: { readBy: 'nobody: there is none' },
  iam: {
    executionRole: [],
    taskRole: [
      {
        sid: 'QuiltS3Access',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
        on: 'everything',
        why: 'the template of the time gave it; with no authentication, everybody had it',
      },
    ],
    why: 'The server works with its task role alone, and the template of the time let it read, write and delete every object of the account. The execution role was the managed policy of AWS.',
  },
  sessions: { stateful: true, why: 'a session lives in the memory of the task that began it' },
  size: { cpu: 256, memory: 512, why: 'as in the template of the time; how long a start takes is not known' },
  timing: {
    startPeriod: 60,
    stopTimeout: 30,
    openStream: 'hangs',
    why: 'as in the template of the time, and the default of ECS; what SIGTERM does was seen with images of 2025-09',
  },
  logs: { started: [], misconfigured: [], refused: [], alarming: [] },
  defects: [
    {
      what: 'There is no health endpoint below 0.6.14: the template asks /health, and a later script asks /mcp and takes 404 for healthy.',
      workaround: 'none but a later version: 0.6.14 has /health, 0.6.18 also / and /healthz',
    },
    {
      what: 'The template of the time gives tasks public addresses, and its load balancer listens on HTTP alone.',
      workaround: 'delete what it made',
    },
  ],
  protocol: { revisions: REVISIONS, headers: headersOf(REVISIONS) },
  sources: [
    { what: 'quiltdata/quilt-mcp-server deploy/ecs-fargate.yml', at: '61c0feda' },
    { what: 'quiltdata/quilt-mcp-server, where the deployment files were removed', at: 'be599687' },
  ],
};
