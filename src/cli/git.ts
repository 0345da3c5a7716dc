import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { whyFailed } from '../operations/program';
import { shellPath } from '../operations/shell-word';
import { type Finished, run } from './run';

/** The relation of a directory, or of one to be made, to git repositories. */
export type GitPlace =
  /** In no repository. */
  | { readonly kind: 'none' }
  /** It is the root of one. */
  | { readonly kind: 'root' }
  /** Inside of one whose root, an absolute path, lies above; `path` leads from there, with `/` between folders. */
  | { readonly kind: 'below'; readonly root: string; readonly path: string }
  /** It cannot be found out, for the reason given. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Runs git in a directory. */
export type Git = (...args: readonly string[]) => Promise<Finished>;

/** Git in a directory; its messages are in English, so that they can be read, unless `env` says otherwise. */
export function gitIn(directory: string, signal: AbortSignal, env: Record<string, string> = { LC_ALL: 'C' }): Git {
  return (...args) => run('git', args, directory, signal, { env });
}

/** Whether there is anything of git's above a directory. Without it, git need not be asked. */
export function isBelowGit(directory: string): boolean {
  const folder = resolve(directory);
  return existsSync(join(folder, '.git')) || (folder !== dirname(folder) && isBelowGit(dirname(folder)));
}

/**
 * Asks git how a directory lies to its repositories. Only its own word that there is none counts as that: a repository
 * that git refuses to look at, such as another user's, is one.
 *
 * @throws the reason of the abort
 */
export async function findGitPlace(directory: string, signal: AbortSignal): Promise<GitPlace> {
  let folder = resolve(directory);
  while (!existsSync(folder)) {
    folder = dirname(folder);
  }
  const found = await gitIn(folder, signal)('rev-parse', '--is-inside-work-tree', '--show-toplevel', '--show-prefix');
  if (!found.ok) {
    return /^fatal: not a git repository \(or any/im.test(found.output)
      ? { kind: 'none' }
      : { kind: 'unknown', why: whyGitFailed(found) };
  }
  const [isInside, root = '', prefix = ''] = found.stdout.split('\n');
  if (isInside !== 'true') {
    return { kind: 'unknown', why: `${folder} is inside of a repository's .git` };
  }
  const path = [prefix.replace(/\/$/, ''), relative(folder, resolve(directory)).replaceAll('\\', '/')]
    .filter(Boolean)
    .join('/');
  return path === '' ? { kind: 'root' } : { kind: 'below', root, path };
}

/** Reason why git failed, in one line: the error in its output, or else the last line. */
export function whyGitFailed(ending: Finished): string {
  const { output, exitCode } = ending;
  if (exitCode === undefined || exitCode === 126 || exitCode === 127) return whyFailed(ending);
  if (/dubious ownership/.test(output)) {
    const [folder = 'it'] = /repository at '([^']+)'/.exec(output)?.slice(1) ?? [];
    return `git trusts no repository of another user, and ${folder} is one; git config --global --add safe.directory ${shellPath(folder)} makes it trust that one`;
  }
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  const line = lines.find((one) => /^(fatal|error): /.test(one)) ?? lines.at(-1) ?? 'git gave no reason';
  return line.replace(/^(fatal|error): /, '');
}
