import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ANSWERS_FILE } from '../config/answers-file';
import { repositoryRoot } from '../operations/repository-root';
import type { Session } from '../operations/session';
import type { Console } from './console';
import { UsageError } from './usage-error';

/** The session for operations in the repository of the working directory. */
export function openSession({ env, stdin, stdout, stderr }: Console, signal: AbortSignal): Session {
  const root = repositoryRoot(process.cwd());
  if (!existsSync(join(root, ANSWERS_FILE))) {
    throw new UsageError(
      `there is no ${ANSWERS_FILE} here, nor in a folder above; run this in a repository that create-quilt-mcp-deploy emitted`,
    );
  }
  return { root, env, stdin, stdout, stderr, signal };
}
