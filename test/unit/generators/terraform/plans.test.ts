import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../../../generators';
import type { CommandEnding, RunCommand } from '../../../../generators/plan-query';
import { loadTemplates } from '../../../../generators/templates';
import { readTerraformPlan, terraformPlans } from '../../../../generators/terraform/plans';
import { exampleAnswers } from '../../../../src/config/example';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';
import { ownPackage } from '../../../../src/project/package-root';
import type { PlannedChange } from '../../../../src/resources/planned-impact';
import { deliveringCase } from '../../../parity/matrix';

const templates = loadTemplates(`${ownPackage().root}/templates`);

interface Entry {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly unknown?: object;
  readonly importing?: object;
  readonly deposed?: string;
  readonly mode?: string;
}

/** What `terraform show -json` has of a plan. */
function planOf(entries: readonly Entry[]): string {
  return JSON.stringify({
    format_version: '1.2',
    resource_changes: entries.map(({ address, actions, before, after, unknown, importing, deposed, mode }) => ({
      address,
      ...(deposed === undefined ? {} : { deposed }),
      mode: mode ?? 'managed',
      type: /(\w+)\.\w+(\[.*\])?$/.exec(address)![1],
      change: {
        actions,
        before: before ?? null,
        after: after ?? null,
        after_unknown: unknown ?? {},
        ...(importing ? { importing } : {}),
      },
    })),
  });
}

const read = (...entries: Entry[]) => readTerraformPlan(planOf(entries));
const inService = (rest: string) => `module.mcp_server.${rest}`;
const words = (changes: readonly PlannedChange[]) => changes.map(({ id, action }) => `${id}: ${action}`);

const GROUP = inService('aws_lb_target_group.mcp');
const A = { name: 'a' };
const B = { name: 'b' };

describe('what a plan does to a resource', () => {
  it.each([
    [['no-op'], undefined],
    [['read'], undefined],
    [['create'], { action: 'create' }],
    [['update'], { action: 'update' }],
    [['delete'], { action: 'destroy' }],
    [['forget'], { action: 'leave' }],
    [['delete', 'create'], { action: 'replace', destroyedFirst: true }],
    [['create', 'delete'], { action: 'replace', destroyedFirst: false }],
    [['forget', 'create'], { action: 'replace', destroyedFirst: false, keeps: true }],
    [['create', 'forget'], { action: 'replace', destroyedFirst: false, keeps: true }],
  ])('a Terraform plan does to a resource what it says: %j', (actions, expected) => {
    const change = { id: 'targetGroup', type: 'aws_lb_target_group', key: GROUP, attributes: [], ...expected };
    expect(read({ address: GROUP, actions })).toEqual(expected ? [change] : []);
  });

  it.each([['taint'], ['delete', 'update'], ['constructor'], [], ['no-op', 'read']])(
    'what a Terraform plan does to a resource is never guessed: %s',
    (...actions) => {
      expect(() => read({ address: GROUP, actions })).toThrow(
        `the plan does ${actions.join(' ')} to ${GROUP}, which this version does not know`,
      );
      expect(() => read({ address: GROUP, actions, importing: { id: 'a' } })).toThrow(GROUP);
    },
  );

  it.each([
    [['no-op'], 'import'],
    [['update'], 'import'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['delete'], 'destroy'],
  ])('a Terraform plan does to a resource that is imported what it says, too: %j', (actions, action) => {
    const address = inService('aws_cloudwatch_log_group.mcp');
    expect(words(read({ address, actions, importing: { id: '/ecs/a' }, before: A, after: A }))).toEqual([
      `logGroup: ${action}`,
    ]);
  });

  it('a Terraform plan does nothing to a resource if it is only looked at, or there is nothing', () => {
    expect(read({ address: 'module.mcp_server.data.aws_region.here', mode: 'data', actions: ['read'] })).toEqual([]);
    expect(readTerraformPlan('{"format_version":"1.2"}')).toEqual([]);
  });

  it.each(['', 'Error: no configuration', '[]', '{"resource_changes":[{}]}'])(
    'a Terraform plan has no answer if it is no plan: %s',
    (text) => {
      expect(() => readTerraformPlan(text)).toThrow();
    },
  );
});

describe('what of a resource a plan changes', () => {
  const attributes = (entry: Omit<Entry, 'address' | 'actions'>) =>
    read({ address: GROUP, actions: ['update'], ...entry })[0]!.attributes;

  it('what a Terraform plan changes of a resource is named, in order, and once', () => {
    expect(
      attributes({ before: { port: 1, name: 'a', tags: {} }, after: { port: 2, name: 'a', tags: { A: 'b' } } }),
    ).toEqual(['port', 'tags']);
    expect(attributes({ before: { gone: 1 }, after: { come: 1 } })).toEqual(['come', 'gone']);
  });

  it('what a Terraform plan changes of a resource is what is known only afterwards, too', () => {
    expect(attributes({ before: { vpc_id: 'a' }, after: {}, unknown: { vpc_id: true } })).toEqual(['vpc_id']);
    expect(attributes({ before: { a: [{ b: 1 }] }, after: { a: [{ b: 1 }] }, unknown: { a: [{}] } })).toEqual([]);
  });

  it('what a Terraform plan changes of a resource is not what follows from the rest', () => {
    expect(
      attributes({ before: { id: 'a', arn: 'a', tags_all: {} }, after: { id: 'b', arn: 'b', tags_all: A } }),
    ).toEqual([]);
  });

  it('what a Terraform plan changes of a resource is nothing if all of it comes or goes', () => {
    expect(attributes({ before: null, after: A })).toEqual([]);
    expect(attributes({ before: A, after: null })).toEqual([]);
  });
});

describe('the resource of the model', () => {
  it.each([
    ['module.registry.aws_ecr_repository.mcp', 'repository'],
    [inService('aws_ecs_task_definition.mcp'), 'taskDefinition'],
    [inService('aws_ecs_service.mcp'), 'service'],
    [inService('aws_security_group.mcp'), 'securityGroup'],
    [inService('aws_lb_target_group.mcp'), 'targetGroup'],
    [inService('aws_lb_listener_rule.mcp'), 'listenerRule'],
    [inService('aws_lb_listener_rule.other_origin[0]'), 'otherOriginRule'],
    [inService('aws_lb_listener_rule.allowed_origin[0]'), 'allowedOriginRule1'],
    [inService('aws_lb_listener_rule.allowed_origin[11]'), 'allowedOriginRule12'],
    [inService('aws_acm_certificate.mcp[0]'), 'certificate'],
    [inService('aws_lb_listener_certificate.mcp[0]'), 'listenerCertificate'],
    [inService('aws_route53_record.alias[0]'), 'aliasRecord'],
    [inService('aws_cloudwatch_log_group.mcp'), 'logGroup'],
    [inService('aws_iam_role.execution'), 'executionRole'],
    [inService('aws_iam_role.task'), 'taskRole'],
  ])('the resource of the model for %s is %s', (address, id) => {
    expect(read({ address, actions: ['delete'] })).toMatchObject([{ id, key: address, action: 'destroy' }]);
  });

  it('every resource of the modules is one of the model, or a part of one', () => {
    const files = generateFiles(resolveDeployment(readConfig(deliveringCase(), 'test')), templates);
    const addresses = files.flatMap(({ path, content }) => {
      const [, module] = /\/modules\/(\w+)\/\w+\.tf$/.exec(path) ?? [];
      return [...(module ? content.matchAll(/^resource "(\w+)" "(\w+)"/gm) : [])].map(
        ([, type, name]) => `module.${module}.${type}.${name}`,
      );
    });
    const isPlaced = (address: string) =>
      ['', '[0]', '["plan"]', '["plan-engine"]'].some(
        (index) => read({ address: `${address}${index}`, actions: ['delete'] })[0]!.id !== `${address}${index}`,
      );
    expect(addresses.length).toBeGreaterThan(20);
    expect(addresses.filter((address) => !isPlaced(address))).toEqual([]);
  });

  it.each([
    ['module.registry.aws_ecr_lifecycle_policy.mcp', 'repository'],
    ['module.registry.aws_ecr_repository_policy.pull[0]', 'repository'],
    [inService('aws_vpc_security_group_ingress_rule.alb["sg-1"]'), 'securityGroup'],
    [inService('aws_vpc_security_group_egress_rule.https["0.0.0.0/0"]'), 'securityGroup'],
    [inService('aws_vpc_security_group_egress_rule.other["0.0.0.0/0 3128"]'), 'securityGroup'],
    [inService('aws_route53_record.certificate_validation[0]'), 'certificate'],
    [inService('aws_acm_certificate_validation.mcp[0]'), 'certificate'],
    [inService('aws_iam_role_policy.execution'), 'executionRole'],
  ])('a resource of the model is changed by what happens to its part: %s', (address, id) => {
    const type = /\.(aws_\w+)\./.exec(address)![1]!;
    for (const actions of [['create'], ['delete'], ['forget'], ['delete', 'create']]) {
      expect(read({ address, actions })).toEqual([{ id, type, key: address, action: 'update', attributes: [type] }]);
    }
    expect(read({ address, actions: ['update'], before: { ...A, id: 1 }, after: { ...B, id: 2 } })).toMatchObject([
      { id, action: 'update', attributes: [`${type}.name`] },
    ]);
    expect(read({ address, actions: ['no-op'] })).toEqual([]);
  });

  it.each([
    'aws_s3_bucket.own',
    'aws_lb_target_group.mcp',
    'module.own.aws_lb_target_group.mcp',
    'module.mcp_server.module.own.aws_lb_target_group.mcp',
    'module.mcp_server[0].aws_lb_target_group.mcp',
    'module.mcp_server.aws_lb_target_group.mcp[1]',
    'module.mcp_server.aws_lb_target_group.mcp["own"]',
    'module.mcp_server.aws_lb_target_group.other',
    'module.mcp_server.aws_lb_listener_rule.allowed_origin["own"]',
    'module.mcp_server.constructor.constructor',
  ])('no resource of the model is %s, which is its owner’s', (address) => {
    expect(read({ address, actions: ['delete'] })).toMatchObject([{ id: address, key: address, action: 'destroy' }]);
  });

  it('a resource of the model is not what a replacement that failed left behind', () => {
    const group = { address: GROUP, actions: ['update'], before: A, after: B };
    const left = { address: GROUP, deposed: 'abcd1234', actions: ['delete'], before: A };
    const id = `${GROUP} (deposed abcd1234)`;
    expect(words(read(left))).toEqual([`${id}: destroy`]);
    expect(words(read(group, left))).toEqual(['targetGroup: update', `${id}: destroy`]);
    expect(words(read(left, group))).toEqual([`${id}: destroy`, 'targetGroup: update']);
  });
});

describe('a resource and its parts', () => {
  const role = { address: inService('aws_iam_role.execution'), before: A, after: B };
  const policy = { address: inService('aws_iam_role_policy.execution'), before: { policy: 1 }, after: { policy: 2 } };

  it('a resource and its parts are one change, which is that of the whole', () => {
    const whole = { id: 'executionRole', type: 'aws_iam_role', key: role.address };
    const attributes = ['aws_iam_role_policy.policy', 'name'];
    const expected = [
      [['create'], { action: 'create' }],
      [['delete', 'create'], { action: 'replace', destroyedFirst: true }],
      [['delete'], { action: 'destroy' }],
      [['update'], { action: 'update' }],
    ] as const;
    for (const [actions, outcome] of expected) {
      const entries = [
        { ...role, actions },
        { ...policy, actions: ['update'] },
      ];
      expect(read(...entries)).toEqual([{ ...whole, ...outcome, attributes }]);
      expect(read(...[...entries].reverse())).toEqual([{ ...whole, ...outcome, attributes }]);
    }
  });

  it('a resource and its parts are one change if the whole stays as it is', () => {
    expect(read({ ...role, actions: ['no-op'] }, { ...policy, actions: ['update'] })).toMatchObject([
      { id: 'executionRole', action: 'update', attributes: ['aws_iam_role_policy.policy'] },
    ]);
  });

  it('a resource and its parts come to the same in whatever order they are, a change for each id', () => {
    const entries = [
      { ...role, actions: ['create', 'delete'] },
      { ...policy, actions: ['update'] },
      { address: inService('aws_security_group.mcp'), actions: ['update'], before: A, after: B },
      { address: inService('aws_vpc_security_group_ingress_rule.alb["sg-1"]'), actions: ['create'] },
      { address: inService('aws_vpc_security_group_ingress_rule.alb["sg-2"]'), actions: ['delete'] },
      { address: inService('aws_acm_certificate_validation.mcp[0]'), actions: ['delete', 'create'] },
      { address: inService('aws_route53_record.certificate_validation[0]'), actions: ['update'], before: A, after: B },
      { address: inService('aws_lb_target_group.mcp'), actions: ['no-op'] },
      { address: inService('aws_lb_target_group.mcp'), deposed: 'a', actions: ['delete'] },
      { address: 'aws_s3_bucket.own', actions: ['delete'] },
    ];
    const sorted = (changes: readonly PlannedChange[]) =>
      changes.map(({ id, action, attributes }) => `${id} ${action} ${attributes.join(' ')}`).sort();
    const expected = sorted(read(...entries));
    expect(expected).toHaveLength(5);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (order) => {
        expect(sorted(read(...order))).toEqual(expected);
      }),
    );
  });
});

describe('the plans of a deployment', () => {
  const answers = exampleAnswers();
  const deployment = resolveDeployment(readConfig(answers, 'test'));
  const DONE: CommandEnding = { command: 'terraform', exitCode: 0, stdout: '', output: 'Terraform has been …' };

  /** Remembers what is run, and answers each subcommand as it is told to. */
  function fake(answersTo: Readonly<Record<string, CommandEnding>>) {
    const ran: string[] = [];
    const run: RunCommand = async ([, ...args]) => {
      ran.push(args.join(' '));
      return answersTo[args[1]!] ?? DONE;
    };
    return { run, ran };
  }

  it('Terraform plans are of each root, in the order of deployment', () => {
    expect(terraformPlans(deployment).map(({ what }) => what)).toEqual(
      ['dev', 'staging', 'production'].flatMap((name) =>
        ['registry', 'service'].map((layer) => `terraform plan of deploy/terraform/environments/${name}/${layer}`),
      ),
    );
  });

  it('Terraform plans take no lock, ask nobody, and apply nothing', async () => {
    const { run, ran } = fake({
      show: { ...DONE, stdout: planOf([{ address: GROUP, actions: ['create'] }]), output: '' },
    });
    expect(await terraformPlans(deployment)[1]!.ask(run)).toMatchObject([{ id: 'targetGroup', action: 'create' }]);
    const root = '-chdir=deploy/terraform/environments/dev/service';
    expect(ran).toEqual([
      `${root} init -input=false -no-color -backend-config=backend.config.json`,
      `${root} plan -input=false -no-color -lock=false -out=upgrade.tfplan`,
      `${root} show -no-color -json upgrade.tfplan`,
    ]);
  });

  it.each(['init', 'plan', 'show'])('Terraform plans have no answer if %s fails, and quote it', async (command) => {
    const { run, ran } = fake({
      [command]: { ...DONE, exitCode: 1, stdout: 'half', output: 'half\nError: no credentials\n' },
    });
    await expect(terraformPlans(deployment)[1]!.ask(run)).rejects.toThrow('half\nError: no credentials');
    expect(ran.at(-1)).toContain(` ${command} `);
  });

  it('Terraform plans have no answer if there is no Terraform', async () => {
    const run: RunCommand = async () => ({ command: 'no-such-program', code: 'ENOENT', stdout: '', output: '' });
    await expect(terraformPlans(deployment)[0]!.ask(run)).rejects.toThrow('no-such-program is not on the PATH');
  });
});
