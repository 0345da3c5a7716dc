import { ANSWERS_FILE } from '../../src/config/answers-file';
import { FARGATE_CPU, FARGATE_MEMORY } from '../../src/config/environment/capacity';
import { AnswersError } from '../../src/config/problem';
import type { Deployment, Tags } from '../../src/model/deployment';
import { PRIORITY_OFFSETS } from '../../src/model/routing';
import { leastTemplateBytes, TEMPLATE_BODY } from '../../src/operations/cloudformation/template';
import { digestFile } from '../digest';
import { dataFile, type GeneratedFile } from '../file';
import { serviceInputs } from '../inputs';
import type { InputGroup } from '../inputs/input';
import { ORIGIN_PLACES } from '../inputs/listener';
import { mostOtherPorts, SECURITY_GROUPS } from '../inputs/network';
import { registryInputs } from '../inputs/registry';
import { secretParameters, variableParameters } from '../inputs/variables';
import { firstLayersOf } from '../layers';
import type { OwnedFiles } from '../target';
import { templateContext } from '../template-context';
import type { Templates } from '../templates';
import { deliveryTemplate } from './delivery';
import { withExtra } from './extra';
import { parameterGroups, parameterValues } from './parameters';

export const FOLDER = 'deploy/cloudformation';

/** The owner's addition to the template of the service. */
const EXTRA = `${FOLDER}/extra.local.yaml`;

/**
 * Two templates, and for each environment the parameters and tags of its two stacks: a registry must exist before an
 * image, and an image before a service. The templates are the same for every environment; their differences are in the
 * data.
 */
export function cloudformationFiles(deployment: Deployment, templates: Templates, owned: OwnedFiles): GeneratedFile[] {
  const extra = owned(EXTRA);
  const inputs = serviceInputs(deployment);
  const variables = { variables: variableParameters(deployment), secrets: secretParameters(deployment) };
  const context = { ...cloudformationContext(deployment), ...variables };
  const template = (name: string, groups: readonly InputGroup<never>[]): GeneratedFile => ({
    path: `${FOLDER}/${name}`,
    content: templates.render(`cloudformation/${name}`, { ...context, parameterGroups: parameterGroups(groups) }),
    ownership: 'merged',
  });
  const server = template('mcp_server.yaml', inputs);
  refuseLongTemplate(server.content, variables.variables.length + variables.secrets.length);
  const firstInputs = registryInputs(deployment);
  const registries = firstLayersOf(deployment);
  return [
    template('registry.yaml', firstInputs),
    { ...server, content: extra === undefined ? server.content : withExtra(server.content, extra, EXTRA) },
    dataFile(`${FOLDER}/stacks.json`, stacks(deployment, registries)),
    ...registries.map(({ name, layer }) =>
      stackData(parametersFile(name, 'registry'), parameterValues(layer, firstInputs), layer.tags),
    ),
    ...deployment.environments.map(({ name, service }) =>
      stackData(parametersFile(name, 'service'), parameterValues(service, inputs), service.tags),
    ),
  ];
}

/** @throws AnswersError if the variables and secrets make a template that is too long */
function refuseLongTemplate(content: string, variables: number): void {
  const size = leastTemplateBytes(content);
  if (size > TEMPLATE_BODY) {
    const message = `have ${variables} variables and secrets, which make a template of ${size} bytes: CloudFormation takes ${TEMPLATE_BODY} in a request; take fewer variables, or target terraform`;
    throw new AnswersError(ANSWERS_FILE, [{ path: 'environments', message }]);
  }
}

/** The parameters and tags of one stack, from the repository's root. */
export function parametersFile(environment: string, layer: 'registry' | 'service'): string {
  return `${FOLDER}/parameters/${environment}${layer === 'registry' ? '.registry' : ''}.json`;
}

/**
 * Context of the templates: the conventions, the house's constants, and which parts exist. Never the value of an
 * answer.
 */
function cloudformationContext(deployment: Deployment) {
  return {
    ...templateContext(deployment),
    delivery: deliveryTemplate(deployment),
    securityGroupSlots: numbers(SECURITY_GROUPS),
    originSlots: numbers(ORIGIN_PLACES),
    egressSlots: numbers(mostOtherPorts(deployment)),
    rejectSlot: PRIORITY_OFFSETS.reject,
    plainSlot: PRIORITY_OFFSETS.plain,
    probeSlot: PRIORITY_OFFSETS.oauthProbes,
    fargateSizes: FARGATE_CPU.map((cpu) => {
      const memory = FARGATE_MEMORY[cpu]!;
      return { cpu, memory: memory.map(String), offer: `${memory[0]} to ${memory.at(-1)}` };
    }),
  };
}

/** Data of the stacks, for the command that deploys them. */
function stacks({ environments }: Deployment, registries: ReturnType<typeof firstLayersOf>): object {
  return Object.fromEntries([
    ...registries.map(({ name, layer: { account, region, stackName } }) => [
      stackName,
      { account, region, template: 'registry.yaml', parameters: `parameters/${name}.registry.json` },
    ]),
    ...environments.map(({ name, account, region, service }) => [
      service.stackName,
      {
        account,
        region,
        template: 'mcp_server.yaml',
        parameters: `parameters/${name}.json`,
        image: `../../${digestFile(name)}`,
      },
    ]),
  ]);
}

function stackData(path: string, parameters: Readonly<Record<string, string>>, tags: Tags): GeneratedFile {
  return dataFile(path, { Parameters: parameters, Tags: tags });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
