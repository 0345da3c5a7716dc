import { accessSync, constants, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { ANSWERS_FILE } from '../config/answers-file';
import { objectionsTo, removeEmptyBooks } from '../project/take-in';
import { repairTree } from '../project/writer';
import { expandHome } from './home';
import { isLeftBehind } from './left-behind';
import { UsageError } from './usage-error';

/** Directory of a new repository. */
export interface Destination {
  /** Absolute. */
  readonly directory: string;
  /** As it was typed, with the home folder in full. */
  readonly shown: string;
  /** Whether the directory exists already; else it is made. */
  readonly exists: boolean;
  /** Whether there is nothing in it, or it is not there. */
  readonly isEmpty: boolean;
  /** Whether it is the root of a repository of git, without one of this tool's. */
  readonly isClone: boolean;
}

/**
 * Checks that a repository can be written there: the directory does not exist, or nobody has put anything into it. An
 * earlier run that was killed there is taken back first.
 *
 * @param typed from the working directory
 * @throws UsageError if something is in the way
 */
export function findDestination(typed: string): Destination {
  const shown = expandHome(typed);
  const directory = resolve(shown);
  if (!isThere(directory)) {
    checkParent(directory, shown);
    return { directory, shown, exists: false, isEmpty: true, isClone: false };
  }
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${shown} is a file; name a directory that is empty, or not there yet`);
  }
  checkWritable(directory, shown);
  if (existsSync(join(directory, '.projen'))) {
    repairTree(directory);
    removeEmptyBooks(directory);
  }
  const entries = readdirSync(directory);
  if (entries.includes(ANSWERS_FILE)) {
    throw new UsageError(
      `${shown} is a repository that this tool emitted already. To bring it up to date, change ${ANSWERS_FILE} there and run: npx projen`,
    );
  }
  const others = entries.filter((name) => !isLeftBehind(name)).sort();
  if (others.length > 0) {
    const list = others.slice(0, 5).join(', ');
    throw new UsageError(
      `${shown} is not empty: ${list}${others.length > 5 ? ` and ${others.length - 5} more` : ''}. Name a directory that is empty, a fresh clone, or one that is not there yet`,
    );
  }
  const objections = objectionsTo(directory, entries);
  if (objections.length > 0) {
    throw new UsageError(`${shown} has files that cannot be kept:\n${objections.map((one) => `  ${one}`).join('\n')}`);
  }
  return { directory, shown, exists: true, isEmpty: entries.length === 0, isClone: entries.includes('.git') };
}

/** Whether there is anything of this name, be it a link that leads nowhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Something above is a file, or may not be searched: that is said of the folder above.
    return false;
  }
}

/** The nearest folder above that exists must be one that can be written into. */
function checkParent(directory: string, shown: string): void {
  let parent = dirname(directory);
  while (!existsSync(parent)) {
    parent = dirname(parent);
  }
  if (!statSync(parent).isDirectory()) {
    throw new UsageError(`${shown} cannot be made: ${basename(parent)} is a file`);
  }
  checkWritable(parent, shown, parent);
}

function checkWritable(folder: string, shown: string, parent?: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    const what = parent ? `${shown} cannot be made: ${join(parent)} is not writable` : `${shown} is not writable`;
    throw new UsageError(`${what}; name another directory`);
  }
}
