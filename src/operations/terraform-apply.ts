import { attachedEnvironment } from './child-environment';
import { Failed } from './failed';
import { runProgram, whyFailed } from './program';
import type { Session } from './session';
import { terraformIn } from './terraform-root';

/**
 * Initialises a root of Terraform and applies it, in the terminal of the user, who is asked. No signal is passed on: a
 * terminal interrupts Terraform itself, which then ends in good order, and a second interrupt would not let it.
 *
 * @param root from the repository's root
 * @param words further arguments of `terraform apply`
 * @returns exit code of the first command that fails, or 0
 * @throws Failed if Terraform cannot be started, or a signal ends it
 */
export async function applyRoot(session: Session, root: string, words: readonly string[]): Promise<number> {
  const init = ['init', '-input=false', '-backend-config=backend.config.json'];
  return (await inTerminal(session, root, init)) || inTerminal(session, root, ['apply', ...words]);
}

async function inTerminal(session: Session, root: string, args: readonly string[]): Promise<number> {
  session.signal.throwIfAborted();
  const env = attachedEnvironment(session.env);
  const [command, ...all] = terraformIn(root, ...args);
  const ending = await runProgram(command, all, { cwd: session.root, env, attached: true });
  if (ending.exitCode === undefined) throw new Failed(`Terraform did not do its job: ${whyFailed(ending, env)}.`);
  return ending.exitCode;
}
