import { join } from 'node:path';

import { generateFiles } from '../../generators';
import { loadTemplates } from '../../generators/templates';
import { exampleAnswers } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { CATALOGUE, isDeployable, LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';

const templates = loadTemplates(join(__dirname, '../../templates'));
/** The generations that deploy. */
export const GENERATIONS = CATALOGUE.filter(isDeployable);

/** Answers that give every environment of the example the roles that workflows assume. */
export const DELIVERING: Partial<Answers> = {
  repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
  oidcProviders: { '111122223333': { create: true } },
};

/** Answers by which the first environment reaches other ports than 443, and the others do not. */
export function withPorts(): Partial<Answers> {
  const { environments } = exampleAnswers(LATEST, 'cloudformation');
  environments.dev!.network.egressPorts = [3128, 8443];
  return { environments };
}

/** The files below deploy/cloudformation for the example of a generation, by file name. */
export function emitted(entry: (typeof GENERATIONS)[number], change: Partial<Answers> = {}): Record<string, string> {
  const answers = { ...exampleAnswers(entry, 'cloudformation'), ...change };
  const deployment = resolveDeployment(readConfig(answers, 'the example'));
  const below = 'deploy/cloudformation/';
  return Object.fromEntries(
    generateFiles(deployment, templates)
      .filter(({ path }) => path.startsWith(below))
      .map(({ path, content }) => [path.slice(below.length), content]),
  );
}
