import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { TaskSpec } from './task';
import type { Templates } from './templates';

/** What differs by the engine that a repository deploys with. */
export interface TargetGenerator {
  readonly files: (deployment: Deployment, templates: Templates) => GeneratedFile[];
  readonly tasks: (deployment: Deployment) => TaskSpec[];
  /** Packages that the repository needs for it, in the versions that this package is developed with. */
  readonly devDependencies?: readonly string[];
}
