import type { LoadBalancer } from '../../discovery/snapshot';
import type { Aws } from '../aws-cli';
import type { QuiltNetwork } from './environments';
import { activeClusters, type Listener, listenersOf, stackNames, stackTagOf } from './quilt-stack-there';

/** A listener, and the load balancer that has it. */
export interface ListenerPlace {
  readonly listener: Listener;
  readonly balancer: LoadBalancer;
}

/** A possible value of an answer, with the evidence for it. */
export type Successor = readonly [value: unknown, told: string];

interface Left {
  /** All load balancers. */
  readonly balancers: readonly LoadBalancer[];
  /** The one that had the listener, if it is still there. */
  readonly own?: LoadBalancer;
  /** The CloudFormation stack. */
  readonly stack: string;
  readonly network: QuiltNetwork;
}

/** HTTPS listeners that may be successors of the missing one, with the evidence; only those with the best. */
export async function successors(
  aws: Aws,
  { balancers, own, stack, network }: Left,
): Promise<{ readonly places: readonly ListenerPlace[]; readonly told: string }> {
  const stacks = await stackNames(aws, balancers);
  const ofStack = balancers.filter((one) => stacks.get(one) === stack);
  const inVpc = (one: LoadBalancer) => one.vpcId === network.vpcId;
  const steps: readonly (readonly [readonly LoadBalancer[], string])[] = [
    [own ? [own] : [], 'which is the same load balancer'],
    [ofStack.filter(inVpc), `which is of the CloudFormation stack ${stack}`],
    [ofStack, `which is of the CloudFormation stack ${stack}`],
    [
      balancers.filter(inVpc),
      `which is in ${network.vpcId}: look whether it is the Quilt stack's, for nothing else tells it`,
    ],
  ];
  for (const [some, told] of steps) {
    const places: ListenerPlace[] = [];
    for (const balancer of some) {
      const https = (await listenersOf(aws, balancer)).filter(({ Protocol }) => Protocol === 'HTTPS');
      // A Quilt stack has one on 444, too, for its own use.
      const main = https.filter(({ Port }) => Port === 443);
      places.push(...(main.length > 0 ? main : https).map((listener) => ({ listener, balancer })));
    }
    if (places.length > 0) return { places, told };
  }
  return { places: [], told: '' };
}

/** Clusters of the stack; if there are none, all. */
export async function clusterSuccessors(
  aws: Aws,
  stack: string,
  answer: 'clusterArn' | 'clusterName',
): Promise<Successor[]> {
  const active = await activeClusters(aws);
  const ofStack = active.filter(({ tags }) => stackTagOf(tags) === stack);
  const told =
    ofStack.length > 0
      ? `which is of the CloudFormation stack ${stack}`
      : "look whether it is the Quilt stack's, for nothing tells it";
  return (ofStack.length > 0 ? ofStack : active).map((cluster) => [cluster[answer], told]);
}
