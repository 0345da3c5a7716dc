import { homedir } from 'node:os';
import { join } from 'node:path';

import { UsageError } from './usage-error';

/**
 * A path as a shell would have read it: `~/` at its beginning is the user's home. A shell leaves it alone in quotes, after
 * an `=`, and in an answer.
 *
 * @param typed as somebody typed it
 * @throws UsageError for the home of another user, `~name`
 */
export function expandHome(typed: string): string {
  if (!typed.startsWith('~')) {
    return typed;
  }
  const [user, ...rest] = typed.split(process.platform === 'win32' ? /[\\/]/ : '/');
  if (user !== '~') {
    throw new UsageError(
      `${typed}: ${user} is not expanded here. Write the whole path; for a directory of this name, write ./${typed}`,
    );
  }
  return join(homedir(), ...rest);
}
