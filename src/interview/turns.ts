import { isObject, type Path, type PlainObject, requires, schemaAt, valueAt, withValue } from '../config/paths';
import { type Answers, answersSchema } from '../config/repository';
import { findDeployable, LATEST } from '../conventions';
import type { Context, DeepPartial, PartialEnvironment, Question, Section } from './question';
import { SECTIONS } from './questions';

/** Placeholder for the name of an environment, if there is none yet. */
const ANY = '<name>';

/** A question at its place in the interview. */
export interface Turn {
  readonly section: Section;
  readonly question: Question;
  /** Name of the environment that it is about; undefined if it is about none. */
  readonly environment?: string;
  readonly path: Path;
}

/**
 * Every question once, or once for each environment, in order. The environments are looked up when their turn comes,
 * so that an earlier step may have named them.
 */
export function* walk(answers: () => unknown): Generator<Turn> {
  for (const section of SECTIONS) {
    const [once, each] = [section.questions.filter((one) => !isEach(one)), section.questions.filter(isEach)];
    for (const question of once) {
      yield { section, question, path: question.path.split('.') };
    }
    for (const environment of each.length === 0 ? [] : environmentNames(answers())) {
      for (const question of each) {
        const path = question.path.split('.').map((key) => (key === '*' ? environment : key));
        yield { section, question, environment, path };
      }
    }
  }
}

/** Data for the question of a step. */
export function contextOf(
  answers: unknown,
  given: unknown,
  environment: string | undefined,
  seen: Pick<Context, 'suggestions' | 'takenPriorities' | 'access'> = { suggestions: [], takenPriorities: [] },
): Context {
  const environments = valueAt(answers, ['environments']);
  const drafts = Object.entries(isObject(environments) ? environments : {}).map(
    ([name, draft]): [string, PartialEnvironment] => [name, isObject(draft) ? draft : {}],
  );
  const index = drafts.findIndex(([name]) => name === environment);
  const base = environment === undefined ? [] : ['environments', environment];
  const conventions = findDeployable(String(valueAt(answers, ['conventions']))) ?? LATEST;
  return {
    answers: (isObject(answers) ? answers : {}) as DeepPartial<Answers>,
    environment: drafts[index]?.[1] ?? {},
    previous: drafts[index - 1]?.[1],
    previousName: drafts[index - 1]?.[0],
    others: drafts.filter(([name]) => name !== environment).map(([, draft]) => draft),
    conventions,
    given: (path) => isAnswered(given, [...base, ...path.split('.')]),
    ...seen,
  };
}

/** Whether there is an answer at a place. */
export function isAnswered(answers: unknown, path: Path): boolean {
  const value = valueAt(answers, path);
  return value !== undefined && !(isObject(value) && Object.keys(value).length === 0);
}

/** Answers with one more. Environments that are named have what they had. */
export function withAnswer(answers: unknown, { question, path }: Turn, value: unknown): PlainObject {
  if (question.kind !== 'names' || !isObject(value)) return withValue(answers, path, value);
  const named = Object.keys(value).map((name) => [name, valueAt(answers, [...path, name]) ?? {}]);
  return withValue(answers, path, Object.fromEntries(named));
}

/** Whether there has to be an answer to the question of a step. */
export function isRequired({ question, path }: Turn, context: Context): boolean {
  if (question.lookup) return false;
  return question.required?.(context) ?? requires(answersSchema, context.answers, path);
}

/** The rule for an answer, in the schema's words. */
export function ruleOf({ question, path }: Turn, context: Context): string | undefined {
  // A choice may stand for another answer, whose rule the schema has.
  if (question.choices && !question.other && !question.answer) {
    return `must be ${question
      .choices(context)
      .map(({ value }) => value)
      .join(' or ')}`;
  }
  // Null is invalid for every answer, so the schema gives its rule for an optional one, too.
  const message = schemaAt(answersSchema, path)?.safeParse(null).error?.issues[0]?.message;
  return message?.startsWith('must') ? message : undefined;
}

/** Help with the question of a step. */
export function hintOf({ question, path }: Turn, context: Context): string | undefined {
  const hint = typeof question.hint === 'function' ? question.hint(context) : question.hint;
  // A select's own place is described choice by choice.
  const described = hint ?? (question.choices ? undefined : schemaAt(answersSchema, path)?.description);
  return [described, question.source].filter(Boolean).join(' ') || undefined;
}

function isEach({ path }: Question): boolean {
  return path.includes('.*.');
}

function environmentNames(answers: unknown): string[] {
  const environments = valueAt(answers, ['environments']) ?? {};
  if (!isObject(environments)) {
    return [];
  }
  const names = Object.keys(environments);
  return names.length === 0 ? [ANY] : names;
}
