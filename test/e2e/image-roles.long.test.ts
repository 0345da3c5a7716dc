import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { digestFile } from '../../generators/digest';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import { type Answers, TARGETS } from '../../src/config/repository';
import { deliveryOf } from '../../src/model/delivery/first-layer';
import type { DeliveryRole, Deployment, Duty } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { lacks } from '../support/engines';
import { OCI, type OciRegistry, startOciRegistry } from '../support/oci';
import { type GuardedRegistry, startGuardedRegistry } from '../support/oci/guarded';
import { PUBLISHING_RUN, signWithKey } from '../support/oci/signing';
import { type EmittedRepository, emitRepository } from '../support/repository';
import { identityOf } from '../support/role-statements';

const ACCOUNT = '111122223333';
const UPSTREAM_HOST = '730278974607.dkr.ecr.us-east-1.amazonaws.com';
const UPSTREAM = 'arn:aws:ecr:us-east-1:730278974607:repository/quiltdata/mcp';

/** Answers of two environments, the registry of each its own or one that they share. */
function answersFor(scope: 'own' | 'shared', target: Answers['target']): Answers {
  const answers = exampleAnswers(undefined, target);
  const environments = Object.fromEntries(
    ['dev', 'test'].map((name): [string, EnvironmentAnswers] => {
      const environment = exampleEnvironment(name, 1);
      const { account, region } = environment;
      return [name, { ...environment, ...(scope === 'shared' && { registry: { scope, account, region } }) }];
    }),
  );
  const [registry, repository] = [UPSTREAM_HOST, 'quiltdata/mcp'];
  return {
    ...answers,
    image: { ...answers.image, mode: 'mirror', registry, repository },
    environments,
    repository: { name: PUBLISHING_RUN.GITHUB_REPOSITORY, ownerId: 12, repositoryId: 345 },
    oidcProviders: { [ACCOUNT]: { create: true } },
  };
}

function roleOf({ environments, sharedRegistry }: Deployment, name: string, duty: Duty): DeliveryRole {
  const environment = environments.find((one) => one.name === name)!;
  const layers = [deliveryOf(environment), ...(environment.registry ? [] : [sharedRegistry?.delivery])];
  return layers.flatMap((delivery) => delivery?.roles ?? []).find((role) => role.duty === duty)!;
}

/**
 * An image is published, signed, promoted and looked at by the roles of the workflows that do so. The permissions for it are the same in
 * every target, which the last test holds.
 */
describe.skipIf(await lacks(OCI)).each(['own', 'shared'] as const)('roles that move images: registries %s', (scope) => {
  let behind: OciRegistry;
  let registry: GuardedRegistry;
  let repository: EmittedRepository;
  let folder: string;

  const at = (path: string) => join(repository.directory, path);
  const digestOf = (name: string) => JSON.parse(readFileSync(at(digestFile(name)), 'utf8')).digest as string | null;
  /** Runs a command as a role that a workflow assumes for an environment. */
  const runAs = async (name: string, duty: Duty, task: string, args: readonly string[] = []) => {
    registry.become(identityOf(roleOf(repository.deployment, name, duty), ACCOUNT));
    const PATH = [join(folder, 'bin'), registry.env.PATH].join(delimiter);
    return repository.run(task, args, { ...registry.env, ...PUBLISHING_RUN, PATH, DEFAULT_BRANCH: 'main' });
  };
  const succeeds = async (...given: Parameters<typeof runAs>) => {
    const { exitCode, output } = await runAs(...given);
    expect(registry.refused, output).toEqual([]);
    expect(exitCode, output).toBe(0);
  };
  const isRefused = async (action: string, ...given: Parameters<typeof runAs>) => {
    expect((await runAs(...given)).exitCode).not.toBe(0);
    expect(registry.refused[0]).toMatch(new RegExp(`^${action} on `));
  };

  beforeAll(async () => {
    behind = await startOciRegistry();
    folder = mkdtempSync(join(tmpdir(), 'image-roles-'));
    signWithKey(folder);
    repository = emitRepository(answersFor(scope, 'terraform'));
    const arns = repository.deployment.environments.map(({ service }) => service.taskDefinition.repository.arn);
    registry = await startGuardedRegistry(behind, folder, [UPSTREAM, ...new Set(arns)]);
    const here = (uri: string) => uri.replace(/^[^/]+/, registry.host);
    const digest = behind.push(`${behind.host}/${UPSTREAM.split(':repository/')[1]}:1`);
    const image = JSON.parse(readFileSync(at('docker/image.json'), 'utf8'));
    const source = here(`x/${UPSTREAM.split(':repository/')[1]}@${digest}`);
    writeFileSync(at('docker/image.json'), JSON.stringify({ ...image, source }));
    const data = JSON.parse(readFileSync(at('deploy/environments.json'), 'utf8'));
    for (const one of data.environments) one.registry.uri = here(one.registry.uri);
    writeFileSync(at('deploy/environments.json'), JSON.stringify(data));
  });
  afterAll(async () => {
    repository?.remove();
    await registry?.stop();
    behind?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`roles that move images (registries ${scope}) publish it from upstream, and sign it, and nobody else does`, async () => {
    await isRefused('ecr:BatchGetImage', 'dev', 'plan', 'publish-image');
    expect(digestOf('dev')).toBe(null);
    await succeeds('dev', 'publish', 'publish-image');
    expect([...registry.allowed]).toContain('ecr:PutImage');
    await succeeds('dev', 'publish', 'attest-image');
    expect([...registry.allowed]).toContain('ecr:CompleteLayerUpload');
    expect(digestOf('dev')).toMatch(/^sha256:/);
  });

  it(`roles that move images (registries ${scope}) promote it, each in its own registry`, async () => {
    const image = join(folder, 'image');
    await succeeds('dev', 'publish', 'promote:test', ['--pull', image]);
    if (scope === 'own') await isRefused('ecr:BatchGetImage', 'dev', 'publish', 'promote:test', ['--push', image]);
    await succeeds('test', 'publish', 'promote:test', ['--push', image]);
    expect(digestOf('test')).toBe(digestOf('dev'));
  });

  it(`roles that move images (registries ${scope}) look for its signature to plan, and change nothing`, async () => {
    await succeeds('test', 'plan', 'check-signature:test');
    expect([...registry.allowed].sort()).toEqual([
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
    ]);
  });

  it(`roles that move images (registries ${scope}) have the same permissions for it in every target`, () => {
    const permissions = (target: Answers['target']) => {
      const deployment = resolveDeployment(readConfig(answersFor(scope, target), 'x'));
      const ofPlan = roleOf(deployment, 'test', 'plan').policies.flatMap(({ statements }) => statements);
      return [
        ...['dev', 'test'].map((name) => roleOf(deployment, name, 'publish').policies),
        ofPlan.filter(({ actions }) => actions.some((action) => action.startsWith('ecr:'))),
      ];
    };
    const [first, ...others] = TARGETS.map(permissions);
    expect(first!.flat()).not.toEqual([]);
    for (const other of others) expect(other).toEqual(first);
  });
});
