import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { digestFile } from '../../../generators/digest';
import { upgrade } from '../../../src/cli/commands/upgrade';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { openRepository } from '../../../src/cli/repository';
import {
  deploymentOf,
  hasCredentials,
  impactOf,
  type Planning,
  planningOf,
  refuseLoss,
} from '../../../src/cli/upgrade-impact';
import { UsageError } from '../../../src/cli/usage-error';
import { exampleAnswers } from '../../../src/config/example';
import type { Answers } from '../../../src/config/repository';
import { findDeployable, LATEST } from '../../../src/conventions';
import { Failed } from '../../../src/operations/failed';
import type { SyncResult } from '../../../src/project/sync';
import { compareResources } from '../../../src/resources/impact';
import { resourcesOf } from '../../../src/resources/resources';
import { treeOf } from '../../support/emitted';
import { HANG_MS } from '../../support/machine.mjs';
import { putAnswers, putProgram } from '../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../support/repository';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const RESOURCES = '.projen/resources.json';
const ROOT = 'deploy/terraform/environments';
const NO_DIGEST = 'no image is published for it yet';

afterEach(() => vi.unstubAllEnvs());

describe('credentials for AWS', () => {
  it.each([
    ['nothing', {}, false],
    ['a key', { AWS_ACCESS_KEY_ID: 'a' }, true],
    ['a profile', { AWS_PROFILE: 'a' }, true],
    ['a web identity', { AWS_WEB_IDENTITY_TOKEN_FILE: '/a' }, true],
    ['a container’s role', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/a' }, true],
    ['a pod’s identity', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://a' }, true],
    ['what is empty', { AWS_ACCESS_KEY_ID: '', AWS_PROFILE: '' }, false],
    ['what is none alone', { AWS_REGION: 'us-east-1', AWS_SECRET_ACCESS_KEY: 'a', AWS_SESSION_TOKEN: 'a' }, false],
  ])('credentials for AWS are there or not, with %s', (_, env, expected) => {
    expect(hasCredentials(env)).toBe(expected);
  });
});

describe('how far the engine is asked', () => {
  const [none, some] = [{}, { AWS_PROFILE: 'a' }];

  it.each<[string, boolean, boolean, NodeJS.ProcessEnv, Planning]>([
    ['nothing, without credentials', false, false, none, 'off'],
    ['nothing, with credentials', false, false, some, 'tried'],
    ['--plan, without credentials that can be seen', true, false, none, 'required'],
    ['--plan, with credentials', true, false, some, 'required'],
    ['--no-plan, without credentials', false, true, none, 'off'],
    ['--no-plan, with credentials', false, true, some, 'off'],
  ])('how far the engine is asked follows from %s', (_, plan, noPlan, env, expected) => {
    expect(planningOf({ plan, 'no-plan': noPlan }, env)).toBe(expected);
  });

  it('how far the engine is asked is not said twice, by --plan and --no-plan', async () => {
    expect(() => planningOf({ plan: true, 'no-plan': true }, none)).toThrow(UsageError);
    const said = dispatch(upgrade, ['--plan', '--no-plan'], consoleInto([]), new AbortController().signal);
    await expect(said).rejects.toThrow('--plan and --no-plan exclude each other');
  });

  it.each([['--plan=yes'], ['--no-plan=no']])('upgrade %s is refused, as the option takes no value', async (option) => {
    const said = dispatch(upgrade, [option], consoleInto([]), new AbortController().signal);
    await expect(said).rejects.toThrow('takes no value');
  });

  it('how far the engine is asked is in the help of upgrade', async () => {
    const lines: string[] = [];
    expect(await dispatch(upgrade, ['--help'], consoleInto(lines), new AbortController().signal)).toBe(0);
    expect(lines.join('')).toMatch(/^ {2}--plan {2,}\S.*credentials$/m);
    expect(lines.join('')).toMatch(/^ {2}--no-plan {2,}\S/m);
  });
});

function consoleInto(lines: string[]): Console {
  const stdout = { write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  return { stdin: process.stdin, stdout, stderr: stdout, env: {} };
}

describe('the impact of an upgrade', () => {
  const answers = (conventions: string): Answers => exampleAnswers(findDeployable(conventions)!);
  const after = deploymentOf(JSON.stringify(answers(LATEST.id)));
  const now = resourcesOf(after);
  const graph = compareResources(resourcesOf(deploymentOf(answers('g2c'))), now, 'terraform');

  let emitted: EmittedRepository;
  let folder: string;
  let directory: string;
  let bin: string;

  beforeAll(() => {
    emitted = emitRepository(answers('g2c'));
    for (const name of ['dev', 'staging', 'production']) emitted.setDigest(name, DIGEST);
  });
  afterAll(() => emitted.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
    [directory, bin] = [join(folder, 'repository'), join(folder, 'bin')];
    cpSync(emitted.directory, directory, { recursive: true });
    mkdirSync(bin);
    engine({});
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Puts a Terraform on the PATH that says of each root what it is told to, and else that nothing changes.
   *
   * @param plans resource changes by root, or what is said where it fails
   */
  function engine(plans: Readonly<Record<string, readonly object[] | string>>, hangs = false) {
    const folderOfPlans = join(folder, 'plans');
    rmSync(folderOfPlans, { recursive: true, force: true });
    for (const [root, plan] of Object.entries(plans)) {
      const [name, text] =
        typeof plan === 'string' ? ['plan.err', plan] : ['show.json', JSON.stringify({ resource_changes: plan })];
      mkdirSync(join(folderOfPlans, ROOT, root), { recursive: true });
      writeFileSync(join(folderOfPlans, ROOT, root, name), text);
    }
    const variables = { PLANS: folderOfPlans, RAN: join(bin, 'ran'), HANGS: hangs ? 'yes' : '' };
    putProgram(join(bin, 'terraform'), 'terraform-by-root.sh', variables);
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
  }

  /** What the engine was asked, a line each: the folder it was in, the root, the command, what it found there. */
  function asked(): string[][] {
    const file = join(bin, 'ran');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    return lines.map((line) => /^(\S+) -chdir=\S+?environments\/(\S+) (\S+) (.*)$/.exec(line)!.slice(1));
  }

  const change = (address: string, ...actions: string[]) => ({
    address,
    mode: 'managed',
    type: address.split('.').at(-2),
    change: { actions, before: {}, after: {} },
  });

  const setDigest = (environment: string, digest: string | null) =>
    writeFileSync(join(directory, digestFile(environment)), JSON.stringify({ digest }));

  /** An upgrade that writes one file. */
  function preview(): SyncResult {
    const before = readFileSync(join(directory, 'README.md'));
    const content = Buffer.from('upgraded\n');
    return { changes: [{ path: 'README.md', kind: 'update', before, content }], conflicts: [] };
  }

  async function impact(planning: Planning, more: { preview?: SyncResult; signal?: AbortSignal } = {}) {
    const lines: string[] = [];
    const found = await impactOf(
      { repository: openRepository(directory), after, preview: more.preview ?? preview() },
      planning,
      (line) => lines.push(line),
      more.signal ?? new AbortController().signal,
    );
    return { found, lines };
  }

  it('the impact of an upgrade is that of the graph if nobody wants to ask', async () => {
    const { found, lines } = await impact('off');
    expect(found).toEqual({ impact: graph });
    expect([lines, asked()]).toEqual([[], []]);
  });

  it.each<[string, (whole: SyncResult) => SyncResult]>([
    ['there are conflicts', (whole) => ({ ...whole, conflicts: ['README.md'] })],
    [
      'nothing changes',
      (whole) => ({ ...whole, changes: whole.changes.map((file) => ({ ...file, kind: 'unchanged' })) }),
    ],
  ])('the impact of an upgrade is that of the graph if %s, however a plan is wanted', async (_, edit) => {
    expect((await impact('required', { preview: edit(preview()) })).found).toEqual({ impact: graph });
    expect(asked()).toEqual([]);
  });

  it('the impact of an upgrade is that of a plan of every root, in a copy that has the upgrade and goes', async () => {
    const before = treeOf(directory);
    engine({
      'dev/registry': [change('module.registry.aws_ecr_repository.mcp', 'update')],
      'dev/service': [change('module.mcp_server.aws_ecs_service.mcp', 'update')],
    });
    const { found, lines } = await impact('required');
    expect(found.source).toEqual({ dev: 'plan', staging: 'plan', production: 'plan' });
    expect(found.unplanned).toEqual({});
    expect(found.impact!.map(({ environment, id, action }) => `${environment} ${id} ${action}`)).toEqual([
      'dev repository update',
      'dev service update',
    ]);
    expect(found.disagreements!.length).toBe(graph.length - 2);
    expect(lines).toEqual(['planning dev …', 'planning staging …', 'planning production …']);
    expect(asked()).toHaveLength(3 * 2 * 3);
    const [copy] = asked()[0]!;
    expect(copy).not.toContain(directory);
    expect(asked().every(([where, , , title]) => where === copy && title === 'upgraded')).toBe(true);
    expect(existsSync(copy!)).toBe(false);
    expect(treeOf(directory)).toEqual(before);
  });

  it('the impact of an upgrade is that of the graph if planning fails, and says why', async () => {
    engine({ 'staging/registry': 'Error: no valid credential sources found\nmore' });
    const { found, lines } = await impact('tried');
    const why = `terraform plan of ${ROOT}/staging/registry failed`;
    expect(found.unplanned).toEqual({ staging: why });
    expect(found.source).toEqual({ dev: 'plan', production: 'plan' });
    expect(found.impact).toEqual(graph.filter(({ environment }) => environment === 'staging'));
    expect(found.disagreements!.some(({ environment }) => environment === 'staging')).toBe(false);
    expect(lines).toContain(`! staging is not planned: ${why}\nError: no valid credential sources found\nmore`);
  });

  it('the impact of an upgrade is that of the graph if there is no engine', async () => {
    rmSync(join(bin, 'terraform'));
    vi.stubEnv('PATH', bin);
    const { found, lines } = await impact('tried');
    expect(found).toMatchObject({ impact: graph, source: {}, disagreements: [] });
    expect(Object.keys(found.unplanned!)).toEqual(['dev', 'staging', 'production']);
    expect(lines[1]).toMatch(
      /^! dev is not planned: terraform plan of .*dev\/registry failed\nterraform is not on the PATH$/,
    );
  });

  it('the impact of an upgrade is that of the graph if an environment has no image, which is not asked of', async () => {
    setDigest('staging', null);
    rmSync(join(directory, 'deploy/images/production.json'));
    const { found, lines } = await impact('tried');
    expect(found.unplanned).toEqual({ staging: NO_DIGEST, production: NO_DIGEST });
    expect(found.impact).toEqual(graph.filter(({ environment }) => environment !== 'dev'));
    expect(lines).toEqual(['planning dev …']);
    expect(new Set(asked().map(([, root]) => root))).toEqual(new Set(['dev/registry', 'dev/service']));
  });

  it('the impact of an upgrade is that of the graph if no copy can be made', async () => {
    rmSync(join(directory, 'node_modules'), { recursive: true, force: true });
    symlinkSync(join(directory, 'nowhere'), join(directory, 'node_modules'));
    const { found } = await impact('tried');
    expect(found).toMatchObject({ impact: graph, source: {}, disagreements: [] });
    expect(found.unplanned!.dev).toMatch(/^no copy of the repository can be made: ENOENT/);
    await expect(impact('required')).rejects.toThrow(/dev: no copy of the repository can be made/);
  });

  it('the impact of an upgrade is refused if it must be planned and cannot be, with every reason', async () => {
    engine({ 'staging/service': 'Error: no valid credential sources found' });
    setDigest('production', null);
    const before = treeOf(directory);
    const error = await impact('required').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failed);
    expect((error as Failed).message).toBe(
      `the deployment of the upgrade cannot be planned; nothing was written

  staging: terraform plan of ${ROOT}/staging/service failed
  production: ${NO_DIGEST}`,
    );
    expect(treeOf(directory)).toEqual(before);
  });

  it('planning the impact of an upgrade ends if all is called off, with the reason of that, and leaves no copy', async () => {
    const abort = new AbortController();
    engine({}, true);
    const planned = impact('tried', { signal: abort.signal });
    await vi.waitFor(() => expect(asked()).toHaveLength(2), { timeout: HANG_MS });
    abort.abort(new Error('called off'));
    await expect(planned).rejects.toThrow('called off');
    expect(existsSync(asked()[0]![0]!)).toBe(false);
  });

  describe('where the repository keeps no resources', () => {
    beforeEach(() => rmSync(join(directory, RESOURCES)));
    const withoutUsableAnswers = () => {
      writeFileSync(join(directory, 'mcp-deploy.json'), JSON.stringify({ conventions: 'g2c', of: 'before' }));
    };

    it('without kept resources, an upgrade is compared with what the answers before come to', async () => {
      expect((await impact('off')).found).toEqual({ impact: graph });
    });

    it('with kept resources of another form, an upgrade is compared with what the answers before come to', async () => {
      writeFileSync(join(directory, RESOURCES), '{"version":99}');
      expect((await impact('off')).found).toEqual({ impact: graph });
    });

    it('without kept resources, the impact of an upgrade is not known if the answers cannot be used, unless all is planned', async () => {
      withoutUsableAnswers();
      expect((await impact('off')).found).toEqual({ impact: null });
      engine({ 'production/service': 'Error: no' });
      expect((await impact('tried')).found).toEqual({
        impact: null,
        unplanned: { production: `terraform plan of ${ROOT}/production/service failed` },
      });
    });

    it('without kept resources, the impact of an upgrade is that of the plans, which disagree with nothing, if all is planned', async () => {
      withoutUsableAnswers();
      engine({
        'dev/service': [
          change('module.mcp_server.aws_ecs_task_definition.mcp', 'delete', 'create'),
          change('module.mcp_server.aws_cloudwatch_log_group.mcp', 'delete', 'create'),
        ],
      });
      const { found } = await impact('tried');
      expect(found).toMatchObject({ unplanned: {}, disagreements: [] });
      expect(found.impact!.map(({ id, action }) => `${id} ${action}`)).toEqual([
        'taskDefinition revise',
        'logGroup replace',
      ]);
      expect(() => refuseLoss(found.impact, false)).toThrow(Failed);
      expect(() => refuseLoss(found.impact, false)).toThrow(
        /dev: logGroup \S+, replace: it holds logs, and it is deleted/,
      );
      expect(() => refuseLoss(found.impact, true)).not.toThrow();
      expect(() => refuseLoss(null, false)).not.toThrow();
    });
  });
});

describe.each(['cloudformation', 'cdk'] as const)('a plan by %s that is called off', (target) => {
  it(`a plan by ${target} that is called off takes its change set away, and the stack that is nothing but that`, async () => {
    const { dev } = exampleAnswers(undefined, target).environments;
    const answers = { ...exampleAnswers(undefined, target), environments: { dev: dev! } };
    const repository = emitRepository(answers);
    const bin = mkdtempSync(join(tmpdir(), 'engine-'));
    // The CDK plans nothing where there is no stack; CloudFormation's script makes one, which is in review then.
    const status = target === 'cdk' ? 'UPDATE_COMPLETE' : 'REVIEW_IN_PROGRESS';
    try {
      const asked = putAnswers(join(bin, 'aws'), {
        '*get-caller-identity*': { says: { Account: '111122223333' } },
        '*describe-security-groups*': { says: { SecurityGroups: [] } },
        '*describe-stacks*': { says: { Stacks: [{ StackStatus: status }] } },
        '*describe-change-set*': { says: { Status: 'CREATE_IN_PROGRESS' } },
        '*create-change-set*': { says: { Id: 'arn' } },
        '* wait *': { hangs: true },
        '*': {},
      });
      // Synthesising is not what takes long here.
      if (target === 'cdk') putAnswers(join(bin, 'node'), { '*': {} });
      vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
      repository.setDigest('dev', DIGEST);
      const abort = new AbortController();
      const planned = impactOf(
        {
          repository: openRepository(repository.directory),
          after: repository.deployment,
          preview: { changes: [{ path: 'added', kind: 'create', content: Buffer.from('') }], conflicts: [] },
        },
        'required',
        () => {},
        abort.signal,
      );
      const ended = expect(planned).rejects.toThrow('called off');
      const waits = target === 'cdk' ? 'cloudformation wait' : 'cloudformation describe-change-set';
      const count = (line: string) => asked().filter((found) => found.startsWith(line)).length;
      await vi.waitFor(() => expect(count(waits)).toBeGreaterThanOrEqual(2), { timeout: HANG_MS });
      abort.abort(new Error('called off'));
      await ended;
      expect(count('cloudformation create-change-set')).toBe(2);
      expect(count('cloudformation delete-change-set')).toBe(2);
      expect(count('cloudformation delete-stack')).toBe(target === 'cdk' ? 0 : 2);
    } finally {
      repository.remove();
      rmSync(bin, { recursive: true, force: true });
    }
  });
});

describe('the impact of an upgrade with CloudFormation', () => {
  it('the impact of an upgrade with CloudFormation is planned by the command of the version that runs, whatever is installed', async () => {
    const answers = exampleAnswers(undefined, 'cloudformation');
    const { directory, deployment, setDigest, remove } = emitRepository({
      ...answers,
      environments: { dev: answers.environments.dev! },
    });
    const bin = mkdtempSync(join(tmpdir(), 'aws-'));
    try {
      setDigest('dev', DIGEST);
      rmSync(join(directory, 'node_modules'), { recursive: true });
      const ResourceChange = { Action: 'Modify', LogicalResourceId: 'Service', ResourceType: 'AWS::ECS::Service' };
      putAnswers(join(bin, 'aws'), {
        '*get-caller-identity*': { says: { Account: '111122223333' } },
        '*describe-stacks*': { says: { Stacks: [{ StackStatus: 'UPDATE_COMPLETE' }] } },
        '*describe-security-groups*': { says: { SecurityGroups: [] } },
        '*create-change-set*': { says: { Id: 'arn' } },
        '*describe-change-set*-registry*': { says: { Status: 'CREATE_COMPLETE', Changes: [] } },
        '*describe-change-set*': { says: { Status: 'CREATE_COMPLETE', Changes: [{ ResourceChange }] } },
        '*': { says: {} },
      });
      vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
      const content = Buffer.from('upgraded\n');
      const before = readFileSync(join(directory, 'README.md'));
      const preview: SyncResult = { changes: [{ path: 'README.md', kind: 'update', before, content }], conflicts: [] };
      const found = await impactOf(
        { repository: openRepository(directory), after: deployment, preview },
        'required',
        () => {},
        new AbortController().signal,
      );
      expect(found.source).toEqual({ dev: 'plan' });
      expect(found.impact).toMatchObject([{ environment: 'dev', id: 'service', action: 'update' }]);
    } finally {
      remove();
      rmSync(bin, { recursive: true });
    }
  });
});
