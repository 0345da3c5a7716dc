import { childEnvironment } from '../operations/child-environment';
import type { Console } from './console';

/** How a command ended. */
export interface Finished {
  readonly ok: boolean;
  /** Undefined where it could not be started, or was ended by a signal. */
  readonly exitCode?: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly stdout: string;
  /** Why it could not be started or was ended, in words; undefined if it ended by itself. */
  readonly obstacle?: string;
}

interface RunOptions {
  /** Variables of its environment, beside those of {@link childEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
  /** What its standard input has; nothing by default. */
  readonly input?: string;
  /** Where what it says goes as it says it. */
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
    env: { ...childEnvironment(process.env), ...more },
    extendEnv: false,
    // A process group of its own, so that what it started ends with it. On Windows that would open a console window.
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
  const result = await child;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  const { failed, all, stdout, exitCode } = result;
  return { ok: !failed, exitCode, output: all ?? '', stdout: stdout ?? '', obstacle: obstacleOf(command, result) };
}

function obstacleOf(
  command: string,
  { code, exitCode, signal }: { readonly code?: string; readonly exitCode?: number; readonly signal?: string },
): string | undefined {
  if (code === 'ENOENT') return `${command} is not on the PATH`;
  if (code === 'EACCES' || exitCode === 126) return `${command} is on the PATH, but cannot be executed`;
  if (signal !== undefined) return `${command} was ended by the signal ${signal}`;
  return code !== undefined && exitCode === undefined ? `${command} cannot be started: ${code}` : undefined;
}
