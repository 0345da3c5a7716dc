import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import type { EnvironmentAnswers } from '../../../src/config/environment';
import { exampleAnswers } from '../../../src/config/example';
import { resourcesOf } from '../../../src/resources/resources';
import { runScript } from '../../support/delivery-script';
import { type EmittedRepository, emitRepository } from '../../support/repository';

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly 'timeout-minutes': number;
        readonly steps: readonly { readonly with?: Readonly<Record<string, string>> }[];
      }
    >
  >;
}

describe.each(['cloudformation', 'cdk'] as const)('the workflow that deploys with %s', (target) => {
  let repository: EmittedRepository;
  let folder: string;
  afterEach(() => {
    repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What follows of the way in which traffic moves in `dev`; `staging` is rolling. */
  const emitted = async (deployment: EnvironmentAnswers['deployment']) => {
    const answers = structuredClone(exampleAnswers(undefined, target));
    answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
    answers.oidcProviders = { 111122223333: { create: true } };
    answers.environments.dev!.deployment = deployment;
    repository = emitRepository(answers);
    folder = mkdtempSync(join(tmpdir(), 'shifts-'));
    mkdirSync(join(folder, 'bin'));
    const read = (path: string) => readFileSync(join(repository.directory, path), 'utf8');
    const { jobs } = parse(read('.github/workflows/deploy.yml')) as Workflow;
    const seconds = async (environment: string, duty: string) =>
      (await runScript(repository.directory, folder, ['workflow', 'context', duty], { ENVIRONMENT: environment })).told
        .seconds;
    return {
      jobMinutes: jobs.deploy!['timeout-minutes'],
      durations: Object.fromEntries(
        Object.entries(jobs).map(([name, { steps }]) => [
          name,
          steps.flatMap((step) => step.with?.['role-duration-seconds'] ?? []),
        ]),
      ),
      roles: Object.fromEntries(
        resourcesOf(repository.deployment)
          .filter(({ type, environment }) => type === 'role' && environment === 'dev')
          .flatMap(({ id, properties }) =>
            properties.maxSessionDuration === undefined ? [] : [[id, properties.maxSessionDuration]],
          ),
      ),
      seconds: [await seconds('dev', 'deploy'), await seconds('dev', 'plan'), await seconds('staging', 'deploy')],
      document: read('docs/deployment.md'),
    };
  };

  it(`the workflow that deploys with ${target} keeps its role until a deployment that fails at its end has gone back`, async () => {
    const found = await emitted({ strategy: 'canary', stepMinutes: 60, bakeMinutes: 30 });
    expect(found.roles).toEqual({ deployRole: 12000 });
    expect(found.seconds).toEqual(['12000', '3600', '3600']);
    expect(found.durations).toEqual({
      ...Object.fromEntries(Object.keys(found.durations).map((name) => [name, []])),
      deploy: ['${{ steps.context.outputs.seconds }}'],
    });
    // And time to set up before.
    expect(found.jobMinutes).toBe(210);
    expect(found.document).toContain('| `dev` | 200 minutes |');
  });

  it(`the workflow that deploys with ${target} takes an hour if that is enough for twice the time of a shift`, async () => {
    const found = await emitted({ strategy: 'blue-green', bakeMinutes: 20 });
    expect(found.roles).toEqual({});
    expect(found.seconds).toEqual(['3600', '3600', '3600']);
    expect(Object.values(found.durations).flat()).toEqual([]);
    expect(found.jobMinutes).toBe(60);
  });
});
