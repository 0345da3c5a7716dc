import type { Question } from '../question';

/** Questions about the names of the environments, and their accounts and regions. */
export const PLACE: readonly Question[] = [
  {
    path: 'environments',
    kind: 'names',
    message: 'Environments',
    hint: 'Their names, separated by commas, in the order in which an image is promoted.',
    initial: () => 'dev, staging, production',
  },
  {
    path: 'environments.*.account',
    kind: 'text',
    message: 'AWS account',
    hint: 'The 12 digits of the account of the Quilt stack.',
    initial: ({ previous }) => previous?.account,
  },
  {
    path: 'environments.*.region',
    kind: 'text',
    message: 'AWS region',
    hint: 'The region of the Quilt stack, for example us-east-1.',
    initial: ({ previous, answers }) => previous?.region ?? answers.state?.region,
  },
  {
    path: 'environments.*.catalogUrl',
    kind: 'text',
    message: 'Catalog URL',
    hint: 'For example https://quilt.example.com. From Quilt 1.68 on, a stack with Connect has an MCP server of its own (output PlatformMcpServerUrl): then you may not need this.',
  },
  {
    path: 'environments.*.registryUrl',
    kind: 'text',
    message: 'Registry URL',
    hint: ({ environment }) =>
      `The value of registryUrl in ${environment.catalogUrl?.replace(/[./]+$/, '') ?? 'the catalog'}/config.json.`,
  },
  {
    path: 'environments.*.network.listenerArn',
    kind: 'text',
    message: 'Load balancer listener',
    hint: "ARN of the HTTPS listener of the Quilt stack's load balancer.",
  },
];
