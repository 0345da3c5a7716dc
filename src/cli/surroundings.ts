import type { Destination } from './destination';
import { findGitPlace, isBelowGit } from './git';
import { originRepository } from './origin';

/** What a new repository finds where it goes. */
export interface Surroundings {
  /** `owner/name` of the GitHub repository that the directory is a clone of. */
  readonly origin?: string;
  readonly warnings: readonly string[];
}

/**
 * Looks at the git repository that a new one goes into, if there is one.
 *
 * @throws the reason of the abort
 */
export async function lookAround(
  { directory, shown, isClone }: Destination,
  signal: AbortSignal,
): Promise<Surroundings> {
  if (!isBelowGit(directory)) {
    return { warnings: [] };
  }
  const place = await findGitPlace(directory, signal);
  if (place.kind === 'root') {
    return { origin: isClone ? await originRepository(directory, signal) : undefined, warnings: [] };
  }
  if (place.kind === 'below') {
    return {
      warnings: [
        `the workflows in ${shown} will not run: GitHub reads .github/workflows only at the root of a repository, and this directory lies inside the one at ${place.root}. Name a directory outside of it, or move this one out and run git init there`,
      ],
    };
  }
  return { warnings: [] };
}
