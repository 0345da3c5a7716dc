/** Services whose statements have a policy of their own topic. */
const TOPICS = {
  images: ['ecr'],
  service: ['ecs', 'logs'],
  balancing: ['elasticloadbalancing'],
  network: ['ec2'],
  identity: ['acm', 'iam', 'route53'],
} as const satisfies Record<string, readonly string[]>;

type ServiceTopic = keyof typeof TOPICS;

/**
 * Topic of a policy; `account` is about the reads of the command `check`, of several services, and `engine` about the records of
 * the engine: its state, or its stacks.
 */
export type PolicyTopic = ServiceTopic | 'account' | 'engine';

/** The policies of a role, in their order. */
export const POLICY_TOPICS: readonly PolicyTopic[] = [...(Object.keys(TOPICS) as ServiceTopic[]), 'account', 'engine'];

/** The policy that has the statements about a service of AWS. It does not depend on other statements. */
export function topicOfService(service: string): ServiceTopic {
  const found = Object.entries(TOPICS).find(([, services]) => services.some((name) => name === service));
  // Whatever else a service is made of belongs to it.
  return found ? (found[0] as ServiceTopic) : 'service';
}
