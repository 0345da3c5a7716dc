import type { z } from 'zod';

import { didYouMean } from './did-you-mean';
import { isObject, keysAt, typesAt, valueAt } from './paths';
import { describeValue, HIDDEN, type Problem } from './problem';
import { answersSchema, type Config } from './repository';
import { namesSecret } from './secrets';

export type Validation =
  | { readonly config: Config; readonly problems: readonly [] }
  | { readonly config?: undefined; readonly problems: readonly Problem[] };

/** Checks the shape of answers, each by itself, and fills in the defaults. The model checks answers together. */
export function validateAnswers(answers: unknown): Validation {
  const lost = prototypeKeys(answers, []);
  if (lost.length > 0) {
    return { problems: lost };
  }
  const result = answersSchema.safeParse(answers, { reportInput: true });
  if (!result.success) {
    return { problems: withoutRepetition(result.error.issues.flatMap((issue) => toProblems(issue, answers))) };
  }
  const config = result.data;
  for (const [name, environment] of Object.entries(config.environments)) {
    environment.retainData ??= !isDevelopment(name);
  }
  return { config, problems: [] };
}

/** Two checks of one value may say the same. */
function withoutRepetition(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ path, message }, index) =>
      problems.findIndex((other) => other.path === path && other.message === message) === index,
  );
}

/** Keys that would get lost: an object of JavaScript has that one already, and the schema passes over it. */
function prototypeKeys(value: unknown, path: readonly string[]): Problem[] {
  return isObject(value) || Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]): Problem[] =>
        key === '__proto__'
          ? [{ path: [...path, key].join('.'), message: 'is not a known key, and can be the name of nothing' }]
          : prototypeKeys(inner, [...path, key]),
      )
    : [];
}

/** Whether an environment's name says that it is for development: `dev`, `dev2`, `development`. */
export function isDevelopment(environmentName: string): boolean {
  return environmentName.startsWith('dev');
}

function toProblems(issue: z.core.$ZodIssue, answers: unknown): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: unknownKey(key, path) }));
  }
  if (issue.code === 'invalid_key') {
    return [{ path: path.join('.'), message: issue.issues[0]?.message ?? issue.message }];
  }
  const found = valueAt(answers, path);
  return [
    {
      path: path.join('.'),
      found: found !== undefined && holdsSecret(path, found) ? HIDDEN : describeValue(found),
      message: `${found === undefined ? 'is missing: ' : ''}${allowed(issue, path)}`,
    },
  ];
}

/**
 * Whether a path is one of references to secrets, or of a value with a secret's name: an invalid reference there may be
 * a secret.
 */
function holdsSecret(path: readonly string[], found: unknown): boolean {
  const [last, parent] = [path.at(-1) ?? '', path.at(-2)];
  const isPlace = last === 'secretArn' || parent === 'secrets' || (parent === 'environment' && namesSecret(last));
  return isPlace && !String(found).startsWith('arn:');
}

/**
 * The rule of a path: in the words of its schema, or by its type if the schema has no words for a value of another
 * type.
 */
function allowed({ message }: z.core.$ZodIssue, path: readonly string[]): string {
  if (!message.startsWith('Invalid input')) return message;
  const keys = keysAt(answersSchema, path).filter((key) => key !== '$schema');
  return typesAt(answersSchema, path).has('string')
    ? 'must be text, in quotes'
    : keys.length > 0
      ? `must be an object; its keys are ${keys.join(', ')}`
      : 'must be an object: names, each with its value, as in {"NAME": "value"}';
}

function unknownKey(key: string, path: readonly string[]): string {
  const known = keysAt(answersSchema, path);
  if (known.includes(key)) return `is not for the ${path.at(-1)} that these answers choose; remove it`;
  const meant = didYouMean(key, known);
  const remedy = meant ? `did you mean ${meant}?` : `known here: ${known.join(', ')}`;
  return `is not a known key; ${remedy}`;
}
