import { posix } from 'node:path';

import type { VariableSource } from '../../src/conventions';
import { firstLayerOf } from '../../src/model/delivery/first-layer';
import { haveRolesAlone } from '../../src/model/delivery/roles';
import type { Deployment, Environment, ServiceLayer } from '../../src/model/deployment';
import { identityProviderContext } from '../delivery';
import { digestFile } from '../digest';
import { fargateCpu, fargateSizes } from '../fargate-sizes';
import { dataFile, type GeneratedFile } from '../file';
import { serviceInputs } from '../inputs';
import type { FirstLayer, InputGroup } from '../inputs/input';
import { registryInputs, rolesInputs } from '../inputs/registry';
import { firstLayersOf } from '../layers';
import { templateContext } from '../template-context';
import type { Templates } from '../templates';
import { REGISTRY_ORDER, SERVICE_ORDER, variableTexts, variableValues } from './variables';
import { VERSIONS } from './versions';

export const FOLDER = 'deploy/terraform';

/** The root of one layer of an environment, from the repository's root. */
export function rootOf(environment: string, layer: 'registry' | 'service'): string {
  return `${FOLDER}/environments/${environment}/${layer}`;
}

/** The roots of an environment. A registry that others share is not its own. */
export function rootsOf(environment: Environment): string[] {
  const { name } = environment;
  return [rootOf(name, 'service'), ...(firstLayerOf(environment) ? [rootOf(name, 'registry')] : [])];
}

/**
 * The modules, and for each environment two roots, each with its own state: a registry must exist before an image, and
 * an image before a service. The text is the same for every environment; their differences are in the data files.
 */
export function terraformFiles(deployment: Deployment, templates: Templates): GeneratedFile[] {
  const inputs = serviceInputs(deployment);
  const context = { ...terraformContext(deployment), inputs: variableTexts(inputs, SERVICE_ORDER) };
  const firstLayer = {
    registry: variableTexts(registryInputs(deployment), REGISTRY_ORDER),
    roles: variableTexts(rolesInputs(deployment), REGISTRY_ORDER),
  };
  const copy = (from: string, to: string, repository = true): GeneratedFile[] =>
    templates
      .below(`terraform/${from}`)
      .filter((name) => context.delivery || !OF_DELIVERY.test(name))
      .map((name) => ({
        path: name.replace(`terraform/${from}`, to),
        content: templates.render(name, {
          ...context,
          repository,
          registryInputs: firstLayer[repository ? 'registry' : 'roles'],
        }),
        ownership: 'merged',
      }));
  const registries = firstLayersOf(deployment);
  return [
    ...copy('modules', `${FOLDER}/modules`),
    ...(haveRolesAlone(deployment.environments)
      ? copy('modules/registry', `${FOLDER}/modules/roles`, false)
      : []
    ).filter(({ path }) => !OF_REPOSITORY.test(path)),
    ...registries.flatMap(({ name, layer: registry }) => [
      ...copy('environments/_env/registry', rootOf(name, 'registry'), registry.repository !== undefined),
      ...registryData(name, registry, registryInputs(deployment)),
    ]),
    ...deployment.environments.flatMap((environment) => [
      ...copy('environments/_env/service', rootOf(environment.name, 'service')),
      ...serviceData(environment, inputs),
    ]),
  ];
}

/** Files of the registry's module that are about its repository; the module of the roles lacks them. */
const OF_REPOSITORY = /\/(main\.tf|registry\.tftest\.hcl)$/;

/** Files that only the roles of workflows need. */
const OF_DELIVERY = /\/roles\.tf(test\.hcl)?$/;

/**
 * Context of modules and roots: the conventions, the house's constants, and which parts exist. Never the value of an
 * answer.
 */
function terraformContext(deployment: Deployment) {
  const { fixed, derived } = deployment.conventions.environment;
  return {
    ...templateContext(deployment),
    delivery: identityProviderContext(deployment),
    fixedNames: Object.keys(fixed),
    derived: Object.entries(derived).map(([name, { from }]) => ({ name, from, example: EXAMPLES[from] })),
    derivedNames: Object.keys(derived),
    examples: Object.fromEntries(Object.entries(derived).map(([name, { from }]) => [name, EXAMPLES[from]])),
    versions: VERSIONS,
    fargateSizes,
    fargateCpu,
  };
}

/** Placeholders of answers in the documentation of a module. */
const EXAMPLES: Readonly<Record<VariableSource, string>> = {
  catalogUrl: 'https://quilt.example.com',
  registryUrl: 'https://quilt-registry.example.com',
  region: 'us-east-1',
  serviceTimeout: '55',
  environment: 'example',
};

function registryData(
  environment: string,
  layer: FirstLayer,
  inputs: readonly InputGroup<FirstLayer>[],
): GeneratedFile[] {
  const { account, region } = layer;
  const root = rootOf(environment, 'registry');
  return [
    dataFile(`${root}/backend.config.json`, backend(layer)),
    dataFile(`${root}/terraform.tfvars.json`, {
      account_id: account,
      region,
      ...variableValues(layer, inputs, REGISTRY_ORDER),
    }),
  ];
}

function serviceData({ name, account, region, service }: Environment, inputs: readonly InputGroup[]): GeneratedFile[] {
  const root = rootOf(name, 'service');
  return [
    dataFile(`${root}/backend.config.json`, backend(service)),
    dataFile(`${root}/terraform.tfvars.json`, {
      account_id: account,
      region,
      image_file: posix.relative(root, digestFile(name)),
      repository_url: service.taskDefinition.repository.uri,
      ...variableValues(service, inputs, SERVICE_ORDER),
    }),
  ];
}

/** @throws Error if the layer was resolved for another target */
function backend({ state }: FirstLayer | ServiceLayer): object {
  if (!state) {
    throw new Error('A Terraform root needs a place for its state');
  }
  const { bucket, region, key, kmsKeyArn } = state;
  return { bucket, region, key, encrypt: true, use_lockfile: true, kms_key_id: kmsKeyArn };
}
