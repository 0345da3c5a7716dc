import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cloudformation } from '../../generators/cloudformation';
import { FOLDER, parametersFile } from '../../generators/cloudformation/files';
import { loadTemplates } from '../../generators/templates';
import { rootOf } from '../../generators/terraform/files';
import type { Answers } from '../../src/config/repository';
import type { Deployment, RegistryLayer, RolesLayer } from '../../src/model/deployment';
import { SHARED } from '../../src/model/names';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { ownPackage } from '../../src/project/package-root';
import type { StackIdentity } from '../../src/rehearsal/cloudformation/parameters';
import { parseTemplate, type Template } from '../../src/rehearsal/cloudformation/template';
import type { Emulator } from '../../src/rehearsal/emulator';
import { CdkRepository } from '../support/cdk-repository';
import { type EmittedRepository, emitRepository } from '../support/repository';
import { planJson, terraform } from '../support/terraform';
import type { PlanJson } from './from-plan';
import type { Stack } from './from-template';

/** A layer of an environment, or of the registry that environments share. */
export interface Layer {
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  readonly account: string;
  readonly region: string;
  /** Its stack, where the target makes one. */
  readonly stackName: string;
}

/** What the deploy task gives beside the answers, if the load balancer's groups have no rule for everything. */
const MADE = { AlbEgress: 'on' };

export const DIGEST = `sha256:${'1'.repeat(64)}`;

/** Every layer of a deployment. */
export function layersOf({ environments, sharedRegistry }: Deployment): Layer[] {
  return [
    ...(sharedRegistry ? [registryOf(SHARED, sharedRegistry)] : []),
    ...environments.flatMap(({ name, account, region, registry, roles, service: { stackName } }): Layer[] => [
      ...(registry || roles ? [registryOf(name, (registry ?? roles)!)] : []),
      { environment: name, layer: 'service', account, region, stackName },
    ]),
  ];
}

/** A Terraform repository for these answers, in which every environment has a digest. */
export function emitTerraform(answers: Answers): EmittedRepository {
  const repository = emitRepository(answers);
  for (const { name } of repository.deployment.environments) repository.setDigest(name, DIGEST);
  return repository;
}

function registryOf(environment: string, { account, region, stackName }: RegistryLayer | RolesLayer): Layer {
  return { environment, layer: 'registry', account, region, stackName };
}

/** The same answers for a target without Terraform's state. */
function withTarget(target: 'cloudformation' | 'cdk', { state: _state, ...answers }: Answers): Answers {
  return { ...answers, target };
}

/** The files of the CloudFormation target, by path. */
export function cloudformationFiles(answers: Answers): ReadonlyMap<string, string> {
  const deployment = resolveDeployment(readConfig(withTarget('cloudformation', answers), 'the case'));
  const files = cloudformation.files(deployment, TEMPLATES, () => undefined);
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

/** What CloudFormation is given for a layer by the target of that name. */
export function cloudformationStack(
  files: ReadonlyMap<string, string>,
  { environment, layer, ...place }: Layer,
): Stack {
  const template = layer === 'registry' ? 'registry.yaml' : 'mcp_server.yaml';
  const { Parameters, Tags } = JSON.parse(files.get(parametersFile(environment, layer))!);
  return {
    template: parseTemplate(files.get(`${FOLDER}/${template}`)!),
    parameters: { ...Parameters, ...(layer === 'service' ? { ImageDigest: DIGEST, ...MADE } : {}) },
    tags: Tags,
    place: placeOf(place),
  };
}

/** What the CDK synthesises for these answers, by the name of the stack; every environment has a digest. */
export async function synthesise(answers: Answers): Promise<ReadonlyMap<string, Template>> {
  const repository = new CdkRepository(withTarget('cdk', answers));
  try {
    for (const { name } of repository.deployment.environments) repository.setDigest(name, DIGEST);
    const { exitCode, output } = await repository.cdk('synth', '--quiet');
    if (exitCode !== 0) throw new Error(output);
    const names = layersOf(repository.deployment).map(({ stackName }) => stackName);
    return new Map(names.map((name) => [name, repository.template(name)]));
  } finally {
    repository.remove();
  }
}

/** What CloudFormation is given for a layer by the CDK: a template alone, in which each resource has its tags. */
export function cdkStack(templates: ReadonlyMap<string, Template>, layer: Layer): Stack {
  const template = templates.get(layer.stackName)!;
  return { template, parameters: template.Parameters ? MADE : {}, tags: {}, place: placeOf(layer) };
}

function placeOf({ account, region, stackName }: Pick<Layer, 'account' | 'region' | 'stackName'>): StackIdentity {
  return { accountId: account, region, stackName, stackId: stackName };
}
