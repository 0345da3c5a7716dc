import { createRequire } from 'node:module';
import { join } from 'node:path';

import { attachedEnvironment, childEnvironment } from '../child-environment';
import { Failed, ProgramFailure } from '../failed';
import { failureOf, runProgram, whyFailed } from '../program';
import type { Session } from '../session';
import { APP } from './config';

/**
 * Runs a command of the CDK that the repository has installed, in its terminal.
 *
 * @returns its exit code
 * @throws Failed if it is not installed, cannot be started, or the signal ends it
 */
export async function runCdk(session: Session, args: readonly string[]): Promise<number> {
  const { root, signal } = session;
  const env = attachedEnvironment(session.env);
  const options = { cwd: join(root, APP), env, signal, attached: true };
  const ending = await runProgram(process.execPath, [cdkIn(root), ...args], options);
  if (signal.aborted) {
    throw new Failed('Interrupted. CloudFormation goes on with what it has begun.');
  }
  if (ending.exitCode === undefined) {
    throw new Failed(`The CDK did not do its job: ${whyFailed(ending, env)}.`);
  }
  return ending.exitCode;
}

/**
 * Writes the template of a stack, and its assets, into a folder.
 *
 * @param folder absolute
 * @throws ProgramFailure if the app cannot be synthesized
 */
export async function synthesize(session: Session, stack: string, folder: string): Promise<void> {
  const { root, signal } = session;
  const env = childEnvironment(session.env);
  const args = [cdkIn(root), 'synth', stack, '--quiet', '--output', folder];
  const ending = await runProgram(process.execPath, args, { cwd: join(root, APP), env, signal });
  if (!ending.ok) {
    throw new ProgramFailure(failureOf(`cdk synth ${stack}`, ending, env), ending.output);
  }
}

/** Path of the CDK's command line. */
function cdkIn(root: string): string {
  try {
    return createRequire(join(root, APP, 'cdk.json')).resolve('aws-cdk/bin/cdk');
  } catch {
    throw new Failed('The CDK is not installed in this repository: run npm ci.');
  }
}
