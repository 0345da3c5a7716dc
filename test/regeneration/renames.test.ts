import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { parseBase } from '../../src/project/merge-base';
import { needsOwner } from '../../src/project/sync';
import { file, kinds, lines, report, scratch } from './scratch';

const { edit, move, path, read, remove, sync, write } = scratch();

const placeOf = (name: string) => parseBase(read('.projen/base')).entries.get(name)?.[0]?.movedTo;
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

describe('a file that its owner moved', () => {
  it('a file that its owner moved is followed, and what is new goes to where it is', () => {
    sync(file('docs/a.md', lines(10)));
    move('docs/a.md', 'guide/b.md');
    const result = sync(file('docs/a.md', lines(10, { 3: 'new' })));
    expect(kinds(result)).toEqual({ 'guide/b.md': 'update' });
    expect(report(result)).toContain('updated  guide/b.md (moved from docs/a.md)');
    expect(read('guide/b.md')).toBe(lines(10, { 3: 'new' }));
    expect(existsSync(path('docs/a.md'))).toBe(false);
  });

  it('a file that its owner moved is followed if nothing is new, so that it may be edited beyond likeness later', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    expect(kinds(sync(file('a.md', lines(10))))).toEqual({ 'b.md': 'unchanged' });
    const yours = { 0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e', 5: 'f', 6: 'g' };
    edit('b.md', () => lines(10, yours));
    expect(kinds(sync(file('a.md', lines(10, { 9: 'new' }))))).toEqual({ 'b.md': 'merge' });
    expect(read('b.md')).toBe(lines(10, { ...yours, 9: 'new' }));
  });

  it('a file that its owner moved and edited at once is followed, and merged', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    edit('b.md', (text) => text.replace('line 0', 'mine'));
    expect(kinds(sync(file('a.md', lines(10, { 9: 'new' }))))).toEqual({ 'b.md': 'merge' });
    expect(read('b.md')).toBe(lines(10, { 0: 'mine', 9: 'new' }));
  });

  it.each([
    { like: 'to six tenths', kept: 6, place: 'b.md' },
    { like: 'to less', kept: 5, place: undefined },
  ])('a file that its owner moved is followed if it is alike $like: $place', ({ kept, place }) => {
    // Ten lines of ten characters each.
    const text = (own: number) =>
      Array.from({ length: 10 }, (_, i) => `${i < own ? 'line' : 'mine'} 000${i}\n`).join('');
    sync(file('a.md', text(10)));
    move('a.md', 'b.md');
    write('b.md', text(kept));
    sync(file('a.md', text(10)));
    expect(placeOf('a.md')).toBe(place);
  });

  it('a file that its owner moved is followed again, and back to where it was', () => {
    sync(file('a.md', lines(10)));
    for (const [from, to] of [
      ['a.md', 'b.md'],
      ['b.md', 'c/d.md'],
      ['c/d.md', 'a.md'],
    ] as const) {
      move(from, to);
      expect(kinds(sync(file('a.md', lines(10))))).toEqual({ [to]: 'unchanged' });
    }
    expect(placeOf('a.md')).toBeUndefined();
  });

  it('a file that its owner moved is followed with other ends of lines, and keeps them', () => {
    sync(file('a.md', lines(10)));
    remove('a.md');
    write('b.md', crlf(lines(10, { 0: 'mine' })));
    expect(kinds(sync(file('a.md', lines(10, { 9: 'new' }))))).toEqual({ 'b.md': 'merge' });
    expect(read('b.md')).toBe(crlf(lines(10, { 0: 'mine', 9: 'new' })));
  });

  it('a file that its owner moved and deleted then stays deleted', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    sync(file('a.md', lines(10)));
    remove('b.md');
    expect(kinds(sync(file('a.md', lines(10, { 0: 'new' }))))).toEqual({ 'a.md': 'gone' });
    expect(existsSync(path('a.md'))).toBe(false);
  });

  it('a file that its owner moved is not seen by a later run in a file that is like what came after it', () => {
    const next = file('a.md', lines(10).replaceAll('line', 'new'));
    sync(file('a.md', lines(10)));
    remove('a.md');
    write('b.md', lines(10, { 0: 'mine' }).replaceAll('line', 'new'));
    expect(kinds(sync(next))).toEqual({ 'a.md': 'gone' });
    const base = read('.projen/base');
    expect(kinds(sync(next))).toEqual({ 'a.md': 'gone' });
    expect(read('.projen/base')).toBe(base);
    expect(read('b.md')).toContain('mine');
  });

  it('a file that its owner moved goes from there if it is generated no longer, unless it was edited', () => {
    const files = [file('a.md', lines(10)), file('b.md', lines(10).replaceAll('line', 'another'))];
    sync(...files);
    move('a.md', 'c/a.md');
    move('b.md', 'c/b.md');
    sync(...files);
    edit('c/b.md', (text) => `${text}mine\n`);
    expect(kinds(sync())).toEqual({ 'c/a.md': 'delete', 'c/b.md': 'edited' });
    expect(existsSync(path('c/a.md'))).toBe(false);
  });

  it('a file that its owner moved is still looked at for marks of a conflict', () => {
    sync(file('a.md', lines(20)));
    edit('a.md', (text) => text.replace('line 3', 'mine'));
    expect(kinds(sync(file('a.md', lines(20, { 3: 'new' }))))).toEqual({ 'a.md': 'conflict' });
    move('a.md', 'b.md');
    expect(sync(file('a.md', lines(20, { 3: 'newer' }))).conflicts).toEqual(['b.md']);
  });
});

describe('a file that is gone', () => {
  it('a file that is gone counts as deleted if two files are like it, and the run names both', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    write('c.md', read('b.md'));
    const result = sync(file('a.md', lines(10, { 9: 'new' })));
    expect(kinds(result)).toEqual({ 'a.md': 'gone' });
    expect(report(result)).toMatch(/gone +a\.md: you deleted it, or moved it, .*: b\.md, c\.md$/m);
    expect([read('b.md'), read('c.md')]).toEqual([lines(10), lines(10)]);
    expect(needsOwner(result)).toBe(false);
  });

  it('a file that is gone counts as deleted if another that is gone is like the same file', () => {
    sync(file('dev/main.tf', lines(10)), file('prod/main.tf', lines(10)));
    move('dev/main.tf', 'main.tf');
    remove('prod/main.tf');
    const result = sync(file('dev/main.tf', lines(10, { 0: 'new' })), file('prod/main.tf', lines(10, { 0: 'new' })));
    expect(kinds(result)).toEqual({ 'dev/main.tf': 'gone', 'prod/main.tf': 'gone' });
    expect(report(result)).toMatch(/it is not clear where to: main\.tf$/m);
    expect(read('main.tf')).toBe(lines(10));
  });

  it('a file that is gone is followed once it is clear where it went', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    write('c.md', read('b.md'));
    sync(file('a.md', lines(10)));
    remove('c.md');
    expect(kinds(sync(file('a.md', lines(10, { 9: 'new' }))))).toEqual({ 'b.md': 'update' });
  });

  it('a file that is gone is not looked for among generated files, nor in folders of tools', () => {
    sync(file('a.md', lines(10)), file('b.md', lines(10)));
    move('a.md', 'node_modules/a.md');
    expect(kinds(sync(file('a.md', lines(10)), file('b.md', lines(10))))).toEqual({
      'a.md': 'gone',
      'b.md': 'unchanged',
    });
  });

  it('a file that is gone has not become a file whose name the base cannot keep', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b\n.md');
    expect(kinds(sync(file('a.md', lines(10))))).toEqual({ 'a.md': 'gone' });
    expect(kinds(sync(file('a.md', lines(10))))).toEqual({ 'a.md': 'gone' });
  });

  it.each(['managed', 'owned'] as const)('a file that is gone is not followed if it is %s', (ownership) => {
    sync(file('a.md', lines(10), ownership));
    move('a.md', 'b.md');
    expect(kinds(sync(file('a.md', lines(10, { 0: 'new' }), ownership)))).toEqual({ 'a.md': 'gone' });
    expect(read('b.md')).toBe(lines(10));
  });
});

describe('two files', () => {
  it('two files never have one place: if one is moved, another may be generated later', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    edit('b.md', (text) => text.replace('line 0', 'mine'));
    sync(file('a.md', lines(10)));
    const files = [file('a.md', lines(10)), file('b.md', 'another\n')];
    expect(kinds(sync(...files))).toEqual({ 'a.md': 'gone', 'b.md': 'edited' });
    expect(kinds(sync(...files))).toEqual({ 'a.md': 'gone', 'b.md': 'edited' });
    expect(read('b.md')).toBe(lines(10, { 0: 'mine' }));
  });

  it('two files never have one place: what upstream moves as its owner did is not deleted', () => {
    sync(file('a.md', lines(10)));
    move('a.md', 'b.md');
    sync(file('a.md', lines(10)));
    expect(kinds(sync(file('b.md', lines(10))))).toEqual({ 'b.md': 'unchanged' });
    expect(read('b.md')).toBe(lines(10));
  });
});
