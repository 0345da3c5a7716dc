import { DetectStackDriftCommand } from '@aws-sdk/client-cloudformation';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
} from '@aws-sdk/client-ec2';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR } from '../support/engines/emulator';
import { type Guard, startGuard } from '../support/guard';

interface Allowed {
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: object;
}

const documentOf = (...statements: readonly Allowed[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });

describe.skipIf(await lacks(EMULATOR))('the guard in front of the emulator', () => {
  let emulator: Emulator;
  let guard: Guard;
  /** Of whoever is behind the guard. */
  let clients: AwsClients;
  /** Of the root user. */
  let root: AwsClients;
  let count = 0;

  /** A new role, with inline statements, statements of a policy that is attached, and a boundary. */
  const become = async (
    inline: readonly Allowed[],
    attached: readonly Allowed[] = [],
    boundary?: readonly Allowed[],
  ) => {
    count += 1;
    const RoleName = `role-${count}`;
    const policy = async (name: string, statements: readonly Allowed[]) => {
      const PolicyDocument = documentOf(...statements);
      return (await root.iam.send(new CreatePolicyCommand({ PolicyName: `${name}-${count}`, PolicyDocument }))).Policy!
        .Arn!;
    };
    const PermissionsBoundary = boundary && (await policy('boundary', boundary));
    await root.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: documentOf(), PermissionsBoundary }),
    );
    if (inline.length > 0) {
      const PolicyDocument = documentOf(...inline);
      await root.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument }));
    }
    if (attached.length > 0) {
      await root.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: await policy('attached', attached) }));
    }
    await guard.become(RoleName);
  };
  const at = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${emulator.accountId}:${resource}`;

  beforeAll(async () => {
    emulator = await startEmulator();
    guard = await startGuard(emulator);
    clients = awsClients(guard);
    root = awsClients(emulator);
  });
  afterEach(() => guard.clear());
  afterAll(async () => {
    await guard?.stop();
    await emulator?.stop();
  });

  it('the guard lets a role do what its policies allow, inline or attached, and what its boundary allows, too', async () => {
    const describing = { Action: 'ec2:DescribeInstances', Resource: '*' };
    await become([describing]);
    await clients.ec2.send(new DescribeInstancesCommand({}));
    await become([], [describing]);
    await clients.ec2.send(new DescribeInstancesCommand({}));
    await become([describing], [], [describing]);
    await clients.ec2.send(new DescribeInstancesCommand({}));
    expect(guard.refused).toEqual([]);
    await become([describing], [], [{ Action: 'ecs:*', Resource: '*' }]);
    await expect(clients.ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow('not authorized');
    expect(guard.refused).toEqual(['ec2:DescribeInstances on *']);
  });

  it('the guard answers as S3 does for an object that is not there: 404 only if the bucket may be listed, without a prefix', async () => {
    const Bucket = 'states';
    await root.s3.send(new CreateBucketCommand({ Bucket }));
    await root.s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }));
    const reading = { Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
    const listing = { Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` };
    const byPrefix = { ...listing, Condition: { StringLike: { 's3:prefix': 'there*' } } };
    const look = async (Key: string) => {
      const statusOf = (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode;
      const of = (answer: Promise<object>) => answer.then(() => 200, statusOf);
      return Promise.all([
        of(clients.s3.send(new HeadObjectCommand({ Bucket, Key }))),
        of(clients.s3.send(new GetObjectCommand({ Bucket, Key }))),
      ]);
    };
    await become([reading, byPrefix]);
    expect(await look('there')).toEqual([200, 200]);
    expect(await look('missing')).toEqual([403, 403]);
    await become([reading, byPrefix, { ...listing, Condition: { Null: { 's3:prefix': 'true' } } }]);
    expect(await look('missing')).toEqual([404, 404]);
  });

  it('the guard asks by the tags and the VPC of what is there, and for the tags of what is made', async () => {
    const { Vpc } = await root.ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    const groupOf = async (GroupName: string, using: AwsClients, value?: string) => {
      const Tags = value === undefined ? [] : [{ Key: 'Service', Value: value }];
      const TagSpecifications = value === undefined ? undefined : [{ ResourceType: 'security-group' as const, Tags }];
      const made = new CreateSecurityGroupCommand({
        GroupName,
        Description: 'x',
        VpcId: Vpc!.VpcId,
        TagSpecifications,
      });
      return (await using.ec2.send(made)).GroupId!;
    };
    const open = (GroupId: string) =>
      clients.ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpProtocol: 'tcp',
          FromPort: 1,
          ToPort: 1,
          CidrIp: '10.0.0.0/8',
        }),
      );
    const [ours, theirs, bare] = [
      await groupOf('ours', root, 'mcp'),
      await groupOf('theirs', root, 'other'),
      await groupOf('bare', root),
    ];
    const groups = at('ec2', 'security-group/*');
    const authorize = { Action: 'ec2:AuthorizeSecurityGroupIngress', Resource: groups };
    const rules = { ...authorize, Resource: at('ec2', 'security-group-rule/*') };
    await become([{ ...authorize, Condition: { StringEquals: { 'aws:ResourceTag/Service': 'mcp' } } }, rules]);
    await open(ours);
    await expect(open(theirs)).rejects.toThrow('not authorized');
    await expect(open(bare)).rejects.toThrow('not authorized');
    await become([{ ...authorize, Condition: { ArnEquals: { 'ec2:Vpc': at('ec2', `vpc/${Vpc!.VpcId}`) } } }, rules]);
    await open(theirs);
    await become([{ ...authorize, Condition: { ArnEquals: { 'ec2:Vpc': at('ec2', 'vpc/vpc-other') } } }, rules]);
    await expect(open(bare)).rejects.toThrow('not authorized');
    await become([authorize]);
    await expect(open(bare)).rejects.toThrow('security-group-rule/new');

    const making = [groups, at('ec2', 'vpc/*')].map((Resource) => ({ Action: 'ec2:CreateSecurityGroup', Resource }));
    await become(making);
    await groupOf('untagged', clients);
    await expect(groupOf('tagged', clients, 'mcp')).rejects.toThrow('ec2:CreateTags');
    const tagging = { Action: 'ec2:CreateTags', Resource: groups };
    await become([
      ...making,
      { ...tagging, Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } } },
    ]);
    await groupOf('tagged', clients, 'mcp');
  });

  it('the guard takes what stands for CloudFormation for it, and nobody else', async () => {
    const viaStacks = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } };
    await become([{ Action: 'ec2:DescribeInstances', Resource: '*', Condition: viaStacks }]);
    await awsClients({ url: guard.behindCloudFormation }).ec2.send(new DescribeInstancesCommand({}));
    await expect(clients.ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow('not authorized');
  });

  it('the guard asks for what AWS checks beyond the name of a call', async () => {
    const StackName = 'mcp';
    const stack = at('cloudformation', `stack/${StackName}/*`);
    await become([{ Action: 'cloudformation:DetectStackDrift', Resource: stack }]);
    const detecting = clients.cloudformation.send(new DetectStackDriftCommand({ StackName }));
    await expect(detecting).rejects.toThrow('cloudformation:DetectStackResourceDrift');

    const registering = { Action: 'ecs:RegisterTaskDefinition', Resource: at('ecs', 'task-definition/*') };
    const role = `arn:aws:iam::${emulator.accountId}:role/task`;
    const register = () =>
      clients.ecs.send(new RegisterTaskDefinitionCommand({ family: 'x', containerDefinitions: [], taskRoleArn: role }));
    const passing = (service: string) => ({
      Action: 'iam:PassRole',
      Resource: role,
      Condition: { StringEquals: { 'iam:PassedToService': service } },
    });
    await become([registering]);
    await expect(register()).rejects.toThrow('iam:PassRole');
    await become([registering, passing('ec2.amazonaws.com')]);
    await expect(register()).rejects.toThrow('iam:PassRole');
    await become([registering, passing('ecs-tasks.amazonaws.com')]);
    await register();
  });

  it('the guard refuses what it does not know, whatever a role may do', async () => {
    await become([{ Action: '*', Resource: '*' }]);
    const headers = { Authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ecs/aws4_request, Signature=b' };
    const unknown = { method: 'POST', headers: { ...headers, 'x-amz-target': 'ECS.PauseService' }, body: '{}' };
    expect((await fetch(guard.url, unknown)).status).toBe(403);
    expect(guard.refused).toEqual([expect.stringContaining('has no ecs:PauseService')]);
    const unnamed = { method: 'POST', headers: { ...headers, 'x-amz-target': 'ECS.StopTask' }, body: '{}' };
    expect((await fetch(guard.url, unnamed)).status).toBe(403);
    expect(guard.refused.at(-1)).toContain('which resource ecs:StopTask is about is not known here');
  });
});
