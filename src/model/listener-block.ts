import type { EnvironmentAnswers } from '../config/schema';
import { type Draft, looseObject } from './draft';
import { CATALOG_PRIORITY, prioritiesOf, type RuleSet, ruleSetOf } from './routing';

type Routing = { mode: string; host: string; priority: number; answerOauthProbes: boolean };

/** Which listener rules an environment has, by answers of any shape. */
export function rulesOf(environment: Draft<EnvironmentAnswers>): RuleSet {
  const { routing, cors, deployment } = environment;
  const { mode, answerOauthProbes } = looseObject<Routing>(routing);
  const { foreignOrigins } = looseObject<{ foreignOrigins: string }>(cors);
  const { strategy } = looseObject<{ strategy: string }>(deployment);
  const onCatalogHost = sharesCatalogHost(environment);
  return ruleSetOf({ mode, onCatalogHost, answerOauthProbes, foreignOrigins, strategy });
}

/** The priorities of an environment's rules, ascending; none as long as its first is no number. */
export function blockOf(environment: Draft<EnvironmentAnswers>, rules: RuleSet = rulesOf(environment)): number[] {
  const { priority } = looseObject<Routing>(environment.routing);
  return typeof priority === 'number' ? prioritiesOf(rules, priority) : [];
}

/** Whether an environment is reached by a path of the catalog's host, which the Quilt stack has a rule for. */
export function sharesCatalogHost({ catalogUrl, routing }: Draft<EnvironmentAnswers>): boolean {
  const { mode, host } = looseObject<Routing>(routing);
  return (
    mode === 'path' &&
    typeof catalogUrl === 'string' &&
    URL.canParse(catalogUrl) &&
    new URL(catalogUrl).hostname === host
  );
}

/** The priorities that come at or after the rule by which a Quilt stack takes its catalog's host: they match nothing. */
export function shadowedPriorities(environment: Draft<EnvironmentAnswers>, rules?: RuleSet): number[] {
  return sharesCatalogHost(environment)
    ? blockOf(environment, rules).filter((priority) => priority >= CATALOG_PRIORITY)
    : [];
}
