import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What stands at a path; times are in nanoseconds, for a write within a millisecond is one. */
export interface Entry {
  readonly kind: 'file' | 'link' | 'folder';
  /** Of a file, or where a link leads to. */
  readonly content: Buffer;
  readonly mode: number;
  readonly modified: bigint;
}
export type Tree = ReadonlyMap<string, Entry>;

/** Everything below a folder but `.git`. */
export function readTree(root: string): Tree {
  const tree = new Map<string, Entry>();
  const walk = (folder: string) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const status = lstatSync(join(root, path), { bigint: true });
      const rest = { mode: Number(status.mode) & 0o7777, modified: status.mtimeNs };
      if (path === '.git') continue;
      if (status.isSymbolicLink()) {
        tree.set(path, { kind: 'link', content: Buffer.from(readlinkSync(join(root, path))), ...rest });
      } else if (status.isFile()) {
        tree.set(path, { kind: 'file', content: readFileSync(join(root, path)), ...rest });
      } else {
        tree.set(path, { kind: 'folder', content: Buffer.alloc(0), ...rest });
        walk(path);
      }
    }
  };
  walk('');
  return tree;
}

/** Paths at which two trees differ, by what stands there; with `times`, also by when it was written. */
export function differences(a: Tree, b: Tree, times = false): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => !isSame(a.get(path), b.get(path), times));
}

/** Whether the same stands at a path; with `times`, whether it was not even written. */
export function isSame(a: Entry | undefined, b: Entry | undefined, times = false): boolean {
  if (a === undefined || b === undefined) {
    return a === b;
  }
  return (
    a.kind === b.kind &&
    a.content.equals(b.content) &&
    a.mode === b.mode &&
    (!times || a.kind === 'folder' || a.modified === b.modified)
  );
}
