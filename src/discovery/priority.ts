import type { EnvironmentAnswers } from '../config/environment';
import { LATEST } from '../conventions';
import { enumerate } from '../conventions/labels';
import { rulesOf } from '../model/listener-block';
import { CATALOG_PRIORITY, FIRST_PRIORITY, freeBlockBefore, prioritiesOf } from '../model/routing';
import { type Rule, ruleThatMayTake } from './listener-rules';
import type { ProposedAnswer } from './proposed-answer';
import type { Parts } from './snapshot';
import { wayPast } from './takeover';

const PATH = 'routing.priority';
const SHOWN = 'aws elbv2 describe-rules';

/**
 * The priority of a deployment at the path of a host that the listener serves. Clients of a server that runs there already keep
 * it until its rules are moved: so the deployment stands behind them first.
 */
export function proposedPriority(
  parts: Pick<Parts, 'running' | 'services'>,
  rules: readonly Rule[],
  host: string,
): ProposedAnswer {
  const preferred = FIRST_PRIORITY.path;
  const offsets = prioritiesOf(rulesAt(host), 0);
  const way = wayPast(
    parts,
    rules,
    { host, pathname: LATEST.endpoint.path },
    { preferred, offsets, isOnCatalogHost: true },
  );
  if (way) {
    const { priorities } = way;
    const servers = `${priorities.length === 1 ? 'rule' : 'rules'} ${enumerate(priorities.map(String))}, by which clients reach ${enumerate(way.services)} until its rules are moved`;
    if (way.first === undefined) return { path: PATH, evidence: `no block of priorities is free behind ${servers}` };
    if (way.before.length > 0) {
      const why = `if the rules of ${enumerate(way.services)} are moved to the front first: there is no room behind ${servers}`;
      return { path: PATH, candidates: [{ value: way.first, why }], evidence: SHOWN };
    }
    return { path: PATH, value: way.first, evidence: `free, and behind ${servers}: ${SHOWN}` };
  }
  const value = freeBlock(rules, host);
  const { Priority = '' } = ruleInTheWay(rules, host) ?? {};
  return value === undefined
    ? {
        path: PATH,
        evidence: `no block of priorities is free before rule ${Priority || CATALOG_PRIORITY}, which takes ${host}${LATEST.endpoint.path} today`,
      }
    : {
        path: PATH,
        value,
        evidence: `free, and before every rule that takes ${host}${LATEST.endpoint.path}: ${SHOWN}`,
      };
}

/**
 * The first priority of a block that is free, and that comes before each rule that takes the requests for the host's server
 * today; undefined if there is none.
 */
export function freeBlock(rules: readonly Rule[], host: string): number | undefined {
  const takes = ruleInTheWay(rules, host);
  const before = !takes || takes.IsDefault ? CATALOG_PRIORITY : Number(takes.Priority);
  const taken = new Set(rules.map(({ Priority }) => Number(Priority)));
  return freeBlockBefore(rulesAt(host), before, (priority) => taken.has(priority));
}

/** The rules of a deployment by path, on the catalog's host. */
function rulesAt(host: string) {
  const routing = { mode: 'path', host, priority: FIRST_PRIORITY.path };
  return rulesOf({ catalogUrl: `https://${host}`, routing } as EnvironmentAnswers);
}

function ruleInTheWay(rules: readonly Rule[], host: string): Rule | undefined {
  return ruleThatMayTake(rules, { host, path: LATEST.endpoint.path, method: 'POST' });
}
