import { AddTagsToCertificateCommand, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { PutImageScanningConfigurationCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleEnvironment } from '../../src/config/example';
import { LATEST } from '../../src/conventions';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { type Difference, differences, type ReadAccount, readAccount } from '../support/account';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { CDK, CLOUDFORMATION, type TargetUnderTest, TERRAFORM, wordsFor } from '../support/targets';

const FIRST = `sha256:${'1'.repeat(64)}`;
const SECOND = `sha256:${'2'.repeat(64)}`;
const HOST = 'mcp.example.com';
const NAME = 'quilt-test-mcp-server-production';
const LOG_GROUP = `/ecs/${NAME}`;
const REPOSITORY = 'quilt-test-mcp-server-shared';

/** All that an answer can add to an account. */
function environments(stack: EmulatedQuiltStack): Record<string, EnvironmentAnswers> {
  const { accountId, region } = stack;
  const registry = { scope: 'shared', account: accountId, region } as const;
  return {
    production: environmentBehind(stack, {
      routing: { mode: 'domain', host: HOST, priority: 200, hostedZoneId: stack.hostedZoneId },
      registry,
      cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'http://localhost:3000'] },
      environment: { QUILT_BROWSING_SESSION_TTL: '60', EMPTY: '', lower_case: 'a, b: "c" ${d} #e' },
      secrets: {
        FROM_SECRETS_MANAGER: `arn:aws:secretsmanager:${region}:${accountId}:secret:quilt/x-AbCdEf:key::`,
        FROM_SSM: `arn:aws:ssm:${region}:${accountId}:parameter/quilt/x`,
      },
      capacity: { cpu: 2048, memory: 5120, desired: 5 },
      logs: {
        retention: 365,
        kmsKeyArn: `arn:aws:kms:${region}:${accountId}:key/01234567-89ab-cdef-0123-456789abcdef`,
      },
      permissionsBoundaryArn: `arn:aws:iam::${accountId}:policy/boundary`,
      retainData: true,
      tags: { Team: 'R + D: core@example.com' },
    }),
    // It is in another account, and not deployed: for it, the repository lets that account pull.
    elsewhere: { ...exampleEnvironment('elsewhere', 1), registry },
  };
}

/**
 * In what the account of another target is not the one that Terraform made. On AWS, CloudFormation also puts tags
 * `aws:cloudformation:*` on what it makes; what stands in for it here does not.
 */
interface Known {
  readonly where: RegExp;
  readonly first: unknown;
  readonly second: (target: string) => unknown;
  readonly why: string;
}

const MANAGED_BY: Known = {
  where: /: tags\.ManagedBy(\.value)?$/i,
  first: 'terraform',
  second: (target) => target,
  why: 'The tag says with what a resource was made.',
};

const WHILE_DEPLOYED: readonly Known[] = [
  MANAGED_BY,
  {
    where: /^listener rule 2\d\d: Actions\[0\]\.Order$/,
    first: 1,
    second: () => undefined,
    why: 'The AWS provider numbers actions. A template has no number for an only one; AWS then takes 1, the emulator none.',
  },
  {
    where: new RegExp(`^security group ${NAME} in .*: rules\\[\\d\\]\\.Tags$`),
    first: expect.objectContaining({ Environment: { Value: 'production' } }),
    second: () => [],
    why: 'For Terraform, a rule is a resource with tags; in a template it is a part of its group, where it has none.',
  },
];

const ONCE_DESTROYED: readonly Known[] = [
  MANAGED_BY,
  {
    where: /^record set _\w+\.mcp\.example\.com\. CNAME in example\.com\.$/,
    first: undefined,
    second: () => expect.objectContaining({ TTL: 300 }),
    why: 'CloudFormation writes the record by which ACM validates a certificate, and leaves it when the certificate goes.',
  },
];

/** What happens to a deployment, in this order. */
const STAGES = [
  { stage: 'deployed', digest: FIRST, tasks: ['registry', 'deploy'], known: WHILE_DEPLOYED },
  { stage: 'updated', digest: SECOND, tasks: ['deploy'], known: WHILE_DEPLOYED },
  { stage: 'destroyed', digest: SECOND, tasks: ['destroy'], known: ONCE_DESTROYED },
  { stage: 'deployed again', digest: SECOND, tasks: ['deploy'], known: WHILE_DEPLOYED },
] as const;

/** What is left of a deployment that keeps its data, in every target; AWS never forgets a task definition. */
const LEFT = [
  `log group ${LOG_GROUP}`,
  `repository ${REPOSITORY}`,
  `task definition ${NAME}:1`,
  `task definition ${NAME}:2`,
];

/** Longer names first: one may begin as another. */
const KINDS = [
  'certificate',
  'listener rule',
  'listener',
  'log group',
  'record set',
  'repository',
  'role',
  'security group',
  'service',
  'target group',
  'task definition',
];

interface Place {
  readonly clients: AwsClients;
  readonly stack: EmulatedQuiltStack;
}

/** A change by hand, and all places at which it must be found. */
type Mistake = readonly [what: string, where: RegExp, make: (place: Place) => Promise<unknown>];

const ANYBODY = { Effect: 'Allow', Principal: '*' };
const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const WRONG_TAG = { Key: 'Owner', Value: 'somebody else' };

const MISTAKES: readonly Mistake[] = [
  [
    'a repository that does not scan',
    /^repository .*-shared: imageScanningConfiguration\.scanOnPush$/,
    ({ clients }) =>
      clients.ecr.send(
        new PutImageScanningConfigurationCommand({
          repositoryName: REPOSITORY,
          imageScanningConfiguration: { scanOnPush: false },
        }),
      ),
  ],
  [
    'images for everybody',
    /^repository .*-shared: policy\.policyText\b/,
    ({ clients }) =>
      clients.ecr.send(
        new SetRepositoryPolicyCommand({
          repositoryName: REPOSITORY,
          policyText: policyOf({ ...ANYBODY, Action: 'ecr:BatchGetImage' }),
        }),
      ),
  ],
  [
    'logs that are gone sooner',
    /^log group .*: retentionInDays$/,
    ({ clients }) => clients.logs.send(new PutRetentionPolicyCommand({ logGroupName: LOG_GROUP, retentionInDays: 1 })),
  ],
  [
    'a task too many',
    /^service .*: (deployments\[0\]\.)?(desired|running)Count$/,
    ({ clients, stack }) =>
      clients.ecs.send(new UpdateServiceCommand({ cluster: stack.clusterName, service: NAME, desiredCount: 6 })),
  ],
  [
    'a task definition that nobody asked for',
    /^task definition quilt-test-mcp-server-production:\d$/,
    ({ clients }) =>
      clients.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: NAME,
          containerDefinitions: [{ name: NAME, image: 'image', memory: 512 }],
        }),
      ),
  ],
  [
    'a door for everybody',
    new RegExp(`^security group ${NAME} in .*: (IpPermissions|rules)`),
    async (place) =>
      place.clients.ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: await securityGroup(place),
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 65535, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      ),
  ],
  [
    'a security group of somebody else',
    new RegExp(`^security group ${NAME} in .*: Tags\\.Owner\\.Value$`),
    async (place) =>
      place.clients.ec2.send(new CreateTagsCommand({ Resources: [await securityGroup(place)], Tags: [WRONG_TAG] })),
  ],
  [
    'a health check of another path',
    /^target group .*: HealthCheckPath$/,
    async (place) =>
      place.clients.elb.send(
        new ModifyTargetGroupCommand({ TargetGroupArn: await targetGroup(place), HealthCheckPath: '/mcp' }),
      ),
  ],
  [
    'slower deregistration',
    /^target group .*: attributes\.deregistration_delay\.timeout_seconds\.Value$/,
    async (place) =>
      place.clients.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: await targetGroup(place),
          Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '300' }],
        }),
      ),
  ],
  [
    'a rule of any path',
    /^listener rule 209: Conditions\b/,
    async (place) =>
      place.clients.elb.send(
        new ModifyRuleCommand({
          RuleArn: await listenerRule(place, '209'),
          Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
        }),
      ),
  ],
  [
    'a rule of somebody else',
    /^listener rule 210: tags\.Owner\.Value$/,
    async (place) =>
      place.clients.elb.send(
        new AddTagsCommand({ ResourceArns: [await listenerRule(place, '210')], Tags: [WRONG_TAG] }),
      ),
  ],
  [
    'a certificate of somebody else',
    /^certificate mcp\.example\.com: tags\.Owner\.Value$/,
    async (place) =>
      place.clients.acm.send(
        new AddTagsToCertificateCommand({ CertificateArn: await certificate(place), Tags: [WRONG_TAG] }),
      ),
  ],
  [
    'a listener without the certificate',
    /^(listener 443: certificates|certificate mcp\.example\.com: InUseBy)/,
    async (place) =>
      place.clients.elb.send(
        new RemoveListenerCertificatesCommand({
          ListenerArn: place.stack.listenerArn,
          Certificates: [{ CertificateArn: await certificate(place) }],
        }),
      ),
  ],
  [
    'an alias that looks at health',
    /^record set mcp\.example\.com\. A in .*: AliasTarget\.EvaluateTargetHealth$/,
    ({ clients, stack }) =>
      clients.route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: stack.hostedZoneId,
          ChangeBatch: {
            Changes: [
              {
                Action: 'UPSERT',
                ResourceRecordSet: {
                  Name: `${HOST}.`,
                  Type: 'A',
                  AliasTarget: {
                    DNSName: stack.albDnsName.toLowerCase(),
                    HostedZoneId: stack.albHostedZoneId,
                    EvaluateTargetHealth: true,
                  },
                },
              },
            ],
          },
        }),
      ),
  ],
  [
    'a role for everybody',
    /^role .*-task: AssumeRolePolicyDocument\b/,
    ({ clients }) =>
      clients.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: `${NAME}-task`,
          PolicyDocument: policyOf({ ...ANYBODY, Action: 'sts:AssumeRole' }),
        }),
      ),
  ],
  [
    'a role without its boundary',
    /^role .*-execution: PermissionsBoundary$/,
    ({ clients }) => clients.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: `${NAME}-execution` })),
  ],
  [
    'a permission too many',
    /^role .*-execution: policies\.more$/,
    ({ clients }) =>
      clients.iam.send(
        new PutRolePolicyCommand({
          RoleName: `${NAME}-execution`,
          PolicyName: 'more',
          PolicyDocument: policyOf({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
        }),
      ),
  ],
  [
    'a policy that is attached',
    /^role .*-task: attached$/,
    async ({ clients }) => {
      const PolicyDocument = policyOf({ Effect: 'Allow', Action: '*', Resource: '*' });
      const { Policy } = await clients.iam.send(new CreatePolicyCommand({ PolicyName: 'everything', PolicyDocument }));
      await clients.iam.send(new AttachRolePolicyCommand({ RoleName: `${NAME}-task`, PolicyArn: Policy!.Arn }));
    },
  ],
];

async function securityGroup({ clients }: Place): Promise<string> {
  const { SecurityGroups } = await clients.ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [NAME] }] }),
  );
  return SecurityGroups![0]!.GroupId!;
}

async function targetGroup({ clients }: Place): Promise<string> {
  const { TargetGroups } = await clients.elb.send(new DescribeTargetGroupsCommand({ Names: [NAME] }));
  return TargetGroups![0]!.TargetGroupArn!;
}

async function listenerRule({ clients, stack }: Place, priority: string): Promise<string> {
  const { Rules } = await clients.elb.send(new DescribeRulesCommand({ ListenerArn: stack.listenerArn }));
  return Rules!.find(({ Priority }) => Priority === priority)!.RuleArn!;
}

async function certificate({ clients }: Place): Promise<string> {
  const { CertificateSummaryList } = await clients.acm.send(new ListCertificatesCommand({}));
  return CertificateSummaryList!.find(({ DomainName }) => DomainName === HOST)!.CertificateArn!;
}

interface Deployed extends Place {
  readonly target: TargetUnderTest;
  readonly emulator: Emulator;
  readonly repository: EmittedRepository;
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
  readonly before: ReadAccount;
}

async function begin(target: TargetUnderTest, undo: (() => unknown)[]): Promise<Deployed> {
  const emulator = await startEmulator();
  undo.push(() => emulator.stop());
  const started = await target.start(emulator);
  undo.push(() => started.stop());
  const stack = await createQuiltStack(emulator);
  const repository = emitRepository(answersBehind(stack, environments(stack), LATEST, target.target));
  undo.push(() => repository.remove());
  return {
    target,
    emulator,
    stack,
    repository,
    clients: awsClients(emulator),
    before: await readAccount(emulator),
    ...started,
  };
}

/** What is different without being known, and what is known without being different. */
function surprises(found: readonly Difference[], known: readonly Known[], target: string): unknown[] {
  const isKnown = ({ where, first, second }: Difference) =>
    known.some((entry) => entry.where.test(where) && isEqual([first, second], [entry.first, entry.second(target)]));
  const gone = known.filter((entry) => !found.some(({ where }) => entry.where.test(where)));
  return [...found.filter((difference) => !isKnown(difference)), ...gone.map(({ why }) => `No longer so: ${why}`)];
}

function isEqual(value: unknown, wanted: unknown): boolean {
  try {
    expect(value).toEqual(wanted);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(await lacks(...TERRAFORM.engines))('one account for each target, of the same answers', () => {
  const undo: (() => unknown)[] = [];
  let all: Deployed[];
  let accounts: ReadAccount[];

  const run = async ({ target, repository, env }: Deployed, task: string) => {
    const { exitCode, output } = await repository.run(`${task}:production`, wordsFor(task, target), env);
    expect(exitCode, output).toBe(0);
  };

  beforeAll(async () => {
    all = await Promise.all([TERRAFORM, CLOUDFORMATION, CDK].map((target) => begin(target, undo)));
  });
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  it('the account for each target is the same before it is deployed to', () => {
    const [first, ...others] = all;
    for (const other of others) expect(differences(first!.before, other.before)).toEqual([]);
  });

  it.each(STAGES)(
    'the account for each target is the one that Terraform makes, but for what is known: $stage',
    async ({ stage, digest, tasks, known }) => {
      accounts = await Promise.all(
        all.map(async (deployed) => {
          deployed.repository.setDigest('production', digest);
          for (const task of tasks) await run(deployed, task);
          return readAccount(deployed.emulator);
        }),
      );
      const [first, ...others] = accounts;
      for (const [index, other] of others.entries()) {
        const { target } = all[index + 1]!.target;
        expect(surprises(differences(first!, other), known, target), target).toEqual([]);
      }
      if (stage !== 'destroyed') return;
      for (const [index, { before, target }] of all.entries()) {
        const added = differences(before, accounts[index]!).map(({ where }) => where);
        const isRecord = (name: string) => ONCE_DESTROYED[1]!.where.test(name);
        expect(
          added.filter((name) => !isRecord(name)),
          target.target,
        ).toEqual(LEFT);
        expect(added.filter(isRecord), target.target).toHaveLength(target.keepsValidationRecord ? 1 : 0);
      }
    },
  );

  describe('that is changed by hand', () => {
    const kindOf = (name: string) => KINDS.find((kind) => name.startsWith(`${kind} `)) ?? name;
    const changedKinds = new Set<string>();

    it.each(MISTAKES)('a change by hand to an account is found out: %s', async (_, where, make) => {
      const deployed = all[1]!;
      const before = accounts[1]!;
      await make(deployed);
      accounts[1] = await readAccount(deployed.emulator);
      const changed = differences(before, accounts[1]).map((difference) => difference.where);
      expect(changed).not.toEqual([]);
      expect(changed.filter((place) => !where.test(place))).toEqual([]);
      for (const place of changed) changedKinds.add(kindOf(place));
      const found = surprises(differences(accounts[0]!, accounts[1]), WHILE_DEPLOYED, deployed.target.target);
      expect(found).toEqual(expect.arrayContaining(changed.map((place) => expect.objectContaining({ where: place }))));
    });

    it('a change by hand to an account is found out for each kind of resource', () => {
      expect(new Set(Object.keys(accounts[0]!).map(kindOf))).toEqual(new Set(KINDS));
      expect(changedKinds).toEqual(new Set(KINDS));
    });

    it('a known difference between accounts would be found out if it were no longer so', () => {
      const [first] = accounts as [ReadAccount];
      expect(surprises(differences(first, first), WHILE_DEPLOYED, 'cdk')).toHaveLength(WHILE_DEPLOYED.length);
    });
  });
});
