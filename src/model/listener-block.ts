import type { EnvironmentAnswers } from '../config/environment';
import { urlHost } from '../config/url-host';
import type { Environment } from './deployment';
import { CATALOG_PRIORITY, prioritiesOf, type RuleSet } from './routing';
import { looseObject, type Unchecked } from './unchecked';

type Routing = { mode: string; host: string; priority: number; answerOauthProbes: boolean };

/**
 * The kinds of listener rules of an environment, by answers of any shape. ECS moves the traffic of one listener rule,
 * and refusing foreign origins takes several that forward: with a strategy that moves traffic, foreign origins are
 * forwarded by default. Requests for OAuth metadata are answered on the catalog's host. On another shared host, they
 * may be for another application; on a host of its own, no page is in their way.
 */
export function rulesOf(environment: Unchecked<EnvironmentAnswers>): RuleSet {
  const { routing, cors, deployment } = environment;
  const { mode, answerOauthProbes } = looseObject<Routing>(routing);
  const { foreignOrigins } = looseObject<{ foreignOrigins: string }>(cors);
  const { strategy } = looseObject<{ strategy: string }>(deployment);
  const isRolling = strategy === undefined || strategy === 'rolling';
  return {
    foreignOrigins: foreignOrigins === 'forward' || (foreignOrigins === undefined && !isRolling) ? 'forward' : 'refuse',
    oauthProbes: mode === 'path' && (answerOauthProbes ?? sharesCatalogHost(environment)) === true,
  };
}

/** The priorities of an environment's rules, ascending; empty if its first is no number. */
export function blockOf(environment: Unchecked<EnvironmentAnswers>, rules: RuleSet = rulesOf(environment)): number[] {
  const { priority } = looseObject<Routing>(environment.routing);
  return typeof priority === 'number' ? prioritiesOf(rules, priority) : [];
}

/** Whether an environment is reached by a path of the catalog's host, which the Quilt stack has a rule for. */
export function sharesCatalogHost({ catalogUrl, routing }: Unchecked<EnvironmentAnswers>): boolean {
  const { mode, host } = looseObject<Routing>(routing);
  return mode === 'path' && host !== undefined && urlHost(catalogUrl) === host;
}

/** Whether a resolved environment is. */
export function isOnCatalogHost({ catalogUrl, service }: Pick<Environment, 'catalogUrl' | 'service'>): boolean {
  const { host } = service.listenerRules[0]!;
  return sharesCatalogHost({ catalogUrl, routing: { mode: service.domain ? 'domain' : 'path', host } });
}

/** Whether a rule for the catalog's host comes at or after the one by which a Quilt stack takes it: then it matches nothing. */
export function isShadowed(priority: number): boolean {
  return priority >= CATALOG_PRIORITY;
}

/** The priorities of an environment's rules that match nothing in a Quilt stack. */
export function shadowedPriorities(environment: Unchecked<EnvironmentAnswers>, rules?: RuleSet): number[] {
  return sharesCatalogHost(environment) ? blockOf(environment, rules).filter(isShadowed) : [];
}
