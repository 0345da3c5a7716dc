import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed } from '../failed';

/**
 * The path of a file that another job handed on. That job may have run what nobody has looked at: through a link, a file
 * of this machine would be read, and told.
 *
 * @returns undefined if there is none
 * @throws Failed for anything but a file
 */
export function artifactFile(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isFile()) throw new Failed(`Refused: ${path} must be a file.`);
  return found && path;
}

/** The text of such a file; undefined if there is none. */
export function artifactText(folder: string, name: string): string | undefined {
  const path = artifactFile(folder, name);
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}
