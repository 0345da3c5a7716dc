import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { TaskSpec } from './task';
import type { Templates } from './templates';

/** The text of a file that the repository's owner keeps there, or undefined where there is none. */
export type OwnedFiles = (path: string) => string | undefined;

/** What differs by the engine that a repository deploys with. */
export interface TargetGenerator {
  /** @throws AnswersError where a file of the owner cannot be used */
  readonly files: (deployment: Deployment, templates: Templates, owned: OwnedFiles) => GeneratedFile[];
  readonly tasks: (deployment: Deployment) => TaskSpec[];
}
