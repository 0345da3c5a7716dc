import { Back } from './back';
import { choicesOf, defaultText, ownerOfDefault } from './default-answer';
import type { Judge, Next } from './progress';
import type { Prompter } from './prompt';
import { NONE, type Suggestion } from './question';
import { hintOf, isRequired } from './turns';
import { parse, textOf } from './typed-answer';

/** Value of the choice after which an answer is typed. No answer is the empty text. */
const OTHER = '';
/** Candidates that a hint names. */
const NAMED = 6;

/**
 * Asks for the answer to a question.
 *
 * @param canGoBack whether there is a question before it
 * @param judge says why an answer is none
 * @returns the answer; undefined for none
 * @throws Cancelled, and Back if `canGoBack`
 */
export async function askFor(next: Next, prompter: Prompter, canGoBack: boolean, judge: Judge): Promise<unknown> {
  const { turn, context, suggestion, before } = next;
  const { question, path } = turn;
  const proposed = textOf(before ? before.value : suggestion?.value);
  const initial = before ? proposed : defaultText(next);
  const common = { name: path.join('.'), message: question.message, canGoBack };
  const hint =
    [hintOf(turn, context), hintOfNone(next, initial), sourceOf(next) ?? originOf(next, initial)]
      .filter(Boolean)
      .join(' ') || undefined;
  const check = (typed: string) => judge(turn, context, parse(turn, context, typed));
  const choices = choicesOf(next);
  if (!choices) {
    return parse(turn, context, await prompter.text({ ...common, hint, initial, check }));
  }
  const { other } = choices;
  const offered = choices.offered.map((choice) => ({
    ...choice,
    disabled: judge(turn, context, parse(turn, context, choice.value)),
  }));
  const isTyped = other !== undefined && proposed !== undefined && !offered.some(({ value }) => value === proposed);
  for (;;) {
    const answer = await prompter.select({
      ...common,
      hint,
      initial: isTyped ? OTHER : initial,
      choices: [...offered, ...(other ? [{ value: OTHER, title: other.title }] : [])],
    });
    if (!other || answer !== OTHER) return parse(turn, context, answer);
    try {
      return parse(
        turn,
        context,
        await prompter.text({ ...common, ...other, canGoBack: true, check, initial: isTyped ? proposed : undefined }),
      );
    } catch (error) {
      if (!(error instanceof Back)) throw error;
    }
  }
}

/** Hint how to give no answer, if a question allows that. */
function hintOfNone({ turn, context }: Next, initial: string | undefined): string | undefined {
  if (turn.question.lookup || turn.question.choices || isRequired(turn, context)) return undefined;
  if (turn.question.required?.(context) !== false) return undefined;
  return initial === undefined ? 'Leave empty for none.' : `Type ${NONE} for none.`;
}

/** Source of what is proposed, or of the candidates, if something was found. */
function sourceOf({ turn, suggestion }: Next): string | undefined {
  if (!suggestion) return undefined;
  // Those of a text are its choices.
  const listed = ['list', 'number'].includes(turn.question.kind) ? candidatesNamed(suggestion) : undefined;
  return [listed, `Source: ${suggestion.evidence}.`].filter(Boolean).join(' ');
}

/** Source of a default answer that nothing outside of the answers suggests. */
function originOf(next: Next, initial: string | undefined): string | undefined {
  if (initial === undefined) return undefined;
  const { turn, before } = next;
  const owner = ownerOfDefault(next, initial);
  if (owner !== undefined) return `The default is that of ${owner}.`;
  return turn.question.decision && !before ? "The default is this generator's." : undefined;
}

function candidatesNamed({ candidates = [] }: Suggestion): string | undefined {
  if (candidates.length === 0) return undefined;
  const named = candidates.slice(0, NAMED).map(({ value, why }) => `${value} (${why})`);
  const rest = candidates.length - named.length;
  return `There ${candidates.length === 1 ? 'is' : 'are'} ${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}
