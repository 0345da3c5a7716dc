import { accessSync, constants, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { ANSWERS_FILE } from '../config/schema';
import { UsageError } from './usage-error';

/** Where a new repository goes. */
export interface Destination {
  /** Absolute. */
  readonly directory: string;
  /** As it was typed. */
  readonly shown: string;
  /** Whether it is an empty directory already, to be written into; else it is to be made. */
  readonly exists: boolean;
}

/**
 * Whether a repository can be written there.
 *
 * @param shown as it was typed, from the working directory
 * @throws UsageError where something is in the way
 */
export function findDestination(shown: string): Destination {
  const directory = resolve(shown);
  if (!isThere(directory)) {
    checkParent(directory, shown);
    return { directory, shown, exists: false };
  }
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${shown} is a file; name a directory that is empty, or not there yet`);
  }
  checkWritable(directory, shown);
  const entries = readdirSync(directory);
  if (entries.includes(ANSWERS_FILE)) {
    throw new UsageError(
      `${shown} is a repository that this tool emitted already. To bring it up to date, change ${ANSWERS_FILE} there and run: npx projen`,
    );
  }
  if (entries.length > 0) {
    const list = entries.sort().slice(0, 5).join(', ');
    throw new UsageError(
      `${shown} is not empty: ${list}${entries.length > 5 ? ` and ${entries.length - 5} more` : ''}. Name a directory that is empty, or not there yet`,
    );
  }
  return { directory, shown, exists: true };
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
