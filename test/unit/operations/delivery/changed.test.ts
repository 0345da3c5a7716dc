import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, posix } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../../src/config/example';
import { type Answers, TARGETS } from '../../../../src/config/repository';
import { deploymentActions } from '../../../../src/operations/delivery/actions';
import { readersOf } from '../../../../src/operations/delivery/changed';
import { findEnvironment } from '../../../../src/operations/delivery/environments';
import { runScript } from '../../../support/delivery-script';
import { putAnswers, putProgram } from '../../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../../support/repository';
import { sessionIn } from '../../../support/session';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const NAMES = ['dev', 'staging', 'production'];

let repository: EmittedRepository;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'changes-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  repository?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const at = (path: string) => join(repository.directory, path);

function emit(target: Answers['target'], delivery: Answers['delivery'] = {}, change = (_: Answers) => {}): void {
  const answers = structuredClone(exampleAnswers(undefined, target));
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { '111122223333': { create: true } };
  answers.environments.production!.delivery = delivery;
  // The deploy task then asks nothing of the load balancer.
  for (const { network } of Object.values(answers.environments)) network.albEgress = 'present';
  change(answers);
  repository = emitRepository(answers);
  for (const name of NAMES) repository.setDigest(name, DIGEST);
}

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: repository.directory, encoding: 'utf8' }).trim();
}

function commit(): string {
  git('add', '--all', '--force', '--', '.', ':!node_modules');
  git('commit', '--quiet', '--message', 'Change');
  return git('rev-parse', 'HEAD');
}

const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => runScript(repository.directory, folder, args, env);

describe('the environments that a push changes', () => {
  type Change = readonly [path: string, environments: readonly string[]];
  const NEVER: readonly string[] = [
    'README.md',
    'docs/deployment.md',
    'docker/Dockerfile',
    'test/images.test.mjs',
    '.github/workflows/deploy.yml',
    'deploy/environments.json',
    'deploy/images/other.json',
  ];
  const CHANGES: Record<(typeof TARGETS)[number], readonly Change[]> = {
    terraform: [
      ['deploy/terraform/environments/dev/service/terraform.tfvars.json', ['dev']],
      ['deploy/terraform/environments/staging/service/main.tf', ['staging']],
      ['deploy/terraform/environments/production/service/.terraform.lock.hcl', ['production']],
      ['deploy/terraform/modules/mcp_server/main.tf', NAMES],
      ['deploy/terraform/modules/own/main.tf', NAMES],
      ['deploy/terraform/modules/mcp_server/README.md', []],
      ['deploy/terraform/modules/mcp_server/tests/service.tftest.hcl', []],
      ['deploy/terraform/modules/mcp_server/examples/iac/main.tf', []],
      ['deploy/terraform/modules/registry/main.tf', []],
      ['deploy/terraform/environments/dev/registry/terraform.tfvars.json', []],
      ['deploy/terraform/environments/dev/service/tests/service.tftest.hcl', []],
    ],
    cloudformation: [
      ['deploy/cloudformation/parameters/dev.json', ['dev']],
      ['deploy/cloudformation/parameters/dev.local.json', ['dev']],
      ['deploy/cloudformation/mcp_server.yaml', NAMES],
      ['deploy/cloudformation/stacks.json', NAMES],
      ['deploy/cloudformation/registry.yaml', []],
      ['deploy/cloudformation/parameters/dev.registry.json', []],
    ],
    cdk: [
      ['deploy/cdk/config/staging.json', ['staging']],
      ['deploy/cdk/lib/extra.local.ts', NAMES],
      ['deploy/cdk/lib/own/part.ts', NAMES],
      ['deploy/cdk/config/shared.json', []],
      ['deploy/cdk/test/app.test.ts', []],
    ],
  };

  it.each(TARGETS)('the environments that a push changes are those whose files it changes, with %s', async (target) => {
    emit(target);
    const copy = { root: repository.directory };
    const readers = (...paths: string[]) => readersOf(copy, paths).map(({ name }) => name);
    for (const path of NEVER) expect(readers(path), path).toEqual([]);
    for (const [path, names] of CHANGES[target]) expect(readers(path), path).toEqual(names);
    expect(readers('deploy/images/production.json', 'README.md', 'deploy/images/dev.json')).toEqual([
      'dev',
      'production',
    ]);
    // The tasks, and this package, whose version decides what they do.
    for (const path of ['.projen/tasks.json', 'package.json', 'package-lock.json'])
      expect(readers(path)).toEqual(NAMES);
    expect(readers('')).toEqual([]);

    // Whatever a deployment may read is read, but for what is not.
    const emitted = (readdirSync(at('deploy'), { recursive: true }) as string[])
      .map((path) => posix.join('deploy', path))
      .filter((path) => /\.[a-z]+$/.test(path));
    const unread = emitted.filter((path) => readers(path).length === 0);
    const known = /\.md$|registry|\/tests?\/|\/examples\/|^deploy\/environments\.json$|^deploy\/images\/other/;
    expect(unread.filter((path) => !known.test(path))).toEqual([]);
    expect(emitted.length - unread.length).toBeGreaterThan(NAMES.length);
  });

  it('the environments that a push changes are none if it changes the roles beside a shared registry, which nobody deploys by a workflow', () => {
    emit('terraform', {}, ({ environments }) => {
      const registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' } as const;
      for (const environment of Object.values(environments)) environment.registry = registry;
    });
    const path = 'deploy/terraform/modules/roles/roles.tf';
    expect(existsSync(at(path))).toBe(true);
    expect(readersOf({ root: repository.directory }, [path])).toEqual([]);
    // The workflow does not even start.
    expect(readFileSync(at('.github/workflows/deploy.yml'), 'utf8')).toContain('!deploy/terraform/modules/roles/**');
  });

  it('the environments that a push changes are found by Git, also by a file that was moved away, and without those that have no image', async () => {
    emit('terraform');
    repository.setDigest('staging', null);
    git('init', '--quiet');
    const BEFORE = commit();
    expect((await run(['workflow', 'changed'], { BEFORE })).told).toEqual({ environments: '[]' });
    renameSync(
      at('deploy/terraform/environments/dev/service/outputs.tf'),
      at('deploy/terraform/environments/dev/registry/more.tf'),
    );
    commit();
    expect((await run(['workflow', 'changed'], { BEFORE })).told).toEqual({ environments: '["dev"]' });
    // A commit that a forced push took away.
    const gone = await run(['workflow', 'changed'], { BEFORE: '1'.repeat(40) });
    expect(gone.told).toEqual({ environments: '["dev","production"]' });
    appendFileSync(at('deploy/terraform/modules/mcp_server/main.tf'), '# A change.\n');
    commit();
    const { told, summary, output } = await run(['workflow', 'changed'], { BEFORE });
    expect(told).toEqual({ environments: '["dev","production"]' });
    expect(output).toContain('To plan, and to deploy if that changes anything: dev, production');
    expect(summary).toBe(
      'staging is left out, because deploy/images/staging.json names no image yet. Publish or promote one: docs/delivery.md.\n\n',
    );
  });

  it('the environments that a push changes are those of each module that Terraform reads', () => {
    emit('terraform');
    const { shared, not } = JSON.parse(readFileSync(at('deploy/environments.json'), 'utf8')).deployed;
    const root = 'deploy/terraform/environments/dev/service';
    const sources = [...readFileSync(at(`${root}/main.tf`), 'utf8').matchAll(/source\s*=\s*"(\.[^"]+)"/g)].map(
      ([, source]) => posix.join(root, source!),
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      expect(existsSync(at(source))).toBe(true);
      expect(shared).toContain(`${dirname(source)}/**`);
      expect(not).not.toContain(`${source}/**`);
    }
  });
});

/** A Terraform that has this in its plan. */
function terraformPlans(plan: object, text = 'the plan'): void {
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(folder, 'plan.txt'), text);
  putProgram(join(folder, 'bin/terraform'), 'terraform-plan.sh', { PLAN: folder });
  putProgram(join(folder, 'bin/npm'), 'npm-run.sh', {
    NODE: process.execPath,
    PROJEN: require.resolve('projen/bin/projen'),
  });
}

const resource = (address: string, actions: string[], more: object = {}) => ({
  address,
  mode: 'managed',
  ...more,
  change: { actions, ...('importing' in more ? { importing: more.importing } : {}) },
});
const NOTHING = {
  resource_changes: [
    resource('aws_iam_role.task', ['no-op']),
    { ...resource('data.aws_region.here', ['read']), mode: 'data' },
  ],
  output_changes: { url: { actions: ['no-op'] } },
};
const PLAN = {
  resource_changes: [
    ...NOTHING.resource_changes,
    resource('module.mcp_server.aws_ecs_task_definition.mcp', ['create', 'delete']),
    resource('module.mcp_server.aws_ecs_service.mcp', ['update']),
    resource('aws_lb.a', ['delete'], { deposed: '0a1b' }),
    resource('aws_lb.b', ['no-op'], { previous_address: 'aws_lb.c' }),
    resource('aws_lb.d', ['no-op'], { importing: { id: 'x' } }),
  ],
  output_changes: { url: { actions: ['update'] } },
};
const ACTIONS = [
  'create, delete module.mcp_server.aws_ecs_task_definition.mcp',
  'delete aws_lb.a (deposed 0a1b)',
  'import aws_lb.d',
  'move aws_lb.c to aws_lb.b',
  'update module.mcp_server.aws_ecs_service.mcp',
  'update output.url',
];

describe('the plan of a deployment', () => {
  const plan = (name: string) => run(['report-plan', name, '--actions', join(folder, 'plans')]);
  const approve = (name: string) => run(['workflow', 'approved', join(folder, 'plans')], { ENVIRONMENT: name });

  it('the plan of a deployment is in the summary of the run, and its actions go to the jobs after it', async () => {
    emit('terraform');
    terraformPlans(PLAN, `first line\n\`\`\`\r\n# last line`);
    const { exitCode, summary, output } = await plan('dev');
    expect(exitCode, output).toBe(0);
    expect(summary).toBe(
      '## Plan of dev\n\nThe deployment is refused if it would create, change, replace or remove anything else:\n\n    first line\n    ```\n    # last line\n\n',
    );
    expect(JSON.parse(readFileSync(join(folder, 'plans/dev.json'), 'utf8'))).toEqual(ACTIONS);
    terraformPlans(PLAN, 'a line\n'.repeat(200_000));
    expect(Buffer.byteLength((await plan('dev')).summary)).toBeLessThan(2 ** 20);
  });

  it('the plan of a deployment that changes nothing says so, and the environment is not deployed', async () => {
    emit('terraform');
    terraformPlans(PLAN);
    await plan('dev');
    await plan('production');
    terraformPlans(NOTHING);
    const { exitCode, summary } = await plan('staging');
    expect(exitCode).toBe(0);
    expect(summary).toBe(
      '**staging**: nothing to change, so it is not deployed. To look at what runs there: `npm run verify:staging`\n\n',
    );
    const ENVIRONMENTS = JSON.stringify(NAMES);
    const { told } = await run(['workflow', 'planned', join(folder, 'plans')], { ENVIRONMENTS });
    expect(told).toEqual({ environments: '["dev","production"]' });
    mkdirSync(join(folder, 'outcome'));
    for (const name of ['dev', 'production']) writeFileSync(join(folder, 'outcome', `${name}.txt`), 'success\n');
    const outcome = await run(['workflow', 'outcome', join(folder, 'outcome'), join(folder, 'plans')], {
      ENVIRONMENTS,
    });
    expect(outcome.summary).toBe(
      '- **dev**: deployed and verified\n- **staging**: nothing to change\n- **production**: deployed and verified\n\n',
    );
  });

  it('the plan of a deployment that fails keeps what comes after it from being deployed, and nothing before', async () => {
    emit('terraform', { runner: 'own' });
    terraformPlans(PLAN);
    await plan('dev');
    await plan('production');
    const ENVIRONMENTS = JSON.stringify(NAMES);
    const planned = await run(['workflow', 'planned', join(folder, 'plans')], { ENVIRONMENTS });
    expect(planned.told).toEqual({
      environments: '["dev"]',
      deployments: '[{"environment":"dev","runner":"ubuntu-24.04"}]',
    });
    const outcome = await run(['workflow', 'outcome', join(folder, 'none'), join(folder, 'plans')], { ENVIRONMENTS });
    expect(outcome.summary).toContain(
      '- **staging**: not deployed, because it could not be planned: the log of the job plan (staging) says why',
    );
    const nothing = await run(['workflow', 'planned', join(folder, 'none')], { ENVIRONMENTS });
    expect(nothing.told).toMatchObject({ environments: '[]' });
    expect(await run(['workflow', 'planned', join(folder, 'plans')])).toMatchObject({ exitCode: 1 });
    const hostile = await run(['workflow', 'planned', join(folder, 'plans')], { ENVIRONMENTS: '["../x"]' });
    expect(hostile.output).toContain('There is no environment "../x"');
  });

  it('the plan of a deployment is held to: what would do anything else is refused, and names what differs', async () => {
    emit('terraform');
    terraformPlans(PLAN);
    await plan('dev');
    expect(await approve('dev')).toMatchObject({ exitCode: 0, output: 'dev: 6 actions, as planned.\n' });
    // The plan that was compared is there to be applied.
    expect(JSON.parse(readFileSync(join(folder, 'plans/dev.tfplan'), 'utf8'))).toEqual(PLAN);
    const [service, ...others] = PLAN.resource_changes.filter(({ address }) => address.includes('aws_ecs_'));
    terraformPlans({
      ...PLAN,
      resource_changes: [service, ...others.map((one) => ({ ...one, change: { actions: ['delete', 'create'] } }))],
    });
    const { exitCode, output } = await approve('dev');
    expect(exitCode).toBe(1);
    expect(output).toBe(
      [
        '✗ A deployment of dev would now do something else than the plan in the summary of this run:',
        '  not in the plan: delete, create module.mcp_server.aws_ecs_service.mcp',
        '  only in the plan: delete aws_lb.a (deposed 0a1b)',
        '  only in the plan: import aws_lb.d',
        '  only in the plan: move aws_lb.c to aws_lb.b',
        '  only in the plan: update module.mcp_server.aws_ecs_service.mcp',
        'Nothing was deployed. Choose "Re-run all jobs", which plans anew.',
        '',
      ].join('\n'),
    );
    // A run that is started again after all was deployed, and only verifying failed.
    terraformPlans(NOTHING);
    expect(await approve('dev')).toMatchObject({ exitCode: 0, output: 'dev: nothing is left to change.\n' });
    expect(JSON.parse(readFileSync(join(folder, 'plans/dev.tfplan'), 'utf8'))).toEqual(NOTHING);
    expect((await approve('staging')).output).toMatch(
      /A folder is needed, with the actions that were planned for staging/,
    );
    expect(await run(['workflow', 'approved'], { ENVIRONMENT: 'dev' })).toMatchObject({ exitCode: 1 });
  });
});

describe('the actions of a deployment', () => {
  const CHANGES = [
    {
      Action: 'Modify',
      Replacement: 'True',
      LogicalResourceId: 'TaskDefinition',
      ResourceType: 'AWS::ECS::TaskDefinition',
    },
    { Action: 'Modify', Replacement: 'False', LogicalResourceId: 'Service', ResourceType: 'AWS::ECS::Service' },
    { Action: 'Remove', PolicyAction: 'Retain', LogicalResourceId: 'LogGroup', ResourceType: 'AWS::Logs::LogGroup' },
  ];

  const NO_CHANGES = { Status: 'FAILED', StatusReason: "The submitted information didn't contain changes." };

  /** What is said of the first environment. */
  function actions(): Promise<string[]> {
    const env = { ...process.env, PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter) };
    const { session } = sessionIn(repository.directory, env);
    return deploymentActions(session, findEnvironment(session, 'dev'));
  }

  /** An AWS CLI for which a stack is there or not, and a change set has these changes; and what it was asked. */
  function awsHas(stack: string, changeSet: object): () => string[] {
    const answers = {
      'describe-stacks': { Stacks: [{ StackStatus: stack }] },
      'create-change-set': { Id: 'arn:change-set' },
      'describe-change-set': changeSet,
      'get-caller-identity': { Account: '111122223333' },
    };
    const known = Object.entries(answers).map(([name, says]) => [`* ${name} *`, { says }]);
    const calls = join(folder, 'aws.log');
    writeFileSync(calls, '');
    const missing = { error: 'Stack with id x does not exist', exitCode: 254 };
    return putAnswers(
      join(folder, 'bin/aws'),
      { ...Object.fromEntries(known), ...(stack === '' ? { '* describe-stacks *': missing } : {}), '*': { says: {} } },
      { calls },
    );
  }

  it.each(['cloudformation', 'cdk'] as const)(
    'the actions of a deployment are those of a change set that is taken away again, with %s',
    async (target) => {
      emit(target);
      const { stackName } = repository.deployment.environments[0]!.service;
      const changes = CHANGES.map((ResourceChange) => ({ Type: 'Resource', ResourceChange }));
      const asked = awsHas('UPDATE_COMPLETE', { Status: 'CREATE_COMPLETE', Changes: changes });
      expect(await actions()).toEqual([
        'Modify, Replacement True: TaskDefinition (AWS::ECS::TaskDefinition)',
        'Modify: Service (AWS::ECS::Service)',
        'Remove, Retain: LogGroup (AWS::Logs::LogGroup)',
      ]);
      // Of a name that the role of planning may use.
      expect(asked().find((call) => call.includes(' create-change-set '))).toMatch(/--change-set-name plan-\d+ /);
      expect(asked().some((call) => call.includes(' delete-change-set '))).toBe(true);
      expect(asked().some((call) => call.includes(' execute-change-set '))).toBe(false);

      // No change set of a stack that is not there: it would make the stack.
      for (const stack of ['', 'REVIEW_IN_PROGRESS']) {
        const calls = awsHas(stack, NO_CHANGES);
        expect(await actions()).toEqual([`Add the stack ${stackName}`]);
        expect(calls().some((call) => call.includes(' create-change-set '))).toBe(false);
      }
    },
  );

  it('the actions of a deployment are none if a change set has none, and not known if it cannot be made', async () => {
    emit('cloudformation');
    awsHas('UPDATE_COMPLETE', NO_CHANGES);
    expect(await actions()).toEqual([]);
    awsHas('UPDATE_COMPLETE', { Status: 'FAILED', StatusReason: 'no such parameter' });
    await expect(actions()).rejects.toThrow(/no such parameter/);
    awsHas('UPDATE_COMPLETE', NO_CHANGES);
    writeFileSync(at('deploy/cloudformation/stacks.json'), '{}');
    await expect(actions()).rejects.toThrow(/is no stack of deploy\/cloudformation\/stacks\.json: run npx projen/);
  });
});
