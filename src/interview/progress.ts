import { isObject, type PlainObject, valueAt, withoutValue } from '../config/paths';
import { missingAnswers } from './missing';
import type { Access, Context, Found, Suggestion } from './question';
import { contextOf, isAnswered, type Turn, walk, withAnswer } from './turns';
import { objection, textOf } from './typed-answer';

/** An interview so far: everything that the next question follows from. Each answer makes a new one. */
export interface InterviewState {
  /** Answers from before the first question: they are kept, and not asked for. */
  readonly given: PlainObject;
  /** The only environment to ask about. Absent: all, and what they share. */
  readonly only?: string;
  /** Suggestions that no lookup found. */
  readonly suggested: readonly Suggestion[];
  readonly access?: Access;
  /** Typed answers by path. */
  readonly typed: Readonly<Record<string, TypedAnswer>>;
  /** Results of lookups, by path. */
  readonly lookedUp: Readonly<Record<string, LookedUp>>;
}

export interface TypedAnswer {
  /** Undefined: no answer. */
  readonly value?: unknown;
  /** False if its question was gone back to: it is asked again, with the value as the default answer. */
  readonly stands: boolean;
  /** True if it counts in the place of the given answer to the same question. */
  readonly replaces?: true;
  /** True if its value is the given one, which is not here: what is typed can be kept in a file. */
  readonly isGiven?: true;
  /** True if it is no answer: the question is asked as if for the first time. */
  readonly isForgotten?: true;
}

export interface LookedUp {
  /** Answers that it is of: others make it void. */
  readonly of: string;
  readonly found: Found;
}

/** An answer with its source. */
export interface Settled {
  readonly turn: Turn;
  readonly context: Context;
  readonly value: unknown;
  /** Given ones are from before the first question; one that was left out has the value that holds without an answer. */
  readonly source: 'given' | 'typed' | 'follows' | 'left out' | Suggestion;
  /** The suggestion that somebody saw who typed it. */
  readonly suggestion?: Suggestion;
}

/** The next step of an interview. */
export interface Next {
  readonly turn: Turn;
  readonly context: Context;
  /** Answer that a lookup, or the caller, suggests. */
  readonly suggestion?: Suggestion;
  /** The answer that was typed before. */
  readonly before?: TypedAnswer;
  /** For a lookup that is to be made now, without a question: how. */
  readonly by?: string;
}

export interface Progress {
  /** All answers so far. */
  readonly answers: PlainObject;
  /** Those that a question is about, in the order of the questions. */
  readonly settled: readonly Settled[];
  /** Absent: all questions are answered. */
  readonly next?: Next;
}

export type Judge = typeof objection;

const ENVIRONMENTS = 'environments';

/**
 * Follows the questions in their order: which are answered, by whom, and which comes next.
 *
 * @param asks true ends at the first question without an answer; false passes over it, up to a lookup that needs no question
 */
export function progress(state: InterviewState, judge: Judge = objection, asks = true): Progress {
  const { given, only, access } = state;
  const settled: Settled[] = [];
  const found: Found[] = [];
  const missing = missingAnswers(given).map(({ path }) => path);
  let answers = withoutReplaced(state);
  for (const turn of walk(() => answers)) {
    if (only !== undefined && turn.environment !== only) continue;
    if (!isNamed(answers, turn.environment)) continue;
    const context = contextOf(answers, given, turn.environment, {
      access,
      suggestions: [...state.suggested, ...found.flatMap(({ suggestions }) => suggestions)],
      takenPriorities: takenPriorities(found, answers, turn.environment),
    });
    const typed = state.typed[turn.path.join('.')];
    if (isAnswered(answers, turn.path) && !typed?.replaces) {
      const source = isAnswered(given, turn.path) ? 'given' : 'follows';
      settled.push({ turn, context, value: valueAt(answers, turn.path), source });
      continue;
    }
    if (!(turn.question.when?.(context) ?? true)) continue;
    const step = settle(state, turn, context, judge);
    const { otherwise } = turn.question;
    const isLeftOut = otherwise?.isNeverAsked?.(context) || isDescribed(given, missing, turn.environment);
    if ('next' in step && !typed && otherwise && isLeftOut) {
      settled.push({ turn, context, value: otherwise.value, source: 'left out' });
      continue;
    }
    if ('next' in step) {
      if (asks || step.next.by !== undefined) return { answers, settled, next: step.next };
      continue;
    }
    settled.push(step);
    if (turn.question.lookup) found.push(state.lookedUp[turn.path.join('.')]!.found);
    else if (step.value !== undefined) answers = withAnswer(answers, turn, step.value);
  }
  return { answers, settled };
}

/** The given answers without those that others take the place of. What nobody asks for stays, also in environments. */
function withoutReplaced({ given, typed }: InterviewState): PlainObject {
  const replaced = Object.keys(typed).filter((path) => typed[path]!.replaces && path !== ENVIRONMENTS);
  return replaced.reduce((rest, path) => withoutValue(rest, path.split('.')) as PlainObject, given);
}

/** The answer to a question, or the question itself. */
function settle(state: InterviewState, turn: Turn, context: Context, judge: Judge): Settled | { readonly next: Next } {
  const path = turn.path.join('.');
  const before = typedAt(state, path);
  const suggestion = suggestionFor(turn, context);
  const next: Next = { turn, context, suggestion, before };
  const value = turn.question.known?.(context) ?? onlyChoice(turn, context);
  if (turn.question.lookup) {
    const by = before ? before.stands && before.value : value;
    if (by === undefined || by === false) return { next };
    const isDone = state.lookedUp[path]?.of === lookupKey(turn, context, String(by));
    const source = before ? 'typed' : 'follows';
    return isDone ? { turn, context, value: by, source } : { next: { ...next, by: String(by) } };
  }
  if (value !== undefined) return { turn, context, value, source: 'follows' };
  if (before) {
    return before.stands && judge(turn, context, before.value) === undefined
      ? { turn, context, value: before.value, source: before.isGiven ? 'given' : 'typed', suggestion }
      : { next };
  }
  const isFact = suggestion?.value !== undefined && !turn.question.decision;
  return isFact && judge(turn, context, suggestion.value) === undefined
    ? { turn, context, value: suggestion.value, source: suggestion }
    : { next };
}

/** The answer that somebody typed, or may change; undefined if there is none. */
function typedAt({ given, typed }: InterviewState, path: string): TypedAnswer | undefined {
  const answer = typed[path];
  if (!answer?.isGiven) return answer?.isForgotten ? undefined : answer;
  const value = valueAt(given, path.split('.'));
  return value === undefined ? undefined : { ...answer, value };
}

/** The answers that a lookup is of. */
export function lookupKey({ question }: Turn, { environment }: Context, by: string): string {
  const { catalogUrl, region } = environment;
  return JSON.stringify([question.lookup, by, catalogUrl, ...(question.lookup === 'account' ? [region] : [])]);
}

function suggestionFor({ question, path }: Turn, context: Context): Suggestion | undefined {
  if (question.suggestible?.(context) === false) return undefined;
  if (question.suggestion) return question.suggestion(context);
  return context.suggestions.findLast((one) => one.path === path.join('.'));
}

/** Whether there is an environment of this name: a placeholder stands for one as long as there is none. */
function isNamed(answers: PlainObject, environment: string | undefined): boolean {
  return environment === undefined || valueAt(answers, ['environments', environment]) !== undefined;
}

function isDescribed(given: PlainObject, missing: readonly string[], environment: string | undefined): boolean {
  const path = ['environments', environment!];
  return (
    environment !== undefined && isAnswered(given, path) && !missing.some((one) => one.startsWith(`${path.join('.')}.`))
  );
}

function takenPriorities(found: readonly Found[], answers: unknown, environment: string | undefined): number[] {
  const listener = environment && valueAt(answers, ['environments', environment, 'network', 'listenerArn']);
  return typeof listener === 'string' ? found.flatMap(({ takenPriorities }) => takenPriorities?.[listener] ?? []) : [];
}

function onlyChoice({ question }: Turn, context: Context): string | undefined {
  const choices = question.other ? undefined : question.choices?.(context);
  return choices?.length === 1 ? choices[0]!.value : undefined;
}

/** A state with an answer that was typed. It asks those anew that depend on it. */
export function withTyped(state: InterviewState, { question, path }: Turn, value: unknown): InterviewState {
  const name = path.join('.');
  const before = typedAt(state, name);
  const changed = before !== undefined && JSON.stringify(before.value) !== JSON.stringify(value);
  const anew = changed
    ? (question.asksAnew ?? []).map((other) => other.split('.').map((key, at) => (key === '*' ? path[at]! : key)))
    : [];
  const typed = { ...state.typed, [name]: { ...inPlace(state, name, value), stands: true } };
  return anew.reduce((now, other) => forgotten(now, other.join('.')), { ...state, typed });
}

/** A state in which an answer is forgotten. */
function forgotten(state: InterviewState, path: string): InterviewState {
  const { [path]: before, ...typed } = state.typed;
  const replaced: TypedAnswer = { stands: false, replaces: true, isForgotten: true };
  return { ...state, typed: before?.replaces ? { ...typed, [path]: replaced } : typed };
}

/** An answer as it is kept: where it takes the place of a given one that is the same, without its value. */
function inPlace({ given, typed }: InterviewState, path: string, value: unknown): Omit<TypedAnswer, 'stands'> {
  if (!typed[path]?.replaces) return { value };
  const isSame = textOf(value) !== undefined && textOf(value) === textOf(valueAt(given, path.split('.')));
  return isSame ? { replaces: true, isGiven: true } : { replaces: true, value };
}

/** A state that asks again for an answer. */
export function askedAgain(state: InterviewState, { turn, value }: Settled): InterviewState {
  const name = turn.path.join('.');
  return { ...state, typed: { ...state.typed, [name]: { ...inPlace(state, name, value), stands: false } } };
}

/**
 * A state in which any answer can be changed. A given one counts only as long as it fits those before it, as a typed one does:
 * then it is asked again.
 */
export function withoutFixed(state: InterviewState, { settled }: Progress): InterviewState {
  const given = settled
    .filter(({ source, turn, context }) => source === 'given' && (turn.question.when?.(context) ?? true))
    .map(({ turn }): [string, TypedAnswer] => [turn.path.join('.'), { stands: true, replaces: true, isGiven: true }]);
  return { ...state, typed: { ...Object.fromEntries(given), ...state.typed } };
}

/** True if somebody may give another answer: not to a question that others decide, that has one choice alone, or that nobody asks here. */
export function isChangeable({ source, turn, context }: Settled): boolean {
  if (turn.question.lookup) return turn.question.choices !== undefined;
  const applies = turn.question.when?.(context) ?? true;
  return applies && source !== 'follows' && onlyChoice(turn, context) === undefined;
}

/** The last answer of a person, which a step back leads to; undefined if there is none. */
export function lastTyped({ settled }: Progress): Settled | undefined {
  return settled.findLast(({ source }) => source === 'typed');
}

/** Whether a value is the state of an interview that a file has kept, as far as its shape tells. */
export function isKeptState(value: unknown): value is Pick<InterviewState, 'typed' | 'lookedUp'> {
  return isObject(value) && isObject(value.typed) && isObject(value.lookedUp);
}
