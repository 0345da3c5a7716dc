import type { Question } from '../question';

/** Questions that no account answers: how a deployment goes, which browsers may call, and what a company demands. */
export const DECISIONS: readonly Question[] = [
  {
    path: 'environments.*.deployment.strategy',
    kind: 'select',
    message: 'Deployments',
    hint: 'A rolling update is the simplest. The others keep the old tasks until the new ones have proven themselves, and cost a second set of tasks meanwhile.',
    choices: () => [
      { value: 'rolling', title: 'rolling: new tasks start, then the old ones end' },
      {
        value: 'blue-green',
        title: 'blue/green: all traffic moves at once to a second set of tasks, and can move back',
      },
      { value: 'canary', title: 'canary: a part of the traffic moves first, then the rest' },
      { value: 'linear', title: 'linear: the traffic moves in equal steps' },
    ],
    initial: ({ previous }) => previous?.deployment?.strategy ?? 'rolling',
    decision: true,
    otherwise: { value: 'rolling' },
  },
  {
    path: 'environments.*.cors.allowedOrigins',
    kind: 'list',
    message: 'Browser origins',
    hint: "Origins of web pages that may call the server, beside the host's own, such as https://quilt.example.com, separated by commas. Clients that are no browsers need none.",
    initial: ({ previous }) => previous?.cors?.allowedOrigins?.join(', ') || undefined,
    required: () => false,
    none: [],
    decision: true,
    otherwise: { value: [] },
  },
  {
    path: 'environments.*.logs.retention',
    kind: 'number',
    message: 'Days that logs are kept',
    hint: 'CloudWatch Logs takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 and more. Your rules for audit may name one.',
    initial: ({ previous }) => previous?.logs?.retention ?? 30,
    decision: true,
    otherwise: { value: 30 },
  },
  {
    path: 'environments.*.logs.kmsKeyArn',
    kind: 'text',
    message: 'KMS key of the logs',
    hint: 'ARN of a key of yours. Without one, CloudWatch Logs encrypts with a key of its own.',
    initial: ({ previous, environment }) =>
      previous?.account === environment.account && previous?.region === environment.region
        ? previous?.logs?.kmsKeyArn
        : undefined,
    required: () => false,
    decision: true,
    otherwise: { value: undefined },
  },
  {
    path: 'environments.*.permissionsBoundaryArn',
    kind: 'text',
    message: "Permissions boundary of the tasks' roles",
    hint: 'ARN of the policy that your company demands on every role. Most have none.',
    initial: ({ previous, environment }) =>
      previous?.account === environment.account ? previous?.permissionsBoundaryArn : undefined,
    required: () => false,
    decision: true,
    otherwise: { value: undefined },
  },
  {
    path: 'environments.*.deliveryBoundaryArn',
    kind: 'text',
    message: "Permissions boundary of the workflows' roles",
    hint: 'ARN of the policy that limits the roles by which GitHub workflows publish, plan and deploy. It counts once there are such roles. Most have none.',
    initial: ({ previous, environment }) =>
      previous?.account === environment.account ? previous?.deliveryBoundaryArn : undefined,
    required: () => false,
    decision: true,
    otherwise: { value: undefined },
  },
];
