import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import type { WantedFile } from '../../src/project/changes';
import { CHANGE_KINDS } from '../../src/project/changes';
import { hasConflict } from '../../src/project/merge';
import { parseBase } from '../../src/project/merge-base';
import { type SyncResult, syncTree } from '../../src/project/sync';
import { solve } from './conflicts';
import { render, type Setting, syncOptions } from './renderings';
import { file, kinds, lines, scratch } from './scratch';
import { readTree } from './tree';

const { root, read, write, edit, move, remove, path, options, sync } = scratch();

const START: Setting = { target: 'terraform', generation: 'g3b', environments: ['production'], options: [] };
const WITH_STAGING: Setting = { ...START, environments: ['staging', 'production'] };
const UPGRADED: Setting = { ...START, generation: LATEST.id };
const BOTH: Setting = { ...WITH_STAGING, generation: LATEST.id };

const IDENTITY = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_CONFIG_GLOBAL: '',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** Runs git; returns its exit code. */
function git(...args: string[]): number {
  const env = { ...process.env, ...IDENTITY, GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' };
  try {
    execFileSync('git', args, { cwd: root(), env, stdio: 'pipe' });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

function commit(): void {
  git('add', '-A');
  expect(git('commit', '-q', '-m', 'x')).toBe(0);
}

/** What a repository has so that its base merges without conflicts. */
const UNION = '/.projen/base text eol=lf -diff merge=union\n';
const STYLES = [
  { style: 'by the attributes that it has', attributes: UNION, conflictStyle: 'merge' },
  { style: 'with conflicts', attributes: '', conflictStyle: 'merge' },
  { style: 'with conflicts that show the ancestor', attributes: '', conflictStyle: 'diff3' },
  { style: 'with conflicts that show the ancestor, in short', attributes: '', conflictStyle: 'zdiff3' },
];

function startRepository(attributes: string, conflictStyle: string, start: () => void): void {
  git('init', '-q', '-b', 'main');
  git('config', 'merge.conflictStyle', conflictStyle);
  write('.gitattributes', attributes);
  start();
  commit();
}

/** Lets two branches go from the same commit, and merges the second into the first; whether that had conflicts. */
function mergeBranches(first: () => void, second: () => void): boolean {
  git('checkout', '-q', '-b', 'second');
  second();
  commit();
  git('checkout', '-q', 'main');
  first();
  commit();
  return git('merge', '-q', '-m', 'x', 'second') !== 0;
}

const writes = (result: SyncResult) => result.changes.filter(({ kind }) => CHANGE_KINDS[kind].writes);

describe.each(STYLES)(
  'two branches that both synced, whose bases git merged $style',
  ({ attributes, conflictStyle }) => {
    const syncTo = (setting: Setting) => syncTree(syncOptions(root(), setting, render(setting)));

    /** Takes one side of what git left to be decided, but for the base. */
    function solveByHand(): void {
      for (const [name, { kind, content }] of readTree(root())) {
        if (kind === 'file' && name !== '.projen/base' && hasConflict(content.toString())) {
          write(name, solveGit(content.toString()));
        }
      }
    }

    it('two branches that both synced lose no edit, and become what both together come to', () => {
      const [main, iam, guide] = ['main.tf', 'iam.tf', 'README.md'].map(
        (name) => `deploy/terraform/modules/mcp_server/${name}`,
      );
      startRepository(attributes, conflictStyle, () => syncTo(START));
      const conflicts = mergeBranches(
        () => {
          syncTo(WITH_STAGING);
          edit(main!, (text) => `# first\n${text}`);
          edit(iam!, (text) => `${text}\n# first\n`);
        },
        () => {
          syncTo(UPGRADED);
          edit(main!, (text) => `${text}\n# second\n`);
          edit(guide!, (text) => text.replace(/\n\n/, '\n\nSecond.\n\n'));
        },
      );
      expect(hasConflict(read('.projen/base'))).toBe(attributes === '');
      if (conflicts) solveByHand();
      const result = syncTo(BOTH);
      for (const { path: name } of result.changes.filter(({ kind }) => kind === 'conflict')) {
        write(name, solve(read(name), 'mine'));
      }
      expect(result.conflicts).toEqual([]);
      expect(read(main!)).toMatch(/^# first\n[\s\S]*# second\n$/);
      expect(read(iam!)).toMatch(/# first\n$/);
      expect(read(guide!)).toContain('\n\nSecond.\n\n');
      // What nobody edited is as it is generated.
      const edited = [main, iam, guide];
      const others = render(BOTH).filter(
        ({ path: name, ownership }) => !edited.includes(name) && ownership !== 'owned',
      );
      const { changes } = syncTo(BOTH);
      expect(changes.filter(({ kind }) => kind === 'edited')).toEqual([]);
      const differing = others.filter(({ path: name, content }) => read(name) !== content.toString());
      expect(differing.map(({ path: name }) => name).filter((name) => !isDocument(name))).toEqual([]);
      expect(differing.length).toBeLessThan(4);
      // The base is that of the new files, one line for each.
      const { entries, origin } = parseBase(read('.projen/base'));
      expect([...entries.keys()].sort()).toEqual(
        render(BOTH)
          .map(({ path: name }) => name)
          .sort(),
      );
      expect([...entries.values()].every((each) => each.length === 1)).toBe(true);
      expect(origin?.conventions).toBe(LATEST.id);
      expect(hasConflict(read('.projen/base'))).toBe(false);
      expect(writes(syncTo(BOTH))).toEqual([]);
    });

    it('two branches that both synced, and moved or deleted files, keep that', () => {
      const all = (text: Record<number, string>, more: readonly WantedFile[] = []) => [
        ...['a', 'b', 'c', 'd'].map((name) => file(`${name}.md`, lines(20, text).replaceAll('line', name))),
        ...more,
      ];
      startRepository(attributes, conflictStyle, () => sync(...all({})));
      mergeBranches(
        () => {
          move('a.md', 'x/a.md');
          remove('b.md');
          edit('c.md', (text) => text.replace('c 2\n', 'mine\n'));
          sync(...all({}, [file('first.md', 'first\n')]));
        },
        () => sync(...all({ 10: 'second' }, [file('second.md', 'second\n')])),
      );
      if (existsSync(path('b.md'))) remove('b.md');
      const result = sync(
        ...all({ 10: 'second', 15: 'both' }, [file('first.md', 'first\n'), file('second.md', 'second\n')]),
      );
      expect(kinds(result)).toEqual({
        'x/a.md': 'update',
        'b.md': 'gone',
        'c.md': 'merge',
        'd.md': 'update',
        'first.md': 'unchanged',
        'second.md': 'unchanged',
      });
      expect(read('c.md')).toBe(lines(20, { 2: 'mine', 10: 'second', 15: 'both' }).replaceAll('line', 'c'));
      expect(read('x/a.md')).toBe(lines(20, { 10: 'second', 15: 'both' }).replaceAll('line', 'a'));
    });
  },
);

describe('marks of a conflict that git left in a generated file', () => {
  it('marks of a conflict that git left in a generated file are named by a sync, which does nothing else', () => {
    startRepository(UNION, 'merge', () => sync(file('a.md', lines(20))));
    const conflicts = mergeBranches(
      () => edit('a.md', (text) => text.replace('line 5', 'first')),
      () => edit('a.md', (text) => text.replace('line 5', 'second')),
    );
    expect(conflicts).toBe(true);
    const before = read('a.md');
    const result = syncTree(options([file('a.md', lines(20, { 15: 'new' })), file('b.md', 'new\n')]));
    expect(result).toMatchObject({ conflicts: ['a.md'], changes: [] });
    expect(read('a.md')).toBe(before);
    expect(existsSync(path('b.md'))).toBe(false);
  });
});

/** The side of the second branch where git has marks, whatever it shows of the ancestor. */
function solveGit(text: string): string {
  return text.replace(/^<{7} .*\n[\s\S]*?^={7}\n([\s\S]*?)^>{7} .*\n/gm, '$1');
}

function isDocument(name: string): boolean {
  return name.endsWith('.md');
}
