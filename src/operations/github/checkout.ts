import { childEnvironment } from '../child-environment';
import { Failed } from '../failed';
import { type Finished, runProgram } from '../program';
import type { Session } from '../session';
import { shellWord } from '../shell-word';

/** As much of a session as a step of a workflow has that installs nothing. */
export type Checkout = Pick<Session, 'root' | 'env' | 'stdout'> & Partial<Pick<Session, 'signal'>>;

interface Options {
  /** Content of its standard input; nothing by default. */
  readonly input?: string;
  /** Whether what it says goes to the log, and is not in what is returned. */
  readonly show?: boolean;
  /** Whether a shell starts it, which must then be given no words that it could read. */
  readonly shell?: boolean;
  /** Whether any exit code is an answer; otherwise 0 alone is. */
  readonly anyExitCode?: boolean;
}

/**
 * Runs a program in the root of a checkout.
 *
 * @throws Failed if it cannot be started, is ended, or fails
 */
export async function run(
  { root, env, signal }: Checkout,
  words: readonly [string, ...string[]],
  { anyExitCode = false, ...options }: Options = {},
): Promise<Finished> {
  const said = words.map(shellWord).join(' ');
  if (signal?.aborted) throw new Failed(`${said} was not run: the step was ended.`);
  const [command, ...args] = words;
  const ending = await runProgram(command, args, { cwd: root, env: childEnvironment(env), signal, ...options });
  if (ending.ok || (anyExitCode && ending.exitCode !== undefined)) return ending;
  const how =
    ending.code === undefined
      ? `failed: ${ending.signal ?? `exit code ${ending.exitCode}`}`
      : `cannot be started (${ending.code})`;
  throw new Failed([`${said} ${how}`, ending.output.trim()].filter(Boolean).join('\n'));
}
