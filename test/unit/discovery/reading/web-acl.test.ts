import { describe, expect, it } from 'vitest';
import { CallFailure, Reader } from '../../../../src/discovery/reader';
import { readWebAcl } from '../../../../src/discovery/reading/web-acl';

const read = (Rules: readonly object[]) =>
  readWebAcl(new Reader(async () => ({ WebACL: { Name: 'acl', Rules } })), 'arn');
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

  it('the web ACL may be none: an answer without one, or that there is none', async () => {
    expect(await readWebAcl(new Reader(async () => ({})), 'arn')).toBeNull();
    const absent = new Reader(() => Promise.reject(new CallFailure('absent', 'WAFNonexistentItemException')));
    expect(await readWebAcl(absent, 'arn')).toBeNull();
  });
});
