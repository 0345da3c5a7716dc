import { childEnvironment } from './child-environment';
import { excerpt } from './excerpt';
import { ProgramFailure } from './failed';
import { runProgram, whyFailed } from './program';
import type { Session } from './session';

/**
 * The answer of a command of the AWS CLI, parsed; an empty object if it is empty.
 *
 * @param words the service, the operation and its options
 * @throws ProgramFailure with what the AWS CLI says, or with why it cannot be started
 */
export type Aws = <T = unknown>(...words: readonly string[]) => Promise<T>;

/** The AWS CLI on the PATH. A signal ends no call: the effect of a call in AWS could then not be taken back. */
export function awsCli({ root, env: given }: Pick<Session, 'root' | 'env'>, region?: string): Aws {
  const env = { ...childEnvironment(given), AWS_PAGER: '' };
  const where = region === undefined ? [] : ['--region', region];
  return async <T>(...words: readonly string[]) => {
    const args = [...words.slice(0, 2), ...where, ...words.slice(2), '--output', 'json'];
    const ending = await runProgram('aws', args, { cwd: root, env });
    if (!ending.ok) {
      throw new ProgramFailure(
        ending.code === undefined
          ? excerpt('aws', ending.output) || whyFailed(ending, env)
          : `The AWS CLI is needed: ${whyFailed(ending, env)}.`,
        ending.output,
      );
    }
    return JSON.parse(ending.stdout.trim() || '{}') as T;
  };
}

/**
 * The answer of a call; undefined if AWS says that there is no such resource.
 *
 * @param absent what AWS says then
 */
export async function answerOf<T>(answer: Promise<T>, absent: RegExp): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProgramFailure && absent.test(error.output)) return undefined;
    throw error;
  }
}
