import type { Statement } from '../deployment';
import type { Grant } from './grants';
import { POLICY_TOPICS, type PolicyTopic, topicOfService } from './policy-topics';

/** Characters of a customer managed policy, but for white space. Source: IAM User Guide, "IAM and AWS STS quotas". */
export const POLICY_LIMIT = 6_144;

/** Grants that make one policy of a role. */
export interface TopicGrants {
  readonly topic: PolicyTopic;
  readonly grants: readonly Grant[];
}

/**
 * The permissions of a role, policy by policy. Each policy has a statement that every environment has.
 *
 * @throws Error for a statement that is about services of several policies
 */
export function byPolicy(grants: readonly Grant[], engine: readonly Grant[]): TopicGrants[] {
  return POLICY_TOPICS.map((topic) => ({
    topic,
    grants: topic === 'engine' ? engine : grants.filter((grant) => topicOf(grant) === topic),
  })).filter((policy) => policy.grants.length > 0);
}

function topicOf({ sid, actions, policy }: Grant): PolicyTopic {
  if (policy !== undefined) return policy;
  const topics = new Set(servicesOf(actions).map(topicOfService));
  const [topic] = topics;
  if (topic === undefined || topics.size > 1) {
    throw new Error(`the statement ${sid} is of no one policy: ${servicesOf(actions).join(', ')}`);
  }
  return topic;
}

/** The services of AWS that actions are of, each once. */
export function servicesOf(actions: readonly string[]): string[] {
  return [...new Set(actions.map((action) => action.split(':')[0]!))];
}

/** The JSON document of a policy, with a list wherever IAM allows one. */
export function policyDocument(statements: readonly Statement[]) {
  return { Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...statementOf(one) })) };
}

/** A statement of a policy in the words of IAM, but for its effect. */
export function statementOf({ sid, actions, resources, conditions }: Statement) {
  const Condition =
    conditions &&
    Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, [value].flat()])),
      ]),
    );
  return { Sid: sid, Action: actions, Resource: resources, Condition };
}

/** The characters that IAM counts: all but white space. */
export function policySize(statements: readonly Statement[]): number {
  return JSON.stringify(policyDocument(statements)).replace(/\s/g, '').length;
}
