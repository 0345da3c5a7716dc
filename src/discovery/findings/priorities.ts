import { LAST_PRIORITY } from '../../config/environment/routing';
import { enumerate } from '../../conventions/labels';
import { rulesOf } from '../../model/listener-block';
import { freeBlockBefore, freePriorities, prioritiesOf } from '../../model/routing';
import { byPriority, type Rule, ruleThatMayTake } from '../listener-rules';
import { othersRules, type Planned } from '../planned';
import type { AllParts } from '../snapshot';

/** Priorities at which the rules of a deployment are reached, and the rules of others that must make room for them. */
interface Room {
  readonly first: number;
  readonly moves: readonly { readonly rule: Rule; readonly to: number }[];
}

/** The remedy for rules of others that take the requests of a deployment, or its priorities: an answer, or a command and an answer. */
export function priorityRemedy(parts: Pick<AllParts, 'listeners' | 'targetGroups'>, planned: Planned): string {
  const { name, region, service } = planned.environment;
  const path = `environments.${name}.routing.priority`;
  const room = roomFor(parts, planned);
  if (!room)
    return `No block of priorities is free on the listener: remove rules of it, and set ${path} to the first free one.`;
  const { first, moves } = room;
  if (moves.length === 0) {
    return `Set ${path} to ${first}: its priorities are free from there on, and no rule before them takes its requests.`;
  }
  const which = moves.map(({ rule }) => rule.Priority!);
  const words = moves.map(({ rule, to }) => `RuleArn=${rule.RuleArn},Priority=${to}`);
  const then = first === service.listenerPriority ? '' : ` Then set ${path} to ${first}.`;
  return `There is no room before rule ${enumerate(which)}. Move ${moves.length === 1 ? 'it' : 'them'} behind the rules of the deployment: aws elbv2 set-rule-priorities --region ${region} --rule-priorities ${words.join(' ')}.${then} If Terraform or CloudFormation made ${moves.length === 1 ? 'this rule' : 'these rules'}, change the priority there too.`;
}

/** Room before all rules that take the requests; or else before all but the first of them, which move behind it. */
function roomFor(parts: Pick<AllParts, 'listeners' | 'targetGroups'>, planned: Planned): Room | undefined {
  const others = othersRules(parts, planned).filter(({ IsDefault }) => !IsDefault);
  const inTheWay = others.filter((rule) => takesRequests(rule, planned)).sort(byPriority);
  const { service } = planned.environment;
  const rules = rulesOf(service.answers);
  for (let count = 0; count <= inTheWay.length; count++) {
    const moved = inTheWay.slice(0, count);
    const taken = new Set(others.filter((rule) => !moved.includes(rule)).map(({ Priority }) => Number(Priority)));
    const next = inTheWay[count];
    const before = next ? Number(next.Priority) : LAST_PRIORITY + 1;
    const fits = (first: number) =>
      prioritiesOf(rules, first).every((priority) => priority < before && !taken.has(priority));
    const first = fits(service.listenerPriority)
      ? service.listenerPriority
      : next
        ? freeBlockBefore(rules, before, (priority) => taken.has(priority))
        : Array.from({ length: LAST_PRIORITY }, (_, index) => service.listenerPriority + index).find(fits);
    if (first === undefined) continue;
    const last = prioritiesOf(rules, first).at(-1)!;
    const free = freePriorities(taken, last + 1, LAST_PRIORITY);
    return { first, moves: moved.map((rule, index) => ({ rule, to: free[index]! })) };
  }
  return undefined;
}

function takesRequests(rule: Rule, { environment: { url } }: Planned): boolean {
  const { hostname: host, pathname: path, origin: Origin } = new URL(url);
  return [undefined, { Origin }].some(
    (headers) => ruleThatMayTake([rule], { host, path, method: 'POST', headers }) !== undefined,
  );
}
