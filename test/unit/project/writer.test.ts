import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ownership } from '../../../generators/file';
import { LATEST } from '../../../src/conventions';
import type { WantedFile } from '../../../src/project/changes';
import { BASE_FILE } from '../../../src/project/merge-base';
import { needsOwner, type SyncResult, syncTree } from '../../../src/project/sync';
import { changeTree, createTree } from '../../../src/project/writer';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'writer-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function wanted(path: string, content: string, ownership: Ownership | 'internal' = 'managed'): WantedFile {
  return { path, content: Buffer.from(content), executable: false, ownership };
}

/** Path to content of every file below a folder, but for the tool's own books. */
function tree(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.endsWith(BASE_FILE))
      .sort()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]),
  );
}

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const sync = (...files: WantedFile[]): SyncResult =>
  syncTree({
    root: folder,
    files,
    origin: { conventions: LATEST.id, target: 'terraform', generator: '1.0.0' },
    explain: () => () => 'upstream',
    ejected: [],
  });
const kinds = ({ changes }: SyncResult) => Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));

describe('a new tree', () => {
  it('a new tree is renamed into place with all of its files', () => {
    createTree(join(folder, 'new'), [wanted('a', '1'), wanted('b/c', '2')]);
    expect(tree(join(folder, 'new'))).toEqual({ a: '1', 'b/c': '2' });
    expect(readdirSync(folder)).toEqual(['new']);
  });

  it('a new tree is not there at all if one file cannot be written', () => {
    expect(() => createTree(join(folder, 'new'), [wanted('a', '1'), wanted('a/b', '2')])).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a new tree is made as umask says, as any other directory', () => {
    createTree(join(folder, 'new'), [wanted('a', '1')]);
    mkdirSync(join(folder, 'other'));
    expect(statSync(join(folder, 'new')).mode).toBe(statSync(join(folder, 'other')).mode);
  });
});

describe('a sync', () => {
  it('a sync writes, then changes nothing, not even a modification time', () => {
    sync(wanted('a', '1'), wanted('b/c', '2', 'merged'), wanted('d', '3', 'owned'));
    const before = statSync(join(folder, 'b/c')).mtimeMs;
    const baseBefore = statSync(join(folder, BASE_FILE)).mtimeMs;
    const changes = sync(wanted('a', '1'), wanted('b/c', '2', 'merged'), wanted('d', '3', 'owned'));
    expect(new Set(Object.values(kinds(changes)))).toEqual(new Set(['unchanged', 'yours']));
    expect(statSync(join(folder, 'b/c')).mtimeMs).toBe(before);
    expect(statSync(join(folder, BASE_FILE)).mtimeMs).toBe(baseBefore);
  });

  it('a sync brings files up to date that nobody edited', () => {
    sync(wanted('a', '1'), wanted('b', '1', 'merged'));
    expect(kinds(sync(wanted('a', '2'), wanted('b', '2', 'merged')))).toMatchObject({
      a: 'update',
      b: 'update',
    });
    expect(tree(folder)).toEqual({ a: '2', b: '2' });
  });

  it.each([
    ['managed', 'edited', 'edited'],
    ['owned', 'yours', 'yours'],
  ] as const)('a sync never overwrites an edited %s file', (ownership, withoutNews, withNews) => {
    sync(wanted('a', '1', ownership));
    writeFileSync(join(folder, 'a'), 'mine');
    expect(kinds(sync(wanted('a', '1', ownership))).a).toBe(withoutNews);
    for (const _ of ['first', 'second']) {
      const changes = sync(wanted('a', '2', ownership));
      expect(kinds(changes).a).toBe(withNews);
      expect(needsOwner(changes)).toBe(withNews === 'edited');
      expect(read('a')).toBe('mine');
    }
  });

  it('a sync updates an edited file once the edit is undone', () => {
    sync(wanted('a', '1'));
    writeFileSync(join(folder, 'a'), 'mine');
    sync(wanted('a', '2'));
    writeFileSync(join(folder, 'a'), '1');
    expect(kinds(sync(wanted('a', '2'))).a).toBe('update');
  });

  it('a sync leaves a deleted file deleted', () => {
    sync(wanted('a', '1'), wanted('b', '1', 'owned'));
    rmSync(join(folder, 'a'));
    rmSync(join(folder, 'b'));
    sync(wanted('a', '2'), wanted('b', '2', 'owned'));
    expect(tree(folder)).toEqual({});
  });

  it('a sync does not overwrite a file that was there before the first one', () => {
    writeFileSync(join(folder, 'a'), 'mine');
    expect(kinds(sync(wanted('a', '1'))).a).toBe('edited');
    expect(read('a')).toBe('mine');
  });

  it('a sync removes what is generated no longer, and its empty folder, unless somebody edited it', () => {
    sync(wanted('gone/a', '1'), wanted('kept/b', '1'), wanted('c', '1'));
    writeFileSync(join(folder, 'kept/b'), 'mine');
    sync(wanted('c', '1'));
    expect(tree(folder)).toEqual({ 'kept/b': 'mine', c: '1' });
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });

  it('a sync leaves the tree as it was if a write fails half-way', () => {
    sync(wanted('a', '1'), wanted('b', '1'));
    const before = tree(folder);
    // A folder in the way of a file that is to be written.
    mkdirSync(join(folder, 'z/inner'), { recursive: true });
    const changes = [
      { path: 'a', kind: 'update', file: wanted('a', '2') },
      { path: 'new/file', kind: 'create', file: wanted('new/file', '1') },
      { path: 'b', kind: 'delete' },
      { path: 'z', kind: 'create', file: wanted('z', '1') },
    ] as const;
    expect(() => changeTree(folder, changes)).toThrow();
    expect(tree(folder)).toEqual(before);
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(existsSync(join(folder, '.projen/sync'))).toBe(false);
  });

  it('a sync drops what was killed before its journal was written', () => {
    sync(wanted('a', '1'));
    mkdirSync(join(folder, '.projen/sync'));
    writeFileSync(join(folder, '.projen/sync/0.new'), '2');
    sync(wanted('a', '1'));
    expect(tree(folder)).toEqual({ a: '1' });
  });

  it("a sync keeps an owner's permission bits on a file that it leaves alone", () => {
    sync(wanted('a', '1', 'owned'));
    chmodSync(join(folder, 'a'), 0o755);
    sync(wanted('a', '2', 'owned'));
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o755);
  });
});
