import { exampleEnvironment } from '../config/example';
import { isObject, type PlainObject, withValue } from '../config/paths';
import { AnswersError, type Problem } from '../config/problem';
import { validateAnswers } from '../config/validate';
import { wrongAnswers } from './missing';
import type { Prompter } from './prompt';
import type { Choice, Context, Kind } from './question';
import { SECTIONS } from './questions';
import { contextOf, hintOf, isAnswered, isRequired, ruleOf, type Turn, walk } from './turns';

/** Input for "no answer" if Enter alone gives the default. */
const NONE = '-';
/** Value of the choice after which an answer is typed. No answer is the empty text. */
const OTHER = '';

/** Converts typed text to an answer. */
const PARSE: Readonly<Record<Kind, (text: string) => unknown>> = {
  text: (text) => text,
  select: (text) => text,
  number: (text) => (/^\d+$/.test(text) ? Number(text) : text),
  list: words,
  names: (text) => Object.fromEntries(words(text).map((name) => [name, {}])),
};

/** An answer that something outside of the answers suggests. */
export interface Proposal {
  readonly value: string;
  /** Source of the value, as a sentence. */
  readonly source: string;
}

/**
 * Asks for missing answers, in the order of the questions. Existing ones are kept, and not asked.
 *
 * @param given answers of any origin, incomplete
 * @param source their name in an error, e.g. the file's name
 * @param only the only environment to ask about. Default: all
 * @param proposed default answers, by the question's path, if the question itself has none
 * @returns new answers, complete: `given`, and the typed ones
 * @throws AnswersError if `given` is wrong already; then nothing was asked
 * @throws Cancelled if the prompter throws it
 */
export async function interview(
  given: PlainObject,
  prompter: Prompter,
  source = 'the answers',
  only?: string,
  proposed: Readonly<Record<string, Proposal>> = {},
): Promise<PlainObject> {
  const wrong = wrongAnswers(given);
  if (wrong.length > 0) {
    throw new AnswersError(source, wrong);
  }
  let answers = given;
  const heading = headings(prompter, only === undefined);
  for (const step of walk(() => answers)) {
    if (only !== undefined && step.environment !== only) {
      continue;
    }
    const context = contextOf(answers, given, step.environment);
    if (isAnswered(answers, step.path) || !(step.question.when?.(context) ?? true)) {
      continue;
    }
    let answer: unknown = step.question.known?.(context) ?? onlyChoice(step, context);
    if (answer === undefined) {
      heading(step);
      answer = await ask(step, context, prompter, proposed[step.question.path]);
    }
    if (answer !== undefined) {
      answers = withValue(answers, step.path, answer);
    }
  }
  return answers;
}

/** Answers of an environment, with those that follow from others and need no question. */
export function withKnown(given: PlainObject, environment: string): PlainObject {
  let answers = given;
  for (const step of walk(() => answers)) {
    const context = contextOf(answers, given, step.environment);
    if (
      step.environment === environment &&
      !isAnswered(answers, step.path) &&
      (step.question.when?.(context) ?? true)
    ) {
      const answer = step.question.known?.(context) ?? onlyChoice(step, context);
      answers = answer === undefined ? answers : withValue(answers, step.path, answer);
    }
  }
  return answers;
}

/** Shows the section and the environment before the first question of each. */
function headings(prompter: Prompter, withSections: boolean): (step: Turn) => void {
  let last: Partial<Turn> = {};
  return (step) => {
    if (withSections && step.section !== last.section) {
      prompter.section(`${SECTIONS.indexOf(step.section) + 1}/${SECTIONS.length}  ${step.section.title}`);
    }
    if (step.environment !== undefined && step.environment !== last.environment) {
      prompter.section(step.environment, 2);
    }
    last = step;
  };
}

async function ask(step: Turn, context: Context, prompter: Prompter, proposed?: Proposal): Promise<unknown> {
  const { question, path } = step;
  const initial = question.initial?.(context) ?? proposed?.value;
  const common = {
    name: path.join('.'),
    message: question.message,
    hint: [hintOf(step, context), hintOfNone(step, context), proposed?.source].filter(Boolean).join(' ') || undefined,
    initial: initial === undefined ? undefined : String(initial),
  };
  const check = (typed: string) => objection(step, context, typed);
  if (!question.choices) {
    return parse(step, context, await prompter.text({ ...common, check }));
  }
  const { other } = question;
  const choices = question.choices(context).map((choice) => withReason(step, context, choice));
  const answer = await prompter.select({
    ...common,
    choices: [...choices, ...(other ? [{ value: OTHER, title: other.title }] : [])],
  });
  return other && answer === OTHER
    ? parse(step, context, await prompter.text({ name: common.name, ...other, check }))
    : parse(step, context, answer);
}

/** Hint how to give no answer, if a question allows that. */
function hintOfNone({ question }: Turn, context: Context): string | undefined {
  if (question.required?.(context) !== false) {
    return undefined;
  }
  return question.initial?.(context) === undefined ? 'Leave empty for none.' : `Type ${NONE} for none.`;
}

function onlyChoice({ question }: Turn, context: Context): string | undefined {
  const choices = question.other ? undefined : question.choices?.(context);
  return choices?.length === 1 ? choices[0]!.value : undefined;
}

/** Disables a choice that contradicts an earlier answer. */
function withReason(step: Turn, context: Context, choice: Choice): Choice {
  return { ...choice, disabled: objection(step, context, choice.value) };
}

/** Reason why the typed text is no valid answer; undefined if it is. */
function objection(step: Turn, context: Context, typed: string): string | undefined {
  const { question, path } = step;
  const answer = parse(step, context, typed);
  if (answer === undefined) {
    return isRequired(step, context) ? (ruleOf(step, context) ?? 'needs an answer') : undefined;
  }
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

function parse(step: Turn, context: Context, text: string): unknown {
  const trimmed = text.trim();
  const isNone = trimmed === '' || (trimmed === NONE && step.question.required?.(context) === false);
  return isNone ? undefined : (step.question.answer ?? PARSE[step.question.kind])(trimmed);
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
