import { describe, expect, it } from 'vitest';

import { type Change, LATEST, STEPS, type Step, stepsBetween } from '../../../src/conventions';
import { changeTitle } from '../../../src/conventions/labels';
import { netChanges } from '../../../src/upgrade/net-changes';

const step = (from: string, to: string, ...changes: Change[]): Step => ({
  from,
  to,
  why: '.',
  changes,
  rollOut: ['.'],
  goBack: '.',
  sources: [],
});

const add: Change = { kind: 'add', what: 'secret', name: 'A', why: 'add' };
const remove: Change = { kind: 'remove', what: 'secret', name: 'A', why: 'remove' };
const rotate: Change = { kind: 'rotate', what: 'secret', name: 'A', why: 'rotate' };
const rename = (name: string, to: string): Change => ({ kind: 'rename', what: 'secret', name, to, why: 'rename' });
const change = (from: string, to: string): Change => ({ kind: 'change', what: 'secret', name: 'A', from, to, why: to });

const net = (...changes: Change[]) =>
  netChanges(changes.map((one, index) => step(`${index}`, `${index + 1}`, one))).map((entry) => entry.change);

describe('what steps come to', () => {
  it.each<[string, Change[], Change[]]>([
    ['nothing, of what is added and removed', [add, remove], []],
    ['nothing, whatever happens between', [add, change('1', '2'), rotate, remove], []],
    ['an addition under its last name', [add, rename('A', 'B')], [{ ...add, name: 'B' }]],
    ['one change, from the first to the last', [change('1', '2'), change('2', '3')], [change('1', '3')]],
    ['a removal of what was changed', [change('1', '2'), remove], [remove]],
    ['a removal of what had a new value', [rotate, rotate, remove], [remove]],
    ['one new value', [rotate, rotate], [rotate]],
    ['one name', [rename('A', 'B'), rename('B', 'C')], [rename('A', 'C')]],
    ['a removal under its first name', [rename('B', 'A'), remove], [{ ...remove, name: 'B' }]],
    ['an addition of what was removed before', [remove, add], [add]],
    ['both, where neither makes up for the other', [change('1', '2'), rotate], [change('1', '2'), rotate]],
    ['both, of two things', [add, { ...remove, what: 'variable' }], [add, { ...remove, what: 'variable' }]],
  ])('what upgrade steps come to is %s', (_, changes, expected) => {
    expect(net(...changes)).toEqual(expected);
  });

  it('what upgrade steps come to is what a step says, if there is just one', () => {
    for (const one of STEPS) {
      expect(netChanges([one]).map((entry) => entry.change)).toEqual(one.changes);
    }
  });

  it('what upgrade steps come to names the steps that it comes from', () => {
    const [entry] = netChanges([step('1', '2', change('1', '2')), step('2', '3', change('2', '3'))]);
    expect(entry!.steps).toEqual(['1 → 2', '2 → 3']);
  });

  it('what the upgrade steps of the whole way come to has no secret that comes and goes', () => {
    const secrets = netChanges(stepsBetween('g1a', LATEST.id)).filter((entry) => entry.change.what === 'secret');
    expect(secrets.map((entry) => changeTitle(entry.change))).toEqual(['remove secret MCP_ENHANCED_JWT_SECRET']);
  });
});
