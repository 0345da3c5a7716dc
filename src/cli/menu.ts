import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ANSWERS_FILE } from '../config/answers-file';
import { type PlainObject, valueAt } from '../config/paths';
import { choosePrompter, type Prompter } from '../interview/prompter';
import { objectionToNames } from '../interview/typed-answer';
import { repositoryRoot } from '../operations/repository-root';
import { env as environment } from './commands/env';
import { sync } from './commands/sync';
import { upgrade } from './commands/upgrade';
import { type Console, isInteractive } from './console';
import { dispatch } from './dispatch';
import { openRepository } from './repository';
import { UsageError } from './usage-error';

/** Whether the working directory lies in a repository that this tool emitted. */
export function isEmitted(): boolean {
  return existsSync(join(repositoryRoot(process.cwd()), ANSWERS_FILE));
}

/**
 * Offers the commands of a repository that was emitted already, and runs the chosen one.
 *
 * @throws UsageError if nobody is there to ask, Cancelled, see {@link openRepository}, any error of the job
 */
export async function offerCommands(console: Console, signal: AbortSignal): Promise<number> {
  const { env, stdin, stdout } = console;
  if (!isInteractive(console, stdout)) {
    throw new UsageError(
      `this is a repository that create-quilt-mcp-deploy emitted already: run it with sync, upgrade or env add NAME, or name a directory for a new one`,
    );
  }
  const { answers } = openRepository(process.cwd());
  const prompter = choosePrompter(env, stdin, stdout, signal);
  const choice = await prompter.select({
    message: 'This repository is there already. What now?',
    choices: [
      { value: 'sync', title: `Bring it up to date with ${ANSWERS_FILE}` },
      { value: 'env', title: 'Add an environment' },
      { value: 'upgrade', title: 'Move it to the newest conventions and generator' },
    ],
  });
  if (choice === 'env') {
    return dispatch(environment, ['add', await askName(answers, prompter)], console, signal);
  }
  return dispatch(choice === 'sync' ? sync : upgrade, [], console, signal);
}

async function askName(answers: PlainObject, prompter: Prompter): Promise<string> {
  const name = await prompter.text({
    message: 'Name of the environment',
    hint: 'e.g. staging',
    check: (typed) =>
      valueAt(answers, ['environments', typed.trim()]) === undefined
        ? objectionToNames([typed.trim()])
        : 'there is an environment of this name already',
  });
  return name.trim();
}
