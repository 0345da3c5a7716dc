import { isObject } from '../../config/paths';
import type { Reader } from '../reader';
import type { WebAcl } from '../snapshot';

interface AclRule {
  readonly Name: string;
  readonly Priority?: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement?: unknown;
}

/** A rule group that AWS Firewall Manager puts before or after the rules of a web ACL's owner. */
interface ManagerGroup extends Omit<AclRule, 'Action' | 'Statement'> {
  readonly FirewallManagerStatement?: unknown;
}

interface DescribedAcl {
  readonly Name: string;
  readonly DefaultAction?: object;
  readonly Rules?: readonly AclRule[];
  readonly PreProcessFirewallManagerRuleGroups?: readonly ManagerGroup[];
  readonly PostProcessFirewallManagerRuleGroups?: readonly ManagerGroup[];
}

/** Rule of AWS's core rule set that blocks a body over 8 kB. Source: AWS WAF Developer Guide, "Core rule set (CRS)". */
const BODY_RULE = 'SizeRestrictions_BODY';
const CORE_RULE_SET = 'AWSManagedRulesCommonRuleSet';

/** The web ACL of a load balancer, as far as it decides about the requests of MCP clients; null if it has none. */
export async function readWebAcl(reader: Reader, ResourceArn: string): Promise<WebAcl | null | undefined> {
  const found = await reader.find<{ WebACL?: DescribedAcl }>('webAcl', { ResourceArn });
  if (!found) return found;
  return found.WebACL ? aclOf(found.WebACL) : null;
}

/**
 * The rules that block, in the order in which AWS WAF asks them. What comes after a rule that is not judged here may never be
 * asked, so it decides nothing.
 */
function aclOf(acl: DescribedAcl): WebAcl {
  const byCountry: string[] = [];
  const bySize: string[] = [];
  const result = (undecided?: string) => ({
    name: acl.Name,
    byCountry,
    bySize,
    ...(undecided !== undefined && { undecided }),
  });
  let allowing: string | undefined;
  for (const rule of rulesInOrder(acl)) {
    if (has(rule.Statement, isReference) && !isCounted(rule)) {
      return result(`the rules of the rule group in ${rule.Name} are not in the answer of AWS`);
    }
    const isByCountry = blocks(rule) && has(rule.Statement, isCountry);
    const isBySize =
      (blocks(rule) && has(rule.Statement, isBodySize)) || has(rule.Statement, (one) => isCore(one, rule));
    if (isByCountry || isBySize) {
      if (allowing !== undefined) return result(`${allowing} allows requests before ${rule.Name} blocks others`);
      if (has(rule.Statement, isOfSome)) return result(`${rule.Name} is about a part of the requests`);
      if (isByCountry) byCountry.push(rule.Name);
      if (isBySize) bySize.push(rule.Name);
    }
    if (rule.Action && 'Allow' in rule.Action) allowing ??= rule.Name;
  }
  return acl.DefaultAction && 'Block' in acl.DefaultAction
    ? result('it blocks every request that no rule of it allows')
    : result();
}

/** Source: AWS WAF API Reference, WebACL: the groups of Firewall Manager come first and last, whatever their priorities. */
function rulesInOrder(acl: DescribedAcl): AclRule[] {
  const {
    PreProcessFirewallManagerRuleGroups: first = [],
    Rules = [],
    PostProcessFirewallManagerRuleGroups: last = [],
  } = acl;
  const sorted = <Ranked extends { readonly Priority?: number }>(rules: readonly Ranked[]) =>
    [...rules].sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0));
  const rulesOf = (groups: readonly ManagerGroup[]): AclRule[] =>
    sorted(groups).map(({ FirewallManagerStatement: Statement, ...group }) => ({ ...group, Statement }));
  return [...rulesOf(first), ...sorted(Rules), ...rulesOf(last)];
}

function isCounted({ OverrideAction }: AclRule): boolean {
  return OverrideAction !== undefined && 'Count' in OverrideAction;
}

function isReference(statement: Readonly<Record<string, unknown>>): boolean {
  return 'RuleGroupReferenceStatement' in statement;
}

/** Statements that tell requests apart by more than country and size. */
const OF_SOME = [
  'ScopeDownStatement',
  'ByteMatchStatement',
  'RegexMatchStatement',
  'RegexPatternSetReferenceStatement',
  'IPSetReferenceStatement',
  'LabelMatchStatement',
  'RateBasedStatement',
];

function isOfSome(statement: Readonly<Record<string, unknown>>): boolean {
  return OF_SOME.some((name) => name in statement);
}

function blocks({ Action }: AclRule): boolean {
  return Action !== undefined && 'Block' in Action;
}

/** Whether a statement, or one inside of it, is of a kind. */
function has(statement: unknown, is: (statement: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (Array.isArray(statement)) return statement.some((one) => has(one, is));
  return isObject(statement) && (is(statement) || Object.values(statement).some((one) => has(one, is)));
}

function isCountry(statement: Readonly<Record<string, unknown>>): boolean {
  return 'GeoMatchStatement' in statement;
}

function isBodySize({ SizeConstraintStatement: size }: Readonly<Record<string, unknown>>): boolean {
  return (
    isObject(size) && isObject(size.FieldToMatch) && ('Body' in size.FieldToMatch || 'JsonBody' in size.FieldToMatch)
  );
}

/** Whether a statement is AWS's core rule set, in which the limit of bodies is neither counted only nor left out. */
function isCore({ ManagedRuleGroupStatement: group }: Readonly<Record<string, unknown>>, rule: AclRule): boolean {
  if (!isObject(group) || group.Name !== CORE_RULE_SET || isCounted(rule)) return false;
  const excluded = listOf(group.ExcludedRules).some(({ Name }) => Name === BODY_RULE);
  const override = listOf(group.RuleActionOverrides).find(({ Name }) => Name === BODY_RULE);
  const action = override?.ActionToUse;
  return !excluded && !(isObject(action) && !('Block' in action));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
