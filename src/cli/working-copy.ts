import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { ANSWERS_FILE } from '../config/schema';
import type { WorkingCopy } from '../operations/delivery/working-copy';
import { repositoryRoot } from '../operations/repository-root';
import { ownCommand } from '../project/package-root';
import type { Console } from './console';
import { UsageError } from './usage-error';

/**
 * The emitted repository that the working directory lies in, for an operation.
 *
 * @throws UsageError if there is none
 */
export function workingCopy({ env, stdout }: Console): WorkingCopy {
  const root = repositoryRoot(process.cwd());
  if (!existsSync(join(root, ANSWERS_FILE))) {
    throw new UsageError(
      `there is no ${ANSWERS_FILE} here, nor in a folder above; run this in a repository that create-quilt-mcp-deploy emitted`,
    );
  }
  return { root, env, ownCommand: ownCommand(), say: (text) => stdout.write(`${text}\n`) };
}

/**
 * The words of a command line that are no options.
 *
 * @param most how many there may be
 * @throws UsageError if there are more
 */
export function wordsOf(positionals: readonly string[], most: number): readonly (string | undefined)[] {
  const more = positionals[most];
  if (more !== undefined) throw new UsageError(`${JSON.stringify(more)} is one word too many; see --help`);
  return positionals;
}

/** A path that somebody typed, from the root of the file system. */
export function typedPath(path: string): string;
export function typedPath(path: string | undefined): string | undefined;
export function typedPath(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}
