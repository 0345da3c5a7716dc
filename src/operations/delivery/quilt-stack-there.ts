import {
  applicationBalancers,
  type DescribedAttributes,
  type DescribedBalancer,
  idleTimeoutOf,
} from '../../discovery/load-balancer';
import type { LoadBalancer } from '../../discovery/snapshot';
import { chunksOf } from '../../model/chunks';
import { type Aws, answerOf } from '../aws-cli';
import { Failed } from '../failed';
import type { QuiltNetwork } from './environments';

/** Tags of a resource; ECS has them in lower case. */
type ListedTags = readonly {
  readonly Key?: string;
  readonly Value?: string;
  readonly key?: string;
  readonly value?: string;
}[];

export interface Listener {
  readonly ListenerArn: string;
  readonly LoadBalancerArn: string;
  readonly Protocol: string;
  readonly Port: number;
}

export interface Cluster {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly status: string;
  readonly tags?: ListedTags;
}

interface SecurityGroup {
  readonly GroupId: string;
  readonly Tags?: ListedTags;
}

const STACK_TAG = 'aws:cloudformation:stack-name';
/** So many does AWS take in one call. */
const MOST = { balancers: 20, clusters: 100 };

export async function findListener(aws: Aws, arn: string): Promise<Listener | undefined> {
  const answer = await answerOf(
    aws<{ Listeners: Listener[] }>('elbv2', 'describe-listeners', '--listener-arns', arn),
    /\((ListenerNotFound|LoadBalancerNotFound)\)/,
  );
  return answer?.Listeners[0];
}

/** The listeners of a load balancer. */
export async function listenersOf(aws: Aws, { arn }: LoadBalancer): Promise<Listener[]> {
  const which = ['--load-balancer-arn', arn];
  return (await aws<{ Listeners: Listener[] }>('elbv2', 'describe-listeners', ...which)).Listeners;
}

/** The cluster, if it is active: ECS remembers deleted ones for a while. */
export async function findCluster(aws: Aws, cluster: string): Promise<Cluster | undefined> {
  const { clusters, failures = [] } = await aws<{
    clusters: Cluster[];
    failures?: readonly { readonly reason: string }[];
  }>('ecs', 'describe-clusters', '--clusters', cluster, '--include', 'TAGS');
  const other = failures.find(({ reason }) => reason !== 'MISSING');
  if (other) throw new Failed(`ECS does not say whether there is the cluster ${cluster}: ${other.reason}`);
  return clusters.find(({ status }) => status !== 'INACTIVE');
}

/** All active clusters. */
export async function activeClusters(aws: Aws): Promise<Cluster[]> {
  const { clusterArns } = await aws<{ clusterArns: string[] }>('ecs', 'list-clusters');
  const active: Cluster[] = [];
  for (const some of chunksOf(clusterArns, MOST.clusters)) {
    const words = ['--clusters', ...some, '--include', 'TAGS'];
    const { clusters } = await aws<{ clusters: Cluster[] }>('ecs', 'describe-clusters', ...words);
    active.push(...clusters.filter(({ status }) => status === 'ACTIVE'));
  }
  return active;
}

/** Security groups that are there; by a filter, for which a group that is not there is no error. */
export async function findGroups(aws: Aws, ids: readonly string[]): Promise<SecurityGroup[]> {
  const filter = ['--filters', `Name=group-id,Values=${ids.join(',')}`];
  return (await aws<{ SecurityGroups: SecurityGroup[] }>('ec2', 'describe-security-groups', ...filter)).SecurityGroups;
}

/** The load balancer of a listener; without one, all that may have another. */
export async function findBalancers(aws: Aws, listener: Listener | undefined): Promise<LoadBalancer[]> {
  const which = listener ? ['--load-balancer-arns', listener.LoadBalancerArn] : [];
  const { LoadBalancers } = await aws<{ LoadBalancers: DescribedBalancer[] }>(
    'elbv2',
    'describe-load-balancers',
    ...which,
  );
  return applicationBalancers(LoadBalancers);
}

/** In seconds; undefined if the load balancer does not say. */
export async function idleTimeout({ arn }: LoadBalancer, aws: Aws): Promise<number | undefined> {
  const { Attributes } = await aws<{ Attributes: DescribedAttributes }>(
    'elbv2',
    'describe-load-balancer-attributes',
    '--load-balancer-arn',
    arn,
  );
  return idleTimeoutOf(Attributes);
}

/** The CloudFormation stack that made the remaining resources; if nothing tells it, the one in the answers. */
export async function stackOf(
  aws: Aws,
  name: string,
  balancer: LoadBalancer | undefined,
  left: readonly (SecurityGroup | Cluster | undefined)[],
): Promise<string> {
  const ofBalancer = balancer && (await stackNames(aws, [balancer])).get(balancer);
  const tagged = left.map((one) => stackTagOf(one && ('GroupId' in one ? one.Tags : one.tags)));
  return ofBalancer ?? tagged.find(Boolean) ?? name;
}

/** The CloudFormation stack that tags name. */
export function stackTagOf(tags: ListedTags = []): string | undefined {
  const found = tags.find(({ Key, key }) => (Key ?? key) === STACK_TAG);
  return found?.Value ?? found?.value;
}

/** The CloudFormation stack of each load balancer that has one. */
export async function stackNames(
  aws: Aws,
  balancers: readonly LoadBalancer[],
): Promise<Map<LoadBalancer | undefined, string | undefined>> {
  const stacks = new Map<LoadBalancer | undefined, string | undefined>();
  for (const some of chunksOf(balancers, MOST.balancers)) {
    const arns = some.map(({ arn }) => arn);
    const { TagDescriptions } = await aws<{
      TagDescriptions: readonly { readonly ResourceArn: string; readonly Tags: ListedTags }[];
    }>('elbv2', 'describe-tags', '--resource-arns', ...arns);
    for (const { ResourceArn, Tags } of TagDescriptions) {
      stacks.set(
        some.find(({ arn }) => arn === ResourceArn),
        stackTagOf(Tags),
      );
    }
  }
  return stacks;
}

/** ARN of the load balancer of a listener, which may be gone. */
export function balancerArn({ listenerArn }: QuiltNetwork, listener: Listener | undefined): string {
  return listener?.LoadBalancerArn ?? listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '');
}
