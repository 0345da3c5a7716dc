import { PutImageCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type AwsClients, awsClients } from '../support/clients';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import { takeInventory } from '../support/inventory';
import { expectedService, readService } from '../support/live';
import { createQuiltStack, type QuiltStack } from '../support/quilt-stack';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';

const DIGEST = `sha256:${'3'.repeat(64)}`;
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const APPROVED = ['-auto-approve'];

describe.skipIf(skipWithoutEngines())('two environments in one account, on one listener', () => {
  let emulator: Emulator;
  let clients: AwsClients;
  let stack: QuiltStack;
  let repository: EmittedRepository;
  let before: string[];

  const succeed = (name: string, args: readonly string[] = APPROVED) => {
    const { exitCode, output } = repository.run(name, args, emulator.env);
    expect(exitCode, output).toBe(0);
    return output;
  };
  const environment = (name: string) =>
    repository.deployment.environments.find((candidate) => candidate.name === name)!;
  const added = async () => (await takeInventory(emulator)).filter((line) => !before.includes(line));

  beforeAll(async () => {
    emulator = await startEmulator();
    clients = awsClients(emulator);
    stack = await createQuiltStack(emulator);
    repository = emitRepository(
      answersBehind(stack, {
        dev: environmentBehind(stack),
        production: environmentBehind(stack, {
          routing: { mode: 'path', host: 'production.example.com', priority: 101 },
          retainData: true,
        }),
      }),
    );
    before = await takeInventory(emulator);
    repository.setDigest('dev', DIGEST);
    repository.setDigest('production', DIGEST);
  });
  afterAll(async () => {
    repository?.remove();
    await emulator?.stop();
  });

  it('stand beside each other', async () => {
    for (const name of ['dev', 'production']) {
      succeed(`registry:${name}`);
      succeed(`deploy:${name}`);
    }
    for (const name of ['dev', 'production']) {
      expect(await readService(clients, environment(name))).toEqual(
        expectedService(repository.deployment, environment(name), DIGEST),
      );
      expect(succeed(`plan:${name}`, [])).toMatch(/No changes/);
    }
  });

  it('go one without the other; what keeps its data leaves exactly that', async () => {
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
    succeed('destroy:production');
    expect(succeed('plan:dev', [])).toMatch(/No changes/);
    succeed('destroy:dev');
    expect(await added()).toEqual([`ecr-repository ${kept.name}`, 'log-group /ecs/quilt-test-mcp-server-production']);
    expect(await takeInventory(emulator)).toEqual(expect.arrayContaining(before));
  });

  it('come back over the data that was kept', async () => {
    expect(succeed('registry:production')).toMatch(/No changes/);
    succeed('deploy:production');
    expect(await readService(clients, environment('production'))).toEqual(
      expectedService(repository.deployment, environment('production'), DIGEST),
    );
    expect(succeed('plan:production', [])).toMatch(/No changes/);
  });
});
