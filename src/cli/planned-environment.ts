import { ANSWERS_FILE } from '../config/answers-file';
import type { Planned } from '../discovery/planned';
import { readConfig, resolveDeployment } from '../model/resolve';
import { openRepository } from './repository';
import { UsageError } from './usage-error';

/**
 * An environment of the repository in the working directory, as a deployment of its answers would make it.
 *
 * @throws UsageError if there is no repository, or no environment of the name; AnswersError if the answers are not valid
 */
export function plannedEnvironment(name: string | undefined): { readonly root: string; readonly planned: Planned } {
  const { root, answers } = openRepository(process.cwd());
  const { environments, contract } = resolveDeployment(readConfig(answers, ANSWERS_FILE));
  const environment = environments.find((one) => one.name === name);
  if (!environment) {
    const names = environments.map((one) => one.name).join(', ');
    throw new UsageError(`${name === undefined ? 'name an environment' : `there is no environment ${name}`}: ${names}`);
  }
  return { root, planned: { environment, contract } };
}
