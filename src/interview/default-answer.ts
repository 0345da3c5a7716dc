import { type Choice, type Context, NONE, type Question, type Suggestion } from './question';
import type { Turn } from './turns';
import { isOfPrevious, parse, textOf } from './typed-answer';

/** A question at its place, with what is suggested for it. */
export interface Asked {
  readonly turn: Turn;
  readonly context: Context;
  readonly suggestion?: Suggestion;
}

export interface Choices {
  readonly offered: readonly Choice[];
  /** Absent: no other answer can be typed. */
  readonly other?: NonNullable<Question['other']>;
}

/** Choices of a question: its own, or those that were found; undefined if the answer is typed. */
export function choicesOf({ turn: { question }, context, suggestion }: Asked): Choices | undefined {
  if (question.choices) return { offered: question.choices(context), other: question.other };
  const candidates = suggestion?.candidates ?? [];
  if (candidates.length === 0 || question.kind !== 'text') return undefined;
  const none = question.required?.(context) === false ? [{ value: NONE, title: 'none' }] : [];
  return {
    offered: [...candidates.map(({ value, why }) => ({ value: String(value), title: `${value} (${why})` })), ...none],
    other: { title: 'another', message: question.message },
  };
}

/** The text of the default answer that is suggested, or that the question has. */
export function defaultText({ turn: { question }, context, suggestion }: Asked): string | undefined {
  return textOf(suggestion?.value) ?? textOf(question.initial?.(context, suggestion));
}

/** Origin of a default answer: an environment, or a variable; undefined if there is none. */
export function ownerOfDefault({ turn, context }: Asked, text: string): string | undefined {
  if (isOfPrevious(turn, context, text)) return context.previousName;
  const { initial, initialOf } = turn.question;
  return textOf(initial?.(context)) === text ? initialOf?.(context) : undefined;
}

/**
 * True if Enter alone gave this answer, when the question was asked for the first time.
 *
 * @param canTake whether a choice can be taken
 */
export function isDefault(asked: Asked, value: unknown, canTake: (answer: unknown) => boolean): boolean {
  const { turn, context } = asked;
  const { offered, other } = choicesOf(asked) ?? {};
  const text = defaultText(asked);
  const takeable = offered
    ?.filter((choice) => canTake(parse(turn, context, choice.value)))
    .map((choice) => choice.value);
  const isTaken = !takeable || (text !== undefined && (takeable.includes(text) || other !== undefined));
  const entered = isTaken ? text : takeable[0];
  return textOf(value) === entered || textOf(value) === textOf(parse(turn, context, entered ?? ''));
}
