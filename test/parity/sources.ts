import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FOLDER, parametersFile } from '../../generators/cloudformation/files';
import { targetGenerator } from '../../generators/targets';
import { loadTemplates } from '../../generators/templates';
import { rootOf } from '../../generators/terraform/files';
import type { Answers } from '../../src/config/schema';
import type { Deployment } from '../../src/model/deployment';
import { SHARED } from '../../src/model/names';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { ownPackage } from '../../src/project/package-root';
import { parseTemplate } from '../support/cloudformation/template';
import type { Emulator } from '../support/emulator';
import { type EmittedRepository, emitRepository } from '../support/repository';
import { planJson, terraform } from '../support/terraform';
import type { PlanJson } from './from-plan';
import { resourcesOfTemplate } from './from-template';
import { type GraphNode, normalise, type SourceResource } from './graph';

/** A layer of an environment, or of the registry that environments share. */
export interface Layer {
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  readonly account: string;
  readonly region: string;
}

export const DIGEST = `sha256:${'1'.repeat(64)}`;

/** Every layer of a deployment. */
export function layersOf({ environments, sharedRegistry }: Deployment): Layer[] {
  return [
    ...(sharedRegistry ? [{ ...place(sharedRegistry), environment: SHARED, layer: 'registry' as const }] : []),
    ...environments.flatMap((environment) => [
      ...(environment.registry
        ? [{ ...place(environment.registry), environment: environment.name, layer: 'registry' as const }]
        : []),
      { ...place(environment), environment: environment.name, layer: 'service' as const },
    ]),
  ];
}

/** A Terraform repository for these answers, in which every environment has a digest. */
export function emitTerraform(answers: Answers): EmittedRepository {
  const repository = emitRepository(answers);
  for (const { name } of repository.deployment.environments) repository.setDigest(name, DIGEST);
  return repository;
}

/** The files that a target has of its own, by path. */
export function filesOf(target: Answers['target'], answers: Answers): ReadonlyMap<string, string> {
  const { state, ...others } = answers;
  const own = target === 'terraform' ? { state } : {};
  const deployment = resolveDeployment(readConfig({ ...others, ...own, target }, 'the case'));
  const files = targetGenerator(deployment.target).files(deployment, TEMPLATES, () => undefined);
  return new Map(files.map(({ path, content }) => [path, content]));
}

const TEMPLATES = loadTemplates(join(ownPackage().root, 'templates'));

/** What Terraform plans for a layer. The emulator answers who it is; nothing is deployed. */
export async function planOf(
  { directory }: EmittedRepository,
  { environment, layer }: Layer,
  emulator: Emulator,
): Promise<PlanJson> {
  const root = join(directory, rootOf(environment, layer));
  // No state is kept, and the one account of the emulator stands for every account.
  const override = `terraform {\n  backend "local" {}\n}\n\nprovider "aws" {\n  allowed_account_ids = ["${emulator.accountId}"]\n}\n`;
  writeFileSync(join(root, 'parity_override.tf'), override);
  const { exitCode, output } = await terraform(root, ['init'], emulator.env);
  if (exitCode !== 0) throw new Error(output);
  return (await planJson(root, emulator.env)) as unknown as PlanJson;
}

/** What CloudFormation is given for a layer, read as it will resolve it. */
export function cloudformationGraph(files: ReadonlyMap<string, string>, layer: Layer): GraphNode[] {
  return normalise('template', cloudformationResources(files, layer));
}

/** The same as the template has it. */
export function cloudformationResources(
  files: ReadonlyMap<string, string>,
  { environment, layer, account, region }: Layer,
): SourceResource[] {
  const template = layer === 'registry' ? 'registry.yaml' : 'mcp_server.yaml';
  const { Parameters, Tags } = JSON.parse(files.get(parametersFile(environment, layer))!);
  return resourcesOfTemplate(parseTemplate(files.get(`${FOLDER}/${template}`)!), {
    parameters: { ...Parameters, ...(layer === 'service' ? { ImageDigest: DIGEST } : {}) },
    tags: Tags,
    place: { accountId: account, region, stackName: 'stack', stackId: 'stack' },
  });
}

function place({ account, region }: { readonly account: string; readonly region: string }) {
  return { account, region };
}
