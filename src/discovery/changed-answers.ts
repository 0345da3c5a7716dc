import { isObject, type PlainObject } from '../config/paths';
import { ifModelled } from './listener-rules';
import { ANSWERS_OF_BALANCER } from './load-balancer';
import { othersRules, type Planned, withDeployment } from './planned';
import { proposalsOf } from './proposals';
import type { ProposedAnswer } from './proposed-answer';
import { obstaclesTo } from './reachability';
import { balancerOf, type LoadBalancer, type Snapshot } from './snapshot';

/** An answer that an account contradicts, with the one value that it gives. */
export interface ChangedAnswer {
  /** Path from the environment. */
  readonly path: string;
  readonly value: unknown;
  /** Resource and call that show it. */
  readonly evidence: string;
}

/** Whether an answer may still be right. It may be if nothing was seen that says otherwise. */
type Still = (answer: never, snapshot: Snapshot, planned: Planned) => boolean;

/** For an answer about the load balancer. */
const ofBalancer =
  <Answer>(fits: (answer: Answer, balancer: LoadBalancer) => boolean) =>
  (answer: Answer, snapshot: Snapshot): boolean => {
    const balancer = balancerOf(snapshot);
    return balancer === undefined || fits(answer, balancer);
  };

const OF_BALANCER: Readonly<Record<string, Still>> = Object.fromEntries(
  Object.entries(ANSWERS_OF_BALANCER).map(([name, { read, fits }]) => [
    `network.${name}`,
    ofBalancer((answer, balancer) => fits(answer as never, read(balancer) as never)),
  ]),
);

/** For each answer that a resource of the account decides. What its owner chose among several is right as long as it is there. */
const STILL: Readonly<Record<string, Still>> = {
  registryUrl: (answer: string, { catalog }) =>
    catalog?.registryUrl === undefined || new URL(catalog.registryUrl).href === new URL(answer).href,
  ...OF_BALANCER,
  'network.privateSubnetIds': (answer: readonly string[], { parts: { subnets } }) =>
    !subnets || answer.every((id) => subnets.some((subnet) => subnet.id === id)),
  'network.listenerArn': (answer: string, { parts: { listeners } }) =>
    !listeners || listeners.some(({ arn }) => arn === answer),
  'network.albEgress': (answer: 'present' | { readonly create: string }, snapshot, planned) => {
    if (answer === 'present') return mayLetOut(snapshot, planned);
    return balancerOf(snapshot)?.securityGroupIds.includes(answer.create) !== false;
  },
  'network.albIdleTimeout': (answer: number, { parts: { idleTimeout } }) =>
    idleTimeout === undefined || answer === idleTimeout,
  'network.clusterName': (_: string, { parts: { cluster } }) => cluster !== null,
  'routing.priority': (_: number, { parts: { listeners, targetGroups } }, planned) => {
    if (!listeners || !targetGroups) return true;
    const wanted = planned.environment.service.listenerRules.map(({ priority }) => String(priority));
    return !othersRules({ listeners, targetGroups }, planned).some(({ Priority = '' }) => wanted.includes(Priority));
  },
};

/** True unless something that was seen keeps the load balancer from letting requests out to the tasks. */
function mayLetOut({ parts }: Snapshot, planned: Planned): boolean {
  const { loadBalancers, listeners, targetGroups, securityGroups, subnets } = parts;
  if (!loadBalancers || !listeners || !targetGroups || !securityGroups || !subnets) return true;
  const seen = { loadBalancers, listeners, targetGroups, securityGroups, subnets };
  const { facts, place } = withDeployment(seen, planned);
  const obstacles = ifModelled(() => obstaclesTo(facts, { url: planned.environment.url }, place)) ?? [];
  return !obstacles.some(({ at }) => at === 'load balancer');
}

/**
 * Answers of an environment that an account contradicts, as far as it gives one other value. What it leaves open, e.g. by
 * several candidates, is not among them: a finding or a proposal tells of it.
 *
 * @param answers those of the environment, as its owner wrote them
 */
export function changedAnswers(snapshot: Snapshot, answers: PlainObject, planned: Planned): ChangedAnswer[] {
  const proposals = proposalsOf(snapshot);
  return Object.entries(STILL).flatMap(([path, still]) => {
    const answer = answerAt(answers, path);
    if (answer === undefined || still(answer as never, snapshot, planned)) return [];
    return changeOf(proposals, path, answers);
  });
}

function changeOf(proposals: readonly ProposedAnswer[], path: string, answers: PlainObject): ChangedAnswer[] {
  const proposed = proposals.find((one) => one.path === path);
  if (proposed?.value === undefined) return [];
  // A priority is proposed for the catalog's host.
  const host = proposals.find((one) => one.path === 'routing.host')?.value;
  if (path === 'routing.priority' && answerAt(answers, 'routing.host') !== host) return [];
  return [{ path, value: proposed.value, evidence: proposed.evidence }];
}

function answerAt(answers: PlainObject, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), answers);
}
