import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Busy, Unwritable } from './unwritable';
import { isFolder, isFolderThere, lookAt, removeEmptyFolders, unlessRemoved } from './working-tree';

const BOOKS = '.projen';
/** Folder for a sync's journal, its new files and copies of the old ones, while it is under way. */
export const JOURNAL_FOLDER = `${BOOKS}/sync`;
/**
 * Prefix of the file in the journal's folder that says which process writes the repository: the process's id follows.
 */
const OWNER = 'owner-';

/** Takes the repository for this process: by one rename, so that nobody sees the folder without its owner. */
export function claim(root: string): void {
  for (const folder of [BOOKS, JOURNAL_FOLDER]) {
    const standing = lookAt(root, folder);
    if (standing.kind !== 'absent' && !isFolderThere(standing)) {
      throw new Unwritable(`${folder} must be a folder: ${standing.kind === 'other' ? standing.what : 'it is a file'}`);
    }
  }
  const own = ownFolder(root);
  try {
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, `${OWNER}${process.pid}`), '');
    renameSync(own, join(root, JOURNAL_FOLDER));
  } catch (error) {
    discard(own);
    removeEmptyFolders(root, [{ path: JOURNAL_FOLDER }]);
    throw hasCode(error, 'EEXIST', 'ENOTEMPTY') ? new Busy('another sync of this repository has just begun') : error;
  }
}

/** Takes over the journal's folder of a killed process: by one rename again, so that only one process succeeds. */
export function takeOver(root: string): void {
  const folder = join(root, JOURNAL_FOLDER);
  const mine = `${OWNER}${process.pid}`;
  try {
    const [owner] = ownersOf(folder);
    if (owner === undefined) {
      writeFileSync(join(folder, mine), '');
    } else {
      refuseRunning(owner);
      renameSync(join(folder, owner), join(folder, mine));
    }
    // Between the look and the write, that folder may have gone, and another process have come with its own.
    const others = ownersOf(folder).filter((name) => name !== mine);
    if (others.length > 0) {
      rmSync(join(folder, mine), { force: true });
      refuseRunning(others[0]!);
      throw new Busy('another sync of this repository has just begun');
    }
  } catch (error) {
    throw hasCode(error, 'ENOENT') ? new Busy('another sync of this repository has just ended; run it again') : error;
  }
}

function ownersOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^owner-\d+$/.test(name));
}

/** @throws Busy if the process that owns the repository goes on still */
function refuseRunning(owner: string): void {
  const pid = owner.slice(OWNER.length);
  if (isRunning(Number(pid))) {
    throw new Busy(
      `another sync of this repository is running, as process ${pid}; if that is another program, delete ${JOURNAL_FOLDER}/${owner}`,
    );
  }
}

/** Lets the repository go, by one rename: from then on the journal means nothing. */
export function release(root: string): void {
  const own = ownFolder(root);
  renameSync(join(root, JOURNAL_FOLDER), own);
  discard(own);
}

/** Private folder of this process, until it claims the repository. */
function ownFolder(root: string): string {
  return join(root, `${JOURNAL_FOLDER}-${process.pid}`);
}

/** Removes folders of processes that were killed before they claimed the repository, or after they released it. */
export function removeLeftovers(root: string): void {
  for (const name of isFolder(root, BOOKS) ? (unlessRemoved(() => readdirSync(join(root, BOOKS))) ?? []) : []) {
    const pid = /^sync-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      discard(join(root, BOOKS, name));
    }
  }
}

/** Removes a folder that means nothing any more; if it cannot be removed now, the next run does it. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1 || pid === process.pid) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String((error as NodeJS.ErrnoException).code));
}
