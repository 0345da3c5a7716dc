import { describe, expect, it } from 'vitest';
import { CallFailure, Reader } from '../../../../src/discovery/reader';
import { readWebAcl } from '../../../../src/discovery/reading/web-acl';

const read = (Rules: readonly object[], acl: object = {}) =>
  readWebAcl(new Reader(async () => ({ WebACL: { Name: 'acl', DefaultAction: { Allow: {} }, Rules, ...acl } })), 'arn');
const core = (change: object, rule: object = { OverrideAction: { None: {} } }) => ({
  Name: 'core',
  ...rule,
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet', ...change } },
});
const block = { Action: { Block: {} } };
const geo = { GeoMatchStatement: { CountryCodes: ['XX'] } };
const size = { SizeConstraintStatement: { FieldToMatch: { Body: {} }, ComparisonOperator: 'GT', Size: 8192 } };

describe('the web ACL of a load balancer', () => {
  it.each<[string, object[], { byCountry: string[]; bySize: string[] }]>([
    ['its core rule set', [core({})], { byCountry: [], bySize: ['core'] }],
    ['no core rule set that counts', [core({}, { OverrideAction: { Count: {} } })], { byCountry: [], bySize: [] }],
    [
      'no core rule set without the rule for bodies',
      [core({ ExcludedRules: [{ Name: 'SizeRestrictions_BODY' }] })],
      { byCountry: [], bySize: [] },
    ],
    [
      'no core rule set that counts bodies',
      [core({ RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }] })],
      { byCountry: [], bySize: [] },
    ],
    [
      'a rule of its own for bodies, within others',
      [
        {
          Name: 'own',
          ...block,
          Statement: { AndStatement: { Statements: [geo, { NotStatement: { Statement: size } }] } },
        },
      ],
      { byCountry: ['own'], bySize: ['own'] },
    ],
    ['no rule that counts', [{ Name: 'own', Action: { Count: {} }, Statement: geo }], { byCountry: [], bySize: [] }],
    ['a rule by country', [{ Name: 'own', ...block, Statement: geo }], { byCountry: ['own'], bySize: [] }],
  ])('the web ACL has %s', async (_, rules, expected) => {
    expect(await read(rules)).toEqual({ name: 'acl', ...expected });
  });

  const allow = { Action: { Allow: {} } };
  const path = { ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString: '/mcp' } };
  const reference = { RuleGroupReferenceStatement: { ARN: 'arn:group' } };
  const byManager = (Name: string, FirewallManagerStatement: object, OverrideAction: object = { None: {} }) => ({
    Name,
    Priority: 0,
    FirewallManagerStatement,
    OverrideAction,
  });
  const coreStatement = core({}).Statement;

  it.each<[string, object[], object, { byCountry?: string[]; bySize?: string[]; undecided?: string }]>([
    [
      'a default that blocks what no rule allows',
      [{ Name: 'home', ...allow, Statement: geo }],
      { DefaultAction: { Block: {} } },
      { undecided: 'it blocks every request that no rule of it allows' },
    ],
    [
      'an allowing rule before the core rule set',
      [
        { Name: 'mcp', ...allow, Priority: 0, Statement: path },
        { ...core({}), Priority: 1 },
      ],
      {},
      { undecided: 'mcp allows requests before core blocks others' },
    ],
    [
      'an allowing rule behind the core rule set, in another order of the answer',
      [
        { Name: 'mcp', ...allow, Priority: 2, Statement: path },
        { ...core({}), Priority: 1 },
      ],
      {},
      { bySize: ['core'] },
    ],
    ['an allowing rule alone', [{ Name: 'mcp', ...allow, Statement: path }], {}, {}],
    [
      'a core rule set for a part of the requests',
      [core({ ScopeDownStatement: { NotStatement: { Statement: path } } })],
      {},
      { undecided: 'core is about a part of the requests' },
    ],
    [
      'a rule by country for a part of the requests',
      [{ Name: 'own', ...block, Statement: { AndStatement: { Statements: [geo, path] } } }],
      {},
      { undecided: 'own is about a part of the requests' },
    ],
    [
      'a rule group that is not in the answer',
      [
        { Name: 'group', OverrideAction: { None: {} }, Statement: reference },
        { ...core({}), Priority: 1 },
      ],
      {},
      { undecided: 'the rules of the rule group in group are not in the answer of AWS' },
    ],
    [
      'a rule group behind a rule that blocks for certain',
      [core({}), { Name: 'group', Priority: 1, OverrideAction: { None: {} }, Statement: reference }],
      {},
      { bySize: ['core'], undecided: 'the rules of the rule group in group are not in the answer of AWS' },
    ],
    ['a rule group that counts', [{ Name: 'group', OverrideAction: { Count: {} }, Statement: reference }], {}, {}],
    [
      "Firewall Manager's group before its rules",
      [core({})],
      { PreProcessFirewallManagerRuleGroups: [byManager('central', reference)] },
      { undecided: 'the rules of the rule group in central are not in the answer of AWS' },
    ],
    [
      "Firewall Manager's group behind its rules",
      [],
      { PostProcessFirewallManagerRuleGroups: [byManager('central', reference)] },
      { undecided: 'the rules of the rule group in central are not in the answer of AWS' },
    ],
    [
      "the core rule set by Firewall Manager's hand",
      [],
      { PreProcessFirewallManagerRuleGroups: [byManager('central', coreStatement)] },
      { bySize: ['central'] },
    ],
    [
      "the core rule set by Firewall Manager's hand, which counts",
      [],
      { PreProcessFirewallManagerRuleGroups: [byManager('central', coreStatement, { Count: {} })] },
      {},
    ],
  ])('the web ACL with %s is judged as far as its rules decide', async (_, rules, acl, expected) => {
    expect(await read(rules, acl)).toEqual({ name: 'acl', byCountry: [], bySize: [], ...expected });
  });

  it('the web ACL may be none: an answer without one, or that there is none', async () => {
    expect(await readWebAcl(new Reader(async () => ({})), 'arn')).toBeNull();
    const absent = new Reader(() => Promise.reject(new CallFailure('absent', 'WAFNonexistentItemException')));
    expect(await readWebAcl(absent, 'arn')).toBeNull();
  });
});
