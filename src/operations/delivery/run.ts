import { childEnvironment } from '../child-environment';
import { Failed } from '../failed';
import { failureOf, type ProgramOptions, runProgram } from '../program';
import { COSIGN, REGCTL } from './tools';
import type { WorkingCopy } from './working-copy';

/** A program that failed. */
export class ProgramFailure extends Failed {
  /** @param output all that it said */
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}

type RunOptions = Pick<ProgramOptions, 'input' | 'show'>;

/**
 * Runs a program in the root of the working copy; what it prints, without white space around it.
 *
 * @param words the program and its arguments
 * @throws ProgramFailure if it fails or cannot be started
 */
export async function run(copy: WorkingCopy, words: readonly string[], options: RunOptions = {}): Promise<string> {
  return (await runAccepting(copy, [0], words, options)).stdout;
}

/** The same, for a program that says something by its exit code; `accepted` has those that are no failure. */
export async function runAccepting(
  { root, env: own }: WorkingCopy,
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

/** Answer of the AWS CLI. */
export async function askAws<Answer>(
  copy: WorkingCopy,
  region: string,
  service: string,
  operation: string,
  ...words: readonly string[]
): Promise<Answer> {
  return JSON.parse(await run(copy, ['aws', service, operation, '--region', region, ...words, '--output', 'json']));
}

const HELP: Readonly<Record<string, string>> = {
  regctl: `go install ${REGCTL}`,
  cosign: `https://docs.sigstore.dev says how to install it; workflows use ${COSIGN}`,
  syft: 'https://github.com/anchore/syft says how to install it',
};

function missing(command: string): string {
  return `${command} is needed, and is not on the PATH: ${HELP[command]}`;
}
