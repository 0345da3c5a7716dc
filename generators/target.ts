import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { TaskSpec } from './task';
import type { Templates } from './templates';

/** What differs by the engine that a repository deploys with. */
export interface TargetGenerator {
  readonly files: (deployment: Deployment, templates: Templates) => GeneratedFile[];
  readonly tasks: (deployment: Deployment) => TaskSpec[];
}
