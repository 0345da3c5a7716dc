import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import type { Answers } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { ownPackage } from '../../../src/project/package-root';
import { HANDLERS } from '../../../src/rehearsal/cloudformation/resources';
import { resourcesOf } from '../../../src/resources/resources';
import { factsOf, isKnown, RESOURCE_TYPES, TYPES } from '../../../src/resources/types';
import { deliveringCase, essentialCases, shiftingCase } from '../../parity/matrix';
import { statementsOf } from '../../support/role-statements';
import { referenceOf } from '../../support/service-reference';

const templates = loadTemplates(`${ownPackage().root}/templates`);

function deploymentFor(target: NonNullable<Answers['target']>, { state, ...answers }: Answers) {
  const own = target === 'terraform' ? { state } : {};
  return resolveDeployment(readConfig({ ...answers, ...own, target }, 'the case'));
}

describe('a type of resources', () => {
  // The CDK's templates are held against these in test/parity/drifts.test.ts.
  it.each([
    ['terraform', 'terraform', (type: string) => `resource "${type}" `],
    ['cloudformation', 'cloudformation', (type: string) => `Type: ${type}\n`],
  ] as const)('every type of resources is in the files of the target %s', (target, column, written) => {
    const text = essentialCases('111122223333')
      .flatMap(({ answers }) => generateFiles(deploymentFor(target, answers), templates))
      .filter(({ path }) => /\.(tf|yaml)$/.test(path))
      .map(({ content }) => content)
      .join('\n');
    const missing = RESOURCE_TYPES.filter((type) => !text.includes(written(TYPES[type][column])));
    expect(missing, `make them in a file of src/resources, and in templates/${target}`).toEqual([]);
  });

  it('every type of resources is one that the emulated CloudFormation applies', () => {
    const missing = RESOURCE_TYPES.filter((type) => !Object.hasOwn(HANDLERS, TYPES[type].cloudformation));
    expect(
      missing,
      'apply them in a file of src/rehearsal/cloudformation/resources, and list it in index.ts there',
    ).toEqual([]);
  });

  it.each(RESOURCE_TYPES)('the call that tags a resource is one that AWS has, if it has tags: %s', async (type) => {
    const { taggedBy } = factsOf(type);
    const withTags = essentialCases('111122223333')
      .flatMap(({ answers }) => resourcesOf(deploymentFor('terraform', answers)))
      .some((resource) => resource.type === type && 'tags' in resource.properties);
    const where = 'src/resources has tags of it, or src/resources/types.ts says what tags it, but not both';
    expect(taggedBy !== undefined, where).toBe(withTags);
    if (taggedBy !== undefined) expect(await referenceOf(taggedBy)).toBeDefined();
  });

  it.each(RESOURCE_TYPES)('the call that makes a resource is one that AWS has: %s', async (type) => {
    expect(await referenceOf(TYPES[type].madeBy)).toBeDefined();
  });

  it.each([
    ['terraform', deliveringCase()],
    ['cloudformation', deliveringCase()],
    ['cdk', deliveringCase()],
    ['cloudformation', shiftingCase()],
  ] as const)('the role that deploys may make and tag every type of resources of a service: %s', (target, answers) => {
    const deployment = deploymentFor(target, answers);
    const resources = resourcesOf(deployment).filter(({ layer }) => layer === 'service');
    const missing = deployment.environments.flatMap(({ name, registry, roles }) => {
      const deploys = (registry ?? roles)!.delivery!.roles.find(({ duty }) => duty === 'deploy')!;
      const allowed = statementsOf(deploys).flatMap(({ actions }) => actions);
      return resources
        .filter(
          ({ environment, type }) =>
            environment === name &&
            isKnown(type) &&
            [factsOf(type).madeBy, factsOf(type).taggedBy].some(
              (call) => call !== undefined && !allowed.includes(call),
            ),
        )
        .map(({ type }) => `${name}: ${type}`);
    });
    expect(missing, 'let the role make them, and tag them: src/model/delivery/grants.ts').toEqual([]);
  });
});
