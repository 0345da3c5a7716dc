import type { ListenerRule, ServiceContract } from './deployment';

/** How many listener rules an environment takes, from its priority upwards. */
export function ruleCount(contract: ServiceContract, origins: number): number {
  return origins === 0 ? 1 : Math.ceil(origins / contract.routing.originsPerRule) + 2;
}

/**
 * The listener rules of an environment. Where origins are named: allowed ones are forwarded, any other is answered
 * with 403 (the MCP specification demands it and the server does not do it), and what has none, which is every client
 * but a browser, is forwarded.
 */
export function listenerRules(
  contract: ServiceContract,
  routing: { readonly host: string; readonly priority: number },
  origins: readonly string[],
): ListenerRule[] {
  const { paths, originsPerRule } = contract.routing;
  const matches: Pick<ListenerRule, 'origins' | 'action'>[] = [];
  for (let start = 0; start < origins.length; start += originsPerRule) {
    matches.push({ origins: origins.slice(start, start + originsPerRule), action: 'forward' });
  }
  if (origins.length > 0) {
    matches.push({ origins: ['*'], action: 'forbid' });
  }
  matches.push({ action: 'forward' });
  return matches.map((match, index) => ({ priority: routing.priority + index, host: routing.host, paths, ...match }));
}
