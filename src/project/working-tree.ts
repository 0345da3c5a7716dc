import { lstatSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Description of a folder by {@link lookAt}. */
const FOLDER = 'it is a folder';

/** The state of a path in a repository. */
export type Standing =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly content: Buffer /** Permission bits. */; readonly mode: number }
  /** Anything that is not a plain file of the repository. */
  | { readonly kind: 'other'; readonly what: string };

/** Looks at a path of a repository. A symbolic link is never followed, not even one on the way: it may lead outside. */
export function lookAt(root: string, path: string): Standing {
  const parts = path.split('/');
  for (let count = 1; count < parts.length; count++) {
    const folder = parts.slice(0, count).join('/');
    const status = lstatSync(join(root, folder), { throwIfNoEntry: false });
    if (!status) {
      return { kind: 'absent' };
    }
    if (!status.isDirectory()) {
      return { kind: 'other', what: `${folder} is ${status.isSymbolicLink() ? 'a symbolic link' : 'not a folder'}` };
    }
  }
  return unlessRemoved(() => standingAt(join(root, path))) ?? { kind: 'absent' };
}

function standingAt(place: string): Standing | undefined {
  const status = lstatSync(place, { throwIfNoEntry: false });
  if (!status) {
    return undefined;
  }
  if (status.isFile()) {
    return { kind: 'file', content: readFileSync(place), mode: status.mode & 0o7777 };
  }
  if (status.isSymbolicLink()) {
    return { kind: 'other', what: `it is a symbolic link to ${readlinkSync(place)}` };
  }
  return { kind: 'other', what: status.isDirectory() ? FOLDER : 'it is not a plain file' };
}

/** The result of `read`; undefined if another process removed the file meanwhile. */
export function unlessRemoved<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

/**
 * Whether a path names a file inside of a repository, and none of git's own: a path that is read from a file may be
 * anything. Control characters are refused, as they could move a terminal's cursor.
 */
export function isInside(path: string): boolean {
  return (
    !/[\p{Cc}\\]/u.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git')
  );
}

export function isFolder(root: string, path: string): boolean {
  return isFolderThere(lookAt(root, path));
}

export function isFolderThere(standing: Standing): boolean {
  return standing.kind === 'other' && standing.what === FOLDER;
}

/** Removes the folders that files were in and that are empty now, but for the root. */
export function removeEmptyFolders(root: string, files: readonly { readonly path: string }[]): void {
  for (const { path } of files) {
    for (let folder = dirname(path); folder !== '.' && isFolder(root, folder); folder = dirname(folder)) {
      try {
        rmdirSync(join(root, folder));
      } catch {
        break;
      }
    }
  }
}
