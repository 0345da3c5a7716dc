import type { EnvironmentAnswers } from '../../config/environment';
import { normalAnswers } from '../../config/normalise';
import type { Problem } from '../../config/problem';
import type { Config } from '../../config/repository';
import { validateAnswers } from '../../config/validate';
import { LATEST } from '../../conventions';
import { type AnswersCheck, type Draft, type EnvironmentCheck, looseObject } from '../unchecked';
import { chosenConventions } from './conventions';
import { policiesFit, providersAreThere, rolesAreApart, signaturesAreMade, workflowsAreKnown } from './delivery';
import { imageMode, imageVersion } from './image';
import { limitsHold, tagsFit } from './limits';
import { aliasCollisions, listenerCollisions, registryHostsAreNotRouted } from './listener';
import { egressIsOfLoadBalancer, loadBalancerIsKnown, portsAreLetOut, suffixesDiffer } from './network';
import { partitionsAgree, resourcesAreAtHand, sharedRegistries, stateIsTerraforms } from './place';
import { secretValues } from './plain-secrets';
import { oneRuleShifts, shiftsEnd, targetShifts } from './rollout';
import { authModeExists, sessionsStay, variablesAreAllowed, variablesAreThere } from './server';
import { tagKeysDiffer } from './tags';

/** Checks of each environment by itself. */
const ENVIRONMENT_CHECKS: readonly EnvironmentCheck[] = [
  loadBalancerIsKnown,
  resourcesAreAtHand,
  authModeExists,
  sessionsStay,
  egressIsOfLoadBalancer,
  oneRuleShifts,
  variablesAreAllowed,
  variablesAreThere,
  portsAreLetOut,
  tagKeysDiffer,
  partitionsAgree,
  targetShifts,
  shiftsEnd,
  limitsHold,
];

/** Every check of answers that may be incomplete, in the order in which problems are shown. */
const CHECKS: readonly AnswersCheck[] = [
  stateIsTerraforms,
  imageVersion,
  imageMode,
  workflowsAreKnown,
  providersAreThere,
  rolesAreApart,
  signaturesAreMade,
  (draft) => draft.subjects.flatMap((subject) => ENVIRONMENT_CHECKS.flatMap((check) => check(subject, draft))),
  tagsFit,
  registryHostsAreNotRouted,
  aliasCollisions,
  sharedRegistries,
  suffixesDiffer,
  listenerCollisions,
];

/** Checks of valid answers: they need the resolved deployment. */
const CONFIG_CHECKS: readonly ((config: Config) => Problem[])[] = [policiesFit];

/**
 * Validates answers of any origin. `config` has every default filled in, and is present if the shape of the answers is
 * valid, even if they contradict one another. A value that is wrong by itself is reported once, not again for its
 * consequences.
 */
export function validAnswers(answers: unknown): { readonly config?: Config; readonly problems: readonly Problem[] } {
  const normal = normalAnswers(answers);
  const { config, problems: shape } = validateAnswers(normal);
  const places = new Set(shape.map(({ path }) => path));
  const problems = [...shape, ...checkAnswers(normal).filter(({ path }) => !places.has(path))];
  return config && problems.length === 0
    ? { config, problems: CONFIG_CHECKS.flatMap((check) => check(config)) }
    : { config, problems };
}

/**
 * Checks answers together, and against the conventions. Takes answers of any shape: values that are missing or of the
 * wrong type are left to validation by the schema.
 */
export function checkAnswers(answers: unknown): Problem[] {
  const draft: Draft['answers'] = looseObject(answers);
  const { conventions, problems } = chosenConventions(draft.conventions ?? LATEST.id);
  if (!conventions) {
    return problems;
  }
  const subjects = Object.entries(looseObject(draft.environments)).map(([name, environment]) => ({
    path: `environments.${name}`,
    environment: looseObject<EnvironmentAnswers>(environment),
    conventions,
  }));
  const found = CHECKS.flatMap((check) => check({ answers: draft, conventions, subjects }));
  const places = new Set(found.map(({ path }) => path));
  return [...found, ...secretValues(draft).filter(({ path }) => !places.has(path))];
}
