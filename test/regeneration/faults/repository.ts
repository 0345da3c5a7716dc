import { appendFileSync, chmodSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { LATEST } from '../../../src/conventions';
import type { WantedFile } from '../../../src/project/changes';
import { type SyncOptions, syncTree } from '../../../src/project/sync';
import { readTree, type Tree } from '../tree';

/** A repository before a sync that does all that a sync can do, and after it. */
export interface Subject {
  /** The sync; its root is a copy that {@link reset} makes. */
  readonly options: SyncOptions;
  readonly before: Tree;
  readonly after: Tree;
  readonly reset: () => void;
}

const lines = (name: string, text: string) =>
  Array.from({ length: 12 }, (_, line) => `${name} ${line === 6 ? text : line}\n`).join('');
const file = (path: string, text: string, ownership: WantedFile['ownership'] = 'merged'): WantedFile => ({
  path,
  content: Buffer.from(lines(path, text)),
  executable: false,
  ownership,
});

const OLD = [
  file('.projen/files.json', 'old', 'internal'),
  file('answers', 'old', 'owned'),
  file('conflict.md', 'old'),
  file('gone/deep/edited.md', 'old'),
  file('gone/deep/file.md', 'old'),
  file('gone/other.json', 'old', 'managed'),
  file('managed.json', 'old', 'managed'),
  file('merged.md', 'old'),
  file('moved.md', 'old'),
  file('updated.md', 'old'),
];
const NEW = [
  file('.projen/files.json', 'new', 'internal'),
  file('answers', 'old', 'owned'),
  file('conflict.md', 'new'),
  file('managed.json', 'new', 'managed'),
  file('merged.md', 'new'),
  file('moved.md', 'new'),
  file('new/deep/file.md', 'new'),
  { ...file('new/run', 'new', 'managed'), executable: true },
  file('updated.md', 'new'),
];

/** What an owner edits between a kill and the next run; of each kind of change one. */
export const EDITED = [
  'conflict.md',
  'gone/deep/file.md',
  'managed.json',
  'merged.md',
  'new/deep/file.md',
  'other/moved.md',
  'updated.md',
] as const;

/** @param folder where the repository and its copies go */
export function createSubject(folder: string): Subject {
  const [original, done, root] = ['original', 'done', 'repository'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const options = (place: string, files: readonly WantedFile[], generator: string): SyncOptions => ({
    root: place,
    files,
    origin: { conventions: LATEST.id, target: 'terraform', generator },
    explain: () => () => 'upstream',
    ejected: [],
  });
  mkdirSync(original, { recursive: true });
  syncTree(options(original, OLD, '1.0.0'));
  appendFileSync(join(original, 'merged.md'), 'mine\n');
  appendFileSync(join(original, 'gone/deep/edited.md'), 'mine\n');
  chmodSync(join(original, 'updated.md'), 0o640);
  mkdirSync(join(original, 'other'));
  renameSync(join(original, 'moved.md'), join(original, 'other/moved.md'));
  replaceLine(join(original, 'conflict.md'), 'conflict.md old', 'conflict.md mine');
  cpSync(original, done, { recursive: true });
  syncTree(options(done, NEW, '2.0.0'));
  return {
    options: options(root, NEW, '2.0.0'),
    before: readTree(original),
    after: readTree(done),
    reset: () => {
      rmSync(root, { recursive: true, force: true });
      cpSync(original, root, { recursive: true });
    },
  };
}

function replaceLine(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(from, to));
}
