import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ANSWERS_FILE } from '../config/answers-file';

/**
 * The root of the emitted repository that a folder lies in: the nearest above with answers, as npx projen finds its own.
 * The folder itself if there is none.
 */
export function repositoryRoot(folder: string): string {
  for (let root = folder; ; root = dirname(root)) {
    if (existsSync(join(root, ANSWERS_FILE))) return root;
    if (root === dirname(root)) return folder;
  }
}
