import { DescribeRepositoriesCommand, GetRepositoryPolicyCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { ListOpenIDConnectProvidersCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exampleEnvironment } from '../../src/config/example';
import { LATEST } from '../../src/conventions';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { type Guard, startGuard } from '../support/guard';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, TERRAFORM, withoutCheck } from '../support/targets';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const MANIFEST = {
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 2, digest: DIGEST },
  layers: [],
};
const NAME = 'quilt-test-mcp-server';

/** An environment is deployed that shares its registry with one of another account, by the roles that are made for it. */
describe.skipIf(await lacks(...TERRAFORM.engines)).each([TERRAFORM, CLOUDFORMATION, CDK])(
  'a shared registry with roles: $target',
  ({ target, approved, destroyApproved, unchanged, start }) => {
    const undo: (() => unknown)[] = [];
    let emulator: Emulator;
    let guard: Guard;
    /** Of whoever is behind the guard. */
    let clients: AwsClients;
    let repository: EmittedRepository;
    let env: NodeJS.ProcessEnv;

    const succeed = async (task: string, args: readonly string[]) => {
      const { exitCode, output } = await repository.run(task, args, env);
      // What the CDK asks of its own accord: whether the account was bootstrapped.
      expect(guard.refused.filter((what) => !what.includes(':stack/CDKToolkit/'))).toEqual([]);
      expect(exitCode, output).toBe(0);
      return output;
    };
    const rolesThere = async () => {
      const { Roles } = await awsClients(emulator).iam.send(new ListRolesCommand({}));
      return Roles!
        .map(({ RoleName }) => RoleName!)
        .filter((name) => /-(publish|plan|deploy)$/.test(name))
        .sort();
    };
    const put = (repositoryName: string) =>
      clients.ecr.send(new PutImageCommand({ repositoryName, imageManifest: JSON.stringify(MANIFEST), imageTag: '1' }));

    beforeAll(async () => {
      emulator = await startEmulator();
      undo.push(() => emulator.stop());
      const stack = await createQuiltStack(emulator);
      guard = await startGuard(emulator);
      undo.push(() => guard.stop());
      clients = awsClients(guard);
      const guarded = { ...emulator, url: guard.url, env: { ...emulator.env, AWS_ENDPOINT_URL: guard.url } };
      const started = await start(guarded);
      undo.push(() => started.stop());
      env = started.env;
      if (target !== 'terraform') env = { ...env, AWS_ENDPOINT_URL: await guard.before(env.AWS_ENDPOINT_URL!) };
      const registry = { scope: 'shared', account: stack.accountId, region: stack.region } as const;
      // The other is not deployed: for it, the repository lets its account pull.
      const elsewhere = { ...exampleEnvironment('elsewhere', 1), registry };
      repository = emitRepository({
        ...answersBehind(stack, { dev: environmentBehind(stack, { registry }), elsewhere }, LATEST, target),
        repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
        oidcProviders: { [stack.accountId]: { create: true }, [elsewhere.account]: { create: true } },
      });
      undo.push(() => repository.remove());
    });
    afterAll(async () => {
      for (const step of undo.reverse()) await step();
    });

    it(`a shared registry (${target}) is made with the role that publishes, and lets the other account pull`, async () => {
      await succeed('registry:shared', approved);
      expect(await rolesThere()).toEqual([`${NAME}-shared-publish`]);
      const repositoryName = `${NAME}-shared`;
      const { policyText } = await clients.ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
      expect(policyText).toContain(`:role/${NAME}-elsewhere-execution`);
      const { iam } = awsClients(emulator);
      const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
      expect(OpenIDConnectProviderList).toHaveLength(1);
    });

    it(`a shared registry (${target}) has the other roles in a layer of each environment, which makes no provider again`, async () => {
      await succeed('registry:dev', approved);
      expect(await rolesThere()).toEqual([`${NAME}-dev-deploy`, `${NAME}-dev-plan`, `${NAME}-shared-publish`]);
      for (const task of ['registry:shared', 'registry:dev']) expect(await succeed(task, approved)).toMatch(unchanged);
    });

    it(`a shared registry (${target}) is published to by its role, which writes nowhere else`, async () => {
      await guard.become(`${NAME}-shared-publish`);
      await put(`${NAME}-shared`);
      await expect(put(`${NAME}-dev`)).rejects.toThrow('not authorized');
      await guard.become(`${NAME}-dev-deploy`);
      await expect(put(`${NAME}-shared`)).rejects.toThrow('not authorized');
      guard.clear();
    });

    it(`a shared registry (${target}) is pulled from by an environment that its own roles plan and deploy`, async () => {
      repository.setDigest('dev', DIGEST);
      const plan = target === 'terraform' ? ['-lock=false'] : [];
      await guard.become(`${NAME}-dev-plan`);
      expect(await succeed('plan:dev', plan)).toMatch(/task_?definition/i);
      await guard.become(`${NAME}-dev-deploy`);
      await succeed('deploy:dev', withoutCheck(approved));
      await guard.become(`${NAME}-dev-plan`);
      expect(await succeed('plan:dev', plan)).toMatch(unchanged);
    });

    it(`a shared registry (${target}) outlives an environment, whose roles go with it`, async () => {
      await guard.become(undefined);
      await succeed('destroy:dev', destroyApproved);
      expect(await rolesThere()).toEqual([`${NAME}-shared-publish`]);
      const { repositories } = await clients.ecr.send(new DescribeRepositoriesCommand({}));
      expect(repositories!.map(({ repositoryName }) => repositoryName)).toContain(`${NAME}-shared`);
    });
  },
);
