import { AnswersError } from '../config/problem';
import { Cancelled } from './cancelled';
import { begin, type Interview, interview } from './interview';
import { askedAgain, type InterviewState, lastTyped, progress, withoutFixed } from './progress';
import { type Presented, review } from './review';

/**
 * Asks for answers, and shows them before anything is written: each can be changed until the person says to write.
 *
 * @param from the state that an earlier run got to
 * @param prepare makes of complete answers what will be written
 * @param present shows it: the choice that writes it, such as `write 96 files to ./acme`, and what to read before
 * @returns what `prepare` made of the last answers; a change that it refuses is taken back. If nobody was asked, they are not shown
 * @throws Cancelled, and what {@link interview} and `prepare` throw
 */
export async function conversation<T>(
  about: Interview,
  from: InterviewState | undefined,
  prepare: (answers: Record<string, unknown>) => Promise<T>,
  present: (prepared: T) => Presented,
): Promise<T> {
  let state = from ?? begin(about);
  /** Answers before one of them is changed: a step back keeps them. */
  let reviewed: InterviewState | undefined;
  for (;;) {
    state = await interview(about, state, reviewed);
    const sofar = progress(state);
    const prepared = await prepare(sofar.answers).catch((error: unknown) => {
      if (error instanceof AnswersError && reviewed) return error;
      throw error;
    });
    if (prepared instanceof AnswersError) {
      about.prompter.say('! The change does not fit the other answers, so it is taken back:');
      for (const { path, message } of prepared.problems) about.prompter.say(`! ${path} ${message}`);
      state = reviewed!;
      reviewed = undefined;
      about.keep?.(state);
      continue;
    }
    if (lastTyped(sofar) === undefined) return prepared;
    const decision = await review(sofar, { isPart: about.only !== undefined, ...present(prepared) }, about.prompter);
    if (decision === 'write') return prepared;
    if (decision === 'cancel') {
      about.keep?.(undefined);
      throw new Cancelled();
    }
    reviewed = 'change' in decision ? state : undefined;
    state =
      'change' in decision ? askedAgain(withoutFixed(state, sofar), decision.change) : askedAgain(state, decision.back);
  }
}
