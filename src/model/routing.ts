import type { ListenerRule, ServiceContract } from './deployment';

// Places within the block of priorities, from its first: each kind of rule keeps its own, so that a changed list of
// origins never moves a rule to a priority that another one still holds. The schema's limit of 16 origins, two to a rule, fits.
export const PLACES = { firstOrigin: 1, reject: 9, plain: 10 } as const;

/** How many priorities an environment takes, from its first upwards. */
export function blockSize(origins: number): number {
  return origins === 0 ? 1 : PLACES.plain + 1;
}

interface Place {
  /** URL of the catalog, in its normal form. */
  readonly catalogUrl: string;
  readonly host: string;
}

/** The port that clients connect to: on the catalog's own host, the catalog's. */
export function clientPort({ catalogUrl, host }: Place): number {
  const { hostname, port } = new URL(catalogUrl);
  return hostname === host && port !== '' ? Number(port) : 443;
}

/** Origin of the pages of the host that clients connect to, and the beginning of the server's URL. */
export function ownOrigin(place: Place): string {
  const port = clientPort(place);
  return `https://${place.host}${port === 443 ? '' : `:${port}`}`;
}

/**
 * The listener rules of an environment. Where origins are named: allowed ones are forwarded, any other is answered
 * with 403 (the MCP specification demands it and the server does not do it), and what has none, which is every client
 * but a browser, is forwarded.
 */
export function listenerRules(
  contract: ServiceContract,
  { host, priority }: { readonly host: string; readonly priority: number },
  origins: readonly string[],
): ListenerRule[] {
  const { paths, originsPerRule } = contract.routing;
  if (origins.length === 0) {
    return [{ priority, host, paths, action: 'forward' }];
  }
  const chunks = Array.from({ length: Math.ceil(origins.length / originsPerRule) }, (_, index) =>
    origins.slice(index * originsPerRule, (index + 1) * originsPerRule),
  );
  return [
    ...chunks.map(
      (chunk, index): ListenerRule => ({
        priority: priority + PLACES.firstOrigin + index,
        host,
        paths,
        origins: chunk,
        action: 'forward',
      }),
    ),
    { priority: priority + PLACES.reject, host, paths, origins: ['*'], action: 'forbid' },
    { priority: priority + PLACES.plain, host, paths, action: 'forward' },
  ];
}
