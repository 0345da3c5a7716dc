import { isObject } from '../../config/paths';
import type { Reader } from '../reader';
import type { WebAcl } from '../snapshot';

interface AclRule {
  readonly Name: string;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement?: unknown;
}

/** Rule of AWS's core rule set that blocks a body over 8 kB. Source: AWS WAF Developer Guide, "Core rule set (CRS)". */
const BODY_RULE = 'SizeRestrictions_BODY';
const CORE_RULE_SET = 'AWSManagedRulesCommonRuleSet';

/** The web ACL of a load balancer, as far as it decides about the requests of MCP clients; null if it has none. */
export async function readWebAcl(reader: Reader, ResourceArn: string): Promise<WebAcl | null | undefined> {
  const found = await reader.find<{ WebACL?: { readonly Name: string; readonly Rules?: readonly AclRule[] } }>(
    'webAcl',
    {
      ResourceArn,
    },
  );
  if (!found) return found;
  const { WebACL } = found;
  if (!WebACL) return null;
  const rules = WebACL.Rules ?? [];
  return {
    name: WebACL.Name,
    byCountry: rules.filter((rule) => blocks(rule) && has(rule.Statement, isCountry)).map(({ Name }) => Name),
    bySize: rules
      .filter(
        (rule) => (blocks(rule) && has(rule.Statement, isBodySize)) || has(rule.Statement, (one) => isCore(one, rule)),
      )
      .map(({ Name }) => Name),
  };
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
function isCore(
  { ManagedRuleGroupStatement: group }: Readonly<Record<string, unknown>>,
  { OverrideAction }: AclRule,
): boolean {
  if (!isObject(group) || group.Name !== CORE_RULE_SET || (OverrideAction && 'Count' in OverrideAction)) return false;
  const excluded = listOf(group.ExcludedRules).some(({ Name }) => Name === BODY_RULE);
  const override = listOf(group.RuleActionOverrides).find(({ Name }) => Name === BODY_RULE);
  const action = override?.ActionToUse;
  return !excluded && !(isObject(action) && !('Block' in action));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
