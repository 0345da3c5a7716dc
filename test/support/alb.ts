import type { Action, Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';

export interface AlbRequest {
  /** The Host header, without a port. */
  host: string;
  /** With or without a query string, which path conditions never see. */
  path: string;
  /** GET when left out. */
  method?: string;
  headers?: Record<string, string>;
}

/**
 * The action that an Application Load Balancer applies to a request: that of the first rule, by priority and the default
 * rule last, all of whose conditions match (a condition matches when any of its values does). Of several actions of a
 * rule it is the last, the one that answers or forwards. `rules` are a listener's, as DescribeRules returns them. Throws
 * on a condition that is not modelled here, and when no rule matches and there is no default rule.
 */
export function routeRequest(rules: readonly Rule[], request: AlbRequest): Action {
  const rule = [...rules]
    .sort(byPriority)
    .find((each) => (each.Conditions ?? []).every((one) => matches(one, request)));
  const action = rule?.Actions?.toSorted((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
  if (!action) throw new Error(`No rule applies to ${request.host}${request.path}, not even a default one`);
  return action;
}

function byPriority(a: Rule, b: Rule): number {
  return priorityOf(a) - priorityOf(b);
}

function priorityOf(rule: Rule): number {
  return rule.IsDefault || rule.Priority === 'default' ? Number.POSITIVE_INFINITY : Number(rule.Priority);
}

function matches(condition: RuleCondition, request: AlbRequest): boolean {
  switch (condition.Field) {
    case 'host-header':
      return anyMatches(condition.HostHeaderConfig?.Values ?? condition.Values, request.host, 'i');
    case 'path-pattern':
      return anyMatches(condition.PathPatternConfig?.Values ?? condition.Values, request.path.split('?', 1)[0], '');
    case 'http-header': {
      const wanted = condition.HttpHeaderConfig!.HttpHeaderName!.toLowerCase();
      const header = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === wanted);
      return header !== undefined && anyMatches(condition.HttpHeaderConfig!.Values, header[1], 'i');
    }
    case 'http-request-method':
      return (condition.HttpRequestMethodConfig?.Values ?? condition.Values ?? []).includes(request.method ?? 'GET');
    default:
      throw new Error(`A rule has a condition that is not modelled: ${condition.Field}`);
  }
}

/** Patterns in which `*` stands for any characters, none included, and `?` for exactly one. */
function anyMatches(patterns: string[] | undefined, text: string, flags: string): boolean {
  if (!patterns?.length) throw new Error('A condition has no values (a regular expression is not modelled)');
  return patterns.some((pattern) => {
    const literal = pattern.replace(/[\\^$.+()[\]{}|]/g, '\\$&');
    return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`).test(text);
  });
}
