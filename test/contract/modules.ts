import { loadTemplates } from '../../generators/templates';
import { terraformFiles } from '../../generators/terraform/files';
import { exampleAnswers } from '../../src/config/example';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { ownPackage } from '../../src/project/package-root';
import { type Resources, readHcl } from './hcl';

const answers = exampleAnswers();
answers.environments.dev!.secrets = {
  A: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf',
  B: 'arn:aws:ssm:us-east-1:111122223333:parameter/b',
};

answers.environments.dev!.network.egressPorts = [3128];

/** A deployment that uses whatever a module can do. */
export const deployment = resolveDeployment(readConfig(answers, 'the example'));

const emitted = terraformFiles(deployment, loadTemplates(`${ownPackage().root}/templates`));

/** The HCL files of a module as they are emitted, by name. */
export function moduleFiles(name: string): Record<string, string> {
  const folder = `deploy/terraform/modules/${name}/`;
  const files = emitted.filter(({ path }) => path.startsWith(folder) && /^[^/]+\.tf$/.test(path.slice(folder.length)));
  return Object.fromEntries(files.map(({ path, content }) => [path.slice(folder.length), content]));
}

/** The resources of a module as it is emitted. */
export function readModule(name: string): Promise<Resources> {
  return readHcl(moduleFiles(name));
}
