import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DetectStackDriftCommand } from '@aws-sdk/client-cloudformation';
import { PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutImageCommand } from '@aws-sdk/client-ecr';
import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EnvironmentAnswers } from '../../src/config/environment';
import { LATEST } from '../../src/conventions';
import { CALLS, CHECK_CALLS } from '../../src/discovery/calls';
import { DEPLOYMENT_CHECKS, judge } from '../../src/discovery/findings';
import { resourcesInPlan } from '../../src/discovery/planned';
import { readAccount } from '../../src/discovery/reading';
import type { Duty } from '../../src/model/deployment';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startAsker } from '../support/ask';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { emulatorProgram } from '../support/engines/emulator';
import { type Guard, startGuard } from '../support/guard';
import { putProgram } from '../support/put-program';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, type TargetUnderTest, TERRAFORM, withoutCheck } from '../support/targets';
import { type JobResult, readJobs, runJob, type Values } from '../support/workflow';

const FIRST = `sha256:${'1'.repeat(64)}`;
const SECOND = `sha256:${'2'.repeat(64)}`;
const MANIFEST = {
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 2, digest: FIRST },
  layers: [],
};

interface Variant {
  readonly under: TargetUnderTest;
  /** The routing, if it is not by path. `delivery-roles-variants` has the other one of each target. */
  readonly routing?: (stack: EmulatedQuiltStack) => EnvironmentAnswers['routing'];
}

const VARIANTS: readonly Variant[] = [
  {
    under: TERRAFORM,
    routing: ({ hostedZoneId }) => ({ mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId }),
  },
  { under: CLOUDFORMATION },
  { under: CDK },
];

/** Publishes, plans and deploys as the roles that were made for it, and tries what they must not do. */
describe.skipIf(await lacks(...TERRAFORM.engines)).each(VARIANTS)(
  'roles that workflows assume: $under.target',
  ({ under: { target, approved, unchanged, start }, routing }) => {
    let emulator: Emulator;
    let guard: Guard;
    /** Of whoever is behind the guard. */
    let clients: AwsClients;
    let repository: EmittedRepository;
    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;
    /** Outside of the working copy. */
    let folder: string;
    /** The server, as far as somebody without a token sees it. */
    let server: Server;

    const plan = target === 'terraform' ? ['-lock=false'] : [];
    const become = (duty: Duty | undefined) => {
      const roles = repository.deployment.environments[0]!.registry!.delivery!.roles;
      return guard.become(roles.find((role) => role.duty === duty)?.name);
    };
    /** What was refused, but for a look for the stack of `cdk bootstrap`, which the CDK does without. */
    const refused = () => guard.refused.filter((what) => !what.includes(':stack/CDKToolkit/'));
    const run = (name: string, args: readonly string[] = []) => repository.run(name, args, env);
    /** Jobs of a workflow that is started for the environment, one after the other until one fails; actions that assume roles do. */
    const runJobs = async (workflow: string, names: readonly string[], given: Values = {}): Promise<JobResult> => {
      let contexts: Values = {
        'matrix.environment': 'dev',
        'runner.temp': join(folder, 'temp'),
        'inputs.environment': '',
        'github.event.repository.default_branch': 'main',
        ...given,
      };
      let result: JobResult = { exitCode: 0, output: '', outputs: {} };
      for (const name of names) {
        result = await runJob(readJobs(repository.directory, workflow)[name]!, contexts, {
          directory: repository.directory,
          folder,
          env: { ...env, AWS_BEHIND: emulatorProgram('aws') },
          actions: {
            // What the job itself checks out is here already.
            'actions/checkout': async ({ path }) => {
              if (path) git('clone', '--quiet', repository.directory, path);
            },
            'aws-actions/configure-aws-credentials': async ({ 'role-to-assume': arn, 'aws-region': region }) => {
              expect(region).toBe(repository.deployment.environments[0]!.region);
              await guard.become(arn!.split(':role/')[1]);
            },
          },
        });
        rmSync(join(repository.directory, 'newest'), { recursive: true, force: true });
        if (result.exitCode !== 0) return result;
        for (const [key, value] of Object.entries(result.outputs)) {
          contexts = { ...contexts, [`needs.${name}.outputs.${key}`]: value };
        }
      }
      return result;
    };
    /** Every stack that is there, if only its name. */
    const stacksOf = async (): Promise<string[]> => {
      const asked = ['cloudformation', 'describe-stacks', '--query', 'Stacks[].StackName', '--output', 'json'];
      await become(undefined);
      return JSON.parse(
        (await promisify(execFile)(emulatorProgram('aws'), asked, { env: { ...process.env, ...env } })).stdout,
      );
    };
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
        cwd: repository.directory,
        encoding: 'utf8',
      }).trim();
    const commit = (message: string) => {
      // A link, which the pattern of the emitted .gitignore may or may not be about.
      writeFileSync(join(repository.directory, '.git/info/exclude'), 'node_modules\n');
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    };
    const succeed = async (name: string, args: readonly string[] = []) => {
      const { exitCode, output } = await run(name, args);
      expect(refused()).toEqual([]);
      expect(exitCode, output).toBe(0);
      return output;
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      const stack = await createQuiltStack(emulator);
      guard = await startGuard(emulator);
      clients = awsClients(guard);
      const url = target === 'terraform' ? guard.url : guard.behindCloudFormation;
      ({ env, stop } = await start({ ...emulator, url, env: { ...emulator.env, AWS_ENDPOINT_URL: url } }));
      // What answers for CloudFormation stands in front of the guard, and asks as its caller: another guard looks at the caller.
      if (target !== 'terraform') env = { ...env, AWS_ENDPOINT_URL: await guard.before(env.AWS_ENDPOINT_URL!) };
      const dev = environmentBehind(stack, {
        ...(routing && { routing: routing(stack) }),
        cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'] },
      });
      repository = emitRepository({
        ...answersBehind(stack, { dev }, LATEST, target),
        repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
        oidcProviders: { [stack.accountId]: { create: true } },
        // The emulator has no registry of images to look into.
        delivery: { verifySignature: false },
      });
      await succeed('registry:dev', approved);
      folder = mkdtempSync(join(tmpdir(), 'workflow-'));
      // The emulator starts no tasks.
      putProgram(join(folder, 'bin/aws'), 'aws-at-rest.mjs');
      server = createServer((request, response) => {
        request.resume().on('end', () => response.writeHead(401).end());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const path = join(repository.directory, 'deploy/environments.json');
      const data = JSON.parse(readFileSync(path, 'utf8'));
      data.environments[0].smoke.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
      writeFileSync(path, JSON.stringify(data));
      git('init', '--quiet');
      commit('Emit');
    });
    afterAll(async () => {
      repository?.remove();
      if (folder) rmSync(folder, { recursive: true, force: true });
      server?.closeAllConnections();
      server?.close();
      await stop?.();
      await guard?.stop();
      await emulator?.stop();
    });

    it(`roles that workflows assume (${target}) are made, and are then as they should be`, async () => {
      expect(await succeed('registry:dev', approved)).toMatch(unchanged);
    });

    it(`roles that workflows assume (${target}) publish an image, and do nothing else`, async () => {
      await become('publish');
      const { name } = repository.deployment.environments[0]!.registry!.repository;
      const imageManifest = JSON.stringify(MANIFEST);
      await clients.ecr.send(new PutImageCommand({ repositoryName: name, imageManifest, imageTag: '1' }));
      const elsewhere = new PutImageCommand({ repositoryName: `${name}-other`, imageManifest, imageTag: '1' });
      await expect(clients.ecr.send(elsewhere)).rejects.toThrow('not authorized');
      const task = new RegisterTaskDefinitionCommand({ family: 'x', containerDefinitions: [] });
      await expect(clients.ecs.send(task)).rejects.toThrow('not authorized');
      guard.clear();
    });

    it(`roles that workflows assume (${target}) plan what is not there yet, for people and as a report, and leave nothing behind`, async () => {
      repository.setDigest('dev', FIRST);
      await become('plan');
      expect(await succeed('plan:dev', plan)).toMatch(/task_?definition/i);
      const report = join(folder, 'first.txt');
      await succeed('report-plan:dev', ['--report', report]);
      const said = readFileSync(report, 'utf8');
      for (const made of [/task_?definition/i, /target_?group/i, /log_?group/i]) expect(said).toMatch(made);
      expect(said).not.toMatch(unchanged);
      if (target !== 'terraform') expect(await stacksOf()).toEqual([expect.stringMatching(/-registry$/)]);
    });

    it(`roles that workflows assume (${target}) deploy what they plan`, async () => {
      await become('deploy');
      await succeed('deploy:dev', approved);
      await become('plan');
      expect(await succeed('plan:dev', plan)).toMatch(unchanged);
    });

    it(`roles that workflows assume (${target}) plan, and do not deploy`, async () => {
      repository.setDigest('dev', SECOND);
      await become('plan');
      expect(await succeed('plan:dev', plan)).not.toMatch(unchanged);
      const { exitCode } = await run('deploy:dev', withoutCheck(approved));
      expect(exitCode).not.toBe(0);
      expect(refused()).not.toEqual([]);
      // Not even a change set that a deployment might execute in the place of its own.
      if (target !== 'terraform') expect(refused()[0]).toMatch(/^cloudformation:(Create|Delete)ChangeSet on /);
      guard.clear();
    });

    it(`roles that workflows assume (${target}) plan by the steps of the workflow for pull requests, whose report is of nothing else`, async () => {
      const { exitCode, output } = await runJobs('validate', ['which', 'plan']);
      expect(refused()).toEqual([]);
      expect(exitCode, output).toBe(0);
      const report = readFileSync(join(folder, 'temp/plan/dev.txt'), 'utf8');
      expect(report).toMatch(/task_?definition/i);
      expect(report).not.toMatch(unchanged);
      for (const other of ['Initializ', 'Refreshing', 'Reading', '👾', '\u001b']) expect(report).not.toContain(other);
    });

    it(`roles that workflows assume (${target}) deploy another image, by the steps of the workflow that its merge starts`, async () => {
      const before = git('rev-parse', 'HEAD');
      commit('Name another image');
      const jobs = ['which', 'plan', 'planned', 'deploy'];
      const { exitCode, output } = await runJobs('deploy', jobs, { 'github.event.before': before });
      expect(refused()).toEqual([]);
      expect(exitCode, output).toBe(0);
      expect(JSON.parse(readFileSync(join(folder, 'temp/plan/dev.json'), 'utf8')).join('\n')).toMatch(
        /task_?definition/i,
      );
      expect(output).toMatch(/^dev: \d+ actions, as planned\.$/m);
      expect(output).toContain(`dev runs ${SECOND}.`);
      await become('plan');
      expect(await succeed('plan:dev', plan)).toMatch(unchanged);
      expect(await succeed('report-plan:dev', ['--actions', join(folder, 'again')])).toContain('nothing to change');
    });

    // The emulated CloudFormation does not look for drift.
    if (target === 'terraform') {
      it(`roles that workflows assume (${target}) look for what differs, by the steps of the workflow`, async () => {
        const look = async () => {
          const { exitCode, output } = await runJobs('drift', ['which', 'look']);
          expect(refused()).toEqual([]);
          expect(exitCode, output).toBe(0);
          return readFileSync(join(folder, 'temp/drift/dev.txt'), 'utf8');
        };
        expect(await look()).toBe('');
        await become(undefined);
        const {
          clusterArn: cluster,
          serviceName: service,
          answers: { capacity },
          logGroup,
        } = repository.deployment.environments[0]!.service;
        await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName: logGroup.name, retentionInDays: 1 }));
        await clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: capacity.desired + 1 }));
        const differs = await look();
        expect(differs).toMatch(/~ retention_in_days += 1 ->/);
        expect(differs).toMatch(/desired_count\s+= \d+ -> \d+/);
      });
    } else {
      it(`roles that workflows assume (${target}) are let look for drift of both stacks to plan, and not to deploy`, async () => {
        const { cloudformation } = awsClients({ url: env.AWS_ENDPOINT_URL! });
        const { service, registry } = repository.deployment.environments[0]!;
        const names = [service.stackName, registry!.stackName];
        // The answers do not count: what refuses the call does.
        const look = () =>
          Promise.allSettled(names.map((StackName) => cloudformation.send(new DetectStackDriftCommand({ StackName }))));
        await become('plan');
        await look();
        expect(refused()).toEqual([]);
        await become('deploy');
        await look();
        for (const action of ['DetectStackDrift', 'DetectStackResourceDrift']) {
          expect(refused().filter((what) => what.startsWith(`cloudformation:${action} `))).toHaveLength(names.length);
        }
        guard.clear();
      });
    }

    it(`roles that workflows assume (${target}) look in the account by the policy for it, and see all that check looks at`, async () => {
      for (const duty of ['plan', 'deploy'] as const) {
        await become(duty);
        expect(await succeed('check:dev'), duty).toContain('13 checks, nothing found');
      }
    });

    it(`roles that workflows assume (${target}) that lack a permission of check are told which, and find nothing wrong`, async () => {
      const [environment] = repository.deployment.environments;
      const { region } = environment!;
      const planned = { ...repository.deployment, environment: environment! };
      const answers = resourcesInPlan(planned);
      const { name } = environment!.registry!.delivery!.roles.find(({ duty }) => duty === 'deploy')!;
      const asker = startAsker({ env: { ...emulator.env, AWS_ENDPOINT_URL: guard.url } });
      try {
        await guard.become(name);
        await readAccount(asker.ask, { region, answers }, new Date());
        // Of a service that is there, neither its roles are asked for, nor the quotas if the usual ones do.
        const made = CHECK_CALLS.filter((call) => asker.calls.includes(call));
        expect(made.length).toBeGreaterThan(CHECK_CALLS.length / 2);
        for (const action of new Set(made.flatMap((call): readonly string[] => CALLS[call].actions))) {
          await guard.become(name, [action]);
          const verdict = judge(
            await readAccount(asker.ask, { region, answers }, new Date()),
            planned,
            DEPLOYMENT_CHECKS,
          );
          expect([action, verdict.findings]).toEqual([action, []]);
          expect(verdict.unknown.flatMap(({ why }) => why).join(), action).toMatch(new RegExp(`needs .*${action}`));
        }
      } finally {
        asker.stop();
      }
      guard.clear();
    });

    it(`roles that workflows assume (${target}) do not change what grants them their permissions`, async () => {
      await become('deploy');
      const { roles } = repository.deployment.environments[0]!.registry!.delivery!;
      for (const { name: RoleName } of roles) {
        const widen = new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: '{}' });
        await expect(clients.iam.send(widen)).rejects.toThrow('not authorized');
      }
      guard.clear();
    });
  },
);
