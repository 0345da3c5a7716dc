import { hostOfOutput } from '../output-host';
import type { ResourcesInPlan } from '../planned';
import { type Ask, Reader } from '../reader';
import { balancerOf, type Catalog, FORMAT, type Parts, type Snapshot } from '../snapshot';
import { readClusterWithService, readClusterWithServices } from './cluster';
import { readLoadBalancer } from './load-balancer';
import { readNamed, readRoles, withServices } from './named';
import { readNetwork } from './network';
import { readStack } from './stack';
import { readCertificates, readSurroundings } from './surroundings';

/** Beginning of a reading: data that are known already. */
export interface Start {
  readonly region: string;
  readonly catalog?: Catalog;
  readonly stackName?: string;
  /** Answers that an environment has: then the stack is not looked for, nor what is around it. */
  readonly answers?: ResourcesInPlan;
  /** Those of an environment that is read with the stack and all that is around it: they come before the stack's. */
  readonly named?: ResourcesInPlan;
}

/**
 * Reads an account: the Quilt stack, its load balancer, network and cluster, and what is around them. It writes nothing.
 * A call without an answer leaves a gap, which is noted.
 *
 * @throws what `ask` throws beside CallFailure
 */
export async function readAccount(
  ask: Ask,
  { region, catalog, stackName, answers, named }: Start,
  now: Date,
): Promise<Snapshot> {
  const reader = new Reader(ask);
  const identity = await reader.read<{ Account: string; Arn: string }>('identity');
  const found: Pick<Parts, 'stack' | 'otherStacks'> = answers
    ? {}
    : await readStack(reader, { stackName, host: catalog?.host });
  const { stack } = found;
  const [balancer, taken, cluster, certificates, surroundings] = await Promise.all([
    readBalancer(),
    readNamed(reader, (answers ?? named)?.names.deployment ?? stack?.name, answers?.names),
    answers
      ? readClusterWithService(reader, answers.cluster, answers.names.service)
      : readClusterWithServices(reader, named?.cluster ?? stack?.resources.Cluster?.id, stack),
    readCertificates(reader),
    answers ? {} : readSurroundings(reader),
  ]);
  const vpcId = (answers ?? named)?.vpcId ?? stack?.parameters.VPC ?? balancerOf({ parts: balancer })?.vpcId;
  const [network, roles] = await Promise.all([
    vpcId === undefined ? {} : readNetwork(reader, vpcId),
    readRoles(reader, (answers ?? named)?.names, cluster.services),
  ]);
  const parts = {
    ...(identity && { identity: { account: identity.Account, arn: identity.Arn } }),
    ...found,
    ...balancer,
    ...taken,
    targetGroups: withServices(taken.targetGroups, cluster.services),
    ...cluster,
    ...certificates,
    ...surroundings,
    ...network,
    roles,
  };
  return {
    format: FORMAT,
    taken: now.toISOString(),
    region,
    ...(catalog && { catalog }),
    parts: seenOf(parts),
    unseen: reader.unseen,
    calls: reader.calls,
  };

  async function readBalancer() {
    const { LoadBalancer, Listener } = stack?.resources ?? {};
    const { listenerArn } = answers ?? named ?? {};
    if (listenerArn !== undefined) {
      const found = await readLoadBalancer(reader, { listenerArn });
      // One that is gone may have a successor in the stack.
      if (found.listenerArn !== null || !stack) return found;
    }
    return readLoadBalancer(reader, {
      listenerArn: Listener?.id,
      loadBalancerArn: LoadBalancer?.id,
      host: catalog?.host ?? hostOfOutput(stack?.outputs.QuiltWebHost),
    });
  }
}

/** Without the parts that were not seen, so that a snapshot in a file is the same as one in memory. */
function seenOf(parts: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
