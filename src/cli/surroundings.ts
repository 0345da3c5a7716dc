import type { Destination } from './destination';
import { findGitPlace, isBelowGit } from './git';
import { originOf } from './origin';

/** The surroundings of a new repository's directory. */
export interface DirectorySurroundings {
  /** `owner/name` of the GitHub repository that the directory is a clone of. */
  readonly origin?: string;
  /** Findings that no answer is taken from, one line each. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

const NOTHING = { notes: [], warnings: [] };

/**
 * Looks at the git repository that a new one goes into, if there is one.
 *
 * @throws the reason of the abort
 */
export async function lookAround(
  { directory, shown, isClone }: Destination,
  signal: AbortSignal,
): Promise<DirectorySurroundings> {
  if (!isBelowGit(directory)) {
    return NOTHING;
  }
  const place = await findGitPlace(directory, signal);
  if (place.kind === 'root') {
    if (!isClone) {
      return NOTHING;
    }
    const { name, elsewhere } = await originOf(directory, signal);
    const notes =
      elsewhere === undefined
        ? []
        : [`the remote origin is on ${elsewhere}, so repository.name is not taken from it: the workflows need GitHub`];
    return { origin: name, notes, warnings: [] };
  }
  if (place.kind === 'below') {
    return {
      notes: [],
      warnings: [
        `the workflows in ${shown} will not run: GitHub reads .github/workflows only at the root of a repository, and this directory lies inside the one at ${place.root}. Name a directory outside of it, or move this one out and run git init there`,
      ],
    };
  }
  return NOTHING;
}
