import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PutImageCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS_FILE } from '../../src/config/answers-file';
import { LATEST } from '../../src/conventions';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { runCommand } from '../support/command';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { takeInventory } from '../support/inventory';
import { expectedService, readService } from '../support/live';
import { obstaclesOf } from '../support/network';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { type TargetUnderTest, withoutCheck } from '../support/targets';

const DIGEST = `sha256:${'3'.repeat(64)}`;
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** Two environments beside each other: one goes without the other, and what is retained comes back. */
export async function describeEnvironments({
  target,
  engines,
  approved,
  destroyApproved,
  unchanged,
  start,
}: TargetUnderTest): Promise<void> {
  describe.skipIf(await lacks(...engines))(`${target}: two environments in one account, on one listener`, () => {
    let emulator: Emulator;
    let clients: AwsClients;
    let stack: EmulatedQuiltStack;
    let repository: EmittedRepository;
    let before: string[];

    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;

    const succeed = async (name: string, args: readonly string[]) => {
      const { exitCode, output } = await repository.run(name, args, env);
      expect(exitCode, output).toBe(0);
      return output;
    };
    const environment = (name: string) =>
      repository.deployment.environments.find((candidate) => candidate.name === name)!;
    const added = async () => (await takeInventory(emulator)).filter((line) => !before.includes(line));

    const command = (...args: string[]) => runCommand(args, { cwd: repository.directory, env });
    const answers = () => readFileSync(join(repository.directory, ANSWERS_FILE), 'utf8');
    const expectRefusal = async (name: string) => {
      const before = answers();
      const { exitCode, stderr } = await command('env', 'remove', name);
      expect(stderr).toMatch(new RegExp(`^✗ the sta(te of|ck) .* is not empty; npm run destroy:${name} removes it`));
      expect(exitCode).toBe(1);
      expect(answers()).toBe(before);
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      clients = awsClients(emulator);
      ({ env, stop } = await start(emulator));
      stack = await createQuiltStack(emulator);
      repository = emitRepository(
        answersBehind(
          stack,
          {
            dev: environmentBehind(stack),
            production: environmentBehind(stack, {
              routing: { mode: 'path', host: 'production.example.com', priority: 101 },
              retainData: true,
            }),
          },
          LATEST,
          target,
        ),
      );
      before = await takeInventory(emulator);
      repository.setDigest('dev', DIGEST);
      repository.setDigest('production', DIGEST);
    });
    afterAll(async () => {
      repository?.remove();
      await stop?.();
      await emulator?.stop();
    });

    it(`two environments with ${target} stand beside each other`, async () => {
      for (const name of ['dev', 'production']) {
        await succeed(`registry:${name}`, approved);
        await succeed(`deploy:${name}`, withoutCheck(approved));
      }
      for (const name of ['dev', 'production']) {
        expect(await readService(clients, environment(name))).toEqual(
          expectedService(repository.deployment, environment(name), DIGEST),
        );
        expect(await succeed(`plan:${name}`, [])).toMatch(unchanged);
        expect(await obstaclesOf(clients, environment(name))).toEqual([]);
      }
    });

    it(`two environments with ${target} go one without the other; what keeps its data leaves exactly that`, async () => {
      const { repository: kept } = environment('production').registry!;
      // A repository that holds an image is the one that must survive.
      await clients.ecr.send(
        new PutImageCommand({
          repositoryName: kept.name,
          imageTag: '0.22.0',
          imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: {}, layers: [] }),
          imageManifestMediaType: MANIFEST,
        }),
      );
      await succeed('destroy:production', destroyApproved);
      expect(await succeed('plan:dev', [])).toMatch(unchanged);
      await succeed('destroy:dev', destroyApproved);
      expect(await added()).toEqual([`ecr-repository ${kept.name}`, 'log-group /ecs/quilt-test-mcp-server-production']);
      expect(await takeInventory(emulator)).toEqual(expect.arrayContaining(before));
    });

    it(`an environment with ${target} comes back over the data that was kept`, async () => {
      expect(await succeed('registry:production', approved)).toMatch(unchanged);
      await expectRefusal('production');
      await succeed('deploy:production', withoutCheck(approved));
      expect(await readService(clients, environment('production'))).toEqual(
        expectedService(repository.deployment, environment('production'), DIGEST),
      );
      expect(await succeed('plan:production', [])).toMatch(unchanged);
    });

    it(`an environment with ${target} is taken out of the answers once nothing of it is deployed`, async () => {
      await expectRefusal('production');
      const { exitCode, stdout, stderr } = await command('env', 'remove', 'dev');
      expect(exitCode, stdout + stderr).toBe(0);
      expect(Object.keys(JSON.parse(answers()).environments)).toEqual(['production']);
      expect(await succeed('plan:production', [])).toMatch(unchanged);
    });
  });
}
