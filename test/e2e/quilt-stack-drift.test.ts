import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  ModifyLoadBalancerAttributesCommand,
  SetSecurityGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import type { Duty } from '../../src/model/deployment';
import { type AwsClients, awsClients } from '../support/clients';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import { type Guard, startGuard } from '../support/guard';
import { createQuiltStack, type QuiltStack } from '../support/quilt-stack';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { TERRAFORM } from '../support/targets';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const STACK_TAG = 'aws:cloudformation:stack-name';

/** What `drift` says, as the role that plans, once the Quilt stack has something else where the answers look. */
describe.skipIf(skipWithoutEngines())('an update of the Quilt stack', { timeout: 240_000 }, () => {
  let emulator: Emulator;
  let guard: Guard;
  /** Of whoever may do everything. */
  let clients: AwsClients;
  let stack: QuiltStack;
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
    guard = await startGuard(emulator, clients.iam);
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

  it('is not said to have been before it was, with and without an image', async () => {
    expect((await look()).report).toBe('');
    repository.setDigest('dev', DIGEST);
    await become('deploy');
    await succeed('deploy:dev', TERRAFORM.approved);
    expect(await look()).toEqual({ output: expect.stringContaining('dev: nothing differs.'), report: '' });
  });

  it('that gave the load balancer another group and another idle timeout is told from it', async () => {
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
    expect(report.match(/Set environments/g)).toHaveLength(2);
    await change([GroupId!, ...stack.albSecurityGroupIds], '60');
    expect((await look()).report).toBe('');
  });

  it('that replaced the listener is said, with what the plan says', async () => {
    await clients.elb.send(new DeleteListenerCommand({ ListenerArn: stack.listenerArn }));
    const listenerArn = await listen(stack.albArn);
    const { report } = await look();
    console.log(report);
    expect(report).toContain(setTo('listenerArn', listenerArn));
    expect(report.match(/Set environments/g)).toHaveLength(1);
  });

  it('that replaced all of it is said, by the tag of CloudFormation', async () => {
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
    const { report, output } = await look();
    console.log(output);
    expect(report).toContain(setTo('listenerArn', own.listenerArn));
    expect(report).toContain(setTo('albSecurityGroupIds', `["${own.groupId}"]`));
    expect(report).toContain(setTo('albDnsName', own.dnsName));
    expect(report).toContain(setTo('clusterName', cluster!.clusterName!));
    expect(report).not.toContain(foreign.listenerArn);
  });
});
