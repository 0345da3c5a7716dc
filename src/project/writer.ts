import {
  chmodSync,
  copyFileSync,
  existsSync,
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

import { sha256 } from './base';
import type { WantedFile } from './changes';
import { FOLDER, isInside, lookAt } from './tree';

/** Where a sync that is under way keeps its journal, the new files, and copies of the old ones. */
export const JOURNAL_FOLDER = '.projen/sync';
const JOURNAL = 'journal.json';
const OWNER = 'pid';

/** One file to write, or to remove. */
export interface Write {
  readonly path: string;
  /** Absent to remove the file. */
  readonly content?: Buffer;
  /** What stood there when this was decided; absent where nothing did. */
  readonly before?: Buffer;
  /** Permission bits that a file had and keeps. */
  readonly mode?: number;
  readonly executable?: boolean;
}

const journalSchema = z.array(
  z.strictObject({
    path: z.string().refine(isInside),
    /** SHA-256 of what stood there; absent where nothing did. */
    before: z.string().optional(),
    /** SHA-256 of what is to stand there; absent for a removal. */
    after: z.string().optional(),
    /** File in the journal's folder that holds the new content. */
    staged: z
      .string()
      .regex(/^\d+\.new$/)
      .optional(),
    /** File in the journal's folder that holds the old content. */
    saved: z
      .string()
      .regex(/^\d+\.old$/)
      .optional(),
  }),
);
type Operation = z.infer<typeof journalSchema>[number];

/** Another process writes into the same repository. */
export class Busy extends Error {}

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
 * Applies changes to a tree that exists: all of them, or none. New content is staged first, then a journal is written,
 * then each file is renamed into place. A run that is killed half-way is completed by the next, see {@link repairTree}.
 *
 * @throws Busy where another process is at it, or somebody changed a file meanwhile; the file system's error; then the
 * tree is as it was
 */
export function changeTree(root: string, writes: readonly Write[]): void {
  if (writes.length === 0) {
    return;
  }
  const journalFolder = join(root, JOURNAL_FOLDER);
  const madeFolders = makeFolder(dirname(journalFolder));
  claim(root);
  const done: Operation[] = [];
  try {
    const operations = writes.map((write, index) => stage(root, write, index));
    writeFileSync(join(journalFolder, `${JOURNAL}.new`), JSON.stringify(operations), { flush: true });
    renameSync(join(journalFolder, `${JOURNAL}.new`), join(journalFolder, JOURNAL));
    for (const operation of operations) {
      madeFolders.push(...makeFolder(dirname(join(root, operation.path))));
      if (hashAt(root, operation.path) !== operation.before) {
        throw new Busy(`${operation.path} was changed by somebody else meanwhile; run it again`);
      }
      done.push(operation);
      perform(root, operation);
    }
  } catch (error) {
    for (const { path, saved } of done.reverse()) {
      if (saved) {
        renameSync(join(journalFolder, saved), join(root, path));
      } else if (lookAt(root, path).kind === 'file') {
        rmSync(join(root, path), { force: true });
      }
    }
    rmSync(journalFolder, { recursive: true, force: true });
    removeEmptyFolders(madeFolders);
    throw error;
  }
  finish(
    root,
    writes.filter(({ content }) => !content).map(({ path }) => path),
  );
}

/** What a repair came to. */
export interface Repair {
  /** Files that somebody changed since, and that were left as they are. */
  readonly left: readonly string[];
}

/**
 * Completes what an earlier run was killed in. Without a whole journal nothing was changed yet, and its leftovers go.
 * A file that was neither as before nor as it should become was changed by somebody since: it is left alone.
 *
 * @returns undefined where there was nothing to repair
 * @throws Busy where the earlier run goes on still; the file system's error
 */
export function repairTree(root: string): Repair | undefined {
  removeUnclaimed(root);
  const journalFolder = join(root, JOURNAL_FOLDER);
  const standing = lookAt(root, `${JOURNAL_FOLDER}/${OWNER}`);
  if (!existsSync(journalFolder)) {
    return undefined;
  }
  if (standing.kind === 'file' && isRunning(Number(standing.content.toString()))) {
    throw new Busy(
      `another sync of this repository is running, as process ${standing.content}; where that is something else, delete ${JOURNAL_FOLDER}`,
    );
  }
  const operations = readJournal(root);
  const left: string[] = [];
  for (const operation of operations) {
    const now = hashAt(root, operation.path);
    if (now === operation.after) continue;
    if (now !== operation.before) {
      left.push(operation.path);
      continue;
    }
    makeFolder(dirname(join(root, operation.path)));
    perform(root, operation);
  }
  finish(
    root,
    operations.filter(({ after }) => after === undefined).map(({ path }) => path),
  );
  return { left };
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

/** Takes the journal's folder for this process: by one rename, so that nobody sees it without its owner. */
function claim(root: string): void {
  const books = lookAt(root, '.projen');
  if (books.kind !== 'other' || books.what !== FOLDER) {
    throw new Error(`.projen cannot be written to: ${books.kind === 'other' ? books.what : 'it is not a folder'}`);
  }
  const own = join(root, `${JOURNAL_FOLDER}-${process.pid}`);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, OWNER), String(process.pid));
  try {
    renameSync(own, join(root, JOURNAL_FOLDER));
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (['EEXIST', 'ENOTEMPTY'].includes(String((error as NodeJS.ErrnoException).code))) {
      throw new Busy('another sync of this repository has just begun');
    }
    throw error;
  }
}

/** Removes what a process left that was killed while it claimed the journal's folder. */
function removeUnclaimed(root: string): void {
  if (lookAt(root, '.projen/x').kind === 'other') return;
  for (const name of existsSync(join(root, '.projen')) ? readdirSync(join(root, '.projen')) : []) {
    const pid = /^sync-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      rmSync(join(root, '.projen', name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1 || pid === process.pid) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Puts the new content, and a copy of the old, into the journal's folder. */
function stage(root: string, { path, content, before, mode, executable }: Write, index: number): Operation {
  const folder = join(root, JOURNAL_FOLDER);
  const staged = content ? `${index}.new` : undefined;
  const saved = before ? `${index}.old` : undefined;
  if (staged && content) {
    writeNew(join(folder, staged), content, executable ?? false);
    if (mode !== undefined) chmodSync(join(folder, staged), mode);
  }
  if (saved) {
    copyFileSync(join(root, path), join(folder, saved));
  }
  return { path, staged, saved, before: before && sha256(before), after: content && sha256(content) };
}

/** Does one operation. */
function perform(root: string, { path, staged }: Operation): void {
  if (staged) {
    renameSync(join(root, JOURNAL_FOLDER, staged), join(root, path));
  } else {
    rmSync(join(root, path), { force: true });
  }
}

/** What stands at a path: the hash of a file, undefined for nothing, something else for anything else. */
function hashAt(root: string, path: string): string | undefined {
  const standing = lookAt(root, path);
  return standing.kind === 'absent' ? undefined : standing.kind === 'file' ? sha256(standing.content) : standing.what;
}

/** Takes the journal away first: without it, what is left of its folder means nothing. Then folders that became empty. */
function finish(root: string, removed: readonly string[]): void {
  const journalFolder = join(root, JOURNAL_FOLDER);
  rmSync(join(journalFolder, JOURNAL), { force: true });
  rmSync(journalFolder, { recursive: true, force: true });
  for (const path of removed) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      removeEmptyFolders([join(root, folder)]);
    }
  }
}

function writeNew(path: string, content: Buffer, executable: boolean): void {
  writeFileSync(path, content, { mode: executable ? 0o777 : 0o666, flag: 'wx' });
}

/** Makes a folder and those above it; the ones that it made, outermost first. */
function makeFolder(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true });
  const made: string[] = [];
  for (let current = folder; first && current.length >= first.length; current = dirname(current)) {
    made.unshift(current);
  }
  return made;
}

/** Removes these folders where they are empty, innermost first. */
function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of [...new Set(folders)].sort((a, b) => b.length - a.length)) {
    if (existsSync(folder) && readdirSync(folder).length === 0) {
      rmdirSync(folder);
    }
  }
}
