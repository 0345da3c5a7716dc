import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { Change, WantedFile } from './changes';

/** Where a sync that is under way keeps its journal, the new files, and copies of the old ones. */
const JOURNAL_FOLDER = '.projen/sync';
const JOURNAL = 'journal.json';

interface Operation {
  readonly path: string;
  /** File below the journal's folder that holds the new content; absent for a deletion. */
  readonly staged?: string;
  /** File below the journal's folder that holds the old content; absent where there was none. */
  readonly saved?: string;
}

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
      writeFile(join(staging, file.path), file);
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
 * @throws the file system's error; then the tree is as it was
 */
export function changeTree(root: string, changes: readonly Change[]): void {
  const writes = changes.filter(({ kind }) => kind === 'create' || kind === 'update' || kind === 'delete');
  if (writes.length === 0) {
    return;
  }
  const journalFolder = join(root, JOURNAL_FOLDER);
  const madeFolders = makeFolder(journalFolder);
  const operations: Operation[] = [];
  try {
    writes.forEach(({ path, kind, file }, index) => {
      const target = join(root, path);
      const staged = kind === 'delete' ? undefined : `${index}.new`;
      const saved = existsSync(target) ? `${index}.old` : undefined;
      if (staged && file) {
        writeFile(join(journalFolder, staged), file);
      }
      if (saved) {
        copyFileSync(target, join(journalFolder, saved));
      }
      operations.push({ path, staged, saved });
    });
    writeFileSync(join(journalFolder, `${JOURNAL}.new`), JSON.stringify(operations), { flush: true });
    renameSync(join(journalFolder, `${JOURNAL}.new`), join(journalFolder, JOURNAL));
    for (const operation of operations) {
      madeFolders.push(...makeFolder(dirname(join(root, operation.path))));
      perform(root, operation);
    }
  } catch (error) {
    for (const { path, saved } of operations.reverse()) {
      if (saved) {
        renameSync(join(journalFolder, saved), join(root, path));
      } else {
        rmSync(join(root, path), { force: true });
      }
    }
    rmSync(journalFolder, { recursive: true, force: true });
    removeEmptyFolders(madeFolders);
    throw error;
  }
  rmSync(journalFolder, { recursive: true, force: true });
  removeEmptyFolders(writes.filter(({ kind }) => kind === 'delete').map(({ path }) => dirname(join(root, path))));
}

/**
 * Completes what an earlier run was killed in; without a whole journal nothing was changed yet, and its leftovers go.
 *
 * @returns whether there was anything to repair
 */
export function repairTree(root: string): boolean {
  const journalFolder = join(root, JOURNAL_FOLDER);
  if (!existsSync(journalFolder)) {
    return false;
  }
  if (existsSync(join(journalFolder, JOURNAL))) {
    const operations = JSON.parse(readFileSync(join(journalFolder, JOURNAL), 'utf8')) as Operation[];
    for (const operation of operations) {
      makeFolder(dirname(join(root, operation.path)));
      perform(root, operation);
    }
  }
  rmSync(journalFolder, { recursive: true, force: true });
  return true;
}

/** Does one operation, or nothing where it was done before. */
function perform(root: string, { path, staged }: Operation): void {
  const target = join(root, path);
  if (!staged) {
    rmSync(target, { force: true });
    return;
  }
  const source = join(root, JOURNAL_FOLDER, staged);
  if (existsSync(source)) {
    renameSync(source, target);
  }
}

function writeFile(path: string, { content, executable }: WantedFile): void {
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
