import { beforeAll, describe, expect, it } from 'vitest';

import type { Template } from '../../src/rehearsal/cloudformation/template';
import { graphOfStack, lateResources } from './from-template';
import { differences, seenProperties } from './graph';
import { essentialCases, shiftingCases } from './matrix';
import { ACCOUNT, describeParity, resolve, SEEN, see, type Target } from './parity';
import { RESOURCES } from './properties';
import { cdkStack, cloudformationFiles, cloudformationStack, layersOf, synthesise } from './sources';

const SOURCES = { terraform: 'plan', cloudformation: 'template', cdk: 'template' } as const;

const isSkipped = await describeParity(essentialCases(ACCOUNT));

describe.each(shiftingCases())(
  'the resources of a deployment that moves traffic, which Terraform cannot: part %#',
  (answers) => {
    let cdk: ReadonlyMap<string, Template>;
    const cloudformation = cloudformationFiles(answers);

    beforeAll(async () => {
      cdk = await synthesise(answers);
    });

    it.each(layersOf(resolve(answers)))(
      'resources that move traffic are the same in both templates: $environment, $layer',
      (layer) => {
        const graphs = {
          cloudformation: graphOfStack(cloudformationStack(cloudformation, layer)),
          cdk: graphOfStack(cdkStack(cdk, layer)),
        };
        see(graphs);
        expect(differences(graphs.cloudformation, graphs.cdk)).toEqual([]);
      },
    );

    it('what moves traffic is the last of its stack: nothing fails after it, so the stack never goes back to weights of before', () => {
      for (const layer of layersOf(resolve(answers)).filter((one) => one.layer === 'service')) {
        for (const stack of [cloudformationStack(cloudformation, layer), cdkStack(cdk, layer)]) {
          const isService = ([, { Type }]: [string, { Type: string }]) => Type === 'AWS::ECS::Service';
          const [service] = Object.entries(stack.template.Resources).find(isService)!;
          expect(lateResources(stack, service)).toEqual([]);
        }
      }
    });
  },
);

it.skipIf(isSkipped).each(Object.entries(SOURCES))(
  'every property of the list of resources was compared, with target %s',
  (target, source) => {
    const seen = seenProperties(SEEN[target as Target]);
    const listed = Object.entries(RESOURCES).flatMap(([type, { properties }]) =>
      Object.entries(properties).flatMap(([name, spec]) => (spec[source] === null ? [] : [`${type}.${name}`])),
    );
    expect(listed.filter((property) => !seen.has(property))).toEqual([]);
  },
);
