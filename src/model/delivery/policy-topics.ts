/** The policies of a role, each with the services that its statements are about. A statement stays in its policy whatever else comes. */
export const SERVICES = {
  images: ['ecr'],
  service: ['ecs', 'logs'],
  balancing: ['elasticloadbalancing'],
  network: ['ec2'],
  identity: ['acm', 'iam', 'route53'],
} as const satisfies Record<string, readonly string[]>;

/** What a policy is about; `engine` is about the records of the engine: its state, or its stacks. */
export type PolicyTopic = keyof typeof SERVICES | 'engine';
