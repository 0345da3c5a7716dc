import { DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { albEgressCommands } from '../../generators/docs/load-balancer';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR } from '../support/engines/emulator';
import { readNetwork } from '../support/network';
import { answersBehind, environmentBehind } from '../support/repository';

describe.skipIf(await lacks(EMULATOR))('the Quilt stack in an emulated account', () => {
  let emulator: Emulator;
  let clients: AwsClients;
  let stack: EmulatedQuiltStack;
  beforeAll(async () => {
    emulator = await startEmulator();
    clients = awsClients(emulator);
    stack = await createQuiltStack(emulator, { connect: true });
  });
  afterAll(() => emulator?.stop());

  it('the Quilt stack in an emulated account tells its resources, outputs and parameters as CloudFormation does', async () => {
    const { StackResourceSummaries } = await clients.cloudformation.send(
      new ListStackResourcesCommand({ StackName: stack.name }),
    );
    const resources = Object.fromEntries(
      StackResourceSummaries!.map(({ LogicalResourceId, PhysicalResourceId, ResourceType }) => [
        LogicalResourceId,
        [ResourceType, PhysicalResourceId],
      ]),
    );
    expect(resources).toMatchObject({
      LoadBalancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', stack.albArn],
      Listener: ['AWS::ElasticLoadBalancingV2::Listener', stack.listenerArn],
      Cluster: ['AWS::ECS::Cluster', stack.clusterName],
      ElbPrivateSecurityGroup: ['AWS::EC2::SecurityGroup', stack.albSecurityGroupIds[0]],
    });
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: stack.name }));
    const { Outputs, Parameters } = Stacks![0]!;
    const output = (key: string) => Outputs!.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    expect([output('QuiltWebHost'), output('LoadBalancerDNSName')]).toEqual([stack.catalogHost, stack.albDnsName]);
    expect(output('PlatformMcpServerUrl')).toContain('/mcp/platform/mcp');
    expect(Parameters).toContainEqual(
      expect.objectContaining({ ParameterKey: 'Subnets', ParameterValue: stack.privateSubnetIds.join(',') }),
    );
  });

  it('the Quilt stack in an emulated account has the listeners and rules of its template, and two load balancers with Connect', async () => {
    const { LoadBalancers } = await clients.elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers).toHaveLength(2);
    expect(LoadBalancers!.map(({ LoadBalancerName }) => LoadBalancerName)).not.toContain(stack.name);
    const { TagDescriptions } = await clients.elb.send(new DescribeTagsCommand({ ResourceArns: [stack.albArn] }));
    expect(TagDescriptions![0]!.Tags).toContainEqual({ Key: 'aws:cloudformation:logical-id', Value: 'LoadBalancer' });
    const { Listeners } = await clients.elb.send(new DescribeListenersCommand({ LoadBalancerArn: stack.albArn }));
    expect(Listeners!.map(({ Port }) => Port).sort()).toEqual([443, 444, 80]);
    const { Rules } = await clients.elb.send(new DescribeRulesCommand({ ListenerArn: stack.listenerArn }));
    const hosts = Rules!.map(({ Priority, Conditions }) => [Priority, Conditions![0]?.HostHeaderConfig?.Values?.[0]]);
    expect(hosts).toEqual([
      ['25', stack.catalogHost],
      ['30', stack.registryHost],
      ['40', expect.stringMatching(/-s3-proxy\./)],
      ['default', undefined],
    ]);
  });

  it('the Quilt stack in an emulated account lets the load balancer out to TCP 80 of its targets alone', async () => {
    const { SecurityGroups } = await clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: stack.albSecurityGroupIds }),
    );
    const egress = SecurityGroups!.map(({ IpPermissionsEgress }) =>
      IpPermissionsEgress!.map(({ FromPort, ToPort }) => [FromPort, ToPort]),
    );
    expect(egress.sort((a, b) => b.length - a.length)).toEqual([[[80, 80]], []]);
  });

  it('the Quilt stack in an emulated account has no tags of CloudFormation on the security group that is its parameter', async () => {
    const { SecurityGroups } = await clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: stack.albSecurityGroupIds }),
    );
    const tagged = SecurityGroups!.filter(({ Tags = [] }) => Tags.some(({ Key }) => Key!.startsWith('aws:')));
    expect(tagged.map(({ GroupId }) => GroupId)).toEqual(stack.albSecurityGroupIds.slice(0, 1));
  });

  it('the Quilt stack in an emulated account has NAT gateways with public addresses', async () => {
    const { natGateways, routeTables } = await readNetwork(clients);
    expect(natGateways).toHaveLength(stack.privateSubnetIds.length);
    expect(natGateways.filter(({ isPrivate }) => isPrivate)).toEqual([]);
    for (const { id } of natGateways) {
      expect(routeTables.flatMap(({ routes }) => routes).map(({ target }) => target)).toContain(id);
    }
  });

  it('an internal Quilt stack has its load balancer in UserSubnets, which have no way out, and a group by hand lets out everything', async () => {
    const internal = await createQuiltStack(emulator, { name: 'inside', scheme: 'internal', userGroup: 'by hand' });
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'inside' }));
    const parameters = Object.fromEntries(
      Stacks![0]!.Parameters!.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );
    expect(parameters).toMatchObject({ UserSubnets: internal.albSubnetIds.join(',') });
    expect(parameters).not.toHaveProperty('PublicSubnets');
    const { loadBalancers, routeTables, securityGroups } = await readNetwork(clients);
    expect(loadBalancers.find(({ arn }) => arn === internal.albArn)!.subnetIds.toSorted()).toEqual(
      internal.albSubnetIds.toSorted(),
    );
    const table = routeTables.find(({ subnetIds }) => subnetIds.includes(internal.albSubnetIds[0]!))!;
    expect(table.routes.map(({ target }) => target)).toEqual(['local']);
    const user = securityGroups.find(({ id }) => id === internal.albSecurityGroupIds[1])!;
    expect(user.egress.map(({ IpProtocol }) => IpProtocol)).toEqual(['-1']);
  });

  it('the command for the owner of its groups lets the load balancer of the Quilt stack out to the subnets of the tasks, once for all environments', async () => {
    const present = environmentBehind(stack);
    present.network.albEgress = 'present';
    const own = {
      ...present,
      routing: { mode: 'domain', host: 'mcp.example.com', priority: 100, hostedZoneId: stack.hostedZoneId },
    } as const;
    const answers = answersBehind(stack, { path: present, own });
    const { environments, contract } = resolveDeployment(readConfig(answers, 'the case'));
    const [command, ...others] = albEgressCommands(environments, contract.container.port);
    expect(others).toEqual([]);
    const { exitCode, all } = await execa('sh', ['-c', command!], { env: emulator.env, all: true, reject: false });
    expect(exitCode, all).toBe(0);
    const { SecurityGroups } = await clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [stack.albSecurityGroupIds[0]!] }),
    );
    const { Subnets } = await clients.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...stack.privateSubnetIds] }));
    const rule = SecurityGroups![0]!.IpPermissionsEgress!.find(({ FromPort }) => FromPort === contract.container.port);
    expect(rule!.IpRanges!.map(({ CidrIp }) => CidrIp).sort()).toEqual(
      Subnets!.map(({ CidrBlock }) => CidrBlock).sort(),
    );
  });
});
