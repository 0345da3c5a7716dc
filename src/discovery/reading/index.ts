import type { ResourcesInPlan } from '../planned';
import { type Ask, Reader } from '../reader';
import { balancerOf, type Catalog, FORMAT, type Parts, type Snapshot } from '../snapshot';
import { readClusterWithService, readClusterWithServices } from './cluster';
import { readLoadBalancer, type WhichBalancer } from './load-balancer';
import { readNamed } from './named';
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
  /** Answers that are looked at if the stack does not say it. */
  readonly otherwise?: ResourcesInPlan;
}

/**
 * Reads an account: the Quilt stack, its load balancer, network and cluster, and what is around them. It writes nothing.
 * A call without an answer leaves a gap, which is noted.
 *
 * @throws what `ask` throws beside CallFailure
 */
export async function readAccount(
  ask: Ask,
  { region, catalog, stackName, answers, otherwise }: Start,
  now: Date,
): Promise<Snapshot> {
  const reader = new Reader(ask);
  const identity = await reader.read<{ Account: string; Arn: string }>('identity');
  const found: Pick<Parts, 'stack' | 'otherStacks'> = answers
    ? {}
    : await readStack(reader, { stackName, host: catalog?.host });
  const { stack } = found;
  const [balancer, named, cluster, certificates, surroundings] = await Promise.all([
    readLoadBalancer(reader, whichBalancer()),
    readNamed(reader, (answers ?? otherwise)?.names.deployment ?? stack?.name, answers?.names),
    answers
      ? readClusterWithService(reader, answers.cluster, answers.names.service)
      : readClusterWithServices(reader, stack?.resources.Cluster?.id ?? otherwise?.cluster, stack),
    readCertificates(reader),
    answers ? {} : readSurroundings(reader),
  ]);
  const vpcId = answers?.vpcId ?? stack?.parameters.VPC ?? balancerOf({ parts: balancer })?.vpcId ?? otherwise?.vpcId;
  const network = vpcId === undefined ? {} : await readNetwork(reader, vpcId);
  const parts = {
    ...(identity && { identity: { account: identity.Account, arn: identity.Arn } }),
    ...found,
    ...balancer,
    ...named,
    ...cluster,
    ...certificates,
    ...surroundings,
    ...network,
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

  function whichBalancer(): WhichBalancer {
    const { LoadBalancer, Listener } = stack?.resources ?? {};
    return {
      listenerArn: answers?.listenerArn ?? Listener?.id ?? otherwise?.listenerArn,
      loadBalancerArn: LoadBalancer?.id,
      host: catalog?.host ?? stack?.outputs.QuiltWebHost,
    };
  }
}

/** Without the parts that were not seen, so that a snapshot in a file is the same as one in memory. */
function seenOf(parts: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
