import { describe, expect, it } from 'vitest';
import type { CallName } from '../../../../src/discovery/calls';
import { proposalsOf, proposedAnswers } from '../../../../src/discovery/proposals';
import { CallFailure } from '../../../../src/discovery/reader';
import { readAccount, type Start } from '../../../../src/discovery/reading';

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333';
const listenerOf = (name: string) => `${ELB}:listener/app/${name}/0123/4567`;
const balancerOf = (name: string) => `${ELB}:loadbalancer/app/${name}/0123`;
const BALANCERS = ['stack', 'own'];

/** An account with the Quilt stack's load balancer and cluster, and others beside them. */
async function ask(name: CallName, input: object): Promise<unknown> {
  const { LoadBalancerArn, ListenerArn, clusters } = input as {
    LoadBalancerArn?: string;
    ListenerArn?: string;
    clusters?: readonly string[];
  };
  const [balancer] = BALANCERS.filter((one) => LoadBalancerArn === balancerOf(one));
  const answers: Partial<Record<CallName, unknown>> = {
    identity: { Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/me' },
    stacks: {
      Stacks: [
        {
          StackName: 'quilt',
          StackStatus: 'UPDATE_COMPLETE',
          Outputs: [
            { OutputKey: 'QuiltWebHost', OutputValue: 'https://Quilt.example.com/' },
            { OutputKey: 'RegistryHost', OutputValue: 'https://quilt-registry.example.com:443/' },
          ],
          Parameters: [{ ParameterKey: 'VPC', ParameterValue: 'vpc-stack' }],
        },
      ],
    },
    stackResources: {
      StackResourceSummaries: [
        { LogicalResourceId: 'LoadBalancer', ResourceType: 'x', PhysicalResourceId: balancerOf('stack') },
        { LogicalResourceId: 'Listener', ResourceType: 'x', PhysicalResourceId: listenerOf('stack') },
        { LogicalResourceId: 'Cluster', ResourceType: 'x', PhysicalResourceId: 'stack' },
      ],
    },
    loadBalancers: {
      LoadBalancers: BALANCERS.map((one) => ({
        LoadBalancerArn: balancerOf(one),
        LoadBalancerName: one,
        Type: 'application',
        Scheme: 'internal',
        VpcId: `vpc-${one}`,
        DNSName: `${one}.elb.amazonaws.com`,
        CanonicalHostedZoneId: 'Z',
        IpAddressType: 'ipv4',
      })),
    },
    listeners: balancer && {
      Listeners: [
        { ListenerArn: listenerOf(balancer), LoadBalancerArn: balancerOf(balancer), Protocol: 'HTTPS', Port: 443 },
      ],
    },
    rules: {
      Rules: [
        {
          RuleArn: `${ListenerArn}/25`,
          Priority: '25',
          Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['quilt.example.com'] } }],
          Actions: [{ Type: 'forward', TargetGroupArn: 'arn' }],
        },
      ],
    },
    cluster: { clusters: clusters?.map((one) => ({ clusterArn: `arn:${one}`, clusterName: one, status: 'ACTIVE' })) },
  };
  if (answers[name] === undefined) throw new CallFailure('absent', 'NotFound');
  return answers[name];
}

const read = (start: Omit<Start, 'region'>) => readAccount(ask, { region: 'us-east-1', ...start }, new Date(0));
const named = (balancer: string, cluster: string) => ({
  listenerArn: listenerOf(balancer),
  vpcId: `vpc-${balancer}`,
  cluster,
  names: { deployment: 'quilt', service: 's', logGroup: '/ecs/s', taskRoles: [] },
});
const CATALOG = { source: 'x', url: 'https://quilt.example.com', host: 'quilt.example.com', region: 'us-east-1' };

describe('a reading of an account', () => {
  it("a reading of an environment goes by the load balancer, network and cluster of its answers, not by the stack's", async () => {
    const { parts } = await read({ catalog: CATALOG, named: named('own', 'mine') });
    expect([parts.stack?.name, parts.listenerArn, parts.cluster?.name]).toEqual(['quilt', listenerOf('own'), 'mine']);
    const { network } = proposedAnswers(proposalsOf(await read({ catalog: CATALOG, named: named('own', 'mine') })));
    expect(network).toMatchObject({ vpcId: 'vpc-own', listenerArn: listenerOf('own') });
  });

  it("a reading of an environment whose listener is gone finds the stack's", async () => {
    const { parts } = await read({ catalog: CATALOG, named: named('gone', 'stack') });
    expect(parts.listenerArn).toBe(listenerOf('stack'));
    const alone = await readAccount(
      (name, input) => (name === 'stacks' ? Promise.resolve({ Stacks: [] }) : ask(name, input)),
      { region: 'us-east-1', catalog: CATALOG, named: named('gone', 'stack') },
      new Date(0),
    );
    expect([alone.parts.stack, alone.parts.listenerArn]).toEqual([null, null]);
  });

  it('a reading of a stack by its name takes the host of an output that is a URL', async () => {
    const snapshot = await read({ stackName: 'quilt' });
    expect(proposedAnswers(proposalsOf(snapshot))).toMatchObject({
      catalogUrl: 'https://quilt.example.com',
      registryUrl: 'https://quilt-registry.example.com',
      routing: { host: 'quilt.example.com' },
      network: { listenerArn: listenerOf('stack'), clusterName: 'stack' },
    });
  });
});
