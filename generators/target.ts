import type { Deployment, Environment } from '../src/model/deployment';
import type { ActionQuery, DeployedFiles, DriftCheck } from '../src/operations/delivery/environments';
import type { DeployedCheck } from './deployed-check';
import type { GeneratedFile } from './file';
import type { PlanQuery } from './plan-query';
import type { TaskSpec } from './task';
import type { Templates } from './templates';

/** The text of an owner's file at a path, or undefined if there is none. */
export type OwnedFiles = (path: string) => string | undefined;

/** The part of a repository that depends on its engine. */
export interface TargetGenerator {
  /** @throws AnswersError if a file of the owner is not valid */
  readonly files: (deployment: Deployment, templates: Templates, owned: OwnedFiles) => GeneratedFile[];
  readonly tasks: (deployment: Deployment) => TaskSpec[];
  /** Arguments of its task `deploy:ENV` without a person to ask, as words of a shell. */
  readonly unattended: readonly string[];
  /** Arguments of its task `plan:ENV` if its standard output is kept and its role may write nothing; likewise. */
  readonly unattendedPlan: readonly string[];
  /** Programs beside Node.js and Git that a runner must have for its tasks `deploy:ENV`, and for their setup. */
  readonly deploysWith: readonly string[];
  readonly guide: TargetGuide;
  /** Checks whether anything of an environment is deployed. */
  readonly deployedChecks: (environment: Environment) => DeployedCheck[];
  /** The parts of an environment that are compared with its deployment. */
  readonly drift: (environment: Environment) => DriftCheck;
  /** The query by which the commands of delivery get the actions of the task `deploy:ENV`. */
  readonly actions: (environment: Environment) => ActionQuery;
  /** Files that the task `deploy:ENV` reads, beside those of every target. */
  readonly deployed: (deployment: Pick<Deployment, 'environments'>) => DeployedFiles;
  /** Queries for the plan of each layer. */
  readonly plans: (deployment: Deployment) => PlanQuery[];
  /** Files of its tools that nobody commits, as patterns of .gitignore. */
  readonly ignored: readonly string[];
  /** Files that its tools write and that are committed, as patterns of .gitattributes. */
  readonly lockFiles: readonly string[];
  /** Packages that the repository needs for it, in the versions that this package is developed with. */
  readonly devDependencies: readonly string[];
}

/**
 * A target's words and clauses in the documents; longer text is in the target's own parts,
 * `templates/docs/partials/TARGET`. All of it is Markdown.
 */
export interface TargetGuide {
  /** Name of its tool in a sentence. */
  readonly tool: string;
  /** Unit of a layer (a stack, a root), in the plural. */
  readonly units: string;
  /** The files that are generated for the layers of an environment, as the object of a sentence. */
  readonly data: string;
  /** The effect of removing an environment from the answers, as a whole sentence without its full stop. */
  readonly lost: string;
  /** Description of `npm test`. */
  readonly tests: string;
  /** The place where the values of secrets could be recorded, and are not. */
  readonly record: string;
  /** Whether ACM's validation record stays in the hosted zone when the certificate that was issued for it goes. */
  readonly keepsValidationRecord: boolean;
  /** Path of a layer's data, from the repository's root. */
  readonly path: (environment: string, layer: 'registry' | 'service') => string;
  /** Facts for its own parts of the documents, by name. */
  readonly facts: Readonly<Record<string, string>>;
}
