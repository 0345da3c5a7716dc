import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import { CreateClusterCommand, DeleteClusterCommand, DeleteServiceCommand } from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  ModifyLoadBalancerAttributesCommand,
  SetSecurityGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { LATEST } from '../../src/conventions';
import type { Duty } from '../../src/model/deployment';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { type Guard, startGuard } from '../support/guard';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { quiltStackAsAnswered, standIn } from '../support/stand-in';
import { TERRAFORM, withoutCheck } from '../support/targets';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const STACK_TAG = 'aws:cloudformation:stack-name';

/** What `drift` says, as the role that plans, once the Quilt stack has something else where the answers look. */
describe.skipIf(await lacks(...TERRAFORM.engines))('an update of the Quilt stack', () => {
  let emulator: Emulator;
  let guard: Guard;
  /** Of whoever may do everything. */
  let clients: AwsClients;
  let stack: EmulatedQuiltStack;
  let repository: EmittedRepository;
  let env: NodeJS.ProcessEnv;

  const become = (duty: Duty | undefined) => {
    const roles = repository.deployment.environments[0]!.registry!.delivery!.roles;
    return guard.become(roles.find((role) => role.duty === duty)?.name);
  };
  const succeed = async (name: string, args: readonly string[] = []) => {
    const { exitCode, output } = await repository.run(name, args, env);
    expect(guard.refused).toEqual([]);
    expect(exitCode, output).toBe(0);
    return output;
  };
  const look = async () => {
    const report = join(repository.directory, 'reports/dev.txt');
    await become('plan');
    const output = await succeed('drift:dev', ['--report', report]);
    expect(existsSync(report)).toBe(true);
    return { output, report: readFileSync(report, 'utf8') };
  };
  const setTo = (answer: string, value: string) =>
    `Set environments.dev.network.${answer} in mcp-deploy.json to ${value}\n`;

  /** Another load balancer of the stack, with a group and an HTTPS listener of its own. */
  const another = async (name: string) => {
    const group = { GroupName: `${name}-alb`, Description: 'The load balancer', VpcId: stack.vpcId };
    const { GroupId } = await clients.ec2.send(new CreateSecurityGroupCommand(group));
    const { LoadBalancers } = await clients.elb.send(
      new CreateLoadBalancerCommand({
        Name: name,
        Type: 'application',
        Subnets: stack.publicSubnetIds,
        SecurityGroups: [GroupId!],
      }),
    );
    const { LoadBalancerArn, DNSName } = LoadBalancers![0]!;
    return { groupId: GroupId!, arn: LoadBalancerArn!, dnsName: DNSName!, listenerArn: await listen(LoadBalancerArn!) };
  };
  const listen = async (LoadBalancerArn: string) => {
    const { Listeners } = await clients.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTPS',
        Port: 443,
        Certificates: [{ CertificateArn: stack.certificateArn }],
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
    );
    return Listeners![0]!.ListenerArn!;
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    clients = awsClients(emulator);
    stack = await createQuiltStack(emulator);
    guard = await startGuard(emulator);
    const guarded = { ...emulator, url: guard.url, env: { ...emulator.env, AWS_ENDPOINT_URL: guard.url } };
    ({ env } = await TERRAFORM.start(guarded));
    const dev = environmentBehind(stack, {
      routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: stack.hostedZoneId },
    });
    repository = emitRepository({
      ...answersBehind(stack, { dev }, LATEST, 'terraform'),
      repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
      oidcProviders: { [stack.accountId]: { create: true } },
    });
    await succeed('registry:dev', TERRAFORM.approved);
  });
  afterAll(async () => {
    repository?.remove();
    await guard?.stop();
    await emulator?.stop();
  });

  it('drift tells of no update of the Quilt stack before there was one, with and without an image', async () => {
    expect((await look()).report).toBe('');
    repository.setDigest('dev', DIGEST);
    await become('deploy');
    await succeed('deploy:dev', withoutCheck(TERRAFORM.approved));
    expect(await look()).toEqual({ output: expect.stringContaining('dev: nothing differs.'), report: '' });
  });

  it('an update of the Quilt stack that gave the load balancer another group and another idle timeout is told from it', async () => {
    const group = { GroupName: 'other', Description: 'Other', VpcId: stack.vpcId };
    const { GroupId } = await clients.ec2.send(new CreateSecurityGroupCommand(group));
    const change = async (SecurityGroups: string[], Value: string) => {
      await clients.elb.send(new SetSecurityGroupsCommand({ LoadBalancerArn: stack.albArn, SecurityGroups }));
      const Attributes = [{ Key: 'idle_timeout.timeout_seconds', Value }];
      await clients.elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: stack.albArn, Attributes }));
    };
    await change([GroupId!], '90');
    const { report } = await look();
    expect(report).toContain(setTo('albSecurityGroupIds', `["${GroupId}"]`));
    expect(report).toContain(setTo('albIdleTimeout', '90'));
    expect(report).toContain(setTo('albEgress.create', GroupId!));
    expect(report.match(/Set environments/g)).toHaveLength(3);
    // The same as a diff, which is applied as it stands there.
    const file = join(repository.directory, 'mcp-deploy.json');
    const before = readFileSync(file, 'utf8');
    const [, diff] = /(--- a\/mcp-deploy\.json\n[\s\S]*?)\n(\n|$)/.exec(report)!;
    execFileSync('git', ['apply'], { cwd: repository.directory, input: `${diff}\n` });
    expect(JSON.parse(readFileSync(file, 'utf8')).environments.dev.network).toEqual({
      ...JSON.parse(before).environments.dev.network,
      albSecurityGroupIds: [GroupId],
      albIdleTimeout: 90,
      albEgress: { create: GroupId },
    });
    writeFileSync(file, before);
    await change([GroupId!, ...stack.albSecurityGroupIds], '1000');
    expect((await look()).report).toBe('');
  });

  it('an update of the Quilt stack that replaced the listener is said, with what the plan says', async () => {
    await clients.elb.send(new DeleteListenerCommand({ ListenerArn: stack.listenerArn }));
    const listenerArn = await listen(stack.albArn);
    const { report } = await look();
    expect(report).toContain(setTo('listenerArn', listenerArn));
    expect(report.match(/Set environments/g)).toHaveLength(1);
  });

  it('an update of the Quilt stack that replaced all of it is said, by the tag of CloudFormation, also while there is no image', async () => {
    const [own, foreign] = [await another('quilt-new'), await another('foreign')];
    const Tags = [{ Key: STACK_TAG, Value: stack.name }];
    await clients.elb.send(new AddTagsCommand({ ResourceArns: [own.arn], Tags }));
    const { cluster } = await clients.ecs.send(
      new CreateClusterCommand({ clusterName: 'quilt-new', tags: [{ key: STACK_TAG, value: stack.name }] }),
    );
    await clients.ecs.send(new CreateClusterCommand({ clusterName: 'foreign' }));
    const { serviceName } = repository.deployment.environments[0]!.service;
    await clients.ecs.send(new DeleteServiceCommand({ cluster: stack.clusterName, service: serviceName, force: true }));
    await clients.ecs.send(new DeleteClusterCommand({ cluster: stack.clusterName }));
    await clients.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: stack.albArn }));
    // What there is of a service is not asked for long, for all of it is gone.
    repository.setDigest('dev', null);
    const { report } = await look();
    expect(report).toContain(setTo('listenerArn', own.listenerArn));
    expect(report).toContain(setTo('albSecurityGroupIds', `["${own.groupId}"]`));
    expect(report).toContain(setTo('albDnsName', own.dnsName));
    expect(report).toContain(setTo('clusterName', cluster!.clusterName!));
    expect(report).not.toContain(foreign.listenerArn);
  });
});

/** What `drift` says for each thing that AWS may answer. */
describe('what the answers name of the Quilt stack', () => {
  type Aws = ReturnType<typeof quiltStackAsAnswered> & Record<string, unknown>;

  interface Setting {
    /** Answers in the place of the example's. */
    readonly network?: object;
    readonly digest?: string | null;
    /** What Terraform does, as a shell says it. */
    readonly terraform?: string;
    readonly target?: Answers['target'];
  }

  let folder: string;
  let repository: EmittedRepository;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quilt-stack-'));
    return () => {
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  /** Where AWS answers as for a Quilt stack that nobody updated, but for what a test changes. */
  const look = async (
    change: (aws: Aws) => Record<string, unknown>,
    { network, digest = null, terraform, target }: Setting = {},
  ) => {
    const answers = exampleAnswers(undefined, target);
    const dev = answers.environments.dev!;
    Object.assign(dev.network, network);
    if (dev.network.albDnsName) {
      dev.routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z2', priority: 1 };
    }
    repository = emitRepository({ ...answers, environments: { dev } });
    repository.setDigest('dev', digest);
    const intact = quiltStackAsAnswered(repository.deployment.environments[0]!.quiltStack);
    const calls = standIn(folder, 'aws', {
      'sts get-caller-identity': { Account: dev.account },
      ...change({ ...intact }),
    });
    writeFileSync(join(folder, 'bin/terraform'), `#!/bin/sh\n${terraform ?? 'exit 64'}\n`);
    chmodSync(join(folder, 'bin/terraform'), 0o755);
    const report = join(folder, 'reports/dev.txt');
    rmSync(report, { force: true });
    const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
    const { exitCode, output } = await repository.run('drift:dev', ['--report', report], { PATH });
    return { exitCode, output, report: existsSync(report) ? readFileSync(report, 'utf8') : undefined, calls: calls() };
  };
  const NOT_FOUND = 'An error occurred (ListenerNotFound) when calling the DescribeListeners operation: not found';
  const MISSING = { clusters: [], failures: [{ arn: 'arn:c', reason: 'MISSING' }] };
  const LISTENERS = 'elbv2 describe-listeners --region us-east-1';
  const CLUSTERS = 'ecs describe-clusters --region us-east-1';
  const balancer = (name: string, change: object = {}) => ({
    LoadBalancerArn: `arn:lb/${name}`,
    LoadBalancerName: name,
    Type: 'application',
    VpcId: 'vpc-44444444444444444',
    SecurityGroups: ['sg-44444444444444444'],
    DNSName: `${name}.elb.amazonaws.com`,
    CanonicalHostedZoneId: 'Z1',
    ...change,
  });
  const listener = (name: string, Protocol = 'HTTPS') => ({ ListenerArn: `arn:listener/${name}`, Protocol, Port: 443 });
  /** Without the listener, and with these load balancers. */
  const withoutListener = (
    { 'elbv2 describe-listeners': _, ...aws }: Aws,
    balancers: readonly ReturnType<typeof balancer>[],
    stacks: Readonly<Record<string, string>> = {},
    protocol = 'HTTPS',
  ) => ({
    ...aws,
    [`${LISTENERS} --listener-arns`]: { error: NOT_FOUND },
    ...Object.fromEntries(
      balancers.map(({ LoadBalancerArn, LoadBalancerName }) => [
        `${LISTENERS} --load-balancer-arn ${LoadBalancerArn}`,
        { Listeners: [listener(LoadBalancerName, protocol), listener('plain', 'HTTP')] },
      ]),
    ),
    'elbv2 describe-load-balancers': { LoadBalancers: balancers },
    'elbv2 describe-tags': {
      TagDescriptions: balancers.map(({ LoadBalancerArn, LoadBalancerName }) => ({
        ResourceArn: LoadBalancerArn,
        Tags: stacks[LoadBalancerName] ? [{ Key: STACK_TAG, Value: stacks[LoadBalancerName] }] : [],
      })),
    },
  });
  const PLACE = 'environments.dev.network';

  it('drift says nothing, and looks for nothing, if the Quilt stack is as the answers name it', async () => {
    const { exitCode, report, calls } = await look((aws) => aws);
    expect({ exitCode, report }).toEqual({ exitCode: 0, report: '' });
    // A reading of the account, which has no AWS CLI here that says its version, is not made.
    const own = calls.filter((call) => call !== '--version');
    expect(own.map((call) => call.split(' ')[1])).toEqual([
      'describe-listeners',
      'describe-clusters',
      'describe-security-groups',
      'describe-load-balancers',
      'describe-load-balancer-attributes',
    ]);
  });

  it('drift finds another listener of the Quilt stack by the stack, if its tag tells it', async () => {
    const { exitCode, report } = await look((aws) =>
      withoutListener(aws, [balancer('new'), balancer('other')], { new: 'quilt', other: 'other' }),
    );
    expect(exitCode).toBe(0);
    expect(report).toContain(`Set ${PLACE}.listenerArn in mcp-deploy.json to arn:listener/new\n`);
    expect(report).toContain('of the CloudFormation stack quilt');
    expect(report).toContain('npx projen');
    expect(report).toContain('gone with it');
    expect(report).not.toContain('other');
  });

  it('drift finds another listener of the Quilt stack, and tells the stack by what is left of it', async () => {
    const { report } = await look((aws) => {
      const group = aws['ec2 describe-security-groups'].SecurityGroups[0]!;
      const tagged = { ...group, Tags: [{ Key: STACK_TAG, Value: 'quilt-dev' }] };
      const changed = withoutListener(aws, [balancer('a'), balancer('b')], { a: 'quilt', b: 'quilt-dev' });
      return { ...changed, 'ec2 describe-security-groups': { SecurityGroups: [tagged] } };
    });
    expect(report).toContain(`Set ${PLACE}.listenerArn in mcp-deploy.json to arn:listener/b\n`);
  });

  it('drift says that the Quilt stack has one of several listeners, or none that can be found', async () => {
    const several = await look((aws) =>
      withoutListener(aws, [
        balancer('a', { SecurityGroups: ['sg-1'] }),
        balancer('b'),
        balancer('far', { VpcId: 'vpc-1' }),
        balancer('n', { Type: 'network' }),
      ]),
    );
    expect(several.report).toMatch(
      /listenerArn in mcp-deploy.json to one of\n {4}arn:listener\/a .*\n {4}arn:listener\/b /,
    );
    expect(several.report).toMatch(
      /albSecurityGroupIds in mcp-deploy.json to one of\n {4}\["sg-1"\] \(as a has it\)\n/,
    );
    expect(several.report).not.toMatch(/listener\/(far|n)\b/);
    repository.remove();
    const none = await look((aws) => withoutListener(aws, [balancer('a')], {}, 'HTTP'));
    expect(none).toMatchObject({
      exitCode: 0,
      report: expect.stringContaining('There is no application load balancer'),
    });
    expect(none.report).not.toMatch(/Set environments/);
  });

  it('drift says that the Quilt stack has another load balancer, which the record of a domain names', async () => {
    const network = { albDnsName: 'dualstack.old.elb.amazonaws.com', albHostedZoneId: 'Z0' };
    const SecurityGroups = ['sg-new'];
    const { report } = await look(
      (aws) => ({
        ...withoutListener(aws, [balancer('New', { SecurityGroups })], { New: 'quilt' }),
        'ec2 describe-security-groups': { SecurityGroups: [] },
      }),
      { network },
    );
    for (const [answer, value] of [
      ['listenerArn', 'arn:listener/New'],
      ['albSecurityGroupIds', '["sg-new"]'],
      ['albDnsName', 'new.elb.amazonaws.com'],
      ['albHostedZoneId', 'Z1'],
    ]) {
      expect(report).toContain(`Set ${PLACE}.${answer} in mcp-deploy.json to ${value}\n`);
    }
    expect(report).toContain('Not there any more: sg-44444444444444444.');
    repository.remove();
    const same = { albDnsName: 'dualstack.as-answered.elb.amazonaws.com', albHostedZoneId: 'Z1' };
    const unchanged = await look(
      (aws) => {
        const [own] = aws['elbv2 describe-load-balancers'].LoadBalancers;
        const LoadBalancers = [
          { ...own, DNSName: 'As-Answered.elb.amazonaws.com', SecurityGroups: [...own!.SecurityGroups, 'sg-more'] },
        ];
        return { ...aws, 'elbv2 describe-load-balancers': { LoadBalancers } };
      },
      { network: same },
    );
    expect(unchanged.report).toBe('');
  });

  it('drift says that the Quilt stack is in another VPC', async () => {
    const { report } = await look((aws) =>
      withoutListener(aws, [balancer('new', { VpcId: 'vpc-1' })], { new: 'quilt' }),
    );
    expect(report).toContain(`Set ${PLACE}.vpcId in mcp-deploy.json to vpc-1\n`);
    expect(report).toContain(`${PLACE}.privateSubnetIds`);
  });

  it.each([
    ['clusterName', 'clusterName', 'new'],
    ['clusterArn', 'clusterArn', 'arn:aws:ecs:us-east-1:111122223333:cluster/new'],
  ])('drift says that the Quilt stack has another cluster: %s', async (_, answer, value) => {
    const cluster = (name: string, tag: string) => ({
      clusterName: name,
      clusterArn: `arn:aws:ecs:us-east-1:111122223333:cluster/${name}`,
      status: 'ACTIVE',
      tags: [{ key: STACK_TAG, value: tag }],
    });
    const all = [cluster('new', 'quilt'), cluster('foreign', 'x'), { ...cluster('old', 'quilt'), status: 'INACTIVE' }];
    const arns = all.map(({ clusterArn }) => clusterArn);
    const network =
      answer === 'clusterArn'
        ? { clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/quilt-dev', clusterName: undefined }
        : {};
    const gone = ({ 'ecs describe-clusters': _clusters, ...aws }: Aws, clusters = all, found: object = MISSING) => ({
      ...aws,
      'elbv2 describe-tags': { TagDescriptions: [] },
      'ecs list-clusters': { clusterArns: arns },
      [`${CLUSTERS} --clusters ${arns[0]}`]: { clusters, failures: [] },
      [`${CLUSTERS} --clusters`]: found,
    });
    const { exitCode, report } = await look((aws) => gone(aws), { network });
    expect(exitCode).toBe(0);
    expect(report).toContain(`Set ${PLACE}.${answer} in mcp-deploy.json to ${value}\n`);
    expect(report).not.toContain('foreign');
    repository.remove();
    // Deleted, and remembered; nothing is of the stack.
    const inactive = { clusters: [{ status: 'INACTIVE' }], failures: [] };
    const untagged = all.map((one) => ({ ...one, tags: [] }));
    const several = await look((aws) => gone(aws, untagged, inactive), { network });
    expect(several.report).toMatch(
      new RegExp(`${answer} in mcp-deploy.json to one of\n {4}${value} .*\n {4}\\S*foreign `),
    );
    repository.remove();
    const none = await look((aws) => gone(aws, []), { network });
    expect(none.report).toContain('There is no active cluster');
  });

  it('drift says, and does not fail, that the Quilt stack is replaced, so that nothing else can be compared', async () => {
    const plan = (message: string) => `case "$*" in *' plan '*) echo '${message}' >&2; exit 1 ;; esac`;
    const replaced = (aws: Aws) => withoutListener(aws, [balancer('new')], { new: 'quilt' });
    const failed = await look(replaced, { digest: DIGEST, terraform: plan('couldn\\047t find resource') });
    expect(failed.exitCode, failed.output).toBe(0);
    expect(failed.report).toContain('arn:listener/new');
    expect(failed.report).toMatch(/the rest cannot be compared:\n\n.*service[\s\S]*find resource/);
    repository.remove();
    const stacks = await look(
      (aws) => ({
        ...replaced(aws),
        'cloudformation detect-stack-drift': { StackDriftDetectionId: 'id' },
        'cloudformation describe-stack-drift-detection-status': {
          DetectionStatus: 'DETECTION_FAILED',
          DetectionStatusReason: 'no such listener',
        },
      }),
      { digest: DIGEST, target: 'cloudformation' },
    );
    expect(stacks.exitCode, stacks.output).toBe(0);
    expect(stacks.report).toMatch(/arn:listener\/new[\s\S]*the rest cannot be compared:\n\n.*no such listener/);
    repository.remove();
    const other: [(aws: Aws) => Record<string, unknown>, string][] = [
      [(aws) => aws, plan('no such listener')],
      [replaced, plan('AccessDenied: no')],
      [replaced, 'echo no bucket >&2; exit 1'],
    ];
    for (const [change, terraform] of other) {
      const { exitCode, output, report } = await look(change, { digest: DIGEST, terraform });
      expect({ exitCode, report }).toEqual({ exitCode: 1, report: undefined });
      expect(output).toMatch(/no such listener|AccessDenied|no bucket/);
      expect(output.includes('arn:listener/new')).toBe(change === replaced);
      repository.remove();
    }
  });

  it('drift fails, with the message, if the Quilt stack cannot be looked at', async () => {
    const denied = 'An error occurred (AccessDenied) when calling the DescribeListeners operation: not authorized';
    const failures: [(aws: Aws) => Record<string, unknown>, string][] = [
      [(aws) => ({ ...aws, 'elbv2 describe-listeners': { error: denied } }), 'not authorized'],
      [(aws) => ({ ...aws, 'ecs describe-clusters': { error: denied } }), 'not authorized'],
      [(aws) => ({ ...aws, 'elbv2 describe-load-balancer-attributes': { error: denied } }), 'not authorized'],
      [
        (aws) => ({ ...aws, 'ecs describe-clusters': { clusters: [], failures: [{ reason: 'TIMEOUT' }] } }),
        'does not say whether there is the cluster quilt-dev: TIMEOUT',
      ],
      [
        (aws) => ({ ...withoutListener(aws, []), 'sts get-caller-identity': { Account: '999999999999' } }),
        'The credentials are for the account 999999999999, and dev is in 111122223333',
      ],
    ];
    for (const [change, message] of failures) {
      const { exitCode, output, report } = await look(change);
      expect({ exitCode, report }).toEqual({ exitCode: 1, report: undefined });
      expect(output).toContain(message);
      repository.remove();
    }
  });
});
