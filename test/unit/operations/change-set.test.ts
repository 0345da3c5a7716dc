import { describe, expect, it } from 'vitest';

import { actionOn, type ChangeSet, type ChangeSetChange, changeSetActions } from '../../../src/operations/change-set';
import { showChanges, showNew } from '../../../src/operations/cloudformation/show';
import { failuresIn, isFailure, isThere, type Stack } from '../../../src/operations/stack';

const CHANGE: ChangeSetChange = { Action: 'Modify', LogicalResourceId: 'Own', ResourceType: 'AWS::X::Y' };
const changeSet = (...changes: readonly Partial<ChangeSetChange>[]): ChangeSet => ({
  Status: 'CREATE_COMPLETE',
  Changes: changes.map((change) => ({ ResourceChange: { ...CHANGE, ...change } })),
});

describe('the actions of a change set', () => {
  it.each([
    [{}, 'Modify: Own (AWS::X::Y)'],
    [{ Replacement: 'False' }, 'Modify: Own (AWS::X::Y)'],
    [{ Replacement: 'True' }, 'Modify, Replacement True: Own (AWS::X::Y)'],
    [
      { Replacement: 'Conditional', PolicyAction: 'ReplaceAndRetain' },
      'Modify, Replacement Conditional, ReplaceAndRetain: Own (AWS::X::Y)',
    ],
    [{ Action: 'Remove', PolicyAction: 'Retain' }, 'Remove, Retain: Own (AWS::X::Y)'],
  ])('the actions of a change set say what it does to a resource: %j', (change, line) => {
    expect(actionOn({ ...CHANGE, ...change })).toBe(line);
  });

  it('the actions of a change set are none if it changes nothing', () => {
    expect(changeSetActions(undefined)).toEqual([]);
    expect(changeSetActions(changeSet())).toEqual([]);
  });
});

describe('what is shown of a change set', () => {
  it('what is shown of a change set is a line for each resource, with its properties, each once', () => {
    const Details = [{ Target: { Name: 'A' } }, { Target: { Name: 'A' } }, { Target: { Attribute: 'Tags' } }, {}];
    const lines = showChanges(
      'stack',
      changeSet(
        { Action: 'Add' },
        { Action: 'Import' },
        { Action: 'Remove' },
        { Action: 'Dynamic' },
        { Replacement: 'True', Details },
        { Replacement: 'Conditional' },
        { Action: 'constructor', Replacement: 'constructor' },
      ),
      true,
    );
    expect(lines).toEqual([
      'stack: changes',
      '  + Own  AWS::X::Y',
      '  = Own  AWS::X::Y',
      '  - Own  AWS::X::Y',
      '  ? Own  AWS::X::Y',
      '  ~ Own  AWS::X::Y  replaced  (A, Tags)',
      '  ~ Own  AWS::X::Y  perhaps replaced',
      '  constructor Own  AWS::X::Y',
    ]);
  });

  it('what is shown of a change set says of a stack that it is new, or has no changes', () => {
    expect(showChanges('stack', changeSet(), false)).toEqual(['stack: will be created']);
    expect(showChanges('stack', undefined, true)).toEqual(['stack: no changes.']);
    expect(showNew('stack', 'Resources:\n  A: { Type: T, Condition: C }\n')).toEqual([
      'stack does not exist: it will be created',
      '  + A  T  (if C)',
      'A resource with a condition is created only if that is met. Resources that an earlier stack kept are taken over.',
    ]);
  });
});

describe('a stack', () => {
  it('a stack is there if it has more than its name', () => {
    const stack = (StackStatus: string): Stack => ({ StackId: 'arn', StackName: 'a', StackStatus });
    expect([undefined, stack('REVIEW_IN_PROGRESS'), stack('CREATE_COMPLETE')].map(isThere)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it.each([
    ['UPDATE_COMPLETE', false],
    ['DELETE_COMPLETE', false],
    ['UPDATE_ROLLBACK_COMPLETE', true],
    ['DELETE_FAILED', true],
  ])('a stack that ended with %s has failed: %s', (status, expected) => {
    expect(isFailure(status)).toBe(expected);
  });

  it('a stack tells what failed since it was changed, in the order of time', () => {
    const event = (minute: number, ResourceStatus: string, LogicalResourceId: string) => ({
      EventId: 'id',
      Timestamp: `2026-01-01T00:0${minute}:00.000Z`,
      ResourceStatus,
      LogicalResourceId,
      ResourceStatusReason: 'why',
    });
    const events = [
      event(4, 'UPDATE_FAILED', 'Second'),
      event(3, 'UPDATE_COMPLETE', 'Other'),
      event(2, 'CREATE_FAILED', 'First'),
      event(1, 'CREATE_FAILED', 'Earlier'),
    ];
    expect(failuresIn(events, Date.parse('2026-01-01T00:01:00Z'))).toEqual(['First: why', 'Second: why']);
    expect(failuresIn(events, undefined)).toHaveLength(3);
  });
});
