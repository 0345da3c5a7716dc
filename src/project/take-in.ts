import { rmdirSync } from 'node:fs';
import { join } from 'node:path';

import type { WantedFile } from './changes';
import { readText } from './owners-text';
import { Unwritable } from './unwritable';
import { lookAt } from './working-tree';
import { changeTree, type Write } from './writer';

interface Joining {
  /** Place of the owner's text in the joined file, as a clause. */
  readonly how: string;
  readonly join: (yours: string, ours: string) => string;
}

const YOURS_FIRST: Joining = { how: 'your text comes first', join: (yours, ours) => withLineEnd(yours) + ours };

/** Files that may exist in the directory of a new repository, and how their text is kept. */
const KEPT: Readonly<Record<string, Joining>> = {
  '.gitignore': YOURS_FIRST,
  '.gitattributes': YOURS_FIRST,
  // The generated one ends with the line below which a sync changes nothing.
  'README.md': {
    how: 'your text is below its last line',
    join: (yours, ours) => `${withLineEnd(ours)}\n${yours}`,
  },
};

/** A file of the owner that a new repository has taken in. */
export interface Kept extends Pick<Joining, 'how'> {
  readonly path: string;
}

/**
 * Reasons why files of these names, in a directory that a new repository goes into, cannot be kept; one line each.
 *
 * @param names entries of the directory
 */
export function objectionsTo(root: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const path = Object.keys(KEPT).find((known) => known.toLowerCase() === name.toLowerCase());
    if (path === undefined) return [];
    if (path !== name) return [`${name} and ${path} are one file on some systems: rename it to ${path}`];
    const standing = lookAt(root, name);
    if (standing.kind === 'other') return [`${name}: ${standing.what}; move it`];
    return standing.kind === 'absent' || readText(standing.content) ? [] : [`${name} is not UTF-8: move or convert it`];
  });
}

/**
 * Writes for a new repository in a directory that may have files already: their text is kept.
 *
 * @param files every file of the new repository
 * @throws Unwritable if something is in the way whose text cannot be kept
 */
export function planBeside(
  root: string,
  files: readonly WantedFile[],
): { readonly writes: readonly Write[]; readonly kept: readonly Kept[] } {
  const kept: Kept[] = [];
  const writes = files.map(({ path, content, executable }): Write => {
    const standing = lookAt(root, path);
    if (standing.kind === 'absent') {
      return { path, content, executable };
    }
    const joining = KEPT[path];
    if (standing.kind === 'other' || !joining || !readText(standing.content)) {
      throw new Unwritable(`${path} is in the way; nothing was written: move it, or name another directory`);
    }
    const { content: before, mode } = standing;
    if (before.length === 0) {
      return { path, before, content, mode };
    }
    kept.push({ path, how: joining.how });
    const joined = joining.join(before.toString('utf8'), content.toString('utf8'));
    return { path, before, content: Buffer.from(joined), mode };
  });
  return { writes, kept };
}

/**
 * Takes back writes: written files go, and earlier ones come back. A file that somebody changed since is left alone.
 */
export function takeAway(root: string, writes: readonly Write[]): void {
  const unchanged = writes.flatMap(({ path, before, content }): Write[] => {
    const standing = lookAt(root, path);
    return standing.kind === 'file' && content?.equals(standing.content)
      ? [{ path, before: standing.content, content: before, mode: standing.mode }]
      : [];
  });
  changeTree(root, unchanged);
  removeEmptyBooks(root);
}

/** Removes the folder of the tool's own books if there is nothing in it: a directory with it alone has no repository. */
export function removeEmptyBooks(root: string): void {
  try {
    rmdirSync(join(root, '.projen'));
  } catch {
    // There is something in it, or none.
  }
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
