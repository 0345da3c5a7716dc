import type { GitAttributesFile } from 'projen/lib/gitattributes';
import type { IgnoreFile } from 'projen/lib/ignore-file';

import { withHeader } from '../../generators/header';
import type { TargetGenerator } from '../../generators/target';
import { takenIn } from './gitignore';

/** The files of git's that projen renders. */
export const GIT_FILES = ['.gitignore', '.gitattributes'];

type Patterns = Pick<TargetGenerator, 'ignored' | 'lockFiles'>;

/**
 * Patterns of `.gitignore` and `.gitattributes` for an emitted repository.
 *
 * @param books the tool's own files
 */
export function configureGit(
  gitignore: IgnoreFile,
  gitattributes: GitAttributesFile,
  { ignored, lockFiles }: Patterns,
  books: readonly string[],
): void {
  for (const file of [gitignore, gitattributes]) {
    // projen's own files have no option to leave its marker out.
    Object.assign(file, { shouldAddMarker: false, readonly: false });
  }
  gitignore.removePatterns('!/.gitattributes');
  gitignore.addPatterns(...ignored, '/.projen/sync*/');
  gitattributes.addAttributes('/.projen/**', 'linguist-generated');
  // Nobody reads its differences, and of two lines for a file the next sync takes the right one.
  for (const file of books) {
    gitattributes.addAttributes(`/${file}`, 'text', 'eol=lf', '-diff', 'merge=union');
  }
  gitattributes.addAttributes('/package-lock.json', 'linguist-generated');
  for (const pattern of lockFiles) {
    gitattributes.addAttributes(pattern, 'linguist-generated');
  }
  gitattributes.addAttributes('*.tgz', 'binary');
}

/**
 * One of git's files as it is written. Without its marker, projen leaves an empty first line in one of them, and no last line
 * end in the other.
 *
 * @param text as projen renders it
 * @param paths every generated file
 */
export function gitFile(path: string, text: string, paths: readonly string[], { lockFiles }: Patterns): Buffer {
  const first = path === '.gitignore' ? takenIn(paths, lockFiles) : [];
  const content = `${[...first, text.trim()].join('\n')}\n`;
  return Buffer.from(withHeader({ path, content, ownership: 'merged' }).content);
}
