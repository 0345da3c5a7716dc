import { BlockList } from 'node:net';

import { enumerate } from '../conventions/labels';
import type { NetworkFacts, Permission } from './account';
import { actionOf, NotModelled, type Rule, ruleFor, targetGroupsOf } from './listener-rules';

/** A service of ECS behind a listener. */
export interface ServicePlace {
  readonly listenerArn: string;
  readonly targetGroupArns: readonly string[];
  /** TCP port that its tasks listen on. */
  readonly port: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** A request of a client. */
export interface ClientRequest {
  readonly url: string;
  /** Default: POST, as MCP clients send. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An obstacle for a request, or for a task. */
export interface Obstacle {
  readonly at: 'listener' | 'load balancer' | 'tasks' | 'subnets';
  /** The obstacle and its effect, in one line. */
  readonly text: string;
}

const HTTPS = 443;
const EVERYWHERE = '0.0.0.0/0';

/**
 * Obstacles for a request for a URL on its way to a task's port, and for a task on its way to TCP 443; none if both
 * arrive. Judges listener rules, security groups both ways, and route tables. Network ACLs, firewalls and anything
 * outside of the account are ignored.
 *
 * @param facts of the account and region that hold the service
 * @throws NotModelled if something decides that is not modelled here
 */
export function obstacles(facts: NetworkFacts, request: ClientRequest, service: ServicePlace): Obstacle[] {
  return [...obstaclesTo(facts, request, service), ...obstaclesOut(facts, service)];
}

/** Obstacles for a request on its way to a task's port. */
export function obstaclesTo(facts: NetworkFacts, request: ClientRequest, service: ServicePlace): Obstacle[] {
  const listener = facts.listeners.find(({ arn }) => arn === service.listenerArn);
  const balancer = facts.loadBalancers.find(({ arn }) => arn === listener?.loadBalancerArn);
  if (!listener || !balancer) {
    return [{ at: 'listener', text: `there is no listener ${service.listenerArn}` }];
  }
  return [
    ...wrongPort(listener.port, request),
    ...shadows(listener.rules, request, service),
    ...notLetOut(facts, balancer, service),
    ...notLetIn(facts, balancer, service),
  ];
}

/** Obstacles for a task on its way to TCP 443: its image, its logs, Quilt. */
export function obstaclesOut(facts: NetworkFacts, service: ServicePlace): Obstacle[] {
  return [...notLetOutToHttps(facts, service), ...service.subnetIds.flatMap((id) => noRoute(facts, id))];
}

/** The way to the internet is a rule for every address; the way to VPC endpoints, one for the addresses of the subnet. */
function notLetOutToHttps(facts: NetworkFacts, { securityGroupIds, subnetIds }: ServicePlace): Obstacle[] {
  const blocks = groupsOf(facts, securityGroupIds)
    .flatMap(({ egress }) => egress.filter((permission) => isFor(permission, HTTPS)))
    .flatMap(blocksOf);
  const subnets = facts.subnets.filter(({ id }) => subnetIds.includes(id));
  const needed = new Set(
    subnets.map((subnet) => (defaultRoute(routeTableOf(facts, subnet)) ? EVERYWHERE : subnet.cidr)),
  );
  const missed = [...needed].filter((block) => !covers(blocks, block));
  const text = `no security group of the tasks (${enumerate(securityGroupIds)}) lets out TCP ${HTTPS} to ${enumerate(missed)}`;
  return missed.length === 0 ? [] : [{ at: 'tasks', text }];
}

function wrongPort(port: number, { url }: ClientRequest): Obstacle[] {
  const wanted = Number(new URL(url).port || HTTPS);
  return port === wanted
    ? []
    : [{ at: 'listener', text: `the listener is on port ${port}, and the URL leads to ${wanted}` }];
}

/** Another rule takes the request, or ours does something else with it. */
function shadows(
  rules: readonly Rule[],
  { url, method = 'POST', headers }: ClientRequest,
  service: ServicePlace,
): Obstacle[] {
  const { hostname: host, pathname: path } = new URL(url);
  const rule = ruleFor(rules, { host, path, method, headers });
  const action = actionOf(rule);
  const groups = action ? targetGroupsOf(action) : [];
  if (groups.some((arn) => service.targetGroupArns.includes(arn))) {
    return [];
  }
  const own = rules.filter((other) =>
    targetGroupsOf(actionOf(other) ?? {}).some((arn) => service.targetGroupArns.includes(arn)),
  );
  const ours =
    own.length === 0
      ? 'this deployment has no rule'
      : `the rules of this deployment are ${enumerate(own.map(priorityOf))}`;
  return [{ at: 'listener', text: `rule ${priorityOf(rule)} ${doing(action, groups)} ${host}${path}; ${ours}` }];
}

function doing(action: ReturnType<typeof actionOf>, groups: readonly string[]): string {
  switch (action?.Type) {
    case 'forward':
      return `forwards to ${enumerate(groups.map((arn) => arn.split(':targetgroup/')[1]?.split('/')[0] ?? arn))} what is for`;
    case 'fixed-response':
      return `answers with ${action.FixedResponseConfig?.StatusCode} what is for`;
    default:
      return `does ${action?.Type ?? 'nothing'} with what is for`;
  }
}

function priorityOf({ Priority, IsDefault }: Rule): string {
  return IsDefault ? 'default' : (Priority ?? 'default');
}

type Balancer = NetworkFacts['loadBalancers'][number];

/** Obstacles for a load balancer on its way to a task's port. */
export function notLetOut(
  facts: Pick<NetworkFacts, 'securityGroups' | 'subnets'>,
  balancer: Pick<Balancer, 'securityGroupIds'>,
  service: Pick<ServicePlace, 'port' | 'subnetIds' | 'securityGroupIds'>,
): Obstacle[] {
  const missed = unreached(facts, balancer, 'egress', service.port, service);
  const text = `no security group of the load balancer (${enumerate(balancer.securityGroupIds)}) lets it out to TCP ${service.port} of the tasks in ${enumerate(missed)}`;
  return missed.length === 0 ? [] : [{ at: 'load balancer', text }];
}

function notLetIn(facts: NetworkFacts, balancer: Balancer, service: ServicePlace): Obstacle[] {
  const missed = unreached(facts, service, 'ingress', service.port, balancer);
  const text = `no security group of the tasks (${enumerate(service.securityGroupIds)}) lets in TCP ${service.port} from the load balancer in ${enumerate(missed)}`;
  return missed.length === 0 ? [] : [{ at: 'tasks', text }];
}

type Guarded = Pick<ServicePlace, 'securityGroupIds' | 'subnetIds'>;

/** Subnets of a peer that the security groups of another do not let traffic out to, or in from: a rule may be for some only. */
function unreached(
  facts: Pick<NetworkFacts, 'securityGroups' | 'subnets'>,
  { securityGroupIds }: Pick<Guarded, 'securityGroupIds'>,
  direction: 'egress' | 'ingress',
  port: number,
  peer: Guarded,
): string[] {
  const permissions = groupsOf(facts, securityGroupIds)
    .flatMap((group) => group[direction])
    .filter((permission) => isFor(permission, port));
  return peer.subnetIds.filter((id) => !reaches(facts, permissions, peer.securityGroupIds, id));
}

/** Whether permissions are for a peer that has these groups, in this subnet. */
function reaches(
  { subnets }: Pick<NetworkFacts, 'subnets'>,
  permissions: readonly Permission[],
  groupIds: readonly string[],
  subnetId: string,
): boolean {
  const cidr = subnets.find(({ id }) => id === subnetId)?.cidr;
  const isLet = permissions.some(
    (permission) =>
      (permission.UserIdGroupPairs ?? []).some(({ GroupId = '' }) => groupIds.includes(GroupId)) ||
      (cidr !== undefined && covers(blocksOf(permission), cidr)),
  );
  const lists = permissions.flatMap(({ PrefixListIds = [] }) => PrefixListIds.map(({ PrefixListId }) => PrefixListId));
  if (!isLet && lists.length > 0) {
    throw new NotModelled(
      `a security group has a rule for the prefix list ${lists[0]}, whose addresses are not known here`,
    );
  }
  return isLet;
}

/** Whether a permission is for everything, everywhere. */
export function isForAll({ IpProtocol, IpRanges = [], Ipv6Ranges = [] }: Permission): boolean {
  return (
    IpProtocol === '-1' &&
    (IpRanges.some(({ CidrIp }) => CidrIp === EVERYWHERE) || Ipv6Ranges.some(({ CidrIpv6 }) => CidrIpv6 === '::/0'))
  );
}

function isFor({ IpProtocol, FromPort, ToPort }: Permission, port: number): boolean {
  return IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort! <= port && port <= ToPort!);
}

function blocksOf({ IpRanges = [] }: Permission): string[] {
  return IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []);
}

/** Services that a task needs to start and to log, if it has no way to the internet. */
const NEEDED_ENDPOINTS = ['ecr.api', 'ecr.dkr', 's3', 'logs'];

type Subnet = NetworkFacts['subnets'][number];
type RouteTable = NetworkFacts['routeTables'][number];

/** The route table of a subnet: its own, or the main one of its VPC. */
export function routeTableOf(
  { routeTables }: Pick<NetworkFacts, 'routeTables'>,
  { id, vpcId }: Pick<Subnet, 'id' | 'vpcId'>,
): RouteTable | undefined {
  const inVpc = routeTables.filter((table) => table.vpcId === vpcId);
  return inVpc.find(({ subnetIds }) => subnetIds.includes(id)) ?? inVpc.find(({ isMain }) => isMain);
}

/** The route to every address. */
export function defaultRoute(table: RouteTable | undefined): RouteTable['routes'][number] | undefined {
  return table?.routes.find(({ cidr }) => cidr === EVERYWHERE);
}

function noRoute(facts: NetworkFacts, subnetId: string): Obstacle[] {
  const { subnets, endpoints, natGateways } = facts;
  const subnet = subnets.find(({ id }) => id === subnetId);
  if (!subnet) {
    return [{ at: 'subnets', text: `there is no subnet ${subnetId}` }];
  }
  const table = routeTableOf(facts, subnet);
  const route = defaultRoute(table);
  const fail = (text: string): Obstacle[] => [{ at: 'subnets', text: `${subnetId} ${text}` }];
  if (route?.isBlackhole) {
    return fail(`has a route to ${route.target}, which is gone`);
  }
  if (route?.target.startsWith('igw-')) {
    return fail(`leads to an internet gateway (${route.target}), which no task without a public address can use`);
  }
  if (natGateways.some(({ id, isPrivate }) => isPrivate && id === route?.target)) {
    return fail(
      `leads to a private NAT gateway (${route!.target}), which has no public address to reach the internet with`,
    );
  }
  if (route) {
    return [];
  }
  const isThere = (service: string) =>
    endpoints.some(
      (endpoint) =>
        endpoint.vpcId === subnet.vpcId &&
        endpoint.service.endsWith(`.${service}`) &&
        (endpoint.type === 'Interface' || endpoint.routeTableIds.includes(table?.id ?? '')),
    );
  const missing = NEEDED_ENDPOINTS.filter((service) => !isThere(service));
  return missing.length === 0
    ? []
    : fail(`has neither a route to a NAT gateway nor VPC endpoints for ${enumerate(missing)}`);
}

/** Whether every address of an IPv4 block is in one of others. */
function covers(blocks: readonly string[], cidr: string): boolean {
  const [first, last] = endsOf(cidr);
  return blocks.some((block) => {
    const [address, bits] = block.split('/') as [string, string];
    const addresses = new BlockList();
    addresses.addSubnet(address, Number(bits), 'ipv4');
    return addresses.check(first) && addresses.check(last);
  });
}

/** The first and the last address of an IPv4 block. */
function endsOf(cidr: string): [first: string, last: string] {
  const [address, bits] = cidr.split('/') as [string, string];
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const text = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  return [text(number), text(number + size - 1)];
}

function groupsOf({ securityGroups }: Pick<NetworkFacts, 'securityGroups'>, ids: readonly string[]) {
  return securityGroups.filter(({ id }) => ids.includes(id));
}
