import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { targetGenerator } from '../../generators/targets';
import { run } from '../../src/cli/run';
import type { Answers } from '../../src/config/repository';
import type { Deployment } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { RESOURCES_FILE } from '../../src/project/project';
import { awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { compareResources, type Impact } from '../../src/resources/impact';
import { applyPlans } from '../../src/resources/planned-impact';
import { resourcesOf } from '../../src/resources/resources';
import { parseResources } from '../../src/resources/stored';
import { runCommand } from '../support/command';
import { NO_REGISTRY } from '../support/emitted';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { readFixture, unpackRepository } from '../support/fixtures';
import { linkEveryPackage } from '../support/installed';
import { withOwnCommand } from '../support/own-command';
import { runTask } from '../support/repository';
import { CDK, CLOUDFORMATION, TERRAFORM } from '../support/targets';

/** Repositories whose roles have inline policies, and the boundary of the roles of the tasks. */
const FIXTURE = readFixture('unreleased-2026-11-30-roles');

/** Deploys a registry layer as an earlier version emitted it, upgrades the repository, and deploys the layer again. */
describe.skipIf(await lacks(...TERRAFORM.engines)).each([TERRAFORM, CLOUDFORMATION, CDK])(
  'an upgrade of roles with inline policies: $target',
  ({ target, approved, unchanged, start }) => {
    let emulator: Emulator;
    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;
    let parent: string;
    let directory: string;

    const read = (path: string) => readFileSync(join(directory, path), 'utf8');
    const deploymentNow = (): Deployment =>
      resolveDeployment(readConfig(JSON.parse(read('mcp-deploy.json')) as Answers, 'the answers'));
    const deploy = async () => {
      const { exitCode, output } = await runTask(directory, 'registry:dev', approved, env);
      expect(exitCode, output).toBe(0);
      return output;
    };

    beforeAll(async () => {
      emulator = await startEmulator();
      ({ env, stop } = await start(emulator));
      const { s3 } = awsClients(emulator);
      await s3.send(new CreateBucketCommand({ Bucket: 'example-terraform-state' }));
      parent = mkdtempSync(join(tmpdir(), 'inline-'));
      directory = join(parent, 'repository');
      unpackRepository(FIXTURE[`${target}-newest-roles`]!, directory);
      linkEveryPackage(directory);
      await deploy();
    });
    afterAll(async () => {
      if (parent) rmSync(parent, { recursive: true, force: true });
      await stop?.();
      await emulator?.stop();
    });

    it(`an upgrade of roles with inline policies (${target}) keeps the roles and their boundary, and attaches the policies`, async () => {
      const { iam } = awsClients(emulator);
      const names = ['publish', 'plan', 'deploy'].map((duty) => `quilt-mcp-server-dev-${duty}`);
      const before = await Promise.all(names.map((name) => readRole(iam, name)));
      for (const { inline, attached } of before) {
        expect(inline).not.toEqual([]);
        expect(attached).toEqual([]);
      }
      const recorded = parseResources(read(RESOURCES_FILE))!;

      const upgraded = await runCommand(['upgrade', '--no-plan', '--no-install'], {
        cwd: directory,
        env: { ...env, ...NO_REGISTRY },
      });
      expect(upgraded.exitCode, upgraded.stdout + upgraded.stderr).toBe(0);
      const boundary = 'arn:aws:iam::123456789012:policy/boundary';
      expect(upgraded.stdout).toContain(`environments.dev.deliveryBoundaryArn nothing → ${boundary}`);
      const [report] = readdirSync(join(directory, 'docs/upgrades')).filter((file) => file.endsWith('.json'));
      const { impact, refusals } = JSON.parse(read(`docs/upgrades/${report}`)) as {
        impact: Impact;
        refusals: object[];
      };
      expect(refusals).toEqual([]);
      const ofRegistry = impact.filter(({ layer }) => layer === 'registry');
      expect(ofRegistry.filter(({ type }) => type === 'role').map(({ id, action }) => [id, action])).toEqual(
        ['publish', 'plan', 'deploy'].map((duty) => [`${duty}Role`, 'update']),
      );
      const roles = deploymentNow().environments[0]!.registry!.delivery!.roles;
      const policies = roles.flatMap((role) => role.policies.map(({ name }) => name));
      expect(ofRegistry.filter(({ type }) => type === 'policy').map(({ key, action }) => [key, action])).toEqual(
        policies.map((name) => [name, 'create']),
      );

      expect(await disagreements(recorded)).toEqual([]);

      await deploy();
      const after = await Promise.all(names.map((name) => readRole(iam, name)));
      expect(after).toEqual(
        before.map(({ id }, index) => ({
          id,
          boundary,
          inline: [],
          attached: roles[index]!.policies.map(({ name }) => name).sort(),
        })),
      );
      expect(await deploy()).toMatch(unchanged);
    });

    /** Where the engine's plan of the registry layer is not what the graph says. */
    async function disagreements(recorded: ReturnType<typeof resourcesOf>): Promise<readonly object[]> {
      const deployment = deploymentNow();
      const [query] = targetGenerator(target)
        .plans(deployment)
        .filter(({ layer }) => layer === 'registry');
      const changes = await query!.ask(([name, ...args], folder = '.') =>
        run(name, args, join(directory, folder), new AbortController().signal, {
          env: Object.fromEntries(
            Object.entries({ ...env, PATH: withOwnCommand(env.PATH) }).flatMap(([key, value]) =>
              value === undefined ? [] : [[key, value]],
            ),
          ),
        }),
      );
      const now = resourcesOf(deployment);
      const planned = [{ environment: 'dev', layer: 'registry', changes }] as const;
      const graph = compareResources(recorded, now, target);
      return applyPlans(graph, recorded, now, planned, target).disagreements;
    }
  },
);

async function readRole(iam: IAMClient, RoleName: string) {
  const [{ Role }, { PolicyNames = [] }, { AttachedPolicies = [] }] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  return {
    id: Role!.RoleId,
    boundary: Role!.PermissionsBoundary?.PermissionsBoundaryArn,
    inline: PolicyNames,
    attached: AttachedPolicies.map(({ PolicyName }) => PolicyName!).sort(),
  };
}
