import { ANSWERS_FILE } from '../config/answers-file';
import type { PlainObject } from '../config/paths';
import type { Deployable } from '../conventions';
import { unreadCatalog } from '../discovery/catalog';
import { type ChangedAnswer, changedAnswers } from '../discovery/changed-answers';
import { type Planned, resourcesInPlan } from '../discovery/planned';
import type { Start } from '../discovery/reading';
import type { Catalog, Snapshot } from '../discovery/snapshot';
import type { Environment } from '../model/deployment';
import { readConfig, resolveDeployment } from '../model/resolve';
import { openRepository } from './repository';
import { UsageError } from './usage-error';

/** An environment of the repository in the working directory, as a deployment of its answers would make it. */
export interface PlannedEnvironment {
  /** Of the repository; absolute. */
  readonly root: string;
  readonly planned: Planned;
  readonly conventions: Deployable;
  /** Its answers, as their owner wrote them. */
  readonly answers: PlainObject;
  /** The file of all answers. */
  readonly answersText: string;
}

/**
 * The repository in the working directory, and what its answers come to.
 *
 * @throws UsageError if there is no repository; AnswersError if its answers are not valid
 */
export function resolvedRepository() {
  const repository = openRepository(process.cwd());
  return { ...repository, deployment: resolveDeployment(readConfig(repository.answers, ANSWERS_FILE)) };
}

/**
 * The environments of the repository in the working directory, in the order of promotion.
 *
 * @throws UsageError if there is no repository; AnswersError if its answers are not valid
 */
export function plannedEnvironments(): PlannedEnvironment[] {
  const { root, answers, answersText, deployment } = resolvedRepository();
  const { name, environments, contract, conventions, target } = deployment;
  // They were valid.
  const all = answers.environments as Readonly<Record<string, PlainObject>>;
  return environments.map((environment) => ({
    root,
    conventions,
    planned: { name, environment, contract, target },
    answers: all[environment.name]!,
    answersText,
  }));
}

/**
 * Answers of an environment that its account contradicts. Of another account there are none.
 *
 * @param catalog as it says of itself; absent, as the snapshot or the answers have it
 */
export function contradicted(
  { planned, answers }: Pick<PlannedEnvironment, 'planned' | 'answers'>,
  snapshot: Snapshot,
  catalog: Catalog = snapshot.catalog ?? catalogInAnswers(planned.environment),
): ChangedAnswer[] {
  const isOwn = snapshot.parts.identity?.account === planned.environment.account;
  return isOwn ? changedAnswers({ ...snapshot, catalog }, answers, planned) : [];
}

/** The catalog of an environment, as the answers have it. */
export function catalogInAnswers({ catalogUrl, region }: Environment): Catalog {
  return unreadCatalog(ANSWERS_FILE, catalogUrl, region);
}

/** Beginning of a reading that compares an account with the answers of an environment. */
export function startByAnswers(planned: Planned): Start {
  return { region: planned.environment.region, answers: resourcesInPlan(planned) };
}

/**
 * One of these environments, by its name.
 *
 * @throws UsageError if there is none of the name; see {@link plannedEnvironments}
 */
export function plannedEnvironment(name: string | undefined): PlannedEnvironment {
  const all = plannedEnvironments();
  const found = all.find(({ planned }) => planned.environment.name === name);
  if (found) return found;
  throw noEnvironment(
    name,
    all.map(({ planned }) => planned.environment.name),
  );
}

/** The error for a word that names none of the environments. */
export function noEnvironment(name: string | undefined, names: readonly string[]): UsageError {
  const what = name === undefined ? 'name an environment' : `there is no environment ${name}`;
  return new UsageError(`${what}: ${names.join(', ')}`);
}
