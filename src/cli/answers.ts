import { exampleAnswers, exampleEnvironment } from '../config/example';
import { parseAnswers } from '../config/parse';
import { isObject, type Json } from '../config/places';
import { SCHEMA_LOCATION } from '../config/schema';
import type { CommandLine } from './options';
import { UsageError } from './usage-error';

/** The answers that the command line gives: those of `--config`, then each `--set`, then `--target`. */
export function givenAnswers({ config, set, target }: CommandLine): Json {
  const answers = config === undefined ? {} : parseAnswers(config);
  if (!isObject(answers)) {
    throw new UsageError(`${config} must hold an object of answers`);
  }
  for (const assignment of set) {
    assign(answers, assignment);
  }
  return { $schema: SCHEMA_LOCATION, ...answers, ...(target === undefined ? {} : { target }) };
}

/** Sets one answer. The value is JSON where it reads as such, a list where commas part it, else text. */
function assign(answers: Json, assignment: string): void {
  const match = /^([^=]+)=(.*)$/s.exec(assignment);
  if (!match) {
    throw new UsageError(`--set ${assignment}: write path.to.key=value`);
  }
  const keys = match[1]!.split('.');
  const last = keys.pop()!;
  let place = answers;
  for (const key of keys) {
    const inner = Object.hasOwn(place, key) ? place[key] : undefined;
    const next = isObject(inner) ? inner : {};
    define(place, key, next);
    place = next;
  }
  define(place, last, parseValue(match[2]!));
}

/** As an own property, whatever its name: `__proto__` is a wrong key like any other. */
function define(place: Json, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Account ids look like numbers and are text: only a short number is one. */
function parseValue(text: string): unknown {
  if (/^(true|false|null|-?\d{1,9}|[[{].*|".*")$/s.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

/** Answers with the example's for what has none. An environment that was given is completed, none is added to it. */
export function withExample(answers: Json): Json {
  const example = exampleAnswers() as Json;
  const environments = isObject(answers.environments)
    ? Object.fromEntries(
        Object.entries(answers.environments).map(([name, given]) => [
          name,
          isObject(given) ? fill(exampleEnvironment(name, 2) as Json, given) : given,
        ]),
      )
    : (answers.environments ?? example.environments);
  return { ...fill(example, answers), environments };
}

/** Deeply, but a list or a choice of another mode is taken as it is given. */
function fill(example: Json, given: Json): Json {
  const other = ['mode', 'scope'].some((key) => key in given && key in example && given[key] !== example[key]);
  if (other) {
    return given;
  }
  const merged: Json = { ...example };
  for (const [key, value] of Object.entries(given)) {
    const inner = merged[key];
    define(merged, key, isObject(value) && isObject(inner) ? fill(inner, value) : value);
  }
  return merged;
}
