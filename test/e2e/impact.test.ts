import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { rootOf } from '../../generators/terraform/files';
import type { Answers, EnvironmentAnswers } from '../../src/config/schema';
import { findDeployable } from '../../src/conventions';
import type { Deployment } from '../../src/model/deployment';
import { compareResources, DESTROYED_FIRST, type ResourceChange } from '../../src/model/impact';
import { resourcesOf } from '../../src/model/resources';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import { createQuiltStack, type QuiltStack } from '../support/quilt-stack';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { planJson, terraform } from '../support/terraform';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const MINUTES = 60_000;

/** What is deployed, by its conventions and what differs from the simplest answers. */
interface State {
  readonly conventions: string;
  readonly change?: (stack: QuiltStack) => Partial<EnvironmentAnswers>;
  readonly answers?: Partial<Answers>;
}

const inDomain =
  (host: string) =>
  (stack: QuiltStack): Partial<EnvironmentAnswers> => ({
    routing: { mode: 'domain', host, priority: 200, hostedZoneId: stack.hostedZoneId },
    cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'] },
  });

/** What is deployed, one after the other, and what is planned from each. */
const WAYS: readonly { readonly at: State; readonly to: Readonly<Record<string, State>> }[] = [
  {
    at: { conventions: 'g1a' },
    to: {
      'the newest generation': { conventions: 'g3c' },
      'the newest generation under another name': { conventions: 'g3c', answers: { name: 'other' } },
    },
  },
  {
    at: { conventions: 'g2c', change: inDomain('mcp.example.com') },
    to: {
      'the newest generation': { conventions: 'g3c', change: inDomain('mcp.example.com') },
      'another domain': { conventions: 'g2c', change: inDomain('other.example.com') },
      'no domain, and no origins': { conventions: 'g2c' },
      'other answers': {
        conventions: 'g2c',
        change: (stack) => ({
          ...inDomain('mcp.example.com')(stack),
          cors: { allowedOrigins: ['https://a.example.com'] },
          capacity: { cpu: 1024, memory: 4096, desired: 3 },
          logs: { retention: 90 },
          retainData: true,
          permissionsBoundaryArn: `arn:aws:iam::${stack.accountId}:policy/boundary`,
          secrets: { A: `arn:aws:ssm:${stack.region}:${stack.accountId}:parameter/a` },
          tags: { Team: 'other' },
        }),
      },
    },
  },
];

describe.skipIf(skipWithoutEngines())('what an upgrade is said to do', { timeout: 3 * MINUTES }, () => {
  let emulator: Emulator;
  let stack: QuiltStack;

  beforeAll(async () => {
    emulator = await startEmulator();
    stack = await createQuiltStack(emulator);
  });
  afterAll(() => emulator?.stop());

  const emit = ({ conventions, change, answers }: State): EmittedRepository => {
    const generation = findDeployable(conventions)!;
    const environment = environmentBehind(stack, change?.(stack), generation);
    const repository = emitRepository({ ...answersBehind(stack, { dev: environment }, generation), ...answers });
    repository.setDigest('dev', DIGEST);
    return repository;
  };

  describe.each(WAYS)('from $at.conventions', ({ at, to }) => {
    let deployed: Deployment;

    beforeAll(async () => {
      const repository = emit(at);
      deployed = repository.deployment;
      for (const task of ['registry:dev', 'deploy:dev']) {
        const { exitCode, output } = await repository.run(task, ['-auto-approve'], emulator.env);
        expect(exitCode, output).toBe(0);
      }
      repository.remove();
    }, 5 * MINUTES);

    it.each(Object.entries(to))('is what Terraform plans: to %s', async (_, state) => {
      const repository = emit(state);
      try {
        const said = compareResources(resourcesOf(deployed), resourcesOf(repository.deployment), 'terraform');
        // A provider a core.
        const layers = (['registry', 'service'] as const).map((layer) => plannedFor(repository, layer, emulator));
        const planned = (await Promise.all(layers)).flat();
        expect(planned).not.toEqual([]);
        expect(said.map(inWords).sort()).toEqual(planned.sort());
      } finally {
        repository.remove();
      }
    });
  });
});

function inWords({ id, type, action }: ResourceChange): string {
  const isFirst = DESTROYED_FIRST.some((known) => known === type);
  return `${id}: ${action === 'replace' && isFirst ? 'destroy, then create' : action}`;
}

/** The resources of the modules by their ids; those of several are one resource here, of which the first stands for its actions. */
const IDS: Readonly<Record<string, string>> = {
  'aws_ecr_repository.mcp': 'repository',
  'aws_ecr_lifecycle_policy.mcp': 'repository',
  'aws_ecs_task_definition.mcp': 'taskDefinition',
  'aws_ecs_service.mcp': 'service',
  'aws_security_group.mcp': 'securityGroup',
  'aws_vpc_security_group_ingress_rule.alb': 'securityGroup',
  'aws_vpc_security_group_egress_rule.https': 'securityGroup',
  'aws_lb_target_group.mcp': 'targetGroup',
  'aws_lb_listener_rule.mcp': 'listenerRule',
  'aws_lb_listener_rule.other_origin': 'otherOriginRule',
  'aws_lb_listener_rule.allowed_origin[0]': 'allowedOriginRule1',
  'aws_lb_listener_rule.allowed_origin[1]': 'allowedOriginRule2',
  'aws_acm_certificate.mcp': 'certificate',
  'aws_route53_record.certificate_validation': 'certificate',
  'aws_acm_certificate_validation.mcp': 'certificate',
  'aws_lb_listener_certificate.mcp': 'listenerCertificate',
  'aws_route53_record.alias': 'aliasRecord',
  'aws_cloudwatch_log_group.mcp': 'logGroup',
  'aws_iam_role.execution': 'executionRole',
  'aws_iam_role_policy.execution': 'executionRole',
  'aws_iam_role.task': 'taskRole',
};

/** What a plan does, in the words of an impact, as `id: action`. */
async function plannedFor(
  { directory }: EmittedRepository,
  layer: 'registry' | 'service',
  emulator: Emulator,
): Promise<string[]> {
  const root = join(directory, rootOf('dev', layer));
  const { exitCode, output } = await terraform(root, ['init', '-backend-config=backend.config.json'], emulator.env);
  expect(exitCode, output).toBe(0);
  const plan = await planJson(root, emulator.env);
  const byId = new Map<string, string>();
  for (const [place, id] of Object.entries(IDS)) {
    const actions = (plan.resource_changes ?? [])
      .filter(({ address }) => addressed(address, place))
      .map(({ change }) => change.actions.join(' '))
      .filter((action) => action !== 'no-op');
    const first = actions[0];
    // What belongs to a resource changes it, whatever happens to the part.
    if (first !== undefined && !byId.has(id)) byId.set(id, place.startsWith(MAIN[id] ?? place) ? first : 'update');
  }
  const known = new Set(Object.keys(IDS));
  const unknown = (plan.resource_changes ?? []).filter(
    ({ address, change }) =>
      !address.includes('.data.') &&
      change.actions.join() !== 'no-op' &&
      ![...known].some((place) => addressed(address, place)),
  );
  expect(unknown.map(({ address }) => address)).toEqual([]);
  return [...byId].map(([id, actions]) => `${id}: ${actionOf(id, actions)}`);
}

/** The resource that stands for an id that several have. */
const MAIN: Readonly<Record<string, string>> = {
  repository: 'aws_ecr_repository.',
  securityGroup: 'aws_security_group.',
  certificate: 'aws_acm_certificate.',
  executionRole: 'aws_iam_role.',
};

function addressed(address: string, place: string): boolean {
  const resource = address.replace(/^module\.\w+\./, '');
  return resource === place || resource.replace(/\[[^\]]*\]$/, '') === place;
}

function actionOf(id: string, actions: string): string {
  const words: Readonly<Record<string, string>> = {
    create: 'create',
    update: 'update',
    delete: 'destroy',
    'delete create': 'destroy, then create',
  };
  return words[actions] ?? (id === 'taskDefinition' ? 'revise' : 'replace');
}
