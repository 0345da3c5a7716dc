import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import type { EmittedRepository } from '../support/repository';
import { graphOfPlan, type PlanJson } from './from-plan';
import { differences, type GraphNode, seenProperties } from './graph';
import { matrix } from './matrix';
import { RESOURCES } from './properties';
import { cloudformationGraph, emitTerraform, filesOf, type Layer, layersOf, planOf } from './sources';

/** The account that the emulator is; the cases are made before it runs. */
const ACCOUNT = '123456789012';
const SEEN: Record<'plan' | 'template', GraphNode[]> = { plan: [], template: [] };

describe.skipIf(skipWithoutEngines())('one graph of resources', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
    expect(emulator.accountId).toBe(ACCOUNT);
  });
  afterAll(() => emulator?.stop());

  describe.each(matrix(ACCOUNT))('of $name', ({ answers }) => {
    let terraform: EmittedRepository;
    const cloudformation = filesOf('cloudformation', answers);
    const plans = new Map<string, PlanJson>();
    const idOf = ({ environment, layer }: Layer) => `${environment} ${layer}`;
    const layers = layersOf(resolveDeployment(readConfig(answers, 'the case')));

    beforeAll(async () => {
      terraform = emitTerraform(answers);
      // A provider a core.
      for (const pair of Array.from({ length: Math.ceil(layers.length / 2) }, (_, index) =>
        layers.slice(2 * index, 2 * index + 2),
      )) {
        const made = await Promise.all(pair.map((layer) => planOf(terraform, layer, emulator)));
        pair.forEach((layer, index) => {
          plans.set(idOf(layer), made[index]!);
        });
      }
    }, 300_000);
    afterAll(() => terraform?.remove());

    it.each(layers)('is what Terraform plans and what CloudFormation resolves: $environment, $layer', (layer) => {
      const [plan, template] = [graphOfPlan(plans.get(idOf(layer))!), cloudformationGraph(cloudformation, layer)];
      SEEN.plan.push(...plan);
      SEEN.template.push(...template);
      expect(differences(plan, template)).toEqual([]);
    });
  });

  it('has every property of the list, in each source', () => {
    const listed = Object.entries(RESOURCES).flatMap(([type, { properties }]) =>
      Object.keys(properties).map((property) => `${type}.${property}`),
    );
    for (const nodes of Object.values(SEEN)) {
      const seen = seenProperties(nodes);
      expect(listed.filter((property) => !seen.has(property))).toEqual([]);
    }
  });
});
