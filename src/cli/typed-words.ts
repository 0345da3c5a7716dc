import { resolve } from 'node:path';

import { UsageError } from './usage-error';

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
