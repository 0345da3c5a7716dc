import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { TaskSpec } from './task';
import type { Templates } from './templates';
import { terraform } from './terraform';

/** What differs by the engine that a repository deploys with. */
export interface TargetGenerator {
  readonly files: (deployment: Deployment, templates: Templates) => GeneratedFile[];
  readonly tasks: (deployment: Deployment) => TaskSpec[];
}

/** The targets, by their name in the answers. */
export const targets: Readonly<Record<string, TargetGenerator>> = { terraform };
