import { exampleEnvironment } from '../config/example';
import { isObject, valueAt, withValue } from '../config/paths';
import type { Problem } from '../config/problem';
import { validateAnswers } from '../config/validate';
import { wrongAnswers } from './missing';
import { type Context, type Kind, NONE } from './question';
import { isRequired, ruleOf, type Turn } from './turns';

/** Converts typed text to an answer. */
const PARSE: Readonly<Record<Kind, (text: string) => unknown>> = {
  text: (text) => text,
  select: (text) => text,
  number: (text) => (/^\d+$/.test(text) ? Number(text) : text),
  list: words,
  names: (text) => Object.fromEntries(words(text).map((name) => [name, {}])),
};

/** The answer that a text means; undefined for no answer. */
export function parse({ question }: Turn, context: Context, text: string): unknown {
  const trimmed = text.trim();
  const isNone = trimmed === '' || (trimmed === NONE && question.required?.(context) === false);
  return isNone ? question.none : (question.answer ?? PARSE[question.kind])(trimmed, context);
}

/** The text that somebody would type for an answer; undefined for no answer. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.join(', ');
  if (isObject(value)) return 'create' in value ? String(value.create) : Object.keys(value).join(', ');
  return String(value);
}

/** Whether the environment before has an answer, as somebody would type it. */
export function isOfPrevious({ environment, path }: Turn, { previous }: Context, text: string): boolean {
  return environment !== undefined && textOf(valueAt(previous, path.slice(2))) === text;
}

/** Reason why a value is no valid answer; undefined if it is. */
export function objection(turn: Turn, context: Context, answer: unknown): string | undefined {
  const { question, path } = turn;
  if (answer === undefined) {
    const rule = ruleOf(turn, context);
    return isRequired(turn, context) ? `needs an answer${rule ? `, which ${rule}` : ''}` : undefined;
  }
  if (question.lookup) return undefined;
  if (question.kind === 'names') {
    return objectionToNames(isObject(answer) ? Object.keys(answer) : []);
  }
  const before = new Set(wrongAnswers(context.answers).map(identity));
  const problem = wrongAnswers(withValue(context.answers, path, answer)).find((one) => !before.has(identity(one)));
  return problem && wording(problem, path.join('.'));
}

/**
 * Reason why names are not valid for environments; undefined if they are. The missing answers are filled in for that,
 * as the schema validates the names of complete environments only.
 */
export function objectionToNames(names: readonly string[]): string | undefined {
  const environments = Object.fromEntries(names.map((name) => [name, exampleEnvironment(name, 1)]));
  return validateAnswers({ environments }).problems.find(({ path }) => path.split('.')[0] === 'environments')?.message;
}

/** A problem in the words for who has just typed the answer at `place`. */
function wording({ path, found, message }: Problem, place: string): string {
  if (path === place) {
    return message;
  }
  const isPart = path.startsWith(`${place}.`);
  return `${isPart ? (found ?? path.slice(place.length + 1)) : path} ${message}`;
}

function identity({ path, found, message }: Problem): string {
  return JSON.stringify([path, found, message]);
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
