import { exampleAnswers, exampleEnvironment } from '../config/example';
import { readAnswers, STANDARD_INPUT } from '../config/parse';
import { isObject, type Path, type PlainObject } from '../config/paths';
import { SCHEMA_LOCATION, TARGETS } from '../config/schema';
import { valueOfText } from '../config/text-value';
import { findDeployable, LATEST } from '../conventions';
import { expandHome } from './home';
import type { CommandLine } from './options';
import { UsageError } from './usage-error';

/** The answers that the command line gives: those of `--config`, then each `--set`, then `--target`. */
export function givenAnswers({ config, set, target }: CommandLine): PlainObject {
  const answers = config === undefined ? {} : readAnswers(expandHome(config), 'relaxed');
  if (!isObject(answers)) {
    throw new UsageError(`${config === '-' ? STANDARD_INPUT : config} must hold an object of answers`);
  }
  for (const assignment of set) {
    assignAnswer(answers, assignment);
  }
  return { $schema: SCHEMA_LOCATION, ...answers, ...(target === undefined ? {} : { target }) };
}

/**
 * Sets one answer, see {@link valueOfText}.
 *
 * @param base where the path of the assignment begins
 * @throws UsageError where it is no assignment
 */
export function assignAnswer(answers: PlainObject, assignment: string, base: Path = []): void {
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
  define(place, last, valueOfText([...keys, last], match[2]!));
}

/** As an own property, whatever its name: `__proto__` is a wrong key like any other. */
function define(place: PlainObject, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Answers with the example's for what has none, fitted to what is given. An environment that was given is completed, none
 * is added to it.
 */
export function withExample(answers: PlainObject): PlainObject {
  const conventions = findDeployable(String(answers.conventions)) ?? LATEST;
  const target = TARGETS.find((known) => known === answers.target);
  const given = isObject(answers.environments) ? answers.environments : {};
  const regions = Object.values(given).flatMap((one) => (isObject(one) ? (one.region ?? []) : []));
  const example = exampleAnswers(conventions, target, regions.map(String)[0]) as PlainObject;
  const environments = isObject(answers.environments)
    ? Object.fromEntries(
        Object.entries(given).map(([name, one]) => [
          name,
          isObject(one) ? fill(exampleEnvironment(name, 2, conventions, one) as PlainObject, one) : one,
        ]),
      )
    : (answers.environments ?? example.environments);
  return { ...fill(example, answers), environments };
}

/** Deeply, but a list or a choice of another mode is taken as it is given. */
function fill(example: PlainObject, given: PlainObject): PlainObject {
  const other = ['mode', 'scope'].some((key) => key in given && key in example && given[key] !== example[key]);
  if (other) {
    return given;
  }
  const merged: PlainObject = { ...example };
  for (const [key, value] of Object.entries(given)) {
    const inner = merged[key];
    define(merged, key, isObject(value) && isObject(inner) ? fill(inner, value) : value);
  }
  return merged;
}
