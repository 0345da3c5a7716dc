import type { Answers } from '../config/repository';
import type { Deployment } from '../model/deployment';
import type { WantedFile } from '../project/changes';
import { ownPackage } from '../project/package-root';
import { QuiltMcpDeployProject } from '../project/project';
import { newTree } from '../project/sync';
import type { Destination } from './destination';
import { generatorDependency } from './generator-package';

/** A repository that is ready to be written. */
export interface Rendered {
  readonly deployment: Deployment;
  readonly generator: string;
  /** Sorted by path. */
  readonly files: readonly WantedFile[];
}

/**
 * Makes a repository of answers. It writes nothing.
 *
 * @param source the origin of the answers, for messages
 * @throws AnswersError
 */
export async function renderRepository(
  answers: Record<string, unknown>,
  source: string,
  { directory }: Destination,
): Promise<Rendered> {
  const { specifier, vendored } = await generatorDependency(ownPackage());
  const project = new QuiltMcpDeployProject({
    answers: answers as Answers,
    source,
    repositoryRoot: directory,
    generator: specifier,
  });
  const options = project.syncOptions();
  const files = newTree({ ...options, files: [...options.files, ...(vendored ? [vendored] : [])] });
  return { deployment: project.deployment, generator: specifier, files };
}
