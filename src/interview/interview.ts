import type { PlainObject } from '../config/paths';
import { AnswersError } from '../config/problem';
import { askFor } from './ask-for';
import { Back } from './back';
import { wrongAnswers } from './missing';
import {
  askedAgain,
  type InterviewState,
  type Judge,
  lastTyped,
  lookupKey,
  type Next,
  type Progress,
  progress,
  withTyped,
} from './progress';
import type { Prompter } from './prompt';
import type { Access, Context, Found, LookupKind, Suggestion } from './question';
import { SECTIONS } from './questions';
import type { Turn } from './turns';
import { objection } from './typed-answer';

/** Looks up facts outside of the answers, and says itself what it saw. It fails for nothing: then it found nothing. */
export type LookUp = (kind: LookupKind, environment: string, context: Context, by: string) => Promise<Found>;

export interface Interview {
  /** Answers of any origin, incomplete. */
  readonly given: PlainObject;
  /** Their name in an error, such as the file's name. */
  readonly source: string;
  readonly prompter: Prompter;
  /** The only environment to ask about. Absent: all. */
  readonly only?: string;
  readonly suggested?: readonly Suggestion[];
  /** Ways to look facts up; absent, nothing is. */
  readonly lookups?: { readonly access: Access; readonly lookUp: LookUp };
  /** Gets the state after each answer, so that another run can go on with it; undefined once that would be wrong. */
  readonly keep?: (state: InterviewState | undefined) => void;
}

/** The state of an interview before its first question. */
export function begin({
  given,
  only,
  suggested = [],
  lookups,
}: Pick<Interview, 'given' | 'only' | 'suggested' | 'lookups'>): InterviewState {
  return { given, only, suggested, access: lookups?.access, typed: {}, lookedUp: {} };
}

/**
 * Asks for missing answers, in the order of the questions, from a state on. Given ones are kept, and not asked.
 *
 * @param before the state that a step back from the first question leads to; absent, one leads to the last answer
 * @returns the state after the last answer; {@link progress} has the answers of it
 * @throws AnswersError if the given answers are wrong already; then nothing was asked
 * @throws Cancelled if the prompter throws it
 */
export async function interview(
  about: Interview,
  from: InterviewState = begin(about),
  before?: InterviewState,
): Promise<InterviewState> {
  const wrong = wrongAnswers(about.given);
  if (wrong.length > 0) {
    throw new AnswersError(about.source, wrong);
  }
  const judge = remembering(objection);
  const heading = headings(about.prompter, about.only === undefined);
  let state = from;
  for (;;) {
    const sofar = progress(state, judge);
    if (!sofar.next) return state;
    if (sofar.next.by === undefined) heading(sofar.next.turn);
    state = await step(about, state, sofar, sofar.next, judge, state === from ? before : undefined);
    about.keep?.(state);
    if (state === before) return state;
  }
}

async function step(
  { prompter, lookups }: Interview,
  state: InterviewState,
  sofar: Progress,
  next: Next,
  judge: Judge,
  before: InterviewState | undefined,
): Promise<InterviewState> {
  const { turn, context, by } = next;
  if (by !== undefined) return lookedUp(state, turn, context, by, lookups!.lookUp);
  const previous = lastTyped(sofar);
  try {
    return withTyped(state, turn, await askFor(next, prompter, (before ?? previous) !== undefined, judge));
  } catch (error) {
    if (!(error instanceof Back)) throw error;
    if (before) return before;
    if (previous) return askedAgain(state, previous);
    throw error;
  }
}

/** A state with the result of a lookup. */
async function lookedUp(
  state: InterviewState,
  turn: Turn,
  context: Context,
  by: string,
  lookUp: LookUp,
): Promise<InterviewState> {
  const found = await lookUp(turn.question.lookup!, turn.environment!, context, by);
  const result = { of: lookupKey(turn, context, by), found };
  return { ...state, lookedUp: { ...state.lookedUp, [turn.path.join('.')]: result } };
}

/**
 * Answers that need no question: those that follow from others, and facts that lookups find if the profile for them is
 * known.
 *
 * @throws what a lookup throws
 */
export async function answersWithoutQuestions(
  about: Pick<Interview, 'given' | 'only' | 'lookups'>,
): Promise<PlainObject> {
  let state = begin(about);
  for (;;) {
    const { next, answers } = progress(state, objection, false);
    if (!next) return answers;
    state = await lookedUp(state, next.turn, next.context, next.by!, about.lookups!.lookUp);
  }
}

/** Shows the section and the environment before the first question of each. */
function headings(prompter: Prompter, withSections: boolean): (turn: Turn) => void {
  let last: Partial<Turn> = {};
  return (turn) => {
    if (withSections && turn.section !== last.section) {
      prompter.section(`${SECTIONS.indexOf(turn.section) + 1}/${SECTIONS.length + 1}  ${turn.section.title}`);
    }
    if (turn.environment !== undefined && turn.environment !== last.environment) {
      prompter.section(turn.environment, 2);
    }
    last = turn;
  };
}

/** A judge that judges each answer once: with each question, all those before it are looked at again. */
function remembering(judge: Judge): Judge {
  const judged = new Map<string, string | undefined>();
  return (turn, context, answer) => {
    const key = JSON.stringify([turn.path, context.answers, answer]);
    if (!judged.has(key)) judged.set(key, judge(turn, context, answer));
    return judged.get(key);
  };
}
