import { describe, expect, it } from 'vitest';

import { withLaterPins } from '../../src/project/pins';
import { changesAnything } from '../../src/project/sync';
import { file, kinds, scratch } from './scratch';

const { read, edit, sync } = scratch();

const PATH = '.github/workflows/a.yml';
const commit = (digit: number) => String(digit).repeat(40);
/** A workflow with two pins of an action, one of another, and a command. */
const workflow = (version: string, digit: number, command = 'npm test') =>
  `steps:\n  - uses: actions/checkout@${commit(digit)} # v${version}\n  - uses: actions/cache/save@${commit(7)} # v1.0.0\n  - run: ${command}\n  - uses: actions/checkout@${commit(digit)} # v${version}\n`;
const generated = (...args: Parameters<typeof workflow>) => file(PATH, workflow(...args), 'managed');

describe('pins of actions', () => {
  it('pins of actions that were moved on are no edit, stay, and leave nothing to write', () => {
    sync(generated('4.2.2', 1));
    edit(PATH, () => workflow('4.10.0', 2));
    const result = sync(generated('4.2.2', 1));
    expect(kinds(result)).toEqual({ [PATH]: 'unchanged' });
    expect(changesAnything(result)).toBe(false);
    expect(read(PATH)).toBe(workflow('4.10.0', 2));
  });

  it('pins of actions stay if the rest is new, whether or not a sync has seen them', () => {
    sync(generated('4.2.2', 1));
    edit(PATH, () => workflow('4.10.0', 2));
    expect(kinds(sync(generated('4.2.2', 1, 'npm ci')))).toEqual({ [PATH]: 'update' });
    expect(read(PATH)).toBe(workflow('4.10.0', 2, 'npm ci'));
    expect(kinds(sync(generated('4.2.2', 1, 'npm run x')))).toEqual({ [PATH]: 'update' });
    expect(read(PATH)).toBe(workflow('4.10.0', 2, 'npm run x'));
  });

  it('pins of actions give way to later ones of the generator', () => {
    sync(generated('4.2.2', 1));
    edit(PATH, () => workflow('4.10.0', 2));
    expect(kinds(sync(generated('5', 3)))).toEqual({ [PATH]: 'update' });
    expect(read(PATH)).toBe(workflow('5', 3));
  });

  it.each([
    ['an earlier version', workflow('4.2.1', 2)],
    ['another commit of the same version', workflow('4.2.2', 2)],
    ['a tag', workflow('4.2.2', 1).replace(`${commit(1)} # v4.2.2`, 'v5.0.0')],
    ['no version beside it', workflow('5.0.0', 2).replaceAll(' # v5.0.0', '')],
    ['one place of two', workflow('4.2.2', 1).replace(`${commit(1)} # v4.2.2`, `${commit(2)} # v5.0.0`)],
    ['an edit beside it', workflow('5.0.0', 2, 'mine')],
  ])('pins of actions are an edit like any other: %s', (_, text) => {
    sync(generated('4.2.2', 1));
    edit(PATH, () => text);
    expect(kinds(sync(generated('4.2.2', 1, 'npm ci')))).toEqual({ [PATH]: 'edited' });
    expect(read(PATH)).toBe(text);
  });

  it('pins of actions stay with their ends of lines', () => {
    sync(generated('4.2.2', 1));
    edit(PATH, () => workflow('4.10.0', 2).replaceAll('\n', '\r\n'));
    sync(generated('4.2.2', 1, 'npm ci'));
    expect(read(PATH)).toBe(workflow('4.10.0', 2, 'npm ci').replaceAll('\n', '\r\n'));
  });

  it('pins of actions are those in workflows alone', () => {
    const other = (...args: Parameters<typeof workflow>) => file('docs/a.md', workflow(...args), 'managed');
    sync(other('4.2.2', 1));
    edit('docs/a.md', () => workflow('5.0.0', 2));
    expect(kinds(sync(other('4.2.2', 1)))).toEqual({ 'docs/a.md': 'edited' });
  });

  it('pins of actions are taken by their action, and never from another', () => {
    const text = workflow('1.0.0', 1);
    expect(withLaterPins(text, text.replaceAll('actions/checkout', 'actions/checkout-me'))).toBe(text);
    expect(withLaterPins(text, workflow('2', 2))).toBe(workflow('2', 2));
    expect(withLaterPins(text, workflow('1.0', 2))).toBe(text);
  });
});
