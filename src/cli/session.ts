import { repositoryRoot } from '../operations/repository-root';
import type { Session } from '../operations/session';
import type { Console } from './console';

/** What an operation of the repository in the working directory works with. */
export function openSession({ env, stdin, stdout, stderr }: Console, signal: AbortSignal): Session {
  return { root: repositoryRoot(process.cwd()), env, stdin, stdout, stderr, signal };
}
