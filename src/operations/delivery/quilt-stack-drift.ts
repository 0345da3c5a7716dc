import type { ChangedAnswer } from '../../discovery/changed-answers';
import { ANSWERS_OF_BALANCER } from '../../discovery/load-balancer';
import type { LoadBalancer } from '../../discovery/snapshot';
import { type Aws, awsCli } from '../aws-cli';
import { requireAccount } from '../own-account';
import type { Session } from '../session';
import type { DeliveryEnvironment, QuiltNetwork } from './environments';
import { clusterSuccessors, type ListenerPlace, type Successor, successors } from './quilt-stack-successors';
import {
  balancerArn,
  findBalancers,
  findCluster,
  findGroups,
  findListener,
  idleTimeout,
  stackOf,
} from './quilt-stack-there';

/** Answers about the Quilt stack that are no longer true: an update of the stack may have replaced a resource. */
export interface QuiltStackDrift {
  /** The answers that change, with their new values; empty if there are none. */
  readonly said: string;
  /** Those of them that have one possible value. */
  readonly changes: readonly ChangedAnswer[];
  /** Whether a resource is gone, so that its dependents cannot be compared. */
  readonly gone: boolean;
}

/** An answer that is no longer true. */
interface UntrueAnswer {
  readonly answer: string;
  readonly why: string;
  /** Its possible new values. */
  readonly found: readonly Successor[];
  /** Text if nothing is found. */
  readonly none: string;
}

/** Answers that the load balancer decides; the idle timeout takes a call of its own. */
const OF_BALANCER: readonly OfBalancer[] = [
  ...Object.entries(ANSWERS_OF_BALANCER).map(
    ([answer, { read, fits }]): OfBalancer => ({
      answer: answer as keyof QuiltNetwork,
      read,
      fits: (now, there) => fits(now as never, there as never),
    }),
  ),
  { answer: 'albIdleTimeout', read: idleTimeout, fits: (now, there) => now === there },
];

/** An answer with a value of the load balancer. */
interface OfBalancer {
  readonly answer: keyof QuiltNetwork;
  readonly read: (balancer: LoadBalancer, aws: Aws) => unknown;
  readonly fits: (now: unknown, there: unknown) => boolean;
}

/**
 * Checks that the listener, its load balancer with its security groups, and the cluster are as in the answers.
 *
 * @throws Failed if AWS gives no answer, or if the credentials are for another account
 */
export async function quiltStackDrift(session: Session, environment: DeliveryEnvironment): Promise<QuiltStackDrift> {
  const { name, network } = environment.quiltStack;
  const aws = awsCli(session, environment.region);
  const listener = await findListener(aws, network.listenerArn);
  const named = clusterOf(network);
  const cluster = await findCluster(aws, named.value);
  const groups = await findGroups(aws, network.albSecurityGroupIds);
  const lostGroups = network.albSecurityGroupIds.filter((id) => !groups.some(({ GroupId }) => GroupId === id));
  const gone = !listener || !cluster || lostGroups.length > 0;
  if (gone) await requireAccount(aws, environment);
  const balancers = await findBalancers(aws, listener);
  const own = balancers.find(({ arn }) => arn === balancerArn(network, listener));
  const stack = gone ? await stackOf(aws, name, own, [cluster, ...groups]) : name;
  const { places, told } = listener
    ? { places: own ? [{ listener, balancer: own }] : [], told: '' }
    : await successors(aws, { balancers, own, stack, network });

  const findings: UntrueAnswer[] = [];
  if (!listener) {
    findings.push({
      answer: 'listenerArn',
      why: `The listener ${network.listenerArn} is not there any more.`,
      found: places.map((place) => [
        place.listener.ListenerArn,
        `port ${place.listener.Port} of ${place.balancer.name}, ${told}`,
      ]),
      none: `There is no application load balancer with an HTTPS listener, neither of the CloudFormation stack ${stack} nor in ${network.vpcId}.`,
    });
  }
  findings.push(...(await ofBalancer(aws, network, places, lostGroups)));
  if (!cluster) {
    findings.push({
      answer: named.answer,
      why: `The cluster ${named.value} is not there any more.`,
      found: await clusterSuccessors(aws, stack, named.answer),
      none: 'There is no active cluster in this account and region.',
    });
  }
  const lost = [...(listener ? [] : [RULES_ARE_GONE]), ...(cluster ? [] : [SERVICE_IS_GONE])];
  return {
    said: findings.length === 0 ? '' : report(environment.name, findings, lost),
    changes: findings.flatMap(changeOf),
    gone,
  };
}

/** The change that a finding comes to, if its new value is no choice. */
function changeOf({ answer, why, found }: UntrueAnswer): ChangedAnswer[] {
  const [first] = found;
  if (first === undefined || found.some(([value]) => shown(value) !== shown(first[0]))) return [];
  const [value, told] = first;
  return [{ path: `network.${answer}`, value, evidence: `${why} ${told}` }];
}

/** Either answer names it. */
function clusterOf({ clusterArn, clusterName }: QuiltNetwork) {
  return clusterArn === undefined
    ? ({ answer: 'clusterName', value: clusterName! } as const)
    : ({ answer: 'clusterArn', value: clusterArn } as const);
}

/** Answers that differ from the load balancer: from each possible one, if there are several. */
async function ofBalancer(
  aws: Aws,
  network: QuiltNetwork,
  places: readonly ListenerPlace[],
  lostGroups: readonly string[],
): Promise<UntrueAnswer[]> {
  const balancers = [...new Set(places.map(({ balancer }) => balancer))];
  const findings: UntrueAnswer[] = [];
  for (const { answer, read, fits } of OF_BALANCER) {
    const now = network[answer];
    if (now === undefined) continue;
    const found: Successor[] = [];
    for (const balancer of balancers) {
      const there = await read(balancer, aws);
      if (there !== undefined) found.push([there, `as ${balancer.name} has it`]);
    }
    const lost = answer === 'albSecurityGroupIds' ? lostGroups : [];
    if (lost.length > 0 || found.some(([there]) => !fits(now, there))) {
      const none = 'There is no load balancer that could tell its new value.';
      findings.push({ answer, why: whyOf(now, lost), found, none });
    }
  }
  const egress = network.albEgressGroupId;
  const groups = [...new Set(balancers.flatMap(({ securityGroupIds }) => securityGroupIds))];
  if (egress !== undefined && balancers.length > 0 && !groups.includes(egress)) {
    const found = groups.map((id): Successor => [id, 'which the load balancer has']);
    const why = `The load balancer has no security group ${egress}.`;
    findings.push({ answer: 'albEgress.create', why, found, none: '' });
  }
  // Subnets are of one VPC, and which of them are private nothing here tells.
  if (findings.some(({ answer }) => answer === 'vpcId')) {
    const none = 'docs/deployment.md says where to find them.';
    const why = 'They must be private subnets of that VPC.';
    findings.push({ answer: 'privateSubnetIds', why, found: [], none });
  }
  return findings;
}

function whyOf(now: unknown, lost: readonly string[]): string {
  return lost.length > 0
    ? `Not there any more: ${lost.join(', ')}.`
    : `It is ${shown(now)}, and the load balancer has another value.`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const RULES_ARE_GONE = `The rules of the service were on the listener, and are gone with it: a deployment makes them on the new one, where the
priorities from routing.priority on must be free. Until then nobody reaches the service.`;
const SERVICE_IS_GONE = 'The service was in the cluster, and is gone with it: a deployment makes it in the new one.';

/** For each answer the reason and the new values; then the steps to take, and other missing resources. */
function report(name: string, findings: readonly UntrueAnswer[], lost: readonly string[]): string {
  const paragraphs = findings.map(({ answer, why, found, none }) => {
    const path = `environments.${name}.network.${answer}`;
    const choices = found.map(([value, told]) => [shown(value), told] as const);
    const distinct = new Set(choices.map(([value]) => value)).size;
    const [first] = choices;
    if (first === undefined) return [path, `  ${why}`, `  ${none}`];
    if (distinct === 1) {
      return [path, `  ${why}`, `  Set ${path} in mcp-deploy.json to ${first[0]}`, `  (${first[1]}).`];
    }
    const list = choices.map(([value, told]) => `    ${value} (${told})`);
    return [path, `  ${why}`, `  Set ${path} in mcp-deploy.json to one of`, ...list];
  });
  return [
    'mcp-deploy.json is out of date about the Quilt stack. An update of the stack causes that.',
    ...paragraphs.map((lines) => lines.join('\n')),
    `To do: change mcp-deploy.json so, run npx projen, and merge what that changes. Then npm run registry:${name}, by hand, for the
role that deploys has permissions for the former resources only; then npm run deploy:${name}, or the workflow deploy.`,
    ...lost,
  ].join('\n\n');
}
