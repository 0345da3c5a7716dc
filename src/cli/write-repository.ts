import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { WantedFile } from '../project/changes';
import { type Kept, planBeside, takeAway } from '../project/take-in';
import { changeTree, createTree } from '../project/writer';
import type { Destination } from './destination';
import { isLeftBehind } from './left-behind';

/** Files that `npm install` adds to those of a new repository. */
const INSTALLED = ['node_modules', 'package-lock.json'];

export interface Written {
  readonly kept: readonly Kept[];
  /** Removes the written files, and nothing else of a directory that existed before. */
  readonly undo: () => void;
}

/** Writes a repository, whole or not at all. */
export function writeRepository({ directory, exists, isEmpty }: Destination, files: readonly WantedFile[]): Written {
  if (exists) {
    const { writes, kept } = planBeside(directory, files);
    changeTree(directory, writes);
    const undo = () => {
      takeAway(directory, writes);
      // In a directory that was empty, all files are of this run but those that an editor or the desktop left
      // meanwhile.
      const made = isEmpty ? readdirSync(directory).filter((name) => !isLeftBehind(name)) : INSTALLED;
      for (const name of made) {
        remove(join(directory, name));
      }
    };
    return { kept, undo };
  }
  const made = mkdirSync(dirname(directory), { recursive: true });
  try {
    createTree(directory, files);
  } catch (error) {
    if (made) {
      remove(made);
    }
    throw error;
  }
  return { kept: [], undo: () => remove(made ?? directory) };
}

/** Retries: a process that is being ended may still write there. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
