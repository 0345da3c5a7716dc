import { repositoryRoot } from '../operations/repository-root';
import type { Session } from '../operations/session';
import type { Console } from './console';

/** The session for operations in the repository of the working directory. */
export function openSession({ env, stdin, stdout, stderr }: Console, signal: AbortSignal): Session {
  return { root: repositoryRoot(process.cwd()), env, stdin, stdout, stderr, signal };
}
