/** A listener rule, as DescribeRules of Elastic Load Balancing returns it. */
export interface Rule {
  readonly RuleArn?: string;
  readonly Priority?: string;
  readonly IsDefault?: boolean;
  readonly Conditions?: readonly RuleCondition[];
  readonly Actions?: readonly RuleAction[];
}

export interface RuleCondition {
  readonly Field?: string;
  readonly Values?: readonly string[];
  readonly HostHeaderConfig?: { readonly Values?: readonly string[] };
  readonly PathPatternConfig?: { readonly Values?: readonly string[] };
  readonly HttpHeaderConfig?: { readonly HttpHeaderName?: string; readonly Values?: readonly string[] };
  readonly HttpRequestMethodConfig?: { readonly Values?: readonly string[] };
  readonly QueryStringConfig?: { readonly Values?: readonly { readonly Key?: string; readonly Value?: string }[] };
}

export interface RuleAction {
  readonly Type?: string;
  readonly Order?: number;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: {
    readonly TargetGroups?: readonly { readonly TargetGroupArn?: string; readonly Weight?: number }[];
  };
  readonly FixedResponseConfig?: {
    readonly StatusCode?: string;
    readonly ContentType?: string;
    readonly MessageBody?: string;
  };
  readonly RedirectConfig?: { readonly Protocol?: string; readonly Port?: string; readonly StatusCode?: string };
}

/** Something decides that is not modelled here, or was not seen: there is no judgement. Its message is the reason. */
export class NotModelled extends Error {}

/** The result of a judgement; undefined if it depends on something that is not modelled. */
export function ifModelled<T>(judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof NotModelled) return undefined;
    throw error;
  }
}

export interface AlbRequest {
  /** The Host header, without a port. */
  readonly host: string;
  /** With or without a query string, which path conditions never see. */
  readonly path: string;
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The rule that an Application Load Balancer applies to a request: the first, by priority and the default rule last, all of
 * whose conditions match (a condition matches if any of its values does). `rules` are those of one listener.
 *
 * @throws NotModelled on a condition that is not modelled here, such as the client's address; Error if no rule matches and
 * there is no default rule
 */
export function ruleFor(rules: readonly Rule[], request: AlbRequest): Rule {
  const rule = [...rules]
    .sort(byPriority)
    .find((each) => (each.Conditions ?? []).every((one) => matches(one, request)));
  if (!rule) throw new Error(`No rule applies to ${request.host}${request.path}, not even a default one`);
  return rule;
}

/**
 * The rule that may apply to a request: the first that matches, or would if its conditions that are not modelled here match.
 * For a rule that must come before it.
 */
export function ruleThatMayTake(rules: readonly Rule[], request: AlbRequest): Rule | undefined {
  const mayMatch = (condition: RuleCondition) => {
    try {
      return matches(condition, request);
    } catch (error) {
      if (error instanceof NotModelled) return true;
      throw error;
    }
  };
  return [...rules].sort(byPriority).find((each) => (each.Conditions ?? []).every(mayMatch));
}

/** Whether a rule, and not the default one, forwards requests for a host. */
export function servesHost(rules: readonly Rule[], host: string): boolean {
  const rule = ruleThatMayTake(rules, { host, path: '/' });
  return rule !== undefined && !rule.IsDefault && actionOf(rule)?.Type === 'forward';
}

/** The action of the rule that applies, see {@link ruleFor}. Of several it is the last, the one that answers or forwards. */
export function routeRequest(rules: readonly Rule[], request: AlbRequest): RuleAction {
  const action = actionOf(ruleFor(rules, request));
  if (!action) throw new Error(`The rule for ${request.host}${request.path} has no action`);
  return action;
}

export function actionOf({ Actions = [] }: Rule): RuleAction | undefined {
  return [...Actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
}

/** The target groups that an action forwards to, but for those without any weight. */
export function targetGroupsOf({ Type, TargetGroupArn, ForwardConfig }: RuleAction): string[] {
  if (Type !== 'forward') return [];
  const weighted = (ForwardConfig?.TargetGroups ?? []).filter(({ Weight = 1 }) => Weight > 0);
  return [...new Set([TargetGroupArn, ...weighted.map((group) => group.TargetGroupArn)])].filter(
    (arn) => arn !== undefined,
  );
}

/** The order in which a listener asks its rules: by priority, the default one last. */
export function byPriority(a: Rule, b: Rule): number {
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
      return anyMatches(condition.PathPatternConfig?.Values ?? condition.Values, request.path.split('?', 1)[0]!, '');
    case 'http-header': {
      const wanted = condition.HttpHeaderConfig!.HttpHeaderName!.toLowerCase();
      const header = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === wanted);
      return header !== undefined && anyMatches(condition.HttpHeaderConfig!.Values, header[1], 'i');
    }
    case 'http-request-method':
      return (condition.HttpRequestMethodConfig?.Values ?? condition.Values ?? []).includes(request.method ?? 'GET');
    case 'query-string':
      return matchesQuery(condition.QueryStringConfig?.Values, request.path);
    default:
      throw new NotModelled(`a rule of the listener has a condition on ${condition.Field}, which is not judged here`);
  }
}

function matchesQuery(values: NonNullable<RuleCondition['QueryStringConfig']>['Values'] = [], path: string): boolean {
  const asked = [...new URLSearchParams(path.split('?', 2)[1] ?? '')];
  return values.some(({ Key, Value = '*' }) =>
    asked.some(([key, value]) => (Key === undefined || anyMatches([Key], key, 'i')) && anyMatches([Value], value, 'i')),
  );
}

/** Patterns in which `*` stands for any characters, none included, and `?` for exactly one. */
function anyMatches(patterns: readonly string[] | undefined, text: string, flags: string): boolean {
  if (!patterns?.length) {
    throw new NotModelled('a rule of the listener has a condition by a regular expression, which is not judged here');
  }
  return patterns.some((pattern) => {
    const literal = pattern.replace(/[\\^$.+()[\]{}|]/g, '\\$&');
    return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`).test(text);
  });
}
