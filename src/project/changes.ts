import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Ownership } from '../../generators/file';

/** What a sync wants a file to be. */
export interface WantedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /** `internal`: the tool's own books, rewritten without asking. */
  readonly ownership: Ownership | 'internal';
}

/** What was generated the last time: path to SHA-256 of the content. */
export type Base = ReadonlyMap<string, string>;

export interface Change {
  readonly path: string;
  /**
   * - `create`, `update`, `delete`: to be written
   * - `unchanged`: as wanted already
   * - `yours`: its owner's version stands, and nothing upstream wants a change
   * - `edited`: its owner edited it and upstream wants a change, or nobody should edit it: left alone, and to be reported
   */
  readonly kind: 'create' | 'update' | 'delete' | 'unchanged' | 'yours' | 'edited';
  /** The new content of `create` and `update`. */
  readonly file?: WantedFile;
}

/**
 * What a sync does to each file, decided from three states: what was generated before, what stands there now, what is
 * generated now. Writes nothing.
 */
export function compareWithTree(root: string, wanted: readonly WantedFile[], base: Base): Change[] {
  const names = new Set(wanted.map(({ path }) => path));
  const gone = [...base.keys()].filter((path) => !names.has(path));
  return [
    ...wanted.map((file) => compareFile(root, file, base.get(file.path))),
    ...gone.flatMap((path) => compareGone(root, path, base)),
  ];
}

function compareFile(root: string, file: WantedFile, before: string | undefined): Change {
  const { path, ownership } = file;
  const now = hashOfFile(join(root, path));
  const next = sha256(file.content);
  if (now === next) {
    return { path, kind: 'unchanged' };
  }
  if (ownership === 'internal') {
    return { path, kind: now === undefined ? 'create' : 'update', file };
  }
  if (now === undefined) {
    return before === undefined ? { path, kind: 'create', file } : { path, kind: 'yours' };
  }
  if (ownership === 'owned') {
    return { path, kind: 'yours' };
  }
  if (now === before) {
    return { path, kind: 'update', file };
  }
  return { path, kind: ownership === 'merged' && before === next ? 'yours' : 'edited' };
}

/** A file that is generated no longer goes, unless its owner made it their own. */
function compareGone(root: string, path: string, base: Base): Change[] {
  const now = hashOfFile(join(root, path));
  if (now === undefined) {
    return [];
  }
  return [{ path, kind: now === base.get(path) ? 'delete' : 'yours' }];
}

/** The SHA-256 of a content, in hexadecimal. */
export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hashOfFile(path: string): string | undefined {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status) {
    return undefined;
  }
  // Whatever is not a plain file was put there by somebody: it differs from all that is generated.
  return status.isFile() ? sha256(readFileSync(path)) : 'not a file';
}
