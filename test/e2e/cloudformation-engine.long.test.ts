import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListExportsCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecurityGroupRulesCommand } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import { CloudFormation } from '../../src/rehearsal/cloudformation/engine';
import { type CloudFormationServer, startCloudFormation } from '../../src/rehearsal/cloudformation/server';
import type { EmulatedStack } from '../../src/rehearsal/cloudformation/stack';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR, emulatorProgram } from '../support/engines/emulator';
import { takeInventory } from '../support/inventory';

const EXAMPLE = readFileSync(join(__dirname, '../../src/rehearsal/cloudformation/example.yaml'), 'utf8');
const IAM = ['CAPABILITY_NAMED_IAM'];

describe.skipIf(await lacks(EMULATOR))('the CloudFormation engine', () => {
  let emulator: Emulator;
  let clients: AwsClients;
  let quilt: EmulatedQuiltStack;
  let before: string[];
  let engine: CloudFormation;

  beforeAll(async () => {
    emulator = await startEmulator();
    clients = awsClients(emulator);
  });
  beforeEach(async () => {
    await emulator.reset();
    quilt = await createQuiltStack(emulator);
    before = await takeInventory(emulator);
    engine = new CloudFormation(emulator);
  });
  afterAll(() => emulator?.stop());

  const given = (change: Record<string, string> = {}) => ({
    VpcId: quilt.vpcId,
    Subnets: quilt.privateSubnetIds.join(','),
    Listener: quilt.listenerArn,
    Cluster: quilt.clusterArn,
    BalancerGroup: quilt.albSecurityGroupIds[0]!,
    Zone: quilt.hostedZoneId,
    ...change,
  });
  const example = (change: Record<string, string> = {}, templateText = EXAMPLE) => ({
    name: 'example',
    templateText,
    parameters: given(change),
    capabilities: IAM,
  });
  const groups = async () => {
    const { logGroups } = await clients.logs.send(new DescribeLogGroupsCommand({}));
    return Object.fromEntries(logGroups!.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]));
  };
  /** The validation record stays when a certificate is deleted. */
  const withoutValidation = (lines: string[]) => lines.filter((line) => !line.includes('acm-validations'));
  const service = async () => {
    const { services } = await clients.ecs.send(
      new DescribeServicesCommand({ cluster: quilt.clusterArn, services: ['example'] }),
    );
    return services![0]!;
  };
  const logGroup = (name: string, more = '') =>
    `{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: ${name}}${more && `, ${more}`}}`;
  const stackOf = (resources: Record<string, string>, more = '') => ({
    name: 'small',
    templateText: `Resources:\n${Object.entries(resources)
      .map(([name, text]) => `  ${name}: ${text}\n`)
      .join('')}${more}`,
    capabilities: IAM,
  });
  /** A role whose creation fails: the account has one of this name. */
  const CLASH = '{Type: AWS::IAM::Role, Properties: {RoleName: taken, AssumeRolePolicyDocument: {Statement: []}}}';
  const takeName = () =>
    clients.iam.send(new CreateRoleCommand({ RoleName: 'taken', AssumeRolePolicyDocument: '{"Statement":[]}' }));
  const failures = ({ events }: EmulatedStack) =>
    events.filter(({ status }) => /_FAILED/.test(status)).map(({ logicalId, reason }) => `${logicalId}: ${reason}`);
  const statuses = ({ events }: EmulatedStack, id: string) =>
    events.filter(({ logicalId }) => logicalId === id).map(({ status }) => status);

  describe.each(['first', 'last'] as const)('with the %s of those that are ready first', (order) => {
    beforeEach(() => {
      engine = new CloudFormation(emulator, { order });
    });

    it(`the CloudFormation engine (the ${order} of those that are ready first) makes every type of resource, as the template says it`, async () => {
      const stack = await engine.create(example());
      expect(failures(stack)).toEqual([]);
      expect(stack.status).toBe('CREATE_COMPLETE');
      expect(stack.outputs.get('Url')).toEqual({
        value: 'https://example.example.com/mcp',
        description: undefined,
        exportName: 'example-url',
      });

      const made = await service();
      expect(made).toMatchObject({
        desiredCount: 2,
        launchType: 'FARGATE',
        propagateTags: 'SERVICE',
        enableECSManagedTags: true,
        healthCheckGracePeriodSeconds: 120,
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        loadBalancers: [{ containerName: 'server', containerPort: 8000 }],
      });
      const { taskDefinition } = await clients.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: made.taskDefinition }),
      );
      expect(taskDefinition).toMatchObject({
        cpu: '512',
        memory: '1024',
        networkMode: 'awsvpc',
        executionRoleArn: `arn:aws:iam::${quilt.accountId}:role/example-execution`,
        runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
        containerDefinitions: [
          {
            image: 'registry/server@sha256:1',
            user: '1000:1000',
            stopTimeout: 60,
            linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 64 }] },
            healthCheck: { command: ['CMD', 'true'], startPeriod: 120 },
            secrets: [{ name: 'S', valueFrom: `arn:aws:ssm:us-east-1:${quilt.accountId}:parameter/s` }],
            logConfiguration: { options: { 'awslogs-group': '/ecs/example', 'awslogs-region': 'us-east-1' } },
          },
        ],
      });
      const { TargetGroups } = await clients.elb.send(new DescribeTargetGroupsCommand({ Names: ['example'] }));
      const { Attributes } = await clients.elb.send(
        new DescribeTargetGroupAttributesCommand({ TargetGroupArn: TargetGroups![0]!.TargetGroupArn }),
      );
      expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '60' });
      const role = { RoleName: 'example-execution' };
      const { PolicyNames } = await clients.iam.send(new ListRolePoliciesCommand(role));
      expect(PolicyNames!.sort()).toEqual(['logs', 'pull', 'registry']);
      const { PolicyDocument } = await clients.iam.send(new GetRolePolicyCommand({ ...role, PolicyName: 'logs' }));
      expect(decodeURIComponent(PolicyDocument!)).toContain('log-group:/ecs/example:*');
      const lines = (await takeInventory(emulator)).filter((line) => !before.includes(line)).join('\n');
      for (const line of [
        /ecr-repository example$/m,
        /oidc-provider .*token\.actions\.githubusercontent\.com$/m,
        /certificate .* example\.example\.com$/m,
        /listener-certificate /,
        /record-set .* example\.example\.com\. A {2}balancer\.example\.com/m,
        /record-set .* CNAME .*acm-validations/m,
        /security-group-rule .* from sg-\w+ tcp 8000-8000$/m,
        /security-group-rule .* to 0\.0\.0\.0\/0 tcp 443-443$/m,
      ]) {
        expect(lines).toMatch(line);
      }
      expect(lines).not.toMatch(/ -1 /);
    });

    it(`the CloudFormation engine (the ${order} of those that are ready first) updates in place, replaces what cannot be, and changes what refers to it`, async () => {
      const { resources } = await engine.create(example());
      const old = new Map(resources);
      const tags = { Team: 'a' };
      const stack = await engine.update({
        ...example({ Image: 'registry/server@sha256:2', Days: '7', Open: 'true' }),
        tags,
      });
      expect(failures(stack)).toEqual([]);
      expect(stack.status).toBe('UPDATE_COMPLETE');
      const replaced = [...stack.resources.values()].filter(
        ({ logicalId, made }) => made.physicalId !== old.get(logicalId)!.made.physicalId,
      );
      expect(replaced.map(({ logicalId }) => logicalId)).toEqual(['Task']);
      expect((await service()).taskDefinition).toBe(stack.resources.get('Task')!.made.physicalId);
      const { taskDefinition } = await clients.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: old.get('Task')!.made.physicalId }),
      );
      expect(taskDefinition!.status).toBe('INACTIVE');
      expect(await groups()).toEqual({ '/ecs/example': 7 });
      const { tags: ofGroup } = await clients.logs.send(
        new ListTagsForResourceCommand({
          resourceArn: `arn:aws:logs:us-east-1:${quilt.accountId}:log-group:/ecs/example`,
        }),
      );
      expect(ofGroup).toEqual(tags);
      const { SecurityGroupRules } = await clients.ec2.send(
        new DescribeSecurityGroupRulesCommand({
          Filters: [{ Name: 'group-id', Values: [old.get('Group')!.made.physicalId] }],
        }),
      );
      expect(SecurityGroupRules!.map(({ ToPort, Description }) => `${ToPort} ${Description}`).sort()).toEqual([
        '443 Registry',
        '80 Web',
        '8000 Load balancer',
      ]);
      await expect(
        engine.update({ ...example({ Image: 'registry/server@sha256:2', Days: '7', Open: 'true' }), tags }),
      ).rejects.toThrow(/^No updates are to be performed\.$/);
    });

    it(`the CloudFormation engine (the ${order} of those that are ready first) deletes all that it made`, async () => {
      await engine.create(example());
      const stack = await engine.delete('example');
      expect(failures(stack!)).toEqual([]);
      expect(stack!.status).toBe('DELETE_COMPLETE');
      expect(withoutValidation(await takeInventory(emulator))).toEqual(before);
      expect(() => engine.find('example')).toThrow('Stack with id example does not exist');
    });

    it(`the CloudFormation engine (the ${order} of those that are ready first) sets back all that it changed when a change fails`, async () => {
      await engine.create(example());
      const deployed = await takeInventory(emulator);
      const { taskDefinition } = await service();
      await takeName();
      const broken = EXAMPLE.replace(
        'Outputs:',
        `  Clash: ${CLASH.replace('}}}', '}}, DependsOn: Service}')}\nOutputs:`,
      )
        // Outside of the example: something new that the rollback has to take away.
        .replace('  Provider:', '  Extra: {Type: AWS::Logs::LogGroup}\n  Provider:');
      const stack = await engine.update(
        example({ Image: 'registry/server@sha256:2', Days: '7', Desired: '1', Priority: '101', Open: 'true' }, broken),
      );
      expect(failures(stack)).toEqual([expect.stringMatching(/^Clash: .*taken/)]);
      expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      await clients.iam.send(new DeleteRoleCommand({ RoleName: 'taken' }));
      const ids = (lines: string[]) => lines.map((line) => line.replace(/sgr-\w+/, 'sgr')).sort();
      expect(ids(await takeInventory(emulator))).toEqual(ids(deployed));
      expect(await service()).toMatchObject({ taskDefinition, desiredCount: 2 });
      expect(await groups()).toEqual({ '/ecs/example': 30 });
      await expect(engine.update(example())).rejects.toThrow('No updates are to be performed.');
    });
  });

  it('the CloudFormation engine finds that a service does not wait for its listener rule, in one of the two orders', async () => {
    const hasty = EXAMPLE.replace('DependsOn: [Rule, LogsPolicy]', 'DependsOn: LogsPolicy');
    const stack = await new CloudFormation(emulator, { order: 'first' }).create(example({}, hasty));
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(failures(stack)).toEqual([expect.stringMatching(/^Service: .*does not have an associated load balancer/)]);
    expect(withoutValidation(await takeInventory(emulator))).toEqual(before);
  });

  it('the CloudFormation engine takes back a creation that fails, but for what is to be retained', async () => {
    await takeName();
    const request = stackOf({
      Gone: logGroup('/gone'),
      Kept: logGroup('/kept', 'DeletionPolicy: Retain'),
      Young: logGroup('/young', 'DeletionPolicy: RetainExceptOnCreate'),
      Clash: CLASH.replace('}}}', '}}, DependsOn: [Gone, Kept, Young]}'),
    });
    const stack = await engine.create(request);
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')?.reason).toBe(
      'The following resource(s) failed to create: [Clash]. ',
    );
    expect(Object.keys(await groups())).toEqual(['/kept']);
    await expect(engine.update(request)).rejects.toThrow(/is in ROLLBACK_COMPLETE state and can not be updated\.$/);
    await expect(engine.create(request)).rejects.toThrow('Stack [small] already exists');
    await engine.delete('small');
    expect(engine.stacks.has('small')).toBe(false);
  });

  it('the CloudFormation engine leaves what a failing creation made if that is asked for, or deletes the stack, too', async () => {
    await takeName();
    const request = stackOf({ Group: logGroup('/left'), Clash: CLASH.replace('}}}', '}}, DependsOn: Group}') });
    expect((await engine.create({ ...request, onFailure: 'DO_NOTHING' })).status).toBe('CREATE_FAILED');
    expect(Object.keys(await groups())).toEqual(['/left']);
    await engine.delete('small');
    expect((await engine.create({ ...request, onFailure: 'DELETE' })).status).toBe('DELETE_COMPLETE');
    expect(await groups()).toEqual({});
  });

  it('the CloudFormation engine retains what is to be retained when it is left out, replaced, or deleted', async () => {
    const policies = 'DeletionPolicy: RetainExceptOnCreate, UpdateReplacePolicy: Retain';
    await engine.create(
      stackOf({ A: logGroup('/a', policies), B: logGroup('/b'), C: logGroup('/c', policies), D: logGroup('/d') }),
    );
    const stack = await engine.update(stackOf({ C: logGroup('/c2', policies), D: logGroup('/d2') }));
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(Object.keys(await groups()).sort()).toEqual(['/a', '/c', '/c2', '/d2']);
    expect(statuses(stack, 'A').at(-1)).toBe('DELETE_SKIPPED');
    await engine.delete('small');
    expect(Object.keys(await groups()).sort()).toEqual(['/a', '/c', '/c2']);
  });

  it('the CloudFormation engine refuses to replace a resource under the name that it has', async () => {
    const group = (description: string) =>
      `{Type: AWS::EC2::SecurityGroup, Properties: {GroupName: named, GroupDescription: ${description}, VpcId: ${quilt.vpcId}}}`;
    await engine.create(stackOf({ Group: group('one') }));
    const stack = await engine.update(stackOf({ Group: group('two') }));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failures(stack)[0]).toMatch(/custom-named resource requires replacing\. Rename named and update/);
  });

  it('the CloudFormation engine replaces an unnamed resource before it deletes the old one', async () => {
    const group = (description: string) =>
      `{Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: ${description}, VpcId: ${quilt.vpcId}}}`;
    await engine.create(stackOf({ Group: group('one') }));
    const stack = await engine.update(stackOf({ Group: group('two') }));
    expect(statuses(stack, 'Group')).toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
    ]);
    await engine.delete('small');
    expect(await takeInventory(emulator)).toEqual(before);
  });

  it('the CloudFormation engine lets the default egress stay until a group has rules of its own', async () => {
    const group = `Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g, VpcId: ${quilt.vpcId}`;
    const rule = 'IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8';
    const stack = await engine.create(
      stackOf({
        None: `{${group}}}`,
        Empty: `{${group}, SecurityGroupEgress: []}}`,
        Inline: `{${group}, SecurityGroupEgress: [{${rule}}]}}`,
        Apart: `{${group}}}`,
        Rule: `{Type: AWS::EC2::SecurityGroupEgress, Properties: {GroupId: !GetAtt Apart.GroupId, ${rule}}}`,
      }),
    );
    const egress = async (name: string) => {
      const { SecurityGroupRules } = await clients.ec2.send(
        new DescribeSecurityGroupRulesCommand({
          Filters: [{ Name: 'group-id', Values: [stack.resources.get(name)!.made.physicalId] }],
        }),
      );
      return SecurityGroupRules!.map(({ CidrIpv4 }) => CidrIpv4);
    };
    expect(failures(stack)).toEqual([]);
    expect(await egress('None')).toEqual(['0.0.0.0/0']);
    expect(await egress('Empty')).toEqual(['0.0.0.0/0']);
    expect(await egress('Inline')).toEqual(['10.0.0.0/8']);
    expect(await egress('Apart')).toEqual(['10.0.0.0/8']);
  });

  it('the CloudFormation engine guards exports that are in use', async () => {
    const exporting = (name: string, group: string) => ({
      ...stackOf({ Group: logGroup(group) }, 'Outputs: {Name: {Value: !Ref Group, Export: {Name: shared}}}\n'),
      name,
    });
    const importing = stackOf({ User: logGroup('!Join ["/", [!ImportValue shared, user]]') });
    expect(failures(await engine.create(importing))).toEqual(['User: No export named shared found.']);
    await engine.delete('small');
    await engine.create(exporting('owner', '/owner'));
    await engine.create(importing);
    expect(Object.keys(await groups())).toContain('/owner/user');

    const second = await engine.create(exporting('second', '/second'));
    expect(second.status).toBe('ROLLBACK_COMPLETE');
    expect(second.events.map(({ reason }) => reason)).toContain(
      'Export with name shared is already exported by stack owner',
    );
    const changed = await engine.update(exporting('owner', '/other'));
    expect(changed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(changed.events.map(({ reason }) => reason)).toContain(
      'Export shared cannot be updated as it is in use by small',
    );
    const kept = await engine.delete('owner');
    expect(kept).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'Export shared cannot be deleted as it is in use by small',
    });
    await engine.delete('small');
    expect((await engine.delete('owner'))!.status).toBe('DELETE_COMPLETE');
  });

  it('the CloudFormation engine says which resource could not be deleted, and can leave it', async () => {
    await engine.create(
      stackOf({
        Role: '{Type: AWS::IAM::Role, Properties: {RoleName: busy, AssumeRolePolicyDocument: {Statement: []}}}',
        Group: logGroup('/group'),
      }),
    );
    await clients.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'busy',
        PolicyName: 'by-hand',
        PolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
      }),
    );
    const stack = await engine.delete('small');
    expect(stack).toMatchObject({ status: 'DELETE_FAILED', reason: expect.stringContaining('[Role]') });
    expect((await engine.delete('small', ['Role']))!.status).toBe('DELETE_COMPLETE');
  });

  describe('a managed policy', () => {
    const policy = (action: string, more = '') =>
      `{Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: p, ${more}PolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Action: '${action}', Resource: '*'}]}}}`;
    const role = (name: string, arns = '[!Ref Policy]') =>
      `{Type: AWS::IAM::Role, Properties: {RoleName: ${name}, ManagedPolicyArns: ${arns}, AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}}}`;
    const PolicyArn = () => `arn:aws:iam::${quilt.accountId}:policy/p`;
    const inForce = async () => {
      const { Policy } = await clients.iam.send(new GetPolicyCommand({ PolicyArn: PolicyArn() }));
      const version = { PolicyArn: PolicyArn(), VersionId: Policy!.DefaultVersionId };
      const { PolicyVersion } = await clients.iam.send(new GetPolicyVersionCommand(version));
      return decodeURIComponent(PolicyVersion!.Document!);
    };
    const attachedTo = async (RoleName: string) => {
      const { AttachedPolicies } = await clients.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      return AttachedPolicies!.map((attached) => attached.PolicyArn);
    };

    it('a managed policy of the CloudFormation engine is attached, changed in place however often, and gone with its stack', async () => {
      const made = await engine.create(stackOf({ Role: role('r'), Policy: policy('s3:Get0') }));
      expect(failures(made)).toEqual([]);
      expect(await attachedTo('r')).toEqual([PolicyArn()]);
      for (let number = 1; number <= 6; number++) {
        const stack = await engine.update(stackOf({ Role: role('r'), Policy: policy(`s3:Get${number}`) }));
        expect(failures(stack)).toEqual([]);
        expect(stack.resources.get('Policy')!.made.physicalId).toBe(PolicyArn());
        expect(await inForce()).toContain(`s3:Get${number}`);
      }
      const { Versions } = await clients.iam.send(new ListPolicyVersionsCommand({ PolicyArn: PolicyArn() }));
      expect(Versions!.map(({ VersionId }) => VersionId).sort()).toEqual(['v3', 'v4', 'v5', 'v6', 'v7']);
      expect((await engine.delete('small'))!.status).toBe('DELETE_COMPLETE');
      expect(await takeInventory(emulator)).toEqual(before);
    });

    it('a managed policy of the CloudFormation engine names its roles itself, too', async () => {
      const text = (roles: string) => policy('s3:Get0', `Roles: [${roles}], `);
      const roles = { R: role('r', '[]'), S: role('s', '[]') };
      await engine.create(stackOf({ ...roles, Policy: text('!Ref R') }));
      expect(await attachedTo('r')).toEqual([PolicyArn()]);
      await engine.update(stackOf({ ...roles, Policy: text('!Ref S') }));
      expect([await attachedTo('r'), await attachedTo('s')]).toEqual([[], [PolicyArn()]]);
      expect((await engine.delete('small'))!.status).toBe('DELETE_COMPLETE');
    });

    it.each([
      ['is too long', { Policy: policy('s3:'.padEnd(6_100, 'a')) }, 'PolicySize: 6144'],
      ['has a name that is none', { Policy: policy('s3:Get0').replace('Name: p', 'Name: a b') }, 'policyName'],
      ['has a path that is none', { Policy: policy('s3:Get0', 'Path: a, ') }, 'path'],
      [
        'is the eleventh of a role',
        { R: role('r', `[${Array.from({ length: 11 }, (_, index) => `'arn:aws:iam::aws:policy/${index}'`)}]`) },
        'PoliciesPerRole: 10',
      ],
    ])('a managed policy of the CloudFormation engine is refused if it %s', async (_, resources, why) => {
      const stack = await engine.create(stackOf(resources));
      expect(stack.status).toBe('ROLLBACK_COMPLETE');
      expect(failures(stack).join()).toContain(why);
      expect(await takeInventory(emulator)).toEqual(before);
    });

    it('a managed policy of the CloudFormation engine goes back if its successor is too long, and stays while another role has it', async () => {
      await engine.create(stackOf({ Policy: policy('s3:Get0') }));
      const long = await engine.update(stackOf({ Policy: policy('s3:'.padEnd(6_100, 'a')) }));
      expect(long.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await inForce()).toContain('s3:Get0');
      await takeName();
      const attachment = { RoleName: 'taken', PolicyArn: PolicyArn() };
      await clients.iam.send(new AttachRolePolicyCommand(attachment));
      const busy = await engine.delete('small');
      expect(busy).toMatchObject({ status: 'DELETE_FAILED', reason: expect.stringContaining('[Policy]') });
      await clients.iam.send(new DetachRolePolicyCommand(attachment));
      expect((await engine.delete('small'))!.status).toBe('DELETE_COMPLETE');
    });
  });

  it.each([
    ['an unknown type', { A: '{Type: AWS::Logs::Group}' }, /no type AWS::Logs::Group/],
    ['a type that is not applied', { A: '{Type: AWS::SNS::Topic}' }, /not applied here: AWS::SNS::Topic/],
    ['an unknown property', { A: '{Type: AWS::Logs::LogGroup, Properties: {Retention: 1}}' }, /no property Retention/],
    [
      'a value of another type',
      { A: '{Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: a}}' },
      /integer is needed/,
    ],
    ['a circle', { A: logGroup('!Ref B'), B: logGroup('!Ref A') }, /Circular dependency between resources: \[A, B\]/],
  ])('the CloudFormation engine refuses %s before it makes anything', async (_, resources, message) => {
    await expect(engine.create(stackOf(resources))).rejects.toThrow(message);
    expect(engine.stacks.size).toBe(0);
    expect(await takeInventory(emulator)).toEqual(before);
  });

  it.each([
    [
      'a property that it does not apply',
      '{Type: AWS::Logs::LogGroup, Properties: {DataProtectionPolicy: {}}}',
      /property DataProtectionPolicy of AWS::Logs::LogGroup is not applied here/,
    ],
    [
      'a certificate that would wait',
      '{Type: AWS::CertificateManager::Certificate, Properties: {DomainName: a.example.com, ValidationMethod: DNS}}',
      /wait for a record: a\.example\.com/,
    ],
    [
      'an alarm without a metric',
      '{Type: AWS::CloudWatch::Alarm, Properties: {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1}}',
      /MetricName or Metrics/,
    ],
    [
      'sizes that Fargate has not',
      '{Type: AWS::ECS::TaskDefinition, Properties: {Cpu: 256, Memory: 4096, NetworkMode: awsvpc, RequiresCompatibilities: [FARGATE]}}',
      /No Fargate configuration/,
    ],
  ])('the CloudFormation engine rolls back for %s', async (_, resource, message) => {
    const stack = await engine.create(stackOf({ A: resource }));
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(failures(stack)).toEqual([expect.stringMatching(message)]);
    expect(await takeInventory(emulator)).toEqual(before);
  });

  it('the CloudFormation engine refuses parameters that name nothing, and roles that no one consented to', async () => {
    await expect(engine.create(example({ VpcId: 'vpc-00000000' }))).rejects.toThrow(
      'Parameter validation failed: parameter value vpc-00000000 for parameter name VpcId does not exist',
    );
    await expect(engine.create({ ...example(), capabilities: ['CAPABILITY_IAM'] })).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
  });
});

describe.skipIf(await lacks(EMULATOR))('CloudFormation, as the AWS CLI and the SDK see it', () => {
  let emulator: Emulator;
  let server: CloudFormationServer;
  let sdk: CloudFormationClient;
  let folder: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    server = await startCloudFormation(emulator);
    sdk = new CloudFormationClient({
      region: 'us-east-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
      maxAttempts: 1,
      // The AWS CLI is waited for without serving any socket: one that was kept may be closed by then.
      requestHandler: { httpAgent: new Agent({ keepAlive: false }) },
    });
    folder = mkdtempSync(join(tmpdir(), 'cloudformation-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.stop();
    await emulator?.stop();
  });

  const aws = (...args: string[]) => {
    try {
      const output = execFileSync(emulatorProgram('aws'), args, {
        env: { ...process.env, ...server.env },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { exitCode: 0, output };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { exitCode: status, output: `${stdout}${stderr}` };
    }
  };
  const cloudformation = (action: string, ...args: string[]) => aws('cloudformation', action, ...args);
  const TEMPLATE = `
Parameters:
  Days: {Type: Number, Default: 30}
  Word: {Type: String, Default: secret, NoEcho: true}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Days}}
Outputs:
  Group: {Value: !Ref Group, Description: The group's name, Export: {Name: group}}
`;
  const write = (text: string) => {
    const path = join(folder, 'template.yaml');
    writeFileSync(path, text);
    return path;
  };
  const deploy = (text: string, ...args: string[]) =>
    cloudformation('deploy', '--stack-name', 'cli', '--template-file', write(text), ...args);

  it('the CloudFormation engine deploys, and deploys again, and deletes for the AWS CLI and the SDK', async () => {
    expect(deploy(TEMPLATE, '--tags', 'Team=a')).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('Successfully created/updated stack - cli'),
    });
    // Without --tags, the AWS CLI takes the stack's tags away, which is a change.
    expect(deploy(TEMPLATE, '--tags', 'Team=a').output).toContain('No changes to deploy. Stack cli is up to date');
    expect(deploy(TEMPLATE, '--tags', 'Team=a', '--parameter-overrides', 'Days=7').exitCode).toBe(0);

    const { Stacks } = await sdk.send(new DescribeStacksCommand({ StackName: 'cli' }));
    expect(Stacks).toMatchObject([
      {
        StackStatus: 'UPDATE_COMPLETE',
        Parameters: [
          { ParameterKey: 'Days', ParameterValue: '7' },
          { ParameterKey: 'Word', ParameterValue: '****' },
        ],
        Tags: [{ Key: 'Team', Value: 'a' }],
        Outputs: [{ OutputKey: 'Group', Description: "The group's name", ExportName: 'group' }],
      },
    ]);
    expect(Stacks![0]!.Outputs![0]!.OutputValue).toMatch(/^cli-Group-[0-9A-F]{12}$/);
    const { StackEvents } = await sdk.send(new DescribeStackEventsCommand({ StackName: 'cli' }));
    expect(StackEvents![0]).toMatchObject({ LogicalResourceId: 'cli', ResourceStatus: 'UPDATE_COMPLETE' });
    expect((await sdk.send(new ListExportsCommand({}))).Exports).toMatchObject([{ Name: 'group' }]);

    expect(cloudformation('delete-stack', '--stack-name', 'cli').exitCode).toBe(0);
    expect(cloudformation('wait', 'stack-delete-complete', '--stack-name', 'cli').exitCode).toBe(0);
    expect(cloudformation('describe-stacks', '--stack-name', 'cli').output).toContain(
      'An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id cli does not exist',
    );
  });

  it('the CloudFormation engine says to the AWS CLI what a change set would do', () => {
    deploy(TEMPLATE);
    const set = ['--stack-name', 'cli', '--change-set-name', 'look'];
    const changed = TEMPLATE.replace('!Ref Days', '7').replace(
      '{RetentionInDays',
      '{LogGroupName: named, RetentionInDays',
    );
    cloudformation('create-change-set', ...set, '--template-body', changed);
    const query = ['--query', 'Changes[].ResourceChange.[Action,LogicalResourceId,Replacement]', '--output', 'text'];
    expect(cloudformation('describe-change-set', ...set, ...query).output.trim()).toBe('Modify\tGroup\tTrue');
    expect(cloudformation('execute-change-set', ...set).exitCode).toBe(0);
    cloudformation('delete-stack', '--stack-name', 'cli');
  });

  it('the CloudFormation engine refuses to the AWS CLI what CloudFormation refuses, and as it does', async () => {
    expect(deploy(TEMPLATE.replace('RetentionInDays', 'Retention')).output).toMatch(
      /\(ValidationError\).*no property Retention/,
    );
    expect(deploy(`${TEMPLATE}\nTransform: AWS::LanguageExtensions`).output).toMatch(/\(ValidationError\).*Transform/);
    expect(cloudformation('update-stack', '--stack-name', 'none', '--template-body', TEMPLATE).output).toMatch(
      /\(ValidationError\).*Stack \[none\] does not exist/,
    );
    const role = 'Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}';
    expect(deploy(role).output).toMatch(/\(InsufficientCapabilitiesException\).*CAPABILITY_IAM/);
    expect(cloudformation('detect-stack-drift', '--stack-name', 'cli').output).toMatch(/not applied here/);
  });

  it('the CloudFormation engine takes templates of at most 51,200 bytes from the SDK, and larger ones from S3', async () => {
    const large = TEMPLATE + '#'.repeat(51_200);
    await expect(sdk.send(new CreateStackCommand({ StackName: 'large', TemplateBody: large }))).rejects.toThrow(
      /51200/,
    );
    expect(aws('s3', 'mb', 's3://templates').exitCode).toBe(0);
    await awsClients(emulator).s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'a/large.yaml', Body: large }));
    for (const [index, TemplateURL] of [
      `${server.url}/templates/a/large.yaml`,
      'https://s3.us-east-1.amazonaws.com/templates/a/large.yaml',
      'https://templates.s3.us-east-1.amazonaws.com/a/large.yaml',
    ].entries()) {
      const StackName = `large-${index}`;
      await sdk.send(new CreateStackCommand({ StackName, TemplateURL }));
      await sdk.send(new DeleteStackCommand({ StackName }));
    }
  });
});
