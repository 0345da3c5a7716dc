import { join } from 'node:path';

import { generateFiles } from '../../generators';
import type { GeneratedFile } from '../../generators/file';
import { loadTemplates } from '../../generators/templates';
import { exampleAnswers } from '../../src/config/example';
import { TARGETS } from '../../src/config/repository';
import { type Deployable, LATEST } from '../../src/conventions';
import type { Deployment, Runner } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';

export const templates = loadTemplates(join(__dirname, '../../templates'));
/** The GitHub Apps that workflows are emitted for. */
export const APPS = {
  'no App': undefined,
  'an App': { idVariable: 'UPGRADE_APP_CLIENT_ID', keySecret: 'UPGRADE_APP_PRIVATE_KEY' },
  'an App with short names': { idVariable: '_', keySecret: 'K' },
};
export type App = Deployment['repository']['app'];

export function deploy(target: Deployment['target'], app: App, conventions: Deployable = LATEST): Deployment {
  const answers = exampleAnswers(conventions, target);
  const repository = { ...answers.repository, ownerId: 12, repositoryId: 345, app };
  // With roles, workflows verify signatures.
  const oidcProviders = { '111122223333': { create: true } };
  return resolveDeployment(readConfig({ ...answers, repository, oidcProviders }, 'test'));
}

/** The files of a deployment that the linters of workflows read. */
export const below = (deployment: Deployment) =>
  generateFiles(deployment, templates).filter(({ path }) => path.startsWith('.github/') || path === '.yamllint.yaml');
export const isWorkflow = ({ path }: GeneratedFile) => path.startsWith('.github/workflows/');

/** A deployment whose last environment has a runner, which may be of any form. */
export function withRunner(runner: Runner, deployment = deploy('terraform', undefined)): Deployment {
  return {
    ...deployment,
    environments: deployment.environments.map((one, index, { length }) =>
      index === length - 1 ? { ...one, access: { ...one.access, runner } } : one,
    ),
  };
}

export const OWN_RUNNER = 'no App and a runner of its own';

/** Each target with each App, or with a runner of its own, and the files that are emitted for it. */
export const MATRIX = TARGETS.flatMap((target) => [
  ...Object.entries(APPS).map(([name, app]) => [target, name, below(deploy(target, app))] as const),
  [target, OWN_RUNNER, below(withRunner(['self-hosted', 'vpn'], deploy(target, undefined)))] as const,
]);
