import { lstatSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { OWNERS_LINE } from '../../generators/file';
import type { WantedFile } from '../../src/project/changes';
import { needsOwner, syncTree } from '../../src/project/sync';
import { solve } from './conflicts';
import { file, kinds, lines, report, scratch } from './scratch';

const { outside, path, read, write, edit, remove, link, chmod, options, sync } = scratch();

const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const mode = (name: string) => statSync(path(name)).mode & 0o777;

describe('ends of lines', () => {
  it.each(['managed', 'merged', 'internal'] as const)('ends of lines of %s files are no edit and stay', (ownership) => {
    sync(file('a', lines(10), ownership));
    edit('a', crlf);
    expect(sync(file('a', lines(10), ownership)).changes[0]).toMatchObject({ path: 'a', kind: 'unchanged' });
    expect(sync(file('a', lines(10, { 3: 'new' }), ownership)).changes[0]).toMatchObject({ path: 'a', kind: 'update' });
    expect(read('a')).toBe(crlf(lines(10, { 3: 'new' })));
  });

  it('ends of lines stay if an edit is merged, and if it is in conflict', () => {
    sync(file('a', lines(10)));
    edit('a', (text) => crlf(text.replace('line 0', 'mine')));
    expect(kinds(sync(file('a', lines(10, { 5: 'new' }))))).toEqual({ a: 'merge' });
    expect(read('a')).toBe(crlf(lines(10, { 0: 'mine', 5: 'new' })));
    expect(kinds(sync(file('a', lines(10, { 0: 'new', 5: 'new' }))))).toEqual({ a: 'conflict' });
    expect(read('a')).not.toMatch(/[^\r]\n/);
    expect(solve(read('a'), 'generated')).toBe(crlf(lines(10, { 0: 'new', 5: 'new' })));
  });

  it('ends of lines that differ within a file are an edit like any other', () => {
    sync(file('a', lines(10)));
    edit('a', (text) => text.replace('line 0\n', 'line 0\r\n'));
    expect(kinds(sync(file('a', lines(10, { 5: 'new' }))))).toEqual({ a: 'merge' });
    expect(read('a')).toBe(lines(10, { 0: 'line 0\r', 5: 'new' }));
  });

  it('the end of the last line of a file may be missing', () => {
    sync(file('a', lines(10)));
    edit('a', (text) => text.trimEnd());
    expect(kinds(sync(file('a', lines(10, { 0: 'new' }))))).toEqual({ a: 'merge' });
    expect(read('a')).toBe(lines(10, { 0: 'new' }).trimEnd());
  });
});

describe('permission bits', () => {
  it.each(['managed', 'merged'] as const)('permission bits of a %s file stay, whatever is new in it', (ownership) => {
    sync(file('a', lines(10), ownership));
    chmod('a', 0o750);
    expect(kinds(sync(file('a', lines(10, { 5: 'new' }), ownership)))).toEqual({ a: 'update' });
    expect(mode('a')).toBe(0o750);
  });

  it('permission bits stay if an edit is merged, also of a file that may not be written', () => {
    sync(file('a', lines(10)));
    edit('a', (text) => text.replace('line 0', 'mine'));
    chmod('a', 0o444);
    expect(kinds(sync(file('a', lines(10, { 5: 'new' }))))).toEqual({ a: 'merge' });
    expect(mode('a')).toBe(0o444);
  });

  it('permission bits of a new file say whether it can be run', () => {
    sync({ ...file('run', 'x\n'), executable: true }, file('read', 'x\n'));
    expect([mode('run') & 0o111, mode('read') & 0o111]).toEqual([0o111 & ~process.umask(), 0]);
  });
});

describe('what is no plain file', () => {
  const NEWS = file('a', lines(10, { 5: 'new' }));

  it.each([
    ['a symbolic link', () => link('a', join(outside(), 'target')), /a: it is a symbolic link to .*target, and that/],
    ['a link to nowhere', () => link('a', 'nowhere'), /a: it is a symbolic link to nowhere, and that/],
    ['a folder', () => write('a/b', 'mine'), /a: it is a folder, and that is never written to/],
  ])('what is no plain file (%s) stays, and is named if anything is new', (_, put, message) => {
    writeFileSync(join(outside(), 'target'), lines(10));
    sync(file('a', lines(10)));
    remove('a');
    put();
    expect(kinds(sync(file('a', lines(10))))).toEqual({ a: 'yours' });
    const before = lstatSync(path('a')).ino;
    for (const _again of [1, 2]) {
      const result = sync(NEWS);
      expect(kinds(result)).toEqual({ a: 'edited' });
      expect(report(result)).toMatch(message);
    }
    expect(lstatSync(path('a')).ino).toBe(before);
  });

  it('what is no plain file is not followed on the way to a file', () => {
    sync(file('docs/a.md', lines(10)));
    remove('docs');
    link('docs', outside());
    const result = sync(file('docs/a.md', lines(10, { 5: 'new' })), file('docs/b.md', 'new\n'));
    expect(kinds(result)).toEqual({ 'docs/a.md': 'edited', 'docs/b.md': 'edited' });
    expect(report(result)).toContain('docs/b.md: docs is a symbolic link, and that is never written to');
  });

  it('what is no plain file is named if its owner asked for what is generated', () => {
    sync(file('a', lines(10), 'owned'));
    remove('a');
    link('a', join(outside(), 'target'));
    const result = sync({ ...file('a', 'new\n', 'owned'), forced: true });
    expect(kinds(result)).toEqual({ a: 'edited' });
    expect(needsOwner(result)).toBe(true);
  });
});

describe('a file that is not UTF-8', () => {
  it('a file that is not UTF-8 is never merged, only named', () => {
    sync(file('a', lines(10)));
    const yours = Buffer.concat([Buffer.from(lines(10)), Buffer.from([0xff, 0xfe])]);
    write('a', yours);
    expect(kinds(sync(file('a', lines(10))))).toEqual({ a: 'yours' });
    const result = sync(file('a', lines(10, { 5: 'new' })));
    expect(report(result)).toMatch(/left +a: it is not UTF-8, and never merged/);
    write('a', lines(10, { 0: 'mine' }));
    expect(kinds(sync(file('a', lines(10, { 5: 'new' }))))).toEqual({ a: 'merge' });
  });

  it('a file that is not UTF-8 and is generated so is written, and left if it was edited', () => {
    const binary = (byte: number): WantedFile => ({ ...file('a', ''), content: Buffer.from([0, 0xff, byte]) });
    sync(binary(1));
    expect(kinds(sync(binary(2)))).toEqual({ a: 'update' });
    write('a', '');
    expect(kinds(sync(binary(3)))).toEqual({ a: 'edited' });
    expect(read('a')).toBe('');
  });
});

describe("what is below the owner's line of a document", () => {
  const readme = (text: string, below = '') => file('README.md', `${text}\n${OWNERS_LINE}\n${below}`);
  const own = '\nMine.\n<<<<<<< and whatever I like\r\n\n';

  it("what is below the owner's line survives everything that is new above it", () => {
    sync(readme(lines(10)));
    edit('README.md', (text) => text + own);
    expect(kinds(sync(readme(lines(10))))).toEqual({ 'README.md': 'unchanged' });
    expect(kinds(sync(readme(lines(10, { 3: 'new' }))))).toEqual({ 'README.md': 'update' });
    expect(read('README.md')).toBe(`${lines(10, { 3: 'new' })}\n${OWNERS_LINE}\n${own}`);
  });

  it("what is below the owner's line survives a merge above it, and a conflict", () => {
    sync(readme(lines(10)));
    edit('README.md', (text) => text.replace('line 0', 'mine') + own.replace('<<<<<<< ', ''));
    expect(kinds(sync(readme(lines(10, { 5: 'new' }))))).toEqual({ 'README.md': 'merge' });
    expect(kinds(sync(readme(lines(10, { 0: 'new', 5: 'new' }))))).toEqual({ 'README.md': 'conflict' });
    edit('README.md', (text) => solve(text, 'mine'));
    expect(read('README.md')).toBe(
      `${lines(10, { 0: 'mine', 5: 'new' })}\n${OWNERS_LINE}\n${own.replace('<<<<<<< ', '')}`,
    );
  });

  it("what is below the owner's line survives that its owner asks for what is generated", () => {
    sync(readme(lines(10)));
    edit('README.md', (text) => text.replace('line 0', 'mine') + own);
    expect(kinds(sync({ ...readme(lines(10)), forced: true }))).toEqual({ 'README.md': 'update' });
    expect(read('README.md')).toBe(`${lines(10)}\n${OWNERS_LINE}\n${own}`);
  });

  it.each([
    ['CR LF above it', (above: string, below: string) => crlf(above) + below],
    ['CR LF below it', (above: string, below: string) => above + crlf(below)],
    ['CR LF everywhere', (above: string, below: string) => crlf(above + below)],
  ])("what is below the owner's line keeps its ends of lines, with %s", (_, put) => {
    sync(readme(lines(10)));
    write('README.md', put(read('README.md'), 'Mine.\nMine.\n'));
    expect(kinds(sync(readme(lines(10, { 3: 'new' }))))).toEqual({ 'README.md': 'update' });
    expect(read('README.md')).toBe(put(`${lines(10, { 3: 'new' })}\n${OWNERS_LINE}\n`, 'Mine.\nMine.\n'));
  });

  it("what is below the owner's line keeps a file that is generated no longer", () => {
    const other = file('b', 'b\n');
    sync(readme(lines(10)), other);
    edit('README.md', (text) => text + own);
    expect(kinds(sync(other))).toEqual({ b: 'unchanged', 'README.md': 'edited' });
    expect(read('README.md')).toContain(own);
  });

  it("what is below the owner's line stays if upstream drops the line", () => {
    sync(readme(lines(10)));
    edit('README.md', (text) => `${text}Mine.\n`);
    expect(kinds(sync(file('README.md', lines(10))))).toEqual({ 'README.md': 'update' });
    expect(read('README.md')).toBe(`${lines(10)}Mine.\n`);
  });

  it("what is below the owner's line is merged as any other text if its owner took the line out", () => {
    sync(readme(lines(10)));
    edit('README.md', (text) => text.replace(`${OWNERS_LINE}\n`, 'Mine.\n'));
    expect(kinds(sync(readme(lines(10, { 3: 'new' }))))).toEqual({ 'README.md': 'merge' });
    expect(read('README.md')).toBe(`${lines(10, { 3: 'new' })}\nMine.\n`);
    edit('README.md', (text) => text.replace('line 5', 'mine'));
    expect(kinds(sync(readme(lines(10, { 3: 'new', 5: 'new' }))))).toEqual({ 'README.md': 'conflict' });
  });
});

describe('marks of a conflict', () => {
  const both = () => {
    sync(file('a', lines(20)), file('b', 'b\n'));
    edit('a', (text) => text.replace('line 3', 'mine'));
    return sync(file('a', lines(20, { 3: 'new' })), file('b', 'b\n'));
  };

  it('marks of a conflict say whose each part is, and the run names the file', () => {
    const result = both();
    expect(needsOwner(result)).toBe(true);
    expect(report(result)).toMatch(/^ {2}conflict a$[\s\S]*^✗ one file with conflicts: keep what is right/m);
    expect(read('a')).toContain(
      '\n<<<<<<< yours\nmine\n||||||| generated before\nline 3\n=======\nnew\n>>>>>>> generated now: upstream\n',
    );
  });

  it.each([
    ['all of them', (text: string) => text],
    ['the first', (text: string) => text.replace(/^<{7}.*\n/m, '')],
    ['the first two', (text: string) => text.replace(/^<{7}.*\n/m, '').replace(/^\|{7}.*\n/m, '')],
    ['all but the last', (text: string) => text.replace(/^(<|\||=){7}.*\n/gm, '')],
  ])('marks of a conflict that are left (%s) stop everything else', (_, keep) => {
    both();
    edit('a', keep);
    const left = read('a');
    const result = sync(file('a', lines(20, { 3: 'newer' })), file('b', 'new\n'));
    expect(result).toMatchObject({ conflicts: ['a'], changes: [] });
    expect([read('a'), read('b')]).toEqual([left, 'b\n']);
  });

  it('marks of a conflict are gone if the owner of the file asks for what is generated', () => {
    both();
    const files = [{ ...file('a', lines(20, { 3: 'new' })), forced: true }, file('b', 'new\n')];
    expect(kinds(sync(...files))).toEqual({ a: 'update', b: 'update' });
    expect(read('a')).toBe(lines(20, { 3: 'new' }));
  });

  it("marks of a conflict are the owner's own in a file that is ejected", () => {
    both();
    const ejected = [{ ...file('a', lines(20, { 3: 'new' })), ownership: 'owned' as const }, file('b', 'new\n')];
    expect(kinds(syncTree(options(ejected, { ejected: ['a'] })))).toEqual({ a: 'yours', b: 'update' });
  });

  it('marks of a conflict are not made if the owner already has what is new', () => {
    sync(file('a', lines(20)));
    write('a', lines(20, { 3: 'new', 10: 'mine' }));
    const before = statSync(path('a'), { bigint: true }).mtimeNs;
    expect(kinds(sync(file('a', lines(20, { 3: 'new' }))))).toEqual({ a: 'yours' });
    expect(statSync(path('a'), { bigint: true }).mtimeNs).toBe(before);
  });
});
