import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';

import type { WantedFile } from './changes';
import { claim, JOURNAL_FOLDER, release, removeLeftovers, takeOver } from './claim';
import { sha256 } from './merge-base';
import { Busy } from './unwritable';
import { isFolder, isInside, lookAt, removeEmptyFolders } from './working-tree';

const JOURNAL = 'journal.json';
/** The state of a path when it was looked at. */
export interface Seen {
  readonly path: string;
  /** Absent if nothing stands there. */
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
    /** SHA-256 of the former file, of which the journal's folder has a copy; absent if there was none. */
    before: hash.optional(),
    /** SHA-256 of the new file; absent for a removal. */
    after: hash.optional(),
  }),
);
type Operation = z.infer<typeof journalSchema>[number];

/**
 * Writes a new repository, complete or not at all: into a sibling folder, which is then renamed.
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
 * a journal is written, then each file is renamed into place. If the run is killed half-way, the next one takes it
 * back, see {@link repairTree}.
 *
 * @param seen more files that the changes depend on, and that must not have changed
 * @throws Busy if another process is writing, or somebody changed a file meanwhile; Unwritable; the file system's
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

/** The result of a repair. */
export interface Repair {
  /** Files that somebody changed since, and that were left as they are. */
  readonly left: readonly string[];
}

/**
 * Takes back an earlier run that was killed. Without a complete journal nothing was changed yet, and its leftovers are
 * removed. A file that is neither in its former nor in its new state was changed by somebody since: it is left alone.
 *
 * @returns undefined if there was nothing to repair
 * @throws Busy if the earlier run is still going on; the file system's error
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

/**
 * Resets each file to its former state; returns those that somebody changed since. It can be repeated after any
 * interruption.
 */
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

/** The operations of a journal that is whole; none if it is missing, cut off, or not one of ours. */
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

/** @throws Busy if something else stands at a path than a file of this hash, or than nothing */
function refuseOther(root: string, path: string, expected: string | undefined): void {
  if (hashAt(root, path) !== expected) {
    throw new Busy(`${path} was changed by somebody else meanwhile; nothing was written: run it again`);
  }
}

/** State of a path: the hash of a file, undefined for nothing, a description of anything else. */
function hashAt(root: string, path: string): string | undefined {
  const standing = lookAt(root, path);
  return standing.kind === 'absent' ? undefined : standing.kind === 'file' ? sha256(standing.content) : standing.what;
}

function writeNew(path: string, content: Buffer, executable: boolean): void {
  writeFileSync(path, content, { mode: executable ? 0o777 : 0o666, flag: 'wx' });
}
