import { describe, expect, it } from 'vitest';

import type { NetworkFacts, Permission } from '../../../src/discovery/account';
import type { Rule } from '../../../src/discovery/listener-rules';
import { obstacles, type ServicePlace } from '../../../src/discovery/reachability';

// biome-ignore lint/suspicious/noExplicitAny: each case makes one thing of it wrong
type Loose = any;

const OURS = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/mcp/1';
const CATALOG = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/quilt-nginx/2';
const URL = 'https://quilt.example.com/mcp';

const SERVICE: ServicePlace = {
  listenerArn: 'listener',
  targetGroupArns: [OURS],
  port: 8000,
  subnetIds: ['subnet-a', 'subnet-b'],
  securityGroupIds: ['sg-tasks'],
};

const tcp = (port: number, peer: Partial<Permission>): Permission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...peer,
});
const of = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });
const block = (CidrIp: string) => ({ IpRanges: [{ CidrIp }] });
const ALL: Permission = { IpProtocol: '-1', ...block('0.0.0.0/0') };

function rule(priority: string, target: string, ...paths: string[]): Rule {
  return {
    Priority: priority,
    Conditions: [
      { Field: 'host-header', HostHeaderConfig: { Values: ['quilt.example.com'] } },
      ...(paths.length > 0 ? [{ Field: 'path-pattern', PathPatternConfig: { Values: paths } }] : []),
    ],
    Actions: [{ Type: 'forward', TargetGroupArn: target }],
  };
}

/** A deployment that works: a way out of the load balancer for it, its rule before the catalog's, NAT for its tasks. */
function account(): NetworkFacts {
  return {
    loadBalancers: [{ arn: 'alb', securityGroupIds: ['sg-alb', 'sg-user'], subnetIds: ['subnet-x', 'subnet-y'] }],
    listeners: [
      {
        arn: 'listener',
        loadBalancerArn: 'alb',
        port: 443,
        rules: [
          rule('10', OURS, '/mcp', '/mcp/*'),
          rule('25', CATALOG),
          {
            IsDefault: true,
            Priority: 'default',
            Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
          },
        ],
      },
    ],
    securityGroups: [
      { id: 'sg-alb', ingress: [], egress: [tcp(80, of('sg-target')), tcp(8000, of('sg-tasks'))] },
      { id: 'sg-user', ingress: [tcp(443, block('0.0.0.0/0'))], egress: [] },
      { id: 'sg-tasks', ingress: [tcp(8000, of('sg-alb'))], egress: [tcp(443, block('0.0.0.0/0'))] },
    ],
    subnets: [
      { id: 'subnet-x', vpcId: 'vpc', cidr: '10.0.0.0/24' },
      { id: 'subnet-y', vpcId: 'vpc', cidr: '10.0.1.0/24' },
      { id: 'subnet-a', vpcId: 'vpc', cidr: '10.0.2.0/24' },
      { id: 'subnet-b', vpcId: 'vpc', cidr: '10.0.3.0/24' },
    ],
    routeTables: [
      { id: 'rtb-main', vpcId: 'vpc', isMain: true, subnetIds: [], routes: [{ cidr: '10.0.0.0/16', target: 'local' }] },
      {
        id: 'rtb-nat',
        vpcId: 'vpc',
        isMain: false,
        subnetIds: ['subnet-a', 'subnet-b'],
        routes: [
          { cidr: '10.0.0.0/16', target: 'local' },
          { cidr: '0.0.0.0/0', target: 'nat-1' },
        ],
      },
    ],
    natGateways: [{ id: 'nat-1', isPrivate: false }],
    endpoints: [],
  };
}

function found(change: (facts: Loose) => void = () => {}, url = URL, headers?: Record<string, string>): string[] {
  const facts = structuredClone(account()) as Loose;
  change(facts);
  return obstacles(facts, { url, headers }, SERVICE).map(({ at, text }) => `${at}: ${text}`);
}

const group = (facts: Loose, id: string) => facts.securityGroups.find((one: Loose) => one.id === id);

describe('what keeps a client from a task', () => {
  it('what keeps a client from a task is nothing if rules, groups and routes lead there', () => {
    expect(found()).toEqual([]);
    expect(found(undefined, `${URL}/x?y`)).toEqual([]);
  });

  it.each<[what: string, change: (facts: Loose) => void, text: RegExp]>([
    [
      "a rule after the catalog's",
      (facts) => {
        facts.listeners[0].rules[0].Priority = '100';
      },
      /^listener: rule 25 forwards to quilt-nginx what is for quilt\.example\.com\/mcp; the rules of this deployment are 100$/,
    ],
    [
      'no rule',
      (facts) => {
        facts.listeners[0].rules.splice(0, 2);
      },
      /^listener: rule default answers with 404 what is for .*; this deployment has no rule$/,
    ],
    [
      'a rule whose weight is all elsewhere',
      (facts) => {
        facts.listeners[0].rules[0].Actions = [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: OURS, Weight: 0 },
                { TargetGroupArn: CATALOG, Weight: 1 },
              ],
            },
          },
        ];
      },
      /^listener: rule 10 forwards to quilt-nginx/,
    ],
    [
      'another listener',
      (facts) => Object.assign(facts.listeners[0], { arn: 'other' }),
      /^listener: there is no listener listener$/,
    ],
    [
      'another port',
      (facts) => Object.assign(facts.listeners[0], { port: 444 }),
      /^listener: the listener is on port 444, .* to 443$/,
    ],
    [
      "a stack's own groups",
      (facts) => {
        group(facts, 'sg-alb').egress.pop();
      },
      /^load balancer: no security group of the load balancer \(sg-alb and sg-user\) lets it out to TCP 8000 of the tasks in subnet-a and subnet-b$/,
    ],
    [
      'a way out to another port',
      (facts) => {
        Object.assign(group(facts, 'sg-alb').egress[1], { FromPort: 8001, ToPort: 9000 });
      },
      /^load balancer: /,
    ],
    [
      'a way out to one of two subnets',
      (facts) => {
        group(facts, 'sg-alb').egress[1] = tcp(8000, block('10.0.2.0/24'));
      },
      /^load balancer: .* in subnet-b$/,
    ],
    [
      'a way out to a part of a subnet',
      (facts) => {
        group(facts, 'sg-alb').egress[1] = tcp(8000, block('10.0.2.0/23'));
        facts.subnets[3].cidr = '10.0.3.0/22';
      },
      /^load balancer: .* in subnet-b$/,
    ],
    [
      'tasks that let in nobody',
      (facts) => {
        group(facts, 'sg-tasks').ingress = [tcp(8000, of('sg-other'))];
      },
      /^tasks: no security group of the tasks \(sg-tasks\) lets in TCP 8000 from the load balancer in subnet-x and subnet-y$/,
    ],
    [
      'tasks that are not let out',
      (facts) => {
        group(facts, 'sg-tasks').egress = [tcp(80, block('0.0.0.0/0'))];
      },
      /^tasks: no security group of the tasks \(sg-tasks\) lets out TCP 443 to 0\.0\.0\.0\/0$/,
    ],
    [
      'tasks that are let out to their VPC alone, in subnets with a way to the internet',
      (facts) => {
        group(facts, 'sg-tasks').egress = [tcp(443, block('10.0.0.0/16'))];
      },
      /^tasks: no security group of the tasks \(sg-tasks\) lets out TCP 443 to 0\.0\.0\.0\/0$/,
    ],
    [
      'a subnet without a route',
      (facts) => {
        facts.routeTables[1].subnetIds = ['subnet-a'];
      },
      /^subnets: subnet-b has neither a route to a NAT gateway nor VPC endpoints for ecr\.api, ecr\.dkr, s3 and logs$/,
    ],
    [
      'a public subnet',
      (facts) => {
        facts.routeTables[1].routes[1].target = 'igw-1';
      },
      /^subnets: subnet-a leads to an internet gateway \(igw-1\)/,
    ],
    [
      'a NAT gateway that is gone',
      (facts) => {
        facts.routeTables[1].routes[1].isBlackhole = true;
      },
      /^subnets: subnet-a has a route to nat-1, which is gone$/,
    ],
    [
      'a private NAT gateway',
      (facts) => {
        facts.natGateways[0].isPrivate = true;
      },
      /^subnets: subnet-b leads to a private NAT gateway \(nat-1\), which has no public address/,
    ],
    ['a subnet that is gone', (facts) => void facts.subnets.pop(), /^subnets: there is no subnet subnet-b$/],
  ])('what keeps a client from a task is named: %s', (_what, change, text) => {
    expect(found(change)).toEqual(expect.arrayContaining([expect.stringMatching(text)]));
  });

  it('what keeps a client from a task is not there if groups let out everything, or the blocks of all subnets', () => {
    expect(found((facts) => Object.assign(group(facts, 'sg-alb'), { egress: [ALL] }))).toEqual([]);
    expect(found((facts) => Object.assign(group(facts, 'sg-user'), { egress: [ALL] }))).toEqual([]);
    expect(
      found((facts) => Object.assign(group(facts, 'sg-alb'), { egress: [tcp(8000, block('10.0.2.0/23'))] })),
    ).toEqual([]);
  });

  it('what keeps a task from the internet is not there if VPC endpoints stand in for it', () => {
    const endpoint = (service: string, type: string) => ({
      service: `com.amazonaws.us-east-1.${service}`,
      vpcId: 'vpc',
      type,
      routeTableIds: type === 'Gateway' ? ['rtb-nat'] : [],
    });
    const withEndpoints = (facts: Loose) => {
      facts.routeTables[1].routes.pop();
      facts.endpoints = [
        ...['ecr.api', 'ecr.dkr', 'logs'].map((service) => endpoint(service, 'Interface')),
        endpoint('s3', 'Gateway'),
      ];
    };
    expect(found(withEndpoints)).toEqual([]);
    const letOutTo = (cidr: string) =>
      found((facts) => {
        withEndpoints(facts);
        group(facts, 'sg-tasks').egress = [tcp(443, block(cidr))];
      });
    expect(letOutTo('10.0.0.0/16')).toEqual([]);
    expect(letOutTo('10.0.2.0/24')).toEqual([
      'tasks: no security group of the tasks (sg-tasks) lets out TCP 443 to 10.0.3.0/24',
    ]);
    expect(
      found((facts) => {
        withEndpoints(facts);
        facts.endpoints[3].routeTableIds = ['rtb-main'];
      }),
    ).toEqual([
      'subnets: subnet-a has neither a route to a NAT gateway nor VPC endpoints for s3',
      'subnets: subnet-b has neither a route to a NAT gateway nor VPC endpoints for s3',
    ]);
  });

  it('what keeps a client from a task depends on its headers', () => {
    const refusing = (facts: Loose) => {
      facts.listeners[0].rules.unshift({
        ...rule('9', CATALOG, '/mcp'),
        Conditions: [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'Origin', Values: ['*'] } }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }],
      });
    };
    expect(found(refusing)).toEqual([]);
    expect(found(refusing, URL, { Origin: 'https://evil.example.com' })).toEqual([
      'listener: rule 9 answers with 403 what is for quilt.example.com/mcp; the rules of this deployment are 10',
    ]);
  });
});
