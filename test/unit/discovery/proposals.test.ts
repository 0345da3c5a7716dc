import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/discovery/listener-rules';
import { freeBlock } from '../../../src/discovery/priority';
import { proposalsOf, proposedAnswers } from '../../../src/discovery/proposals';
import type { ProposedAnswer } from '../../../src/discovery/proposed-answer';
import { proposedDeployment } from '../../../src/discovery/proposed-deployment';
import type { Parts } from '../../../src/discovery/snapshot';
import { healthyAccount, OLD_GROUP, oldServer } from '../../support/healthy-account';

const proposed = (change: (parts: Required<Parts>) => Partial<Parts> = () => ({})) =>
  proposalsOf(healthyAccount((parts) => ({ ...parts, ...change(parts) })));
const at = (proposals: readonly ProposedAnswer[], path: string) => proposals.find((one) => one.path === path);

const HOST = 'quilt.example.com';
const rule = (Priority: number, host = HOST): Rule => ({
  Priority: String(Priority),
  Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
  Actions: [{ Type: 'forward', TargetGroupArn: 'x' }],
});
const DEFAULT: Rule = { IsDefault: true, Priority: 'default', Actions: [{ Type: 'fixed-response' }] };

describe('the proposals of an account', () => {
  it('the proposals of a Quilt stack answer all that an environment needs, each with its evidence', () => {
    const proposals = proposed();
    expect(proposedAnswers(proposals)).toEqual({
      account: '111122223333',
      region: 'us-east-1',
      catalogUrl: 'https://quilt.example.com',
      registryUrl: 'https://quilt-registry.example.com',
      routing: { mode: 'path', host: HOST, priority: 10 },
      network: {
        vpcId: 'vpc-0a0a0a0a',
        privateSubnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b'],
        listenerArn: expect.stringContaining(':listener/app/'),
        albSecurityGroupIds: ['sg-0a0a0a0a', 'sg-0b0b0b0b'],
        albEgress: { create: 'sg-0a0a0a0a' },
        albDnsName: 'quilt-loadbalancer-0a1b.us-east-1.elb.amazonaws.com',
        albHostedZoneId: 'Z35SXDOTRQ7X7K',
        albIpAddressType: 'ipv4',
        albIdleTimeout: 1000,
        clusterName: 'quilt',
      },
    });
    expect(proposals.filter(({ evidence }) => evidence === '')).toEqual([]);
    expect(proposedDeployment(proposals)?.environment.url).toBe('https://quilt.example.com/mcp');
  });

  it('the proposals for what the owner wants are candidates, and no answers', () => {
    const proposals = proposed(() => ({ buckets: ['acme-terraform-state', 'acme-data'] }));
    expect(at(proposals, '/state.bucket')).toMatchObject({ candidates: [{ value: 'acme-terraform-state' }] });
    expect(at(proposals, 'routing.hostedZoneId')).toMatchObject({ candidates: [{ value: 'Z0123456789ABCDEFGHIJ' }] });
    expect(at(proposals, 'routing.certificateArn')?.candidates).toHaveLength(1);
    expect(proposals.filter(({ value, candidates }) => value !== undefined && candidates !== undefined)).toEqual([]);
  });

  it("the proposals without the stack's parameter are subnets with a way out: answers if each zone has one, else candidates", () => {
    const withoutStack = proposed(() => ({ stack: null }));
    expect(at(withoutStack, 'network.privateSubnetIds')?.value).toEqual(['subnet-0a0a0a0a', 'subnet-0b0b0b0b']);
    const twice = proposed(({ routeTables: [own, main] }) => ({
      stack: null,
      routeTables: [{ ...own!, subnetIds: [...own!.subnetIds, 'subnet-0c0c0c0c'] }, main!],
    }));
    expect(at(twice, 'network.privateSubnetIds')).toMatchObject({
      candidates: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b', 'subnet-0c0c0c0c'].map((value) => ({ value })),
    });
    expect(proposedDeployment(twice)).toBeUndefined();
    const none = proposed(() => ({ stack: null, routeTables: [] }));
    expect(at(none, 'network.privateSubnetIds')).toMatchObject({
      candidates: [],
      evidence: expect.stringContaining('no subnet'),
    });
  });

  it('the proposals for the way of the load balancer to the tasks depend on its groups', () => {
    const open = proposed(({ securityGroups }) => ({
      securityGroups: securityGroups.map((group) => ({
        ...group,
        egress: [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
      })),
    }));
    expect(at(open, 'network.albEgress')?.value).toBe('present');
    const byHand = proposed(({ stack }) => ({ stack: { ...stack!, resources: {} } }));
    expect(at(byHand, 'network.albEgress')?.candidates).toHaveLength(2);
    const unseen = proposed(() => ({ securityGroups: undefined }));
    expect(at(unseen, 'network.albEgress')).toBeUndefined();
  });

  it('the proposals with several stacks, or without a load balancer, leave these answers out', () => {
    const proposals = proposed(() => ({
      stack: null,
      listenerArn: null,
      listeners: [],
      cluster: null,
      clusters: ['a', 'b'],
    }));
    expect(Object.keys(proposedAnswers(proposals))).toEqual(['account', 'region', 'network']);
    expect(at(proposals, 'network.clusterName')).toMatchObject({ candidates: [{ value: 'a' }, { value: 'b' }] });
  });

  it.each<[string, Rule[], number | undefined]>([
    ['10, if it is free', [rule(25), DEFAULT], 10],
    [
      'the last block before the catalog, if one of 10 to 21 is taken',
      [rule(12, 'other.example.com'), rule(25), DEFAULT],
      13,
    ],
    ['before a rule that comes earlier than the usual 25', [rule(20), DEFAULT], 8],
    ['none, if there is no room', [rule(9), DEFAULT], undefined],
    ['below the usual 25, if no rule takes the host', [DEFAULT], 10],
    [
      'before a rule that may take it, by a condition that is not judged here',
      [{ ...rule(15), Conditions: [{ Field: 'source-ip' }] }, rule(25), DEFAULT],
      3,
    ],
  ])('the proposed priority is %s', (_, rules, expected) => {
    expect(freeBlock(rules, HOST)).toBe(expected);
  });

  it('no priority is proposed if a rule in the way leaves no room before it, which is named', () => {
    const inTheWay = {
      Priority: '5',
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [HOST] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: 'x' }],
    };
    const snapshot = healthyAccount((parts) => ({
      ...parts,
      listeners: parts.listeners.map((one) => ({ ...one, rules: [...one.rules, inTheWay] })),
    }));
    const proposal = proposalsOf(snapshot).find(({ path }) => path === 'routing.priority');
    expect(proposal).toMatchObject({ evidence: expect.stringContaining(`before rule 5, which takes ${HOST}/mcp`) });
    expect(proposal).not.toHaveProperty('value');
  });

  const withServer = (priority: number, others: readonly number[] = [], convention?: string, path?: string) =>
    proposed(({ listeners }) => ({
      ...oldServer('x/mcp:0.9.2', convention),
      listeners: listeners.map((one) => ({
        ...one,
        rules: [
          ...one.rules,
          {
            ...rule(priority),
            RuleArn: 'arn:old',
            Conditions: [
              ...rule(priority).Conditions!,
              ...(path === undefined ? [] : [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }]),
            ],
            Actions: [{ Type: 'forward', TargetGroupArn: OLD_GROUP }],
          },
          ...others.map((other) => rule(other, 'other.example.com')),
        ],
      })),
    }));

  it.each<[string, number, readonly number[], object]>([
    ['behind its rule, the usual one', 5, [], { value: 10 }],
    ['the first behind its rule', 11, [], { value: 12 }],
    ['a choice, if its rule must move first', 20, [], { candidates: [expect.objectContaining({ value: 10 })] }],
    ['none, if there is no room', 5, [6, 12, 18, 24], { evidence: expect.stringContaining('behind rule 5, by which') }],
  ])('the proposed priority beside a server that runs is %s', (_, priority, others, expected) => {
    const proposal = at(withServer(priority, others), 'routing.priority')!;
    expect(proposal).toMatchObject(expected);
    expect(Object.keys(proposal).sort()).toEqual([...new Set(['path', 'evidence', ...Object.keys(expected)])].sort());
    expect(JSON.stringify(proposal)).toContain('old-mcp');
  });

  it("the proposed priority beside a server names that server's own rule, and not the catalog's, which takes other paths", () => {
    const said = JSON.stringify(at(withServer(20, [], undefined, '/mcp/*'), 'routing.priority'));
    expect(said).toContain('rule 20, by which clients reach old-mcp');
    expect(said).not.toContain('rule 25');
  });

  it('the proposed priority beside a server of this generator comes before its rule', () => {
    expect(at(withServer(20, [], 'g3b'), 'routing.priority')).toMatchObject({ value: 8 });
  });
});
