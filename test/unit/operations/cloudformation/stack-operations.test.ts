import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';

import { exampleAnswers } from '../../../../src/config/example';
import { STACK_OPERATIONS } from '../../../../src/operations/cloudformation/stack-operations';
import { readStacks } from '../../../../src/operations/cloudformation/stacks';
import { HANG_MS } from '../../../support/machine.mjs';
import { type ProgramAnswer, putAnswers } from '../../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../../support/repository';
import { sessionIn } from '../../../support/session';

const STACK = 'quilt-mcp-server-dev-service';
const NAMED = 'arn:aws:cloudformation:us-east-1:111122223333:changeSet';
const TEMPLATE = 'deploy/cloudformation/mcp_server.yaml';

/** As an owner's additions are written into the template. */
const ADDED = `
  # From extra.local.yaml
  Alarm:
      # Its own steps.
      Condition: HasDomain
      Type: 'AWS::CloudWatch::Alarm' # quoted
      Properties:
          Type: other
  Topic: { Type: AWS::SNS::Topic, Condition: IsCanary }
`;

describe('the operations on a stack of CloudFormation', () => {
  let repository: EmittedRepository;
  let bin: string;

  /** Runs it with an AWS CLI that says this of the stack, and returns what it printed and what it asked for. */
  const run = async (
    described: ProgramAnswer,
    args: readonly string[],
    groups: readonly object[] = [],
    answers: Readonly<Record<string, object>> = {},
    signal = new AbortController().signal,
  ) => {
    rmSync(join(bin, 'asked'), { force: true });
    const told = Object.fromEntries(
      Object.entries(answers).map(([operation, answer]) => [
        `*${operation}*`,
        'says' in answer ? answer : { says: answer },
      ]),
    );
    const calls = putAnswers(
      join(bin, 'aws'),
      {
        ...told,
        '*get-caller-identity*': { says: { Account: '111122223333' } },
        '*describe-security-groups*': { says: { SecurityGroups: groups } },
        '*describe-stacks*': described,
        '*create-change-set*traffic-*': { says: { Id: `${NAMED}/traffic/1` } },
        '*create-change-set*': { says: { Id: `${NAMED}/made/1` } },
        '*describe-change-set*': { says: { Status: 'CREATE_COMPLETE', Changes: [] } },
        '*': { says: {} },
        // Their patterns come first, and their answers last: those above are the defaults.
        ...told,
      },
      { calls: join(bin, 'asked'), kept: bin },
    );
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const { session, said } = sessionIn(repository.directory, env, signal);
    const [command, ...options] = args;
    const stack = readStacks(repository.directory)![STACK]!;
    const approved = options.includes('--approved') ? join(bin, 'approved.json') : undefined;
    const values = { yes: options.includes('--yes'), json: options.includes('--json'), approved };
    await STACK_OPERATIONS[command as keyof typeof STACK_OPERATIONS](session, stack, values);
    const { stdout, stderr } = said;
    const asked = calls();
    return {
      stdout,
      stderr,
      asked,
      of: (operation: string) => asked.filter((line) => line.includes(` ${operation} `)),
    };
  };
  const ABSENT: ProgramAnswer = { error: 'Stack with id x does not exist', exitCode: 254 };
  const inStatus = (StackStatus: string): ProgramAnswer => ({ says: { Stacks: [{ StackStatus }] } });
  /** A file of the last call that was given one, or of the last with this text in it. */
  const fileGiven = (name: string, text = '') => {
    const asked = readFileSync(join(bin, 'asked'), 'utf8').split('\n');
    const last = asked.findLastIndex((line) => line.includes(name) && line.includes(text));
    return readFileSync(join(bin, `${last + 1}-${name}`), 'utf8');
  };

  beforeAll(() => {
    const answers = exampleAnswers(undefined, 'cloudformation');
    repository = emitRepository({ ...answers, environments: { dev: answers.environments.dev! } });
    repository.setDigest('dev', `sha256:${'1'.repeat(64)}`);
    bin = mkdtempSync(join(tmpdir(), 'aws-'));
  });
  afterAll(() => {
    repository.remove();
    rmSync(bin, { recursive: true, force: true });
  });

  it.each([
    ['is not there', ABSENT],
    ['has no more than its name', inStatus('REVIEW_IN_PROGRESS')],
  ])(
    'a stack of CloudFormation: the command plans a stack that %s by its template, and makes nothing',
    async (_, described) => {
      const path = join(repository.directory, TEMPLATE);
      const template = readFileSync(path, 'utf8');
      const { Resources } = parse(template, { logLevel: 'silent' });
      writeFileSync(path, template.replace(/(?=^Outputs:)/m, `${ADDED.slice(1)}\n`));
      try {
        const { stdout, asked } = await run(described, ['plan']);
        const lines = stdout.split('\n').filter((line) => line.startsWith('  + '));
        const expected = Object.entries<{ Type: string; Condition?: string }>(Resources).map(
          ([id, { Type, Condition }]) => `  + ${id}  ${Type}${Condition ? `  (if ${Condition})` : ''}`,
        );
        expect(lines).toEqual([
          ...expected,
          '  + Alarm  AWS::CloudWatch::Alarm  (if HasDomain)',
          '  + Topic  AWS::SNS::Topic  (if IsCanary)',
        ]);
        expect(asked.map((line) => line.split(' ')[1])).toEqual(['get-caller-identity', 'describe-stacks']);
      } finally {
        writeFileSync(path, template);
      }
    },
  );

  it('a stack of CloudFormation: the command plans a new stack for a program by a change set, which it takes away with the stack', async () => {
    const { stdout, of } = await run(inStatus('REVIEW_IN_PROGRESS'), ['plan', '--json']);
    expect(JSON.parse(stdout)).toEqual({ Changes: [] });
    expect(of('create-change-set')[0]).toMatch(/ --change-set-name plan-\d+ .*--change-set-type CREATE /);
    expect(of('delete-change-set')).toHaveLength(1);
    expect(of('delete-stack')).toHaveLength(1);
  });

  it.each([
    ['plan', [], ['describe-change-set', 'delete-change-set']],
    ['deploy', ['--yes'], ['describe-change-set', 'execute-change-set', 'delete-change-set']],
  ])(
    'a stack of CloudFormation: the command takes the change set that it made in a %s by its ARN, whatever has its name',
    async (command, args, operations) => {
      const { of } = await run(inStatus('UPDATE_COMPLETE'), [command, ...args]);
      expect(of('create-change-set')[0]).toMatch(new RegExp(` --change-set-name ${command}-\\d+ `));
      for (const operation of operations) {
        expect(of(operation), operation).toHaveLength(1);
        expect(of(operation)[0]).toContain(` --change-set-name ${NAMED}/made/1 `);
      }
    },
  );

  it('a stack of CloudFormation: the command executes a change set only if all that it does was approved, if it is told what was', async () => {
    const changes = (...ids: string[]) => ({
      'describe-change-set': {
        Status: 'CREATE_COMPLETE',
        Changes: ids.map((LogicalResourceId) => ({
          ResourceChange: { Action: 'Modify', Replacement: 'False', LogicalResourceId, ResourceType: 'AWS::X::Y' },
        })),
      },
    });
    const approve = (approved: unknown) => writeFileSync(join(bin, 'approved.json'), JSON.stringify(approved));
    const deploy = (described: ProgramAnswer, ...ids: string[]) =>
      run(described, ['deploy', '--yes', '--approved'], [], changes(...ids));
    const THERE = inStatus('UPDATE_COMPLETE');
    approve(['Modify: Service (AWS::X::Y)', 'Modify: LogGroup (AWS::X::Y)']);
    expect((await deploy(THERE, 'LogGroup', 'Service')).of('execute-change-set')).toHaveLength(1);
    // Somebody did a part of it already.
    expect((await deploy(THERE, 'Service')).of('execute-change-set')).toHaveLength(1);
    await expect(deploy(THERE, 'Service', 'SecurityGroup')).rejects.toThrow(
      'would do something else than what was approved:\n  not in the plan: Modify: SecurityGroup (AWS::X::Y)\nNothing was deployed.',
    );
    // Without the stack, all of it is made.
    await expect(deploy(ABSENT, 'Service')).rejects.toThrow(`not in the plan: Add the stack ${STACK}`);
    const asked = readFileSync(join(bin, 'asked'), 'utf8');
    expect(asked).not.toContain(' execute-change-set ');
    expect(asked).toContain(' delete-change-set ');
    approve([`Add the stack ${STACK}`]);
    const made = { Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] };
    const making = { first: [{ Stacks: [{ StackStatus: 'REVIEW_IN_PROGRESS' }] }], says: made };
    expect((await deploy(making, 'Service')).of('execute-change-set')).toHaveLength(1);
    for (const none of [{}, [1], null]) {
      approve(none);
      await expect(deploy(THERE, 'Service')).rejects.toThrow('has no list of actions in JSON');
    }
    rmSync(join(bin, 'approved.json'));
    await expect(deploy(THERE, 'Service')).rejects.toThrow('has no list of actions in JSON');
  });

  it('a stack of CloudFormation: the command deletes the change set if it is interrupted while AWS makes it', async () => {
    const abort = new AbortController();
    const answers = { 'describe-change-set': { Status: 'CREATE_IN_PROGRESS' } };
    const running = run(inStatus('UPDATE_COMPLETE'), ['deploy', '--yes'], [], answers, abort.signal);
    const log = join(bin, 'asked');
    const asked = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    await Promise.all([
      expect(running).rejects.toThrow('Interrupted. Nothing was changed.'),
      vi.waitFor(() => expect(asked()).toContain(' describe-change-set '), HANG_MS).then(() => abort.abort()),
    ]);
    expect(asked()).toMatch(/ delete-change-set .*made\/1 /);
    expect(asked()).not.toContain(' execute-change-set ');
  });

  it.each([
    [
      'deploy',
      /^Deploy quilt-mcp-server-dev-service to 111122223333, us-east-1\? There is no terminal to ask in: add -- --yes\.$/,
    ],
    ['destroy', /^Destroy quilt-mcp-server-dev-service in 111122223333, us-east-1\? There is no terminal/],
  ])('a stack of CloudFormation: the command does not %s it without consent', async (command, message) => {
    const resources = { 'list-stack-resources': { StackResourceSummaries: [] } };
    await expect(run(inStatus('UPDATE_COMPLETE'), [command], [], resources)).rejects.toThrow(message);
    expect(readFileSync(join(bin, 'asked'), 'utf8')).not.toMatch(/ (execute-change-set|delete-stack) /);
  });

  it('a stack of CloudFormation: the command refuses credentials of another account, and asks no more', async () => {
    const other = { 'get-caller-identity': { Account: '444455556666' } };
    await expect(run(ABSENT, ['deploy', '--yes'], [], other)).rejects.toThrow(
      'These are credentials of account 444455556666, and the stack belongs to 111122223333: choose its profile.',
    );
    expect(readFileSync(join(bin, 'asked'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('a stack of CloudFormation: the command says what failed, and what AWS refuses', async () => {
    const events = [
      {
        EventId: 'a',
        Timestamp: '2026-01-02',
        ResourceStatus: 'UPDATE_FAILED',
        LogicalResourceId: 'Service',
        ResourceStatusReason: 'no room',
      },
    ];
    const answers = { 'list-stack-resources': { StackResourceSummaries: [] } };
    const failing = run(inStatus('DELETE_FAILED'), ['destroy', '--yes'], [], {
      ...answers,
      'describe-stack-events': { StackEvents: events },
    });
    // What was there before is no failure of this deletion.
    await expect(failing).rejects.toThrow(/ ended with DELETE_FAILED$/);
    await expect(
      run(inStatus('UPDATE_COMPLETE'), ['plan'], [], {
        'describe-change-set': { Status: 'FAILED', StatusReason: 'no such parameter' },
      }),
    ).rejects.toThrow('CloudFormation refuses the change: no such parameter');
    await expect(run(inStatus('ROLLBACK_COMPLETE'), ['deploy', '--yes'])).rejects.toThrow(
      /can only be deleted: aws cloudformation delete-stack --region us-east-1 --stack-name quilt-mcp-server-dev-service$/,
    );
    await expect(run({ error: 'An error occurred (AccessDenied)', exitCode: 254 }, ['plan'])).rejects.toThrow(
      'An error occurred (AccessDenied)',
    );
  });

  const GROUP = 'sg-44444444444444444';
  const OURS = { IpProtocol: 'tcp', UserIdGroupPairs: [{ Description: 'MCP to the tasks of quilt-mcp-server-dev' }] };
  const THEIRS = { IpProtocol: 'tcp', UserIdGroupPairs: [{ Description: 'the catalog' }] };
  const ALL = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const ALL_IPV6 = { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
  it.each<[what: string, groups: Readonly<Record<string, object[]>>, value: 'on' | 'off', why: RegExp]>([
    ['no group lets out everything', { [GROUP]: [THEIRS], 'sg-2': [] }, 'on', /gets a rule to the tasks/],
    ['the group itself lets out everything', { [GROUP]: [ALL] }, 'off', /sg-44444444444444444 lets .* everything/],
    ['the group lets out everything by IPv6', { [GROUP]: [ALL_IPV6] }, 'off', /everything/],
    ['another group lets out everything', { [GROUP]: [THEIRS], 'sg-2': [ALL] }, 'off', /sg-2 lets .* everything/],
    ['the rule is there already', { [GROUP]: [OURS] }, 'on', /has the rule already/],
    ['the rule is there, and one for everything', { [GROUP]: [OURS, ALL] }, 'on', /has the rule already/],
  ])(
    'a stack of CloudFormation: the command makes the rule of the load balancer only if it takes none away: %s',
    async (_what, groups, value, why) => {
      const found = Object.entries(groups).map(([GroupId, IpPermissionsEgress]) => ({ GroupId, IpPermissionsEgress }));
      for (const command of [['plan'], ['plan', '--json'], ['deploy', '--yes']]) {
        const { asked, stderr } = await run(inStatus('UPDATE_COMPLETE'), command, found);
        expect(stderr).toMatch(new RegExp(`^AlbEgress ${value}: .*${why.source}`));
        expect(asked.filter((line) => line.startsWith('ec2'))).toEqual([
          'ec2 describe-security-groups --region us-east-1 --group-ids sg-44444444444444444 --output json',
        ]);
        const parameters = JSON.parse(fileGiven('parameters.json'));
        expect(parameters).toContainEqual({ ParameterKey: 'AlbEgress', ParameterValue: value });
      }
    },
  );

  describe('of a stack that moves traffic', () => {
    const FIRST = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/quilt-mcp-server-dev/1';
    const PARAMETERS = 'deploy/cloudformation/parameters/dev.json';
    const weighted = (first: number, second: number) => {
      const TargetGroups = [
        { TargetGroupArn: FIRST, Weight: first },
        { TargetGroupArn: FIRST.replace('-dev/1', '-dev-alternate/2'), Weight: second },
      ];
      return { 'describe-rules': { Rules: [{ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }] } };
    };
    /** The stack, by what its parameter says, which one of an earlier version has not. */
    const noting = (place?: string) => {
      const values = { DeploymentStrategy: 'CANARY', ...(place && { LiveTargetGroup: place }) };
      const Parameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      }));
      const Outputs = Object.entries({ ListenerRuleArn: 'arn:rule', TargetGroupArn: FIRST });
      const stack = {
        StackName: STACK,
        StackStatus: 'UPDATE_COMPLETE',
        Parameters,
        Outputs: Outputs.map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      };
      return { says: { Stacks: [stack] } };
    };
    const changing = (...ids: string[]) => ({
      'describe-change-set': {
        Status: 'CREATE_COMPLETE',
        Changes: ids.map((LogicalResourceId) => ({
          ResourceChange: { Action: 'Modify', LogicalResourceId, ResourceType: 'AWS::X::Y' },
        })),
      },
    });
    const DEPLOYING = { 'list-service-deployments': { serviceDeployments: [{ status: 'IN_PROGRESS' }] } };
    const given = () => fileGiven('parameters.json');
    /** The change sets that are made and executed, in their order. */
    const steps = (asked: readonly string[]) =>
      asked.flatMap((line) => {
        const [, operation, name = ''] =
          / (create|execute)-change-set .*--change-set-name (?:.*changeSet\/)?([a-z]+)/.exec(line) ?? [];
        return operation ? [`${operation} ${name}`] : [];
      });
    let before: string;
    beforeAll(() => {
      const path = join(repository.directory, PARAMETERS);
      before = readFileSync(path, 'utf8');
      writeFileSync(path, before.replace('"ROLLING"', '"CANARY"'));
    });
    afterAll(() => writeFileSync(join(repository.directory, PARAMETERS), before));

    it.each([
      ['second', undefined, weighted(0, 100)],
      ['first', undefined, weighted(100, 0)],
      // Until the rule itself changes, the parameter stays, and so does the rule.
      ['first', 'first', weighted(0, 100)],
      ['second', 'second', weighted(100, 0)],
    ])(
      'a stack of CloudFormation: the command plans with LiveTargetGroup %s if the stack has noted %s: %#',
      async (value, noted, rules) => {
        await run(noting(noted), ['plan'], [], rules);
        expect(given()).toContain(`{"ParameterKey":"LiveTargetGroup","ParameterValue":"${value}"}`);
      },
    );

    it('a stack of CloudFormation: the command notes where the traffic is, by an update of nothing else, before it changes the rule', async () => {
      const answers = { ...weighted(0, 100), ...changing('Service', 'ListenerRule') };
      const { asked } = await run(noting('first'), ['deploy', '--yes'], [], answers);
      expect(steps(asked)).toEqual([
        'create deploy',
        'create traffic',
        'execute traffic',
        'create deploy',
        'execute made',
      ]);
      const [note] = asked.filter((line) => line.includes('--change-set-name traffic-'));
      expect(note).toContain('--use-previous-template');
      expect(note).not.toContain('--tags');
      expect(JSON.parse(fileGiven('parameters.json', ' traffic-'))).toEqual([
        { ParameterKey: 'DeploymentStrategy', UsePreviousValue: true },
        { ParameterKey: 'LiveTargetGroup', ParameterValue: 'second' },
      ]);
    });

    it.each([
      ['the rule stays as it is', 'first', weighted(0, 100), ['Service']],
      ['the stack has noted where the traffic is', 'second', weighted(0, 100), ['ListenerRule']],
      ['the stack has no such parameter yet', undefined, weighted(100, 0), ['ListenerRule']],
    ])('a stack of CloudFormation: the command updates the stack once if %s', async (_, noted, rules, ids) => {
      const { asked } = await run(noting(noted), ['deploy', '--yes'], [], { ...rules, ...changing(...ids) });
      expect(steps(asked)).toEqual(['create deploy', 'execute made']);
    });

    it('a stack of CloudFormation: the command refuses one that could go back to a rule without the tasks', async () => {
      const answers = { ...weighted(0, 100), ...changing('ListenerRule') };
      await expect(run(noting(undefined), ['deploy', '--yes'], [], answers)).rejects.toThrow(
        /no parameter LiveTargetGroup yet.* --force-new-deployment/,
      );
    });

    it('a stack of CloudFormation: the command looks for the traffic again once somebody has agreed', async () => {
      const [first, second] = [weighted(100, 0), weighted(0, 100)].map((rules) => rules['describe-rules']);
      // The parameters, and the refusal before the question, are the first two.
      const looking = { first: [first, first], says: second };
      const answers = { 'describe-rules': looking, ...changing('ListenerRule') };
      const { asked } = await run(noting('first'), ['deploy', '--yes'], [], answers);
      expect(steps(asked).slice(0, 3)).toEqual(['create deploy', 'create traffic', 'execute traffic']);
    });

    it.each([
      ['the weights are parted', weighted(90, 10), 'ListenerRule'],
      ['a deployment runs', { ...weighted(0, 100), ...DEPLOYING }, 'ListenerRule'],
      ['a deployment runs, and the rule stays', { ...weighted(0, 100), ...DEPLOYING }, 'Service'],
    ])(
      'a stack of CloudFormation: the command changes nothing while ECS moves the traffic: %s',
      async (_, state, id) => {
        const answers = { ...state, ...changing(id) };
        await expect(run(noting('first'), ['deploy', '--yes'], [], answers)).rejects.toThrow(
          /ECS is moving the traffic of quilt-mcp-server-dev .* aws ecs list-service-deployments --region us-east-1/,
        );
      },
    );

    it('a stack of CloudFormation: the command takes no second target group away that has the tasks', async () => {
      writeFileSync(join(repository.directory, PARAMETERS), before);
      const answers = { ...weighted(0, 100), ...changing('ListenerRule') };
      await expect(run(noting('second'), ['deploy', '--yes'], [], answers)).rejects.toThrow(
        /The tasks of quilt-mcp-server-dev are in the second target group.* --force-new-deployment/,
      );
    });
  });

  it("a stack of CloudFormation: the command takes the owner's word for the rule of the load balancer", async () => {
    const own = join(repository.directory, 'deploy/cloudformation/parameters/dev.local.json');
    writeFileSync(own, JSON.stringify({ Parameters: { AlbEgress: 'off' } }));
    try {
      const { asked } = await run(inStatus('UPDATE_COMPLETE'), ['plan']);
      expect(asked.filter((line) => line.startsWith('ec2'))).toEqual([]);
      expect(fileGiven('parameters.json')).toContain('{"ParameterKey":"AlbEgress","ParameterValue":"off"}');
    } finally {
      rmSync(own);
    }
  });

  it('a stack of CloudFormation: the command refuses a template that no request takes, with the remedy', async () => {
    const path = join(repository.directory, TEMPLATE);
    const template = readFileSync(path, 'utf8');
    writeFileSync(path, `${template}  Filler: { Value: ${'x'.repeat(20_000)} }\n`);
    try {
      await expect(run(inStatus('UPDATE_COMPLETE'), ['plan'])).rejects.toThrow(
        /The template has \d+ bytes, and CloudFormation takes 51200 in a request\. Move your additions to it/,
      );
    } finally {
      writeFileSync(path, template);
    }
  });

  it('a stack of CloudFormation: the command gives a template that is too long for a request without the groups of its parameters', async () => {
    const path = join(repository.directory, TEMPLATE);
    const template = readFileSync(path, 'utf8');
    const given = async (text: string) => {
      writeFileSync(path, text);
      await run(inStatus('UPDATE_COMPLETE'), ['plan']);
      return fileGiven('template.yaml');
    };
    try {
      const [whole, shortened] = [
        await given(template),
        await given(`${template}${`# ${'x'.repeat(97)}\n`.repeat(40)}`),
      ];
      expect(whole).toContain('ParameterGroups');
      expect(shortened).not.toContain('ParameterGroups');
      expect(Buffer.byteLength(shortened)).toBeLessThanOrEqual(51_200);
      const { Metadata: metadata, ...expected } = parse(whole, { logLevel: 'silent' });
      const { Metadata: left, ...rest } = parse(shortened, { logLevel: 'silent' });
      expect(rest).toEqual(expected);
      expect(left).toEqual({ 'cfn-lint': metadata['cfn-lint'] });
    } finally {
      writeFileSync(path, template);
    }
  });
});
