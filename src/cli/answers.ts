import { SCHEMA_LOCATION } from '../config/answers-file';
import { exampleAnswers, exampleEnvironment } from '../config/example';
import { readAnswers, STANDARD_INPUT } from '../config/parse';
import { isObject, type PlainObject } from '../config/paths';
import { TARGETS } from '../config/repository';
import { findDeployable, LATEST } from '../conventions';
import { assignAnswer, define } from './assign';
import { expandHome } from './home';
import { UsageError } from './usage-error';

/** Sources of answers on the command line. */
export interface Given {
  /** Path of a file, or `-` for standard input. */
  readonly config: string | undefined;
  /** Assignments, see {@link assignAnswer}. */
  readonly set: readonly string[];
  readonly target: string | undefined;
}

/** The answers that the command line gives: those of `--config`, then each `--set`, then `--target`. */
export function givenAnswers({ config, set, target }: Given): PlainObject {
  const answers = config === undefined ? {} : readAnswers(expandHome(config), 'relaxed');
  if (!isObject(answers)) {
    throw new UsageError(`${config === '-' ? STANDARD_INPUT : config} must hold an object of answers`);
  }
  for (const assignment of set) {
    assignAnswer(answers, assignment);
  }
  return { $schema: SCHEMA_LOCATION, ...answers, ...(target === undefined ? {} : { target: target.toLowerCase() }) };
}

/** Answers completed by the example's, fitted to the given ones. A given environment is completed; none is added. */
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
