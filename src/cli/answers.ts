import { exampleAnswers, exampleEnvironment } from '../config/example';
import { readAnswers } from '../config/parse';
import { isObject, type Json, type Path, schemaAt } from '../config/places';
import { answersSchema, SCHEMA_LOCATION, TARGETS } from '../config/schema';
import { findDeployable, LATEST } from '../conventions';
import { expandHome } from './home';
import type { CommandLine } from './options';
import { UsageError } from './usage-error';

/** The answers that the command line gives: those of `--config`, then each `--set`, then `--target`. */
export function givenAnswers({ config, set, target }: CommandLine): Json {
  const answers = config === undefined ? {} : readAnswers(expandHome(config));
  if (!isObject(answers)) {
    throw new UsageError(`${config} must hold an object of answers`);
  }
  for (const assignment of set) {
    assignAnswer(answers, assignment);
  }
  return { $schema: SCHEMA_LOCATION, ...answers, ...(target === undefined ? {} : { target }) };
}

/**
 * Sets one answer, see {@link parseValue}.
 *
 * @param base where the path of the assignment begins
 * @throws UsageError where it is no assignment
 */
export function assignAnswer(answers: Json, assignment: string, base: Path = []): void {
  const match = /^([^=]+)=(.*)$/s.exec(assignment);
  if (!match) {
    throw new UsageError(`--set ${assignment}: write path.to.key=value`);
  }
  const keys = [...base, ...match[1]!.split('.')];
  const last = keys.pop()!;
  let place = answers;
  for (const key of keys) {
    const inner = Object.hasOwn(place, key) ? place[key] : undefined;
    const next = isObject(inner) ? inner : {};
    define(place, key, next);
    place = next;
  }
  define(place, last, parseValue([...keys, last], match[2]!));
}

/** As an own property, whatever its name: `__proto__` is a wrong key like any other. */
function define(place: Json, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * What a text on the command line means at its place: itself, its JSON, or a list that commas part, whichever the schema
 * takes there, in this order. So an account id stays text, and a count becomes a number.
 */
function parseValue(path: Path, text: string): unknown {
  const json = parseJson(text);
  const schema = schemaAt(answersSchema, path);
  const meant = [text, json, text.split(',')].find((candidate) => schema?.safeParse(candidate).success);
  // Where none is right, what is wrong with it is said later, of the value as it looks.
  return meant ?? (text.startsWith('[') || text.startsWith('{') ? (json ?? text) : text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Answers with the example's for what has none. An environment that was given is completed, none is added to it. */
export function withExample(answers: Json): Json {
  const conventions = findDeployable(String(answers.conventions)) ?? LATEST;
  const target = TARGETS.find((known) => known === answers.target);
  const example = exampleAnswers(conventions, target) as Json;
  const environments = isObject(answers.environments)
    ? Object.fromEntries(
        Object.entries(answers.environments).map(([name, given]) => [
          name,
          isObject(given) ? fill(exampleEnvironment(name, 2, conventions) as Json, given) : given,
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
