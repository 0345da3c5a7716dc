import { PutImageCommand } from '@aws-sdk/client-ecr';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import type { Duty } from '../../src/model/deployment';
import { type AwsClients, awsClients } from '../support/clients';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import { type Guard, startGuard } from '../support/guard';
import { createQuiltStack } from '../support/quilt-stack';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, TERRAFORM } from '../support/targets';

const FIRST = `sha256:${'1'.repeat(64)}`;
const SECOND = `sha256:${'2'.repeat(64)}`;
const MANIFEST = {
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: 2, digest: FIRST },
  layers: [],
};

/** Publishes, plans and deploys as the roles that were made for it, and tries what they must not do. */
describe.skipIf(skipWithoutEngines()).each([TERRAFORM, CLOUDFORMATION, CDK])(
  'roles that workflows assume: $target',
  { timeout: 240_000 },
  ({ target, approved, unchanged, start }) => {
    let emulator: Emulator;
    let guard: Guard;
    /** Of whoever is behind the guard. */
    let clients: AwsClients;
    let repository: EmittedRepository;
    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;

    const plan = target === 'terraform' ? ['-lock=false'] : [];
    const become = (duty: Duty | undefined) => {
      const roles = repository.deployment.environments[0]!.registry!.delivery!.roles;
      return guard.become(roles.find((role) => role.duty === duty)?.name);
    };
    const run = (name: string, args: readonly string[] = []) => repository.run(name, args, env);
    const succeed = async (name: string, args: readonly string[] = []) => {
      const { exitCode, output } = await run(name, args);
      expect(guard.refused).toEqual([]);
      expect(exitCode, output).toBe(0);
      return output;
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      const stack = await createQuiltStack(emulator);
      guard = await startGuard(emulator, awsClients(emulator).iam);
      clients = awsClients(guard);
      const guarded = { ...emulator, url: guard.url, env: { ...emulator.env, AWS_ENDPOINT_URL: guard.url } };
      ({ env, stop } = await start(guarded));
      const dev = environmentBehind(stack, {
        routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: stack.hostedZoneId },
        cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'] },
      });
      repository = emitRepository({
        ...answersBehind(stack, { dev }, LATEST, target),
        repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
        oidcProviders: { [stack.accountId]: { create: true } },
      });
      await succeed('registry:dev', approved);
    });
    afterAll(async () => {
      repository?.remove();
      await stop?.();
      await guard?.stop();
      await emulator?.stop();
    });

    it('are made, and are then as they should be', async () => {
      expect(await succeed('registry:dev', approved)).toMatch(unchanged);
    });

    it('publish an image, and do nothing else', async () => {
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

    it('deploy what they plan', async () => {
      repository.setDigest('dev', FIRST);
      await become('deploy');
      await succeed('deploy:dev', approved);
      await become('plan');
      expect(await succeed('plan:dev', plan)).toMatch(unchanged);
    });

    it('plan, and do not deploy', async () => {
      repository.setDigest('dev', SECOND);
      await become('plan');
      expect(await succeed('plan:dev', plan)).not.toMatch(unchanged);
      const { exitCode } = await run('deploy:dev', approved);
      expect(exitCode).not.toBe(0);
      expect(guard.refused).not.toEqual([]);
      guard.clear();
    });

    it('deploy another image', async () => {
      await become('deploy');
      await succeed('deploy:dev', approved);
      await become('plan');
      expect(await succeed('plan:dev', plan)).toMatch(unchanged);
    });

    it('do not change what grants them their permissions', async () => {
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
