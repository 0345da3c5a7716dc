import { LAST_PRIORITY } from '../config/environment/routing';
import { isOnCatalogHost } from '../model/listener-block';
import { CATALOG_PRIORITY, freePriorities } from '../model/routing';
import { generationOf } from './generation';
import { actionOf, byPriority, type Rule, ruleThatMayTake, targetGroupsOf } from './listener-rules';
import { othersRules, type Planned } from './planned';
import type { AllParts, Parts, Snapshot } from './snapshot';

/** A server of somebody else that runs already, and the way from it to a planned deployment without an outage. */
export interface Takeover {
  readonly service: string;
  readonly image: string;
  /** Ids of generations that it may be. */
  readonly generations: readonly string[];
  /** Names of its target groups. */
  readonly targetGroups: readonly string[];
  /** Rules of the listener that forward to it, in order. */
  readonly priorities: readonly number[];
  /** Absent if clients reach it elsewhere than the planned deployment: then both run, and nobody is in the way. */
  readonly way?: Way;
}

/** Priorities by which requests go on to the old server until the new one is healthy, and to the new one at once after that. */
export interface Way {
  /** Moves of the old rules before the deployment, if there is no room behind them. */
  readonly before: readonly Move[];
  /** First priority of the planned deployment, behind the old rules; absent if there is no room even so. */
  readonly first?: number;
  /** Moves of the old rules behind those of the planned deployment. */
  readonly after: readonly Move[];
}

interface Move {
  readonly arn: string;
  readonly from: number;
  readonly to: number;
}

/** Servers that run already, and that this generator did not make; empty if that was not seen. */
export function takeoversOf({ parts }: Snapshot, planned: Planned): Takeover[] {
  const { running = [], services = [], listeners = [], targetGroups = [] } = parts;
  const { service: layer, url } = planned.environment;
  const rules = listeners.find(({ arn }) => arn === layer.listenerArn)?.rules ?? [];
  return serversOfOthers({ running, services }).map(({ server, service }) => {
    const { targetGroupArns = [] } = service ?? {};
    const own = rulesTo(targetGroupArns, rules);
    const way = isInTheWay(own, rules, new URL(url))
      ? wayFrom(own, othersRules({ listeners, targetGroups }, planned), blockIn(planned))
      : undefined;
    return {
      service: server.service,
      image: server.image,
      generations: generationOf(server, service).generations.map(({ id }) => id),
      targetGroups: targetGroupArns.map((arn) => targetGroups.find((group) => group.arn === arn)?.name ?? arn),
      priorities: own.map(numberOf),
      ...(way && { way }),
    };
  });
}

/** The way from servers of others to a deployment that is not planned yet; undefined if none takes its requests. */
export function wayPast(
  { running = [], services = [] }: Pick<Parts, 'running' | 'services'>,
  rules: readonly Rule[],
  address: Pick<URL, 'host' | 'pathname'>,
  block: Block,
): (Way & { readonly services: readonly string[]; readonly priorities: readonly number[] }) | undefined {
  const inTheWay = serversOfOthers({ running, services })
    .map(({ server, service }) => ({ name: server.service, own: rulesTo(service?.targetGroupArns ?? [], rules) }))
    .filter(({ own }) => isInTheWay(own, rules, address));
  if (inTheWay.length === 0) return undefined;
  const own = inTheWay.flatMap((one) => one.own).sort(byPriority);
  return {
    ...wayFrom(own, rules, block),
    services: inTheWay.map(({ name }) => name),
    priorities: own.map(numberOf),
  };
}

/** The account as it will be when clients have moved from these servers. */
export function afterTakeovers(snapshot: Snapshot, takeovers: readonly Takeover[]): Snapshot {
  const moves = takeovers.flatMap(({ way }) => way?.after ?? []);
  const { listeners } = snapshot.parts;
  if (!listeners || moves.length === 0) return snapshot;
  const moved = (rule: Rule): Rule => {
    const move = moves.find(({ arn }) => arn === rule.RuleArn);
    return move ? { ...rule, Priority: String(move.to) } : rule;
  };
  return {
    ...snapshot,
    parts: { ...snapshot.parts, listeners: listeners.map((one) => ({ ...one, rules: one.rules.map(moved) })) },
  };
}

function serversOfOthers({ running, services }: Pick<AllParts, 'running' | 'services'>) {
  return running
    .map((server) => ({ server, service: services.find(({ name }) => name === server.service) }))
    .filter(({ service }) => service?.convention === undefined);
}

function rulesTo(targetGroupArns: readonly string[], rules: readonly Rule[]): Rule[] {
  return rules
    .filter(
      (rule) => !rule.IsDefault && targetGroupsOf(actionOf(rule) ?? {}).some((arn) => targetGroupArns.includes(arn)),
    )
    .sort(byPriority);
}

/** Whether one of the rules takes what clients of the planned deployment ask for. */
function isInTheWay(
  own: readonly Rule[],
  rules: readonly Rule[],
  { host, pathname }: Pick<URL, 'host' | 'pathname'>,
): boolean {
  return [pathname, `${pathname}/`].some((path) => {
    const rule = ruleThatMayTake(rules, { host, path, method: 'POST' });
    return rule !== undefined && own.includes(rule);
  });
}

/** Priorities that a deployment takes. */
interface Block {
  /** The first of them, if it is free. */
  readonly preferred: number;
  /** Distances of all from the first. */
  readonly offsets: readonly number[];
  /** True if the catalog's own rule takes all that comes behind it. */
  readonly isOnCatalogHost: boolean;
}

function blockIn({ environment }: Planned): Block {
  const { listenerPriority, listenerRules } = environment.service;
  return {
    preferred: listenerPriority,
    offsets: listenerRules.map(({ priority }) => priority - listenerPriority),
    isOnCatalogHost: isOnCatalogHost(environment),
  };
}

function wayFrom(own: readonly Rule[], others: readonly Rule[], { preferred, offsets, ...block }: Block): Way {
  const taken = new Set(others.filter((rule) => !rule.IsDefault && !own.includes(rule)).map(numberOf));
  const free = (from: number, to: number) => freePriorities(taken, from, to);
  const last = (block.isOnCatalogHost ? CATALOG_PRIORITY - 1 : LAST_PRIORITY) - offsets.at(-1)!;
  const behind = (places: readonly number[]) =>
    [preferred, ...free(Math.max(...places) + 1, last)].find(
      (at) => at > Math.max(...places) && at <= last && offsets.every((offset) => !taken.has(at + offset)),
    );
  const movesOf = (from: readonly number[], to: readonly number[]): Move[] =>
    own.map(({ RuleArn = '' }, index) => ({ arn: RuleArn, from: from[index]!, to: to[index]! }));

  const now = own.map(numberOf);
  const front = free(1, LAST_PRIORITY).slice(0, own.length);
  const stays = behind(now);
  const first = stays ?? behind(front);
  if (first === undefined) return { before: [], after: [] };
  const places = stays === undefined ? front : now;
  const to = free(first + offsets.at(-1)! + 1, LAST_PRIORITY).slice(0, own.length);
  return { before: stays === undefined ? movesOf(now, front) : [], first, after: movesOf(places, to) };
}

function numberOf({ Priority }: Rule): number {
  return Number(Priority);
}
