import { childEnvironment } from '../child-environment';
import { ProgramFailure } from '../failed';
import { failureOf, type ProgramOptions, runProgram } from '../program';
import type { Session } from '../session';
import { COSIGN, REGCTL } from './tools';

type RunOptions = Pick<ProgramOptions, 'input' | 'show'>;

/**
 * Runs a program in the root of the repository; what it prints, without white space around it. Jobs that install nothing have
 * `run` of `github/checkout.ts`: the help and the excerpts here would make their bundles longer.
 *
 * @param words the program and its arguments
 * @throws ProgramFailure if it fails or cannot be started
 */
export async function runTool(session: Session, words: readonly string[], options: RunOptions = {}): Promise<string> {
  return (await runToolAccepting(session, [0], words, options)).stdout;
}

/** The same, for a program that says something by its exit code; `accepted` has those that are no failure. */
export async function runToolAccepting(
  { root, env: own }: Session,
  accepted: readonly number[],
  words: readonly string[],
  { input, show = false }: RunOptions = {},
): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  const [command = '', ...args] = words;
  const env = { ...(show ? own : childEnvironment(own)), AWS_PAGER: '' };
  // On Windows npm is a script, which only a shell starts; its words here need no quotes.
  const shell = process.platform === 'win32' && command === 'npm';
  const ending = await runProgram(command, args, { cwd: root, env, input, show, shell });
  const { code, exitCode, output, stdout } = ending;
  if (code === 'ENOENT' && HELP[command]) throw new ProgramFailure(missing(command), output);
  if (exitCode === undefined || !accepted.includes(exitCode)) {
    throw new ProgramFailure(failureOf(words.slice(0, 3).join(' '), ending, env), output);
  }
  return { exitCode, stdout: stdout.trim() };
}

const HELP: Readonly<Record<string, string>> = {
  regctl: `go install ${REGCTL}`,
  cosign: `https://docs.sigstore.dev says how to install it; workflows use ${COSIGN}`,
  syft: 'https://github.com/anchore/syft says how to install it',
};

function missing(command: string): string {
  return `${command} is needed, and is not on the PATH: ${HELP[command]}`;
}
