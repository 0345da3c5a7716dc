import type { Deployment } from '../src/model/deployment';
import { COMMON_TASKS } from './common-tasks';
import { deliveryFiles, deliveryTasks } from './delivery-files';
import { dockerFiles } from './docker';
import { documentation } from './docs';
import type { GeneratedFile } from './file';
import { withHeader } from './header';
import { renovate } from './renovate';
import { repositoryFiles } from './repository';
import type { OwnedFiles, TargetGenerator } from './target';
import { targetGenerator } from './targets';
import type { TaskSpec } from './task';
import type { Templates } from './templates';
import { workflows } from './workflows';

/** A part of an emitted repository: a pure function of the deployment. */
export type Generator = TargetGenerator['files'];

const COMMON: readonly Generator[] = [repositoryFiles, dockerFiles, deliveryFiles, workflows, renovate, documentation];

/**
 * Every file of the repository that deploys this, sorted by path.
 *
 * @throws AnswersError if a file of the owner is not valid
 */
export function generateFiles(
  deployment: Deployment,
  templates: Templates,
  owned: OwnedFiles = () => undefined,
): GeneratedFile[] {
  return [...COMMON, targetGenerator(deployment.target).files]
    .flatMap((generator) => generator(deployment, templates, owned))
    .map(withHeader)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The tasks that the repository offers as `npm run …`, in the order of use. */
export function generateTasks(deployment: Deployment): TaskSpec[] {
  return [...targetGenerator(deployment.target).tasks(deployment), ...deliveryTasks(deployment), ...COMMON_TASKS];
}

/** The packages that the repository needs for its target. */
export function generateDependencies(deployment: Deployment): readonly string[] {
  return targetGenerator(deployment.target).devDependencies;
}
