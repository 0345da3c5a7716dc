import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { EXIT, ExitError } from '../exit';
import type { WantedFile } from './changes';
import { sha256 } from './merge-base';
import { FOLDER, isInside, lookAt, type Standing, unlessGone } from './working-tree';

const BOOKS = '.projen';
/** Where a sync that is under way keeps its journal, the new files, and copies of the old ones. */
export const JOURNAL_FOLDER = `${BOOKS}/sync`;
const JOURNAL = 'journal.json';
/** Who writes the repository: a file in the journal's folder whose name has the process's id. */
const OWNER = 'owner-';

/** What stands at a path, as it was looked at. */
export interface Seen {
  readonly path: string;
  /** Absent where nothing stands there. */
  readonly before?: Buffer;
}

/** One file to write, or to remove. */
export interface Write extends Seen {
  /** Absent to remove the file. */
  readonly content?: Buffer;
  /** Permission bits that a file had and keeps. */
  readonly mode?: number;
  readonly executable?: boolean;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const journalSchema = z.array(
  z.strictObject({
    path: z.string().refine(isInside),
    /** SHA-256 of what stood there, which the journal's folder has a copy of; absent where nothing did. */
    before: hash.optional(),
    /** SHA-256 of what is to stand there; absent for a removal. */
    after: hash.optional(),
  }),
);
type Operation = z.infer<typeof journalSchema>[number];

/** A repository that cannot be written now, and why, in words that say enough. */
export class Unwritable extends ExitError {
  readonly exitCode = EXIT.failed;
}

/** Another process writes into the same repository. */
export class Busy extends Unwritable {}

/**
 * Writes a repository where there is none yet. It is complete or not there: all is written into a sibling, which is
 * then renamed.
 *
 * @param directory absent; its parent exists
 * @throws the file system's error; then nothing is left
 */
export function createTree(directory: string, files: readonly WantedFile[]): void {
  const staging = mkdtempSync(join(dirname(directory), `.${basename(directory)}-`));
  try {
    for (const folder of new Set(files.map(({ path }) => dirname(join(staging, path))))) {
      mkdirSync(folder, { recursive: true });
    }
    for (const file of files) {
      writeNew(join(staging, file.path), file.content, file.executable);
    }
    chmodSync(staging, 0o777 & ~process.umask());
    renameSync(staging, directory);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Applies changes to a tree that exists: all of them, or none. New content and copies of the old are staged first, then
 * a journal is written, then each file is renamed into place. A run that is killed half-way is taken back by the next,
 * see {@link repairTree}.
 *
 * @param seen more that the changes were decided from, and that is to be as it was then
 * @throws Busy where another process is at it, or somebody changed a file meanwhile; Unwritable; the file system's
 * error; then the tree is as it was
 */
export function changeTree(root: string, writes: readonly Write[], seen: readonly Seen[] = []): void {
  if (writes.length === 0) {
    return;
  }
  claim(root);
  try {
    for (const { path, before } of [...writes, ...seen]) {
      refuseOther(root, path, before && sha256(before));
    }
    const operations = writes.map((write, index) => stage(root, write, index));
    writeJournal(root, operations);
    operations.forEach((operation, index) => {
      refuseOther(root, operation.path, operation.before);
      perform(root, operation, index);
    });
    removeEmptyFolders(
      root,
      operations.filter(({ after }) => after === undefined),
    );
    release(root);
  } catch (error) {
    takeBack(root, readJournal(root));
    release(root);
    removeEmptyFolders(root, [{ path: JOURNAL_FOLDER }]);
    throw error;
  }
}

/** What a repair came to. */
export interface Repair {
  /** Files that somebody changed since, and that were left as they are. */
  readonly left: readonly string[];
}

/**
 * Takes back what an earlier run was killed in. Without a whole journal nothing was changed yet, and its leftovers go.
 * A file that is neither as before nor as it should have become was changed by somebody since: it is left alone.
 *
 * @returns undefined where there was nothing to repair
 * @throws Busy where the earlier run goes on still; the file system's error
 */
export function repairTree(root: string): Repair | undefined {
  removeLeftovers(root);
  if (!isFolder(root, JOURNAL_FOLDER)) {
    return undefined;
  }
  takeOver(root);
  const operations = readJournal(root);
  const left = takeBack(root, operations);
  release(root);
  return operations.length > 0 ? { left } : undefined;
}

/** Makes each file what it was before; returns those that somebody changed since. It may be done again from anywhere. */
function takeBack(root: string, operations: readonly Operation[]): string[] {
  const left = operations.flatMap(({ path, before, after }, index) => {
    const now = hashAt(root, path);
    if (now === before) {
      return [];
    }
    if (now !== after || (before !== undefined && hashAt(root, savedFile(index)) !== before)) {
      return [path];
    }
    if (before === undefined) {
      rmSync(join(root, path));
    } else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      renameSync(join(root, savedFile(index)), join(root, path));
    }
    return [];
  });
  removeEmptyFolders(
    root,
    operations.filter(({ before }) => before === undefined),
  );
  return left;
}

function writeJournal(root: string, operations: readonly Operation[]): void {
  const file = join(root, JOURNAL_FOLDER, JOURNAL);
  writeFileSync(`${file}.new`, JSON.stringify(operations));
  renameSync(`${file}.new`, file);
}

/** The operations of a journal that is whole; none where it is missing, cut off, or not one of ours. */
function readJournal(root: string): readonly Operation[] {
  const standing = lookAt(root, `${JOURNAL_FOLDER}/${JOURNAL}`);
  if (standing.kind !== 'file') {
    return [];
  }
  try {
    return journalSchema.parse(JSON.parse(standing.content.toString('utf8')));
  } catch {
    return [];
  }
}

/** Takes the repository for this process: by one rename, so that nobody sees the folder without its owner. */
function claim(root: string): void {
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

/** Takes what a process left that was killed: by one rename again, so that only one does. */
function takeOver(root: string): void {
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

/** @throws Busy where the process that owns the repository goes on still */
function refuseRunning(owner: string): void {
  const pid = owner.slice(OWNER.length);
  if (isRunning(Number(pid))) {
    throw new Busy(
      `another sync of this repository is running, as process ${pid}; where that is something else, delete ${JOURNAL_FOLDER}/${owner}`,
    );
  }
}

/** Lets the repository go, by one rename: from then on the journal means nothing. */
function release(root: string): void {
  const own = ownFolder(root);
  renameSync(join(root, JOURNAL_FOLDER), own);
  discard(own);
}

/** Where this process has what nobody else looks at. */
function ownFolder(root: string): string {
  return join(root, `${JOURNAL_FOLDER}-${process.pid}`);
}

/** Removes what processes left that were killed before they took the repository, or after they let it go. */
function removeLeftovers(root: string): void {
  for (const name of isFolder(root, BOOKS) ? (unlessGone(() => readdirSync(join(root, BOOKS))) ?? []) : []) {
    const pid = /^sync-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      discard(join(root, BOOKS, name));
    }
  }
}

/** Removes a folder that means nothing any more; what cannot be removed now is a leftover for the next run. */
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

/** Puts the new content, and a copy of the old, into the journal's folder. */
function stage(root: string, { path, content, before, mode, executable }: Write, index: number): Operation {
  if (content) {
    const staged = join(root, stagedFile(index));
    writeNew(staged, content, executable ?? false);
    if (mode !== undefined) chmodSync(staged, mode);
  }
  if (before) {
    copyFileSync(join(root, path), join(root, savedFile(index)));
  }
  return { path, before: before && sha256(before), after: content && sha256(content) };
}

function stagedFile(index: number): string {
  return `${JOURNAL_FOLDER}/${index}.new`;
}

function savedFile(index: number): string {
  return `${JOURNAL_FOLDER}/${index}.old`;
}

/** Does one operation. */
function perform(root: string, { path, after }: Operation, index: number): void {
  const file = join(root, path);
  if (after === undefined) {
    rmSync(file);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  renameSync(join(root, stagedFile(index)), file);
}

/** @throws Busy where something else stands at a path than a file of this hash, or than nothing */
function refuseOther(root: string, path: string, expected: string | undefined): void {
  if (hashAt(root, path) !== expected) {
    throw new Busy(`${path} was changed by somebody else meanwhile; nothing was written: run it again`);
  }
}

/** What stands at a path: the hash of a file, undefined for nothing, something else for anything else. */
function hashAt(root: string, path: string): string | undefined {
  const standing = lookAt(root, path);
  return standing.kind === 'absent' ? undefined : standing.kind === 'file' ? sha256(standing.content) : standing.what;
}

function isFolder(root: string, path: string): boolean {
  return isFolderThere(lookAt(root, path));
}

function isFolderThere(standing: Standing): boolean {
  return standing.kind === 'other' && standing.what === FOLDER;
}

function writeNew(path: string, content: Buffer, executable: boolean): void {
  writeFileSync(path, content, { mode: executable ? 0o777 : 0o666, flag: 'wx' });
}

/** Removes the folders that files were in and that are empty now, but for the root. */
function removeEmptyFolders(root: string, files: readonly Pick<Operation, 'path'>[]): void {
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
