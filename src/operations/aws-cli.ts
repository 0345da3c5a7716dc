import { childEnvironment } from './child-environment';
import { excerpt } from './excerpt';
import { Failed } from './failed';
import { runProgram, whyFailed } from './program';
import type { Session } from './session';

/**
 * The answer of a command of the AWS CLI, parsed; an empty object if it is empty.
 *
 * @param words the service, the operation and its options
 * @throws Failed with the AWS CLI's error, or the reason why it cannot be started
 */
export type Aws = <T = unknown>(...words: readonly string[]) => Promise<T>;

/** The AWS CLI on the PATH. A signal ends no call: the effect of a call in AWS could then not be taken back. */
export function awsCli({ root, env: given }: Pick<Session, 'root' | 'env'>): Aws {
  const env = { ...childEnvironment(given), AWS_PAGER: '' };
  return async <T>(...words: readonly string[]) => {
    const ending = await runProgram('aws', [...words, '--output', 'json'], { cwd: root, env });
    if (!ending.ok) {
      throw new Failed(
        ending.code === undefined
          ? excerpt('aws', ending.output) || whyFailed(ending, env)
          : `The AWS CLI is needed: ${whyFailed(ending, env)}.`,
      );
    }
    return JSON.parse(ending.stdout.trim() || '{}') as T;
  };
}
