import type { Deployment, Environment } from '../src/model/deployment';
import type { ActionQuery, DeployedFiles, DriftCheck } from '../src/operations/delivery/environments';
import type { DeployedCheck } from './deployed-check';
import type { GeneratedFile } from './file';
import type { PlanQuery } from './plan-query';
import type { TaskSpec } from './task';
import type { Templates } from './templates';

/** The text of a file that the repository's owner keeps there, or undefined where there is none. */
export type OwnedFiles = (path: string) => string | undefined;

/** What differs by the engine that a repository deploys with. */
export interface TargetGenerator {
  /** @throws AnswersError where a file of the owner cannot be used */
  readonly files: (deployment: Deployment, templates: Templates, owned: OwnedFiles) => GeneratedFile[];
  readonly tasks: (deployment: Deployment) => TaskSpec[];
  /** Arguments of its task `deploy:ENV` where nobody can be asked, as words of a shell. */
  readonly unattended: readonly string[];
  /** Arguments of its task `plan:ENV` where its standard output is kept, and a role runs it that may write nothing; likewise. */
  readonly unattendedPlan: readonly string[];
  /** Programs beside Node.js and Git that a runner must have for its tasks `deploy:ENV`, and for what sets them up. */
  readonly deploysWith: readonly string[];
  readonly guide: TargetGuide;
  /** How one finds out whether anything of an environment is deployed. */
  readonly deployedChecks: (environment: Environment) => DeployedCheck[];
  /** What of an environment is compared with what is deployed. */
  readonly drift: (environment: Environment) => DriftCheck;
  /** How the commands of delivery find out what the task `deploy:ENV` would do to which resource. */
  readonly actions: (environment: Environment) => ActionQuery;
  /** Files that the task `deploy:ENV` reads, beside those of every target. */
  readonly deployed: DeployedFiles;
  /** How one finds out what deploying each layer would do. */
  readonly plans: (deployment: Deployment) => PlanQuery[];
  /** What its tools leave behind and nobody commits, as patterns of .gitignore. */
  readonly ignored: readonly string[];
  /** Files that its tools write and that are committed, as patterns of .gitattributes. */
  readonly lockFiles: readonly string[];
  /** Packages that the repository needs for it, in the versions that this package is developed with. */
  readonly devDependencies: readonly string[];
}

/**
 * What the documents say of a target in a word or a clause; what takes more is in the parts of the documents that are its
 * own, `templates/docs/partials/TARGET`. All of it is Markdown.
 */
export interface TargetGuide {
  /** How a sentence calls it. */
  readonly tool: string;
  /** What each layer of an environment has one of, in the plural. */
  readonly units: string;
  /** What is generated for the layers of an environment, as the object of a sentence. */
  readonly data: string;
  /** What removing an environment from the answers does, as a whole sentence without its full stop. */
  readonly lost: string;
  /** What `npm test` does. */
  readonly tests: string;
  /** Where the values of secrets could be looked for, and are not. */
  readonly record: string;
  /** Whether ACM's validation record stays in the hosted zone when the certificate that was issued for it goes. */
  readonly keepsValidationRecord: boolean;
  /** Where the data of a layer is, from the repository's root. */
  readonly path: (environment: string, layer: 'registry' | 'service') => string;
  /** What only its own parts of the documents say, by name. */
  readonly facts: Readonly<Record<string, string>>;
}
