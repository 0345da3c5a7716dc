import { childEnvironment } from '../child-environment';
import { Failed } from '../failed';
import { type Finished, runProgram } from '../program';
import { shellWord } from '../shell-word';

/** A checkout of an emitted repository, in which a step of a workflow runs. */
export interface Checkout {
  /** Its root; absolute. */
  readonly root: string;
  /** The caller's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Says something to a person, as lines of its own. */
  readonly say: (text: string) => void;
  /** Aborted if somebody ends the step. */
  readonly signal?: AbortSignal;
}

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
