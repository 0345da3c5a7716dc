import { firstLayerOf } from '../../src/model/delivery/first-layer';
import type { Deployment, Environment, RegistryLayer } from '../../src/model/deployment';
import { nameOf, SHARED } from '../../src/model/names';
import { LONGEST_BLOCK, PRIORITY_OFFSETS } from '../../src/model/routing';
import { identityProviderContext } from '../delivery';
import { fargateSizes } from '../fargate-sizes';
import { dataFile, type GeneratedFile, type Ownership } from '../file';
import { serviceInputs } from '../inputs';
import type { FirstLayer, InputGroup } from '../inputs/input';
import { repositoryInputs, rolesInputs } from '../inputs/registry';
import { templateContext } from '../template-context';
import type { Templates } from '../templates';
import { propertyImports, propertyTexts, propertyValues } from './properties';

export const FOLDER = 'deploy/cdk';

/** Data of the stacks of an environment, or of the shared registry; from the repository's root. */
export function configFile(environment: string): string {
  return `${FOLDER}/config/${environment}.json`;
}

/** Files and folders of the app that are not simply generated. */
const OWNERSHIP: readonly { readonly path: RegExp; readonly ownership: Ownership }[] = [
  { path: /\/lib\/extra\.local\.ts$/, ownership: 'owned' },
];

/** Files that only the roles of workflows need. */
const OF_DELIVERY = /\/delivery-roles(\.test)?\.ts$/;

/**
 * A CDK app, and for each environment the data of its two stacks: a registry must exist before an image, and an image
 * before a service. The app is the same for every environment.
 */
export function cdkFiles(deployment: Deployment, templates: Templates): GeneratedFile[] {
  const inputs = serviceInputs(deployment);
  const properties = {
    properties: propertyTexts(inputs),
    imports: propertyImports(inputs),
    registryProperties: propertyTexts(repositoryInputs(deployment)),
    rolesProperties: propertyTexts(rolesInputs(deployment)),
  };
  const context = { ...cdkContext(deployment), ...properties };
  const { environments, sharedRegistry } = deployment;
  return [
    ...templates
      .below('cdk')
      .filter((name) => context.delivery || !OF_DELIVERY.test(name))
      .map((name): GeneratedFile => {
        const path = name.replace('cdk', FOLDER);
        const ownership = OWNERSHIP.find((rule) => rule.path.test(path))?.ownership ?? 'merged';
        return { path, content: templates.render(name, context), ownership };
      }),
    ...(sharedRegistry ? [configData(SHARED, sharedConfig(deployment, sharedRegistry))] : []),
    ...environments.map((environment) =>
      configData(environment.name, environmentConfig(deployment, environment, inputs)),
    ),
  ];
}

/**
 * Context of the app's templates: the conventions, the house's constants, and which parts exist. Never the value of an
 * answer.
 */
function cdkContext(deployment: Deployment) {
  return {
    ...templateContext(deployment),
    delivery: identityProviderContext(deployment),
    places: PRIORITY_OFFSETS,
    blockSize: LONGEST_BLOCK,
    fargateSizes,
  };
}

function sharedConfig(deployment: Deployment, registry: RegistryLayer): object {
  const { account, region } = registry;
  return { account, region, registry: registryConfig(deployment, SHARED, registry) };
}

function environmentConfig(deployment: Deployment, environment: Environment, inputs: readonly InputGroup[]): object {
  const { name, account, region, service } = environment;
  const registry = firstLayerOf(environment);
  return {
    account,
    region,
    registry: registry && registryConfig(deployment, name, registry),
    service: {
      stackName: nameOf('serviceStack', deployment.name, name),
      tags: service.tags,
      repositoryUri: service.taskDefinition.repository.uri,
      server: propertyValues(service, inputs),
    },
  };
}

function registryConfig(deployment: Deployment, environment: string, layer: FirstLayer): object {
  const { tags, repository, delivery } = layer;
  const stackName = nameOf('registryStack', deployment.name, environment);
  const roles = delivery && propertyValues(layer, rolesInputs(deployment));
  return repository
    ? { stackName, tags, repository: { ...propertyValues(layer, repositoryInputs(deployment)), delivery: roles } }
    : { stackName, tags, delivery: roles };
}

function configData(name: string, config: object): GeneratedFile {
  return dataFile(configFile(name), config);
}
