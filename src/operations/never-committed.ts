import { spawnSync } from 'node:child_process';

import { childEnvironment } from './child-environment';

/**
 * The files, of those that are missing in a repository, that none of its commits has ever had: an ignore file kept them out
 * of git, and so a clone has none. None without git, and before the first commit; `unknown` in a clone without the whole
 * history.
 *
 * @param root of the repository, which may lie below the root of git's
 * @param missing paths from there, with `/` between folders
 * @param present a path from there that was committed with them if anything was
 */
export function neverCommitted(root: string, missing: readonly string[], present: string): string[] | 'unknown' {
  const isShallow = missing.length === 0 ? undefined : git(root, 'rev-parse', '--is-shallow-repository');
  if (isShallow !== 'false\n') {
    return isShallow === 'true\n' ? 'unknown' : [];
  }
  const everCommitted = (path: string) =>
    git(root, 'log', '--full-history', '--format=%H', '--max-count=1', 'HEAD', '--', path);
  return everCommitted(present) ? missing.filter((path) => everCommitted(path) === '') : [];
}

/** The output of git; undefined if it fails. */
function git(root: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    env: childEnvironment(process.env),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
