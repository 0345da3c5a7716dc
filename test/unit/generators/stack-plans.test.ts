import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cdkPlans } from '../../../generators/cdk/plans';
import { cloudformationPlans } from '../../../generators/cloudformation/plans';
import type { CommandEnding, RunCommand } from '../../../generators/plan-query';
import { readChangeSet } from '../../../generators/planned-changes';
import { exampleAnswers } from '../../../src/config/example';
import type { Deployment } from '../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';

interface Change {
  readonly Action: string;
  readonly LogicalResourceId: string;
  readonly [property: string]: unknown;
}

/** What `aws cloudformation describe-change-set` says. */
function changeSet(...changes: readonly Change[]): string {
  return JSON.stringify({
    Status: 'CREATE_COMPLETE',
    Changes: changes.map((change) => ({
      Type: 'Resource',
      ResourceChange: { ResourceType: 'AWS::Logs::LogGroup', Scope: [], Details: [], ...change },
    })),
  });
}

const read = (...changes: Change[]) => readChangeSet(changeSet(...changes), (logicalId) => `id of ${logicalId}`);
const named = (change: Omit<Change, 'LogicalResourceId'> & { readonly Action: string }) =>
  read({ LogicalResourceId: 'Own', ...change });

describe('what a change set does to a resource', () => {
  it.each([
    [{ Action: 'Add' }, { action: 'create' }],
    [{ Action: 'Import' }, { action: 'import' }],
    [{ Action: 'Remove' }, { action: 'destroy' }],
    [{ Action: 'Remove', PolicyAction: 'Delete' }, { action: 'destroy' }],
    [{ Action: 'Remove', PolicyAction: 'Snapshot' }, { action: 'destroy' }],
    [{ Action: 'Remove', PolicyAction: 'Retain' }, { action: 'leave' }],
    [{ Action: 'Modify' }, { action: 'update' }],
    [{ Action: 'Modify', Replacement: 'False' }, { action: 'update' }],
    [{ Action: 'Modify', Replacement: 'constructor' }, { action: 'update' }],
    [{ Action: 'Modify', Replacement: 'True' }, { action: 'replace' }],
    [{ Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndDelete' }, { action: 'replace' }],
    [
      { Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndRetain' },
      { action: 'replace', keeps: true },
    ],
    [{ Action: 'Modify', Replacement: 'Conditional' }, { action: 'perhapsReplace' }],
    [
      { Action: 'Modify', Replacement: 'Conditional', PolicyAction: 'ReplaceAndRetain' },
      { action: 'perhapsReplace', keeps: true },
    ],
    [{ Action: 'Modify', Scope: ['Metadata', 'Tags'] }, { action: 'update' }],
    // Replacement is of what is modified alone.
    [{ Action: 'Add', Replacement: 'True' }, { action: 'create' }],
    [{ Action: 'Remove', Replacement: 'True' }, { action: 'destroy' }],
  ])('a change set does to a resource what it says: %j', (change, expected) => {
    expect(named(change)).toEqual([
      { id: 'id of Own', type: 'AWS::Logs::LogGroup', key: 'Own', attributes: [], ...expected },
    ]);
  });

  it('a change set does nothing to a resource if only its metadata change', () => {
    expect(named({ Action: 'Modify', Scope: ['Metadata'] })).toEqual([]);
    expect(named({ Action: 'Add', Scope: ['Metadata'] })).toHaveLength(1);
  });

  it.each(['Dynamic', 'SyncWithActual', 'constructor', ''])('what a change set does is never guessed: %s', (Action) => {
    expect(() => named({ Action })).toThrow(`the change set does ${Action} to Own, which this version does not know`);
  });

  it('a change set tells of a resource by what AWS calls it, if that has a name', () => {
    expect(named({ Action: 'Remove', PhysicalResourceId: '/ecs/a' })).toMatchObject([{ key: '/ecs/a' }]);
  });

  it('a change set has the names of what changes of a resource, in order, and once', () => {
    const Details = [
      { Target: { Attribute: 'Properties', Name: 'RetentionInDays' } },
      { Target: { Attribute: 'Properties', Name: 'KmsKeyId' }, ChangeSource: 'DirectModification' },
      { Target: { Attribute: 'Properties', Name: 'KmsKeyId' }, ChangeSource: 'ParameterReference' },
      { Target: { Attribute: 'Tags' } },
      { Target: {} },
      {},
    ];
    expect(named({ Action: 'Modify', Details })[0]!.attributes).toEqual(['KmsKeyId', 'RetentionInDays', 'Tags']);
  });

  it.each(['', 'An error occurred', '[]', '{}', '{"Changes":[{}]}'])('no change set is read from: %s', (text) => {
    expect(() => readChangeSet(text, (id) => id)).toThrow();
  });
});

describe('one resource of the model that is two of a template', () => {
  const both = (...changes: Change[]) => readChangeSet(changeSet(...changes), () => 'logGroup');
  const comes = { Action: 'Add', LogicalResourceId: 'DisposableLogGroup' };

  it.each([
    [{ Action: 'Remove', PolicyAction: 'Delete' }, {}],
    [{ Action: 'Remove', PolicyAction: 'Retain' }, { keeps: true }],
  ])('a resource with two in a template is replaced if one goes and one comes, in any order: %j', (goes, expected) => {
    const gone = { LogicalResourceId: 'LogGroup', PhysicalResourceId: '/ecs/a', ...goes };
    const change = {
      id: 'logGroup',
      type: 'AWS::Logs::LogGroup',
      key: 'DisposableLogGroup',
      action: 'replace',
      attributes: [],
      ...expected,
    };
    expect(both(gone, comes)).toEqual([change]);
    expect(both(comes, gone)).toEqual([change]);
    expect(both(gone, { ...comes, Action: 'Import' })).toEqual([change]);
  });

  it('there is one change for each id, whatever a change set has', () => {
    const change = fc.record({
      Action: fc.constantFrom('Add', 'Modify', 'Remove', 'Import'),
      LogicalResourceId: fc.constantFrom('A', 'B', 'C'),
      Replacement: fc.constantFrom('True', 'False', 'Conditional'),
      PolicyAction: fc.constantFrom('Delete', 'Retain', 'ReplaceAndRetain'),
      Scope: fc.subarray(['Metadata', 'Tags', 'Properties']),
    });
    fc.assert(
      fc.property(fc.uniqueArray(change, { selector: ({ LogicalResourceId }) => LogicalResourceId }), (changes) => {
        const planned = read(...changes);
        const ids = planned.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { Action, LogicalResourceId, Scope } of changes) {
          const isThere = ids.includes(`id of ${LogicalResourceId}`);
          expect(isThere).toBe(Action !== 'Modify' || Scope.length === 0 || Scope.some((part) => part !== 'Metadata'));
        }
      }),
    );
  });
});

function deploymentOf(
  target: Deployment['target'],
  change: (answers: ReturnType<typeof exampleAnswers>) => void = () => {},
) {
  const answers = exampleAnswers(undefined, target);
  change(answers);
  return resolveDeployment(readConfig(answers, 'test'));
}

const share = (answers: ReturnType<typeof exampleAnswers>) => {
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' };
  }
};

const said = (stdout: string): CommandEnding => ({ command: 'aws', exitCode: 0, stdout, output: stdout });
const failed = (output: string): CommandEnding => ({ command: 'aws', exitCode: 255, stdout: '', output });

describe.each([
  ['cloudformation', cloudformationPlans],
  ['cdk', cdkPlans],
] as const)('the plans of a deployment by %s', (target, plans) => {
  it(`the plans of a deployment by ${target} are of each stack, in the order of deployment`, () => {
    const queries = plans(deploymentOf(target, share));
    expect(queries.map(({ environment, layer }) => `${environment} ${layer}`)).toEqual([
      'shared registry',
      'dev service',
      'staging service',
      'production service',
    ]);
    for (const { what } of queries) expect(what).toMatch(/^the change set of quilt-mcp-/);
    expect(plans(deploymentOf(target))).toHaveLength(6);
  });
});

describe('a plan by CloudFormation', () => {
  const query = cloudformationPlans(deploymentOf('cloudformation'))[1]!;

  it('a plan by CloudFormation is made by the package’s own command', async () => {
    const ran: string[] = [];
    const run: RunCommand = async (command, folder) => {
      ran.push(`${folder}: ${command.join(' ')}`);
      return said(changeSet());
    };
    expect(await query.ask(run)).toEqual([]);
    expect(ran).toEqual(['undefined: create-quilt-mcp-deploy stack plan quilt-mcp-server-dev-service --json']);
  });

  it.each([
    ['LogGroup', 'logGroup'],
    ['DisposableLogGroup', 'logGroup'],
    ['DisposableRepository', 'repository'],
    ['AllowedOriginRule2', 'allowedOriginRule2'],
    ['TaskDefinition', 'taskDefinition'],
    // An owner's, whose names are not the template's, though they may look so.
    ['DisposableTaskRole', 'disposableTaskRole'],
    ['DisposableLogGroupOfMine', 'disposableLogGroupOfMine'],
    ['logGroup', 'extra logGroup'],
    ['taskRole', 'extra taskRole'],
  ])('a plan by CloudFormation knows %s as %s', async (LogicalResourceId, id) => {
    const planned = await query.ask(async () => said(changeSet({ Action: 'Add', LogicalResourceId })));
    expect(planned).toMatchObject([{ id, key: LogicalResourceId }]);
  });

  it('a plan by CloudFormation has no answer if the command fails, and says what it said', async () => {
    await expect(query.ask(async () => failed('✗ these are credentials of another account\n'))).rejects.toThrow(
      /^✗ these are credentials of another account$/,
    );
  });
});

describe('a plan by the CDK', () => {
  const query = cdkPlans(deploymentOf('cdk'))[1]!;
  const STACK = 'quilt-mcp-server-dev-service';
  const CHANGES = changeSet(
    { Action: 'Modify', LogicalResourceId: 'ServerLogGroup0A1B2C3D' },
    { Action: 'Add', LogicalResourceId: 'OwnBucket0A1B2C3D' },
  );
  const described = (StackStatus: string) => said(JSON.stringify({ Stacks: [{ StackStatus }] }));
  const refused = (Status: string, StatusReason?: string) =>
    said(JSON.stringify({ Status, StatusReason, Changes: [] }));

  /** What is asked of it, in the order of a plan that goes well. */
  const WELL: Readonly<Record<string, CommandEnding>> = {
    'get-caller-identity': said('{"Account":"111122223333"}'),
    synth: said(''),
    'describe-stacks': described('UPDATE_COMPLETE'),
    parameters: said(`--parameters ${STACK}:AlbEgress=on\n`),
    'create-change-set': said('{"Id":"arn"}'),
    wait: said(''),
    'describe-change-set': said(CHANGES),
    'delete-change-set': said(''),
  };
  const STEPS = Object.keys(WELL);

  /** Answers each step as it goes well, but for some, and remembers what is run. */
  function fake(others: Readonly<Record<string, CommandEnding | Error>> = {}) {
    const ran: { step: string; line: string; folder?: string; always?: boolean }[] = [];
    const run: RunCommand = async (command, folder, always) => {
      const step = STEPS.find((known) => command.includes(known))!;
      ran.push({ step, line: command.join(' '), folder, always });
      const answer = others[step] ?? WELL[step]!;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { ran, planned: query.ask(run) };
  }
  const steps = (ran: readonly { readonly step: string }[]) => ran.map(({ step }) => step);

  it('a plan by the CDK has the changes, by the model’s ids if it has them', async () => {
    const { planned, ran } = fake();
    expect(await planned).toMatchObject([
      { id: 'logGroup', action: 'update' },
      { id: 'OwnBucket0A1B2C3D', action: 'create' },
    ]);
    expect(steps(ran)).toEqual(STEPS);
  });

  it.each([
    ['RegistryRepository0A1B2C3D', 'repository'],
    ['ServerAllowedOriginRule20A1B2C3D', 'allowedOriginRule2'],
    ['ServerTaskDefinition0A1B2C3D', 'taskDefinition'],
    ['OwnTaskDefinition0A1B2C3D', 'OwnTaskDefinition0A1B2C3D'],
    ['Server', 'Server'],
    ['ServerTaskRole', 'ServerTaskRole'],
  ])('a plan by the CDK knows %s as %s', async (LogicalResourceId, id) => {
    const answer = said(changeSet({ Action: 'Remove', LogicalResourceId }));
    expect(await fake({ 'describe-change-set': answer }).planned).toMatchObject([{ id }]);
  });

  it('a plan by the CDK is a change set of the template that was synthesised, in the stack’s region, which nobody executes', async () => {
    const { planned, ran } = fake();
    await planned;
    expect(
      ran.every(({ folder, step }) => folder === 'deploy/cdk' || ['get-caller-identity', 'parameters'].includes(step)),
    ).toBe(true);
    const line = (step: string) => ran.find((entry) => entry.step === step)!.line;
    const [, name] = / --change-set-name (\S+)/.exec(line('create-change-set'))!;
    for (const { line } of ran.filter(({ step }) => step.endsWith('change-set'))) {
      expect(line).toContain(`--region us-east-1 --output json --stack-name ${STACK} --change-set-name ${name}`);
    }
    expect(line('create-change-set')).toContain(`--template-body file://cdk.out/${STACK}/${STACK}.template.json`);
    expect(line('create-change-set')).toContain('--change-set-type UPDATE');
    expect(line('create-change-set')).toContain('--parameters ParameterKey=AlbEgress,ParameterValue=on');
    expect(line('synth')).toMatch(new RegExp(`synth ${STACK} --quiet --output cdk.out/${STACK}$`));
    expect(ran.map(({ line: all }) => all).join('\n')).not.toMatch(/execute| deploy /);
  });

  it.each([
    ['there is no stack', failed(`Stack with id ${STACK} does not exist`)],
    ['a stack never got beyond its first change set', described('REVIEW_IN_PROGRESS')],
  ])('a plan by the CDK is of all that is new if %s', async (_, answer) => {
    const { planned, ran } = fake({ 'describe-stacks': answer });
    expect(await planned).toBe('new');
    expect(steps(ran)).toEqual(['get-caller-identity', 'synth', 'describe-stacks']);
  });

  it.each([
    "The submitted information didn't contain changes. Submit different information to create a change set.",
    'No updates are to be performed.',
  ])('a plan by the CDK is empty if there is nothing to change: %s', async (reason) => {
    const { planned, ran } = fake({ wait: failed('Waiter failed'), 'describe-change-set': refused('FAILED', reason) });
    expect(await planned).toEqual([]);
    expect(steps(ran)).toEqual(STEPS);
  });

  it('a plan by the CDK has no answer with the credentials of another account, and asks no more', async () => {
    const { planned, ran } = fake({ 'get-caller-identity': said('{"Account":"444455556666"}') });
    await expect(planned).rejects.toThrow(
      'these are credentials of account 444455556666, and the stack belongs to 111122223333',
    );
    expect(steps(ran)).toEqual(['get-caller-identity']);
  });

  it.each([
    ['get-caller-identity', failed('Unable to locate credentials'), 'Unable to locate credentials'],
    ['synth', failed('deploy/cdk/bin/app.ts: error'), 'deploy/cdk/bin/app.ts: error'],
    ['describe-stacks', failed('An error occurred (AccessDenied)'), 'An error occurred (AccessDenied)'],
    ['parameters', failed('An error occurred (UnauthorizedOperation)'), 'UnauthorizedOperation'],
    [
      'create-change-set',
      failed('is in ROLLBACK_COMPLETE state and can not be updated'),
      'is in ROLLBACK_COMPLETE state',
    ],
    ['describe-change-set', failed('An error occurred (Throttling)'), 'An error occurred (Throttling)'],
    ['describe-change-set', said('<html>'), 'JSON'],
    ['describe-change-set', refused('FAILED', 'Circular dependency'), 'the change set is FAILED: Circular dependency'],
    ['describe-change-set', refused('CREATE_IN_PROGRESS'), 'the change set is CREATE_IN_PROGRESS: '],
    ['wait', new Error('called off'), 'called off'],
  ])('a plan by the CDK has no answer if %s does not succeed: %#', async (step, answer, message) => {
    const { planned, ran } = fake({ [step]: answer });
    await expect(planned).rejects.toThrow(message);
    // What may be there by then goes, also where all is called off.
    const isMade = STEPS.indexOf(step) >= STEPS.indexOf('create-change-set');
    expect(ran.filter(({ always }) => always).map((entry) => entry.step)).toEqual(isMade ? ['delete-change-set'] : []);
    expect(ran.at(-1)!.step).toBe(isMade ? 'delete-change-set' : step);
  });

  it('a plan by the CDK stands if the change set cannot be deleted', async () => {
    expect(await fake({ 'delete-change-set': failed('An error occurred (Throttling)') }).planned).toHaveLength(2);
  });
});
