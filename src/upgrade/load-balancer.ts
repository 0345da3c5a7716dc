import type { EnvironmentAnswers } from '../config/environment';
import { isObject, type PlainObject, valueAt } from '../config/paths';
import { blockOf, rulesOf, shadowedPriorities } from '../model/listener-block';
import type { RuleSet } from '../model/routing';
import { looseObject, type Unchecked } from '../model/unchecked';

/** An answer that an upgrade writes, and why. */
export interface WrittenAnswer {
  /** From the environment. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly why: string;
}

type UncheckedEnvironment = Unchecked<EnvironmentAnswers>;

/**
 * Answers that an upgrade writes about the load balancer, by environment: into those that an earlier version emitted, which have
 * no `network.albEgress`. Their rules become those of today if there is room for them: they must not meet another
 * environment's on the listener, nor pass the Quilt stack's own rule. If there is none, they stay as they are.
 */
export function loadBalancerAnswers(environments: PlainObject): ReadonlyMap<string, readonly WrittenAnswer[]> {
  const all = Object.entries(environments).map(([name, one]): [string, UncheckedEnvironment] => [
    name,
    looseObject(one),
  ]);
  const rules = new Map(all.map(([name, one]) => [name, isOld(one) ? oldRules(one) : rulesOf(one)]));
  const written = all
    .filter(([, one]) => isOld(one))
    .map(([name, one]): [string, readonly WrittenAnswer[]] => {
      const others = all
        .filter(([other, { network }]) => other !== name && listenerOf(network) === listenerOf(one.network))
        .flatMap(([other, environment]) => blockOf(environment, rules.get(other)));
      const fits = (candidate: RuleSet) =>
        !blockOf(one, candidate).some((priority) => others.includes(priority)) && !crosses(one, candidate);
      const chosen = candidates(one).find(fits) ?? oldRules(one);
      rules.set(name, chosen);
      return [name, [egress(one, chosen), ...differing(rulesOf(one), chosen)]];
    });
  return new Map(written);
}

function egress(environment: UncheckedEnvironment, rules: RuleSet): WrittenAnswer {
  const before = blockOf(environment, oldRules(environment));
  const after = blockOf(environment, rules);
  const more = after.filter((priority) => !before.includes(priority));
  const wider = `. Its listener rules take the priorities ${after[0]} to ${after.at(-1)} now: see that no rule of others has one`;
  return {
    path: ['network', 'albEgress'],
    value: 'present',
    why: `as before, nothing here lets the load balancer out to the tasks; {"create": "sg-…"} makes a rule, which a Quilt stack needs if nobody made one${more.length > 0 ? wider : ''}`,
  };
}

function isOld({ network }: UncheckedEnvironment): boolean {
  return isObject(network) && network.albEgress === undefined;
}

function listenerOf(network: unknown): unknown {
  return valueAt(network, ['listenerArn']);
}

/** Rules as earlier versions made them. */
function oldRules({ cors }: UncheckedEnvironment): RuleSet {
  const { allowedOrigins } = looseObject<{ allowedOrigins: unknown[] }>(cors);
  const namesOrigins = Array.isArray(allowedOrigins) && allowedOrigins.length > 0;
  return { foreignOrigins: namesOrigins ? 'refuse' : 'forward', oauthProbes: false };
}

/** The possible sets of rules of an environment, the best first. The owner's answers stay. */
function candidates(environment: UncheckedEnvironment): RuleSet[] {
  const wanted = rulesOf(environment);
  const mayForward = wanted.foreignOrigins === 'refuse' && oldRules(environment).foreignOrigins === 'forward';
  const origins = [wanted.foreignOrigins, ...(mayForward ? (['forward'] as const) : [])];
  return origins.flatMap((foreignOrigins) =>
    (wanted.oauthProbes ? [true, false] : [false]).map((oauthProbes) => ({ foreignOrigins, oauthProbes })),
  );
}

/** Whether rules that are reached in a Quilt stack today would have some that are not. */
function crosses(environment: UncheckedEnvironment, rules: RuleSet): boolean {
  return (
    shadowedPriorities(environment, oldRules(environment)).length === 0 &&
    shadowedPriorities(environment, rules).length > 0
  );
}

const NO_ROOM = "its priorities are another environment's, or come after a rule of the Quilt stack";

function differing(now: RuleSet, chosen: RuleSet): WrittenAnswer[] {
  return [
    ...(chosen.foreignOrigins === now.foreignOrigins
      ? []
      : [
          {
            path: ['cors', 'foreignOrigins'],
            value: chosen.foreignOrigins,
            why: `there is no room for the rule that refuses them: ${NO_ROOM}`,
          },
        ]),
    ...(chosen.oauthProbes === now.oauthProbes
      ? []
      : [
          {
            path: ['routing', 'answerOauthProbes'],
            value: chosen.oauthProbes,
            why: `there is no room for the rule that answers them: ${NO_ROOM}`,
          },
        ]),
  ];
}
