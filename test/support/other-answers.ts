import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers } from '../../src/config/example';
import { isObject, type PlainObject, valueAt, withValue } from '../../src/config/paths';
import type { Answers } from '../../src/config/repository';
import { findDeployable, LATEST } from '../../src/conventions';
import { validAnswers } from '../../src/model/checks';
import type { Target } from '../../src/resources/types';
import { type AnswerValues, ENVIRONMENT_VALUES } from './answer-values';
import { pathOf } from './answers';

/** An answer of an environment, by its path as `pathOf` takes it, and its values. */
export interface Answer extends AnswerValues {
  readonly path: string;
}

/** What tells the environments of an account from one another: it has no default. */
const PLACES = ['dev.account', 'dev.region'];

/** Every answer of an environment that the tables have. */
export const ENVIRONMENT_ANSWERS: readonly Answer[] = answersOf('dev.', ENVIRONMENT_VALUES);

/** Every answer that a table has. */
export function answersOf(prefix: string, table: object): Answer[] {
  return Object.entries(table).flatMap(([key, entry]): Answer[] =>
    isValues(entry) ? [{ path: `${prefix}${key}`, ...entry }] : answersOf(`${prefix}${key}.`, entry),
  );
}

function isValues(entry: unknown): entry is AnswerValues {
  return isObject(entry) && Array.isArray(entry.values);
}

/**
 * Answers in which every answer of an environment that changes what a target deploys has another value than the example's,
 * in as few repositories and environments as they go into together. Each environment is called `other`, and numbered.
 */
export function otherAnswers(target: Target): Answers[] {
  const made: Draft[] = [];
  for (const answer of ENVIRONMENT_ANSWERS) {
    const { path, targets, elsewhere, refused } = answer;
    if (PLACES.includes(path) || elsewhere !== undefined || refused !== undefined) continue;
    if (targets && !targets.includes(target)) continue;
    if (!made.some((draft) => takes(draft, answer))) {
      const draft = begun(answer, target);
      if (!takes(draft, answer))
        throw new Error(`${path}: no value of test/support/answer-values.ts can be used alone`);
      made.push(draft);
    }
  }
  return made.map(({ answers }) => answers);
}

/** A repository that is being filled with values. */
interface Draft {
  answers: Answers;
  /** What stands beside its environments: those of another repository cannot come here. */
  readonly beside: string;
  /** The answers that have another value, by the name of the environment. */
  readonly placed: Map<string, readonly Answer[]>;
}

function begun(answer: Answer, target: Target): Draft {
  const example = exampleAnswers(findDeployable(String(answer.with?.conventions)) ?? LATEST, target);
  const beside = Object.entries(besideOf(answer)).reduce<PlainObject>(
    (answers, [at, value]) => withValue(answers, pathOf(at), value),
    { ...example, environments: {} },
  );
  return { answers: beside as unknown as Answers, beside: JSON.stringify(besideOf(answer)), placed: new Map() };
}

/** What an answer needs outside its environment. */
function besideOf({ with: more = {} }: Answer): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(more).filter(([at]) => !at.startsWith('dev.')));
}

/** Puts another value of an answer into the first environment that still can be used with it, or into a new one. */
function takes(draft: Draft, answer: Answer): boolean {
  if (draft.beside !== JSON.stringify(besideOf(answer))) return false;
  const next = `other${draft.placed.size + 1}`;
  for (const name of [...draft.placed.keys(), next]) {
    const placed = [...(draft.placed.get(name) ?? []), answer];
    const before = draft.answers.environments[name] ?? exampleOf(draft.answers, name);
    for (const value of [...answer.values].reverse()) {
      const dev = withAnswer(before, answer, value);
      const answers = { ...draft.answers, environments: { ...draft.answers.environments, [name]: dev } };
      if (isUsable(answers, name, placed)) {
        draft.answers = answers;
        draft.placed.set(name, placed);
        return true;
      }
    }
  }
  return false;
}

function withAnswer(dev: EnvironmentAnswers, { path, place = path, with: more = {} }: Answer, value: unknown) {
  const own = Object.entries({ ...more, [place]: value }).filter(([at]) => at.startsWith('dev.'));
  const changed = own.reduce<PlainObject>((answers, [at, one]) => withValue(answers, pathOf(at), one), {
    environments: { dev },
  });
  // Without what is undefined, as a file has it.
  return JSON.parse(JSON.stringify((changed.environments as PlainObject).dev)) as EnvironmentAnswers;
}

/** Whether nothing is wrong, and each of these answers is another than in the example. */
function isUsable(answers: Answers, name: string, placed: readonly Answer[]): boolean {
  const { config, problems } = validAnswers(answers);
  if (!config || problems.length > 0) return false;
  const plain = validAnswers({ ...answers, environments: { [name]: exampleOf(answers, name) } }).config!;
  return placed.every(({ path, place = path }) => {
    const at = place.replace(/^dev\.?/, '').split('.');
    const [one, other] = [config, plain].map(({ environments }) => JSON.stringify(valueAt(environments[name], at)));
    return one !== other;
  });
}

function exampleOf({ conventions, target }: Answers, name: string): EnvironmentAnswers {
  const { environments } = exampleAnswers(findDeployable(String(conventions)) ?? LATEST, target);
  return JSON.parse(JSON.stringify(environments.staging).replaceAll('staging', name)) as EnvironmentAnswers;
}
