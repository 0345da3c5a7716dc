import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answers } from '../../src/config/repository';
import type { Deployment } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import type { Template } from '../../src/rehearsal/cloudformation/template';
import type { Emulator } from '../../src/rehearsal/emulator';
import { resourcesOf } from '../../src/resources/resources';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR } from '../support/engines/emulator';
import { TERRAFORM_CLI } from '../support/engines/terraform';
import type { EmittedRepository } from '../support/repository';
import { graphOfPlan, type PlanJson } from './from-plan';
import { graphOfStack } from './from-template';
import { differences, ENGINE, type GraphNode, withoutEngine } from './graph';
import type { Case } from './matrix';
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

/** The account that the emulator is; cases are made before it runs. */
export const ACCOUNT = '123456789012';
/** Every resource that was compared in this process, by target. */
export const SEEN: Readonly<Record<Target, GraphNode[]>> = { terraform: [], cloudformation: [], cdk: [] };

export type Target = NonNullable<Answers['target']>;

/**
 * Compares the resources that the three targets come to: a plan of Terraform and both templates, layer by layer. Resolves to
 * whether that is skipped.
 */
export async function describeParity(cases: readonly Case[]): Promise<boolean> {
  const isSkipped = await lacks(EMULATOR, TERRAFORM_CLI);
  describe.skipIf(isSkipped)('one graph of resources', () => {
    let emulator: Emulator;
    beforeAll(async () => {
      emulator = await startEmulator();
      expect(emulator.accountId).toBe(ACCOUNT);
    });
    afterAll(() => emulator?.stop());

    describe.each(cases)('of $name', ({ answers }) => {
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
      });
      afterAll(() => terraform?.remove());

      it.each(layers)('what Terraform plans is what both templates resolve to: $environment, $layer', (layer) => {
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
  });
  return isSkipped;
}

/** What roles may do for the engine, which differs by target, by the name of the policy. */
function enginePolicies(nodes: readonly GraphNode[]): Record<string, unknown> {
  const policies = nodes.filter(({ type, key }) => type === 'policy' && key.endsWith(ENGINE));
  return Object.fromEntries(policies.map(({ key, properties }) => [key, properties.document]));
}

/** Notes resources as compared. */
export function see(graphs: Partial<Record<Target, readonly GraphNode[]>>): void {
  for (const [target, nodes] of Object.entries(graphs)) SEEN[target as Target].push(...nodes);
}

export function resolve(answers: Answers): Deployment {
  return resolveDeployment(readConfig(answers, 'the case'));
}
