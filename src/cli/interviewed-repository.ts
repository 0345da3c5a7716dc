import { costsOf } from '../cost/cost';
import { monthOf } from '../cost/money';
import { Cancelled } from '../interview/cancelled';
import { conversation } from '../interview/conversation';
import { begin, type Interview } from '../interview/interview';
import type { Prompter } from '../interview/prompter';
import type { Console } from './console';
import type { CreateOptions } from './create-options';
import type { Destination } from './destination';
import { forgetInterview, type KeptInterview, keepInterview } from './kept-interview';
import { lookups } from './lookups';
import { type Rendered, renderRepository } from './rendered-repository';

/** Data of an interview for a new repository. */
interface About {
  readonly given: Record<string, unknown>;
  /** Origin of the answers, for messages. */
  readonly source: string;
  readonly prompter: Prompter;
  readonly commandLine: CreateOptions;
  /** The interview that is gone on with. */
  readonly kept: KeptInterview | undefined;
  readonly destination: Destination;
  /** Name of the GitHub repository that the directory is a clone of. */
  readonly origin: string | undefined;
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly warningsOf: (rendered: Rendered) => readonly string[];
}

/**
 * Asks for the answers that are missing, and makes the repository of them. Answers are kept outside of it until it is written.
 *
 * @returns the repository; whether somebody saw it before; and whether the answers are kept still
 * @throws Cancelled, AnswersError
 */
export async function interviewedRepository({
  given,
  source,
  prompter,
  commandLine,
  kept,
  destination,
  origin,
  console,
  signal,
  warningsOf,
}: About): Promise<{ readonly rendered: Rendered; readonly isReviewed: boolean; readonly isKept: boolean }> {
  const { shown, directory } = destination;
  let isKept = false;
  let isReviewed = false;
  const ways = lookups(console, commandLine.profile, (line) => prompter.say(line), signal, true);
  const about: Interview = {
    given,
    source,
    prompter,
    suggested: origin === undefined ? [] : [{ path: 'repository.name', value: origin, evidence: 'the remote origin' }],
    lookups: ways,
    keep: (state) => {
      isKept = state !== undefined && keepInterview(console.env, directory, commandLine, state);
      if (!state) forgetInterview(console.env);
    },
  };
  const from = kept && { ...begin(about), typed: kept.typed, lookedUp: kept.lookedUp };
  try {
    const rendered = await conversation(
      about,
      from,
      (answers) => renderRepository(answers, source, destination),
      (prepared) => {
        isReviewed = true;
        const files = `${prepared.files.length} files`;
        return {
          write: commandLine['dry-run'] ? `show the ${files} that would be written` : `write ${files} to ${shown}`,
          warnings: [...warningsOf(prepared), ...ways.warningsOf(prepared.deployment)],
          costs: costsOf(prepared.deployment).map((cost) => [cost.name, monthOf(cost)] as const),
        };
      },
    );
    return { rendered, isReviewed, isKept };
  } catch (error) {
    if (error instanceof Cancelled && isKept) {
      prompter.say(`Your answers for ${shown} are kept: --resume goes on with them.`);
    }
    throw error;
  }
}
