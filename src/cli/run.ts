import { stripVTControlCharacters } from 'node:util';

import { childEnvironment } from '../operations/child-environment';
import { plainEnvironment } from '../operations/plain-environment';
import type { Finished } from '../operations/program';
import type { Console } from './console';

export type { Finished };

interface RunOptions {
  /** Variables of its environment, beside those of {@link childEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its standard input; nothing by default. */
  readonly input?: string;
  /** Streams that get its output as it comes. */
  readonly to?: Pick<Console, 'stdout' | 'stderr'>;
}

/**
 * Runs a command to its end. An abort ends it and all that it started.
 *
 * @throws the reason of the abort
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
  { env: more = {}, input, to }: RunOptions = {},
): Promise<Finished> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const isWindows = process.platform === 'win32';
  const child = execa(command, args, {
    cwd,
    env: { ...plainEnvironment(childEnvironment(process.env)), ...more },
    extendEnv: false,
    // A process group of its own, so that all its processes end with it. On Windows that would open a console window.
    detached: !isWindows,
    all: true,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    reject: false,
  });
  child.stdout.on('data', (chunk) => to?.stdout.write(chunk));
  child.stderr.on('data', (chunk) => to?.stderr.write(chunk));
  const stop = () => {
    try {
      if (isWindows) {
        void execa('taskkill', ['/pid', String(child.pid), '/t', '/f'], { reject: false });
      } else {
        process.kill(-child.pid!, 'SIGTERM');
      }
    } catch {
      // It has ended already.
    }
  };
  signal.addEventListener('abort', stop);
  const { failed, all = '', stdout = '', exitCode, signal: endedBy, code } = await child;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return {
    command,
    ok: !failed,
    code: exitCode === undefined && endedBy === undefined ? code : undefined,
    exitCode,
    signal: endedBy,
    output: stripVTControlCharacters(all),
    stdout: stripVTControlCharacters(stdout),
  };
}
