/**
 * The policies of a role, each with the services of its statements. A statement's policy does not depend on other
 * statements.
 */
export const SERVICES = {
  images: ['ecr'],
  service: ['ecs', 'logs'],
  balancing: ['elasticloadbalancing'],
  network: ['ec2'],
  identity: ['acm', 'iam', 'route53'],
} as const satisfies Record<string, readonly string[]>;

/**
 * Topic of a policy; `account` is about the reads of the command `check`, of several services, and `engine` about the records of
 * the engine: its state, or its stacks.
 */
export type PolicyTopic = keyof typeof SERVICES | 'account' | 'engine';
