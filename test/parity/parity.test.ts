import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answers } from '../../src/config/schema';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { resourcesOf } from '../../src/model/resources';
import type { Template } from '../support/cloudformation/template';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import type { EmittedRepository } from '../support/repository';
import { graphOfPlan, type PlanJson } from './from-plan';
import { graphOfStack } from './from-template';
import { differences, type GraphNode, seenProperties, withoutEngine } from './graph';
import { matrix, shiftingCase } from './matrix';
import { RESOURCES } from './properties';
import {
  cdkStack,
  cloudformationFiles,
  cloudformationStack,
  emitTerraform,
  type Layer,
  layersOf,
  planOf,
  synthesise,
} from './sources';

/** The account that the emulator is; the cases are made before it runs. */
const ACCOUNT = '123456789012';
const SEEN: Record<Target, GraphNode[]> = { terraform: [], cloudformation: [], cdk: [] };
const SOURCES = { terraform: 'plan', cloudformation: 'template', cdk: 'template' } as const;

type Target = NonNullable<Answers['target']>;

describe.skipIf(skipWithoutEngines())('one graph of resources', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
    expect(emulator.accountId).toBe(ACCOUNT);
  });
  afterAll(() => emulator?.stop());

  describe.each(matrix(ACCOUNT))('of $name', ({ answers }) => {
    let terraform: EmittedRepository;
    let cdk: ReadonlyMap<string, Template>;
    const cloudformation = cloudformationFiles(answers);
    const plans = new Map<string, PlanJson>();
    const idOf = ({ environment, layer }: Layer) => `${environment} ${layer}`;
    const layers = layersOf(resolve(answers));

    /** A provider a core. */
    const planAll = async () => {
      for (let first = 0; first < layers.length; first += 2) {
        const pair = layers.slice(first, first + 2);
        const made = await Promise.all(pair.map((layer) => planOf(terraform, layer, emulator)));
        pair.forEach((layer, index) => {
          plans.set(idOf(layer), made[index]!);
        });
      }
    };

    beforeAll(async () => {
      terraform = emitTerraform(answers);
      [cdk] = await Promise.all([synthesise(answers), planAll()]);
    }, 300_000);
    afterAll(() => terraform?.remove());

    it.each(layers)('is what Terraform plans, and what both templates resolve to: $environment, $layer', (layer) => {
      const graphs = {
        terraform: graphOfPlan(plans.get(idOf(layer))!),
        cloudformation: graphOfStack(cloudformationStack(cloudformation, layer)),
        cdk: graphOfStack(cdkStack(cdk, layer)),
      };
      see(graphs);
      expect({
        'Terraform and CloudFormation': differences(
          withoutEngine(graphs.terraform),
          withoutEngine(graphs.cloudformation),
        ),
        'CloudFormation and the CDK': differences(graphs.cloudformation, graphs.cdk),
      }).toEqual({ 'Terraform and CloudFormation': [], 'CloudFormation and the CDK': [] });
      const model = resourcesOf(resolve(answers)).filter(
        (resource) => resource.environment === layer.environment && resource.layer === layer.layer,
      );
      expect(enginePolicies(graphs.terraform)).toEqual(enginePolicies(model));
    });
  });

  describe('of deployments that move traffic, which Terraform cannot', () => {
    let cdk: ReadonlyMap<string, Template>;
    const answers = shiftingCase();
    const cloudformation = cloudformationFiles(answers);

    beforeAll(async () => {
      cdk = await synthesise(answers);
    });

    it.each(layersOf(resolve(answers)))('is what both templates resolve to: $environment, $layer', (layer) => {
      const graphs = {
        cloudformation: graphOfStack(cloudformationStack(cloudformation, layer)),
        cdk: graphOfStack(cdkStack(cdk, layer)),
      };
      see(graphs);
      expect(differences(graphs.cloudformation, graphs.cdk)).toEqual([]);
    });
  });

  it.each(Object.entries(SOURCES))('has every property of the list: %s', (target, source) => {
    const seen = seenProperties(SEEN[target as Target]);
    const listed = Object.entries(RESOURCES).flatMap(([type, { properties }]) =>
      Object.entries(properties).flatMap(([name, spec]) => (spec[source] === null ? [] : [`${type}.${name}`])),
    );
    expect(listed.filter((property) => !seen.has(property))).toEqual([]);
  });
});

/** What roles may do for the engine, which differs by target, by the name of the role. */
function enginePolicies(nodes: readonly Pick<GraphNode, 'key' | 'properties'>[]): Record<string, unknown> {
  const entries = nodes.map(({ key, properties }) => [key, properties.enginePolicy] as const);
  return Object.fromEntries(entries.filter(([, policy]) => policy !== undefined));
}

function see(graphs: Partial<Record<Target, readonly GraphNode[]>>): void {
  for (const [target, nodes] of Object.entries(graphs)) SEEN[target as Target].push(...nodes);
}

function resolve(answers: Answers) {
  return resolveDeployment(readConfig(answers, 'the case'));
}
