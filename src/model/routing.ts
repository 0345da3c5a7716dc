import type { FOREIGN_ORIGINS } from '../config/environment/cors';
import { chunksOf } from './chunks';
import type { ListenerRule, ServiceContract, ServiceLayer } from './deployment';

// Places within the block of priorities, from its first: each kind of rule keeps its own, so that a changed list of
// origins never moves a rule to a priority that another one still holds. The schema's limit of 16 origins, two to a rule, fits.
export const PRIORITY_OFFSETS = { firstOrigin: 1, reject: 9, plain: 10, oauthProbes: 11 } as const;

/** Most priorities that an environment takes. */
export const LONGEST_BLOCK = PRIORITY_OFFSETS.oauthProbes + 1;

/**
 * Priority of the Quilt stack's own rule for its catalog's host, which matches every path. A path rule for that host is
 * reached only below it. Source: Quilt's CloudFormation template, build 1.62.1, the rules of `Listener`.
 */
export const CATALOG_PRIORITY = 25;

/** Priorities that a new environment takes from, if they are free: below the catalog's rule, or far from the stack's own. */
export const FIRST_PRIORITY = { path: 10, domain: 100 } as const;

/** Choices that the rules of an environment depend on, and so the priorities that they take. */
export interface RuleSet {
  readonly foreignOrigins: (typeof FOREIGN_ORIGINS)[number];
  /** Whether clients that look for OAuth metadata are answered. */
  readonly oauthProbes: boolean;
}

/** The priorities that the rules of an environment may take, ascending. */
export function prioritiesOf({ foreignOrigins, oauthProbes }: RuleSet, first: number): number[] {
  const places =
    foreignOrigins === 'forward'
      ? [0]
      : Array.from({ length: PRIORITY_OFFSETS.plain }, (_, index) => PRIORITY_OFFSETS.firstOrigin + index);
  return [...places, ...(oauthProbes ? [PRIORITY_OFFSETS.oauthProbes] : [])].map((place) => first + place);
}

/** Number of priorities that an environment takes, from its first upwards. */
export function blockSize(rules: RuleSet): number {
  return prioritiesOf(rules, 0).at(-1)! + 1;
}

/**
 * The first priority of a block that is free and ends before another priority: the usual one, or else the last one; undefined if
 * there is none.
 */
export function freeBlockBefore(
  rules: RuleSet,
  before: number,
  isTaken: (priority: number) => boolean,
): number | undefined {
  const last = before - blockSize(rules);
  const descending = Array.from({ length: Math.max(last, 0) }, (_, index) => last - index);
  return [FIRST_PRIORITY.path, ...descending].find(
    (first) => first <= last && !prioritiesOf(rules, first).some(isTaken),
  );
}

/** The priorities of a span that nobody has, ascending; both ends count. */
export function freePriorities(taken: ReadonlySet<number>, from: number, to: number): number[] {
  const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  return all.filter((priority) => !taken.has(priority));
}

interface ClientAddress {
  /** URL of the catalog, in its normal form. */
  readonly catalogUrl: string;
  readonly host: string;
}

/** The port that clients connect to: on the catalog's own host, the catalog's. */
export function clientPort({ catalogUrl, host }: ClientAddress): number {
  const { hostname, port } = new URL(catalogUrl);
  return hostname === host && port !== '' ? Number(port) : 443;
}

/** Origin of the pages of the host that clients connect to, and the beginning of the server's URL. */
export function ownOrigin(place: ClientAddress): string {
  const port = clientPort(place);
  return `https://${place.host}${port === 443 ? '' : `:${port}`}`;
}

/**
 * The listener rules of an environment, in ascending priority. If foreign origins are refused: allowed ones are forwarded,
 * any other is answered with 403 (the MCP specification demands it and the server does not do it), and a request without
 * one, as all clients but browsers send it, is forwarded. On a host that the catalog answers too, clients that look for
 * OAuth metadata would be given its pages, and fail without a reason: they are answered with 404.
 *
 * @param origins that are allowed
 */
export function listenerRules(
  contract: ServiceContract,
  { host, priority, foreignOrigins, oauthProbes }: RuleSet & { readonly host: string; readonly priority: number },
  origins: readonly string[],
): ListenerRule[] {
  const { paths, originsPerRule, oauthProbes: probes } = contract.routing;
  const rule = (place: number, action: ListenerRule['action'], values?: readonly string[]): ListenerRule => ({
    priority: priority + place,
    host,
    paths: action === 'not-found' ? probes : paths,
    ...(values ? { origins: values } : {}),
    action,
  });
  return [
    ...(foreignOrigins === 'forward'
      ? [rule(0, 'forward')]
      : [
          ...chunksOf(origins, originsPerRule).map((chunk, index) =>
            rule(PRIORITY_OFFSETS.firstOrigin + index, 'forward', chunk),
          ),
          rule(PRIORITY_OFFSETS.reject, 'forbid', ['*']),
          rule(PRIORITY_OFFSETS.plain, 'forward'),
        ]),
    ...(oauthProbes ? [rule(PRIORITY_OFFSETS.oauthProbes, 'not-found')] : []),
  ];
}

/** Origins that the listener lets in, by its rules; none if it does not look at them. */
export function allowedOrigins(rules: readonly ListenerRule[]): string[] {
  return rules.flatMap(({ action, origins }) => (action === 'forward' ? (origins ?? []) : []));
}

/** Whether a service answers clients that look for OAuth metadata. */
export function answersOauthProbes({ listenerRules: rules }: Pick<ServiceLayer, 'listenerRules'>): boolean {
  return rules.some(({ action }) => action === 'not-found');
}
