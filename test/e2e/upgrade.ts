import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { rootOf } from '../../generators/terraform/files';
import type { EnvironmentAnswers } from '../../src/config/environment';
import type { Answers } from '../../src/config/repository';
import { findDeployable, LATEST } from '../../src/conventions';
import type { Deployment } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { compareResources, DESTROYED_BEFORE, type Impact, type ResourceChange } from '../../src/resources/impact';
import { resourcesOf } from '../../src/resources/resources';
import { runCommand } from '../support/command';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { obstaclesOf } from '../support/network';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, type TargetUnderTest, TERRAFORM, withoutCheck } from '../support/targets';
import { terraform } from '../support/terraform';

const DIGEST = `sha256:${'1'.repeat(64)}`;

type Change = (stack: EmulatedQuiltStack) => Partial<EnvironmentAnswers>;

/** A deployment, and what is planned from there; in the end it is upgraded to the newest generation. */
interface Way {
  readonly target: TargetUnderTest;
  readonly from: string;
  readonly environment?: Change;
  /** Answers that are planned, and not deployed, without the generation moving. */
  readonly others?: Readonly<Record<string, Change>>;
}

const ORIGINS = ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'];
const inDomain =
  (host: string, origins: readonly string[] = ORIGINS): Change =>
  (stack) => ({
    routing: { mode: 'domain', host, priority: 200, hostedZoneId: stack.hostedZoneId },
    cors: { allowedOrigins: [...origins] },
  });

export const TERRAFORM_WAYS: readonly Way[] = [
  { target: TERRAFORM, from: 'g1a' },
  {
    target: TERRAFORM,
    from: 'g2c',
    environment: inDomain('mcp.example.com'),
    others: {
      'no domain, and no origins': () => ({}),
      'all answers': (stack) => ({
        ...inDomain('other.example.com', ORIGINS.slice(0, 1))(stack),
        capacity: { cpu: 1024, memory: 4096, desired: 3 },
        logs: { retention: 90 },
        retainData: true,
        permissionsBoundaryArn: `arn:aws:iam::${stack.accountId}:policy/boundary`,
        secrets: { A: `arn:aws:ssm:${stack.region}:${stack.accountId}:parameter/a` },
        tags: { Team: 'other' },
      }),
    },
  },
];

export const STACK_WAYS: readonly Way[] = [
  { target: CLOUDFORMATION, from: 'g1a' },
  { target: CLOUDFORMATION, from: 'g2c' },
  { target: CDK, from: 'g1a' },
  { target: CDK, from: 'g2c' },
];

/** Deploys each, upgrades it by the command, holds the report against what the engine says, and deploys that. */
export async function describeUpgrades(ways: readonly Way[]): Promise<void> {
  describe.skipIf(await lacks(...ways.flatMap(({ target }) => target.engines))).each(ways)(
    'the report of an upgrade with $target.target, from $from',
    ({ target, from, environment, others = {} }) => {
      let emulator: Emulator;
      let stack: EmulatedQuiltStack;
      const conventions = findDeployable(from)!;
      const answersOf = (change: Change | undefined) =>
        answersBehind(
          stack,
          { dev: environmentBehind(stack, change?.(stack), conventions) },
          conventions,
          target.target,
        );
      let repository: EmittedRepository;
      let env: NodeJS.ProcessEnv;
      let stop: () => Promise<void>;

      const engine = ENGINES[target.target];
      const succeed = async (tasks: readonly (readonly string[])[]) => {
        const said: string[] = [];
        for (const [task, ...args] of tasks) {
          const { exitCode, output } = await repository.run(task!, args, env);
          expect(exitCode, output).toBe(0);
          said.push(output);
        }
        return said.join('\n');
      };
      /** Upgrades a repository by the command; what it reports. */
      const upgrade = async (directory: string, ...args: string[]): Promise<Report> => {
        const { exitCode, stdout, stderr } = await runCommand(['upgrade', '--plan', '--no-install', ...args], {
          cwd: directory,
          env,
        });
        expect(exitCode, stdout + stderr).toBe(0);
        return reportIn(directory);
      };
      /** What the model alone says. */
      const expected = (directory: string) =>
        compareResources(
          resourcesOf(repository.deployment),
          resourcesOf(resolveDeployment(readConfig(answersIn(directory), 'test'))),
          target.target,
        );

      beforeAll(async () => {
        emulator = await startEmulator();
        stack = await createQuiltStack(emulator);
        ({ env, stop } = await target.start(emulator));
        repository = emitRepository(answersOf(environment));
        repository.setDigest('dev', DIGEST);
        await succeed(engine.deploy(target.approved, repository.deployment));
      });
      afterAll(async () => {
        repository?.remove();
        await stop?.();
        await emulator?.stop();
      });

      it.each(Object.entries(others))(
        `the report of an upgrade with ${target.target}, from ${from}, says what is planned, and the graph says the same: %s`,
        async (_, change) => {
          const parent = mkdtempSync(join(tmpdir(), 'impact-'));
          const directory = join(parent, 'repository');
          try {
            cpSync(repository.directory, directory, { recursive: true, verbatimSymlinks: true });
            writeFileSync(join(directory, 'mcp-deploy.json'), JSON.stringify(answersOf(change)));
            const { impact, disagreements } = await upgrade(directory, '--to', from, '--allow-loss');
            expect(impact).not.toEqual([]);
            expect(disagreements).toEqual([]);
            expect(impact.map(withoutAttributes)).toEqual(expected(directory));
          } finally {
            rmSync(parent, { recursive: true, force: true });
          }
        },
      );

      it(`the report of an upgrade with ${target.target}, from ${from}, says what is planned, which loses nothing, and is all that there is to do`, async () => {
        const { impact, source, disagreements, refusals } = await upgrade(repository.directory, '--to', LATEST.id);
        expect({ source, disagreements, refusals }).toEqual({
          source: { dev: 'plan' },
          disagreements: [],
          refusals: [],
        });
        expect(impact.map(withoutAttributes)).toEqual(expected(repository.directory));
        expect(impact.filter(({ type, action }) => LASTING.includes(type) && action !== 'update')).toEqual([]);

        const { deployment } = repository;
        const deployed = await succeed([...engine.show(deployment), ...engine.deploy(target.approved, deployment)]);
        expect(impact.map(inWords).sort()).toEqual(engine.actions(deployed).sort());
        const after = resolveDeployment(readConfig(answersIn(repository.directory), 'test'));
        expect(await obstaclesOf(awsClients(emulator), after.environments[0]!)).toEqual([]);
        await engine.expectNothing(repository, env);
      });
    },
  );
}

interface Report {
  readonly impact: Impact;
  readonly source: object;
  readonly disagreements: readonly object[];
  readonly refusals: readonly object[];
}

function reportIn(directory: string): Report {
  const folder = join(directory, 'docs/upgrades');
  const [name, ...more] = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  expect(more).toEqual([]);
  return JSON.parse(readFileSync(join(folder, name!), 'utf8')) as Report;
}

function answersIn(directory: string): Answers {
  return JSON.parse(readFileSync(join(directory, 'mcp-deploy.json'), 'utf8')) as Answers;
}

function withoutAttributes({ attributes: _attributes, ...change }: ResourceChange): ResourceChange {
  return change;
}

function inWords({ id, action, note }: ResourceChange): string {
  return `${id}: ${action === 'replace' && note === DESTROYED_BEFORE ? 'destroy, then create' : action}`;
}

/** What holds data, or what requests of clients go through: nothing of it goes, or comes anew. */
const LASTING = ['repository', 'logGroup', 'targetGroup'];

/** How an engine is asked, and read, by what it says to people. */
interface Engine {
  /** Tasks, each with its arguments, that say what a deployment would do, where deploying does not say it. */
  readonly show: (deployment: Deployment) => string[][];
  readonly deploy: (approved: readonly string[], deployment: Deployment) => string[][];
  /** What it does, as `id: action`. */
  readonly actions: (output: string) => string[];
  /** Fails where there is anything left to do. */
  readonly expectNothing: (repository: EmittedRepository, env: NodeJS.ProcessEnv) => Promise<void>;
}

const oneByOne: Engine['deploy'] = (approved) => [
  ['registry:dev', ...approved],
  ['deploy:dev', ...withoutCheck(approved)],
];

function registryStack({ environments }: Deployment): string {
  return environments[0]!.registry!.stackName;
}

const ENGINES: Readonly<Record<TargetUnderTest['target'], Engine>> = {
  terraform: {
    show: () => [],
    deploy: oneByOne,
    actions: terraformActions,
    expectNothing: async ({ directory }, env) => {
      const plans = (['registry', 'service'] as const).map((layer) =>
        terraform(join(directory, rootOf('dev', layer)), ['plan', '-detailed-exitcode'], env),
      );
      expect((await Promise.all(plans)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    },
  },
  cloudformation: {
    show: () => [],
    deploy: oneByOne,
    actions: stackActions,
    expectNothing: async ({ directory, deployment }, env) => {
      for (const stack of [registryStack(deployment), deployment.environments[0]!.service.stackName]) {
        const { stdout } = await runCommand(['stack', 'plan', stack], { cwd: directory, env });
        expect(stdout).toBe(`${stack}: no changes.\n`);
      }
    },
  },
  cdk: {
    // Both stacks at once: it is the synthesis that takes long.
    show: (deployment) => [['plan:dev', registryStack(deployment)]],
    deploy: (approved, deployment) => [['deploy:dev', registryStack(deployment), ...withoutCheck(approved)]],
    actions: stackActions,
    expectNothing: async ({ run, deployment }, env) => {
      expect((await run('plan:dev', [registryStack(deployment)], env)).output).toMatch(
        /Number of stacks with differences: 0/,
      );
    },
  },
};

/** Of what `terraform apply` shows before it begins. */
function terraformActions(output: string): string[] {
  const byId = new Map<string, string>();
  const changes = [
    ...output.matchAll(/^ {2}# module\.\w+\.(\S+) (?:will be|must be) .*\n(?: {2}# .*\n)* *(\S+) resource/gm),
  ];
  for (const [, address = '', sign = ''] of changes) {
    const place = address.includes('.allowed_origin[') ? address : address.replace(/\[.*\]$/, '');
    const [, id] = IDS.find(([known]) => known === place) ?? [place, place];
    const isPart = IDS.find(([, first]) => first === id)?.[0] !== place;
    // What belongs to a resource changes it, whatever happens to the part.
    if (!isPart || !byId.has(id)) byId.set(id, isPart ? 'update' : SIGNS[sign]!);
  }
  return [...byId].map(([id, action]) => `${id}: ${id === 'taskDefinition' ? 'revise' : action}`);
}

/** The resources of the modules, and their ids; the first of several stands for the others. */
const IDS: readonly (readonly [place: string, id: string])[] = [
  ['aws_ecr_repository.mcp', 'repository'],
  ['aws_ecr_lifecycle_policy.mcp', 'repository'],
  ['aws_ecs_task_definition.mcp', 'taskDefinition'],
  ['aws_ecs_service.mcp', 'service'],
  ['aws_security_group.mcp', 'securityGroup'],
  ['aws_vpc_security_group_ingress_rule.alb', 'securityGroup'],
  ['aws_vpc_security_group_egress_rule.https', 'securityGroup'],
  ['aws_vpc_security_group_egress_rule.alb', 'albEgressRule'],
  ['aws_lb_target_group.mcp', 'targetGroup'],
  ['aws_lb_listener_rule.mcp', 'listenerRule'],
  ['aws_lb_listener_rule.other_origin', 'otherOriginRule'],
  ['aws_lb_listener_rule.allowed_origin[0]', 'allowedOriginRule1'],
  ['aws_lb_listener_rule.allowed_origin[1]', 'allowedOriginRule2'],
  ['aws_lb_listener_rule.oauth_probe', 'oauthProbeRule'],
  ['aws_acm_certificate.mcp', 'certificate'],
  ['aws_route53_record.certificate_validation', 'certificate'],
  ['aws_acm_certificate_validation.mcp', 'certificate'],
  ['aws_lb_listener_certificate.mcp', 'listenerCertificate'],
  ['aws_route53_record.alias', 'aliasRecord'],
  ['aws_cloudwatch_log_group.mcp', 'logGroup'],
  ['aws_iam_role.execution', 'executionRole'],
  ['aws_iam_role_policy.execution', 'executionRole'],
  ['aws_iam_role.task', 'taskRole'],
];

/** Of what the command `stack` shows, or `cdk diff`. */
function stackActions(output: string): string[] {
  const lines = [
    ...output.matchAll(/^ {2}(\S) (?:Disposable)?([A-Z]\w*) {2}AWS::\S+( {2}replaced)?/gm),
    ...output.matchAll(/^\[(.)\] AWS::\S+ \S+ (?:Registry|Server)([A-Z]\w*)[0-9A-F]{8}( replace)?/gm),
  ];
  return lines.map(([, sign = '', name = '', replaced]) => {
    const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    return `${id}: ${replaced ? (id === 'taskDefinition' ? 'revise' : 'replace') : SIGNS[sign]}`;
  });
}

const SIGNS: Readonly<Record<string, string>> = {
  '+': 'create',
  '~': 'update',
  '-': 'destroy',
  '-/+': 'destroy, then create',
  '+/-': 'replace',
};
