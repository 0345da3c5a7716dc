import { describe, expect, it } from 'vitest';
import { CALLS, readingPolicy } from '../../../src/discovery/calls';
import { referenceOf } from '../../support/service-reference';

const ACTIONS = [...new Set(Object.values(CALLS).flatMap(({ actions }): readonly string[] => actions))];

describe('the calls of a reading', () => {
  it.each(ACTIONS)('the calls need an action that AWS has: %s', async (action) => {
    expect(await referenceOf(action)).toBeDefined();
  });

  it('the calls change nothing, and read the value of no secret', () => {
    const verbs = Object.values(CALLS).map(({ operation }) => operation.split('-')[0]);
    expect([...new Set(verbs)].sort()).toEqual(['describe', 'get', 'list']);
    expect(ACTIONS.filter((action) => /GetSecretValue|GetParameter|Decrypt|GetObject/.test(action))).toEqual([]);
  });

  it('the policy of a reading allows each of them once, and nothing else', () => {
    expect(readingPolicy()).toEqual({
      Version: '2012-10-17',
      Statement: [{ Sid: 'ReadAccount', Effect: 'Allow', Action: [...ACTIONS].sort(), Resource: '*' }],
    });
  });
});
