import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Failed } from '../failed';
import type { Checkout } from './checkout';
import { environmentNames } from './variables';

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

/** A report on an environment; undefined if its job handed none on. */
export interface EnvironmentReport {
  readonly name: string;
  readonly report?: string;
}

/**
 * The reports that a job of each of the ENVIRONMENTS handed on.
 *
 * @param folder as the caller's words name it
 * @throws WrongInput if the variable is not a list of names; Failed for anything but files
 */
export function environmentReports({ root, env }: Checkout, folder: string): EnvironmentReport[] {
  return environmentNames(env).map((name) => ({ name, report: artifactText(resolve(root, folder), `${name}.txt`) }));
}
