import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PlainObject } from '../../../src/config/paths';
import { changedAnswers } from '../../../src/discovery/changed-answers';
import { proposalsOf, proposedAnswers } from '../../../src/discovery/proposals';
import { proposedDeployment } from '../../../src/discovery/proposed-deployment';
import type { Parts, Snapshot } from '../../../src/discovery/snapshot';
import { answersDiff, answersDiffText } from '../../../src/operations/answers-diff';
import { healthyAccount } from '../../support/healthy-account';

const HEALTHY = healthyAccount();
const PROPOSALS = proposalsOf(HEALTHY);
const PLANNED = proposedDeployment(PROPOSALS)!;
const ANSWERS = proposedAnswers(PROPOSALS) as PlainObject;
const NETWORK = ANSWERS.network as PlainObject;

type Change = (parts: Required<Parts>) => Partial<Parts>;
const changed = (change: Change, answers: PlainObject = ANSWERS, catalog?: Snapshot['catalog']) =>
  changedAnswers(
    { ...healthyAccount((parts) => ({ ...parts, ...change(parts) })), ...(catalog && { catalog }) },
    answers,
    PLANNED,
  ).map(({ path, value, evidence }) => {
    expect(evidence).not.toBe('');
    return [path, value];
  });
const balancer = (change: object): Change => {
  return ({ loadBalancers }) => ({ loadBalancers: loadBalancers.map((one) => ({ ...one, ...change })) });
};
const catalog = (registryUrl: string) => ({
  source: 'https://quilt.example.com/config.json',
  url: 'https://quilt.example.com',
  host: 'quilt.example.com',
  region: 'us-east-1',
  registryUrl,
});

describe('the answers that an account contradicts', () => {
  it('the answers that an account contradicts have a rule out that is said to be there, and is not', () => {
    const present = { ...ANSWERS, network: { ...NETWORK, albEgress: 'present' } };
    const there = proposedDeployment(
      PROPOSALS.map((one) => (one.path === 'network.albEgress' ? { ...one, value: 'present' } : one)),
    )!;
    expect(changedAnswers(HEALTHY, present, there)).toMatchObject([
      { path: 'network.albEgress', value: NETWORK.albEgress },
    ]);
    // An owner may let it out to the tasks' own group alone, which no proposal knows.
    const { name } = there.environment.service.securityGroup;
    const tasks = { id: 'sg-0b0b0b0b', name, ingress: [], egress: [] };
    const out = { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, UserIdGroupPairs: [{ GroupId: tasks.id }] };
    const allowed = healthyAccount((parts) => ({
      ...parts,
      securityGroups: [...parts.securityGroups.map((one) => ({ ...one, egress: [...one.egress, out] })), tasks],
    }));
    expect(changedAnswers(allowed, present, there)).toEqual([]);
  });

  it('the answers that an account contradicts are none where it is as they say, and none where nothing was seen', () => {
    expect(changed(() => ({}))).toEqual([]);
    expect(changedAnswers({ ...HEALTHY, parts: {} }, ANSWERS, PLANNED)).toEqual([]);
  });

  it.each<[string, Change, readonly unknown[]]>([
    ['network.vpcId', balancer({ vpcId: 'vpc-0f0f0f0f' }), ['vpc-0f0f0f0f']],
    [
      'network.albSecurityGroupIds',
      balancer({ securityGroupIds: ['sg-0a0a0a0a', 'sg-0c0c0c0c'] }),
      [['sg-0a0a0a0a', 'sg-0c0c0c0c']],
    ],
    [
      'network.albDnsName',
      balancer({ dnsName: 'other.us-east-1.elb.amazonaws.com' }),
      ['other.us-east-1.elb.amazonaws.com'],
    ],
    ['network.albHostedZoneId', balancer({ hostedZoneId: 'Z00000000000000' }), ['Z00000000000000']],
    ['network.albIdleTimeout', () => ({ idleTimeout: 300 }), [300]],
    [
      'routing.priority',
      ({ listeners }) => ({
        listeners: listeners.map((one) => ({
          ...one,
          rules: [...one.rules, { ...one.rules[1]!, Priority: '20', RuleArn: 'arn:other' }],
        })),
      }),
      [expect.any(Number)],
    ],
  ])('the answers that an account contradicts have its value: %s', (path, change, [value]) => {
    expect(changed(change)).toEqual([[path, value]]);
  });

  it('the answers that an account contradicts have the listener, the cluster and the subnets that the Quilt stack has now', () => {
    const gone = { ...ANSWERS, network: { ...NETWORK, listenerArn: 'arn:gone', privateSubnetIds: ['subnet-gone'] } };
    expect(changed(() => ({}), gone)).toEqual([
      ['network.privateSubnetIds', ['subnet-0a0a0a0a', 'subnet-0b0b0b0b']],
      ['network.listenerArn', NETWORK.listenerArn],
    ]);
    expect(changed(() => ({}), ANSWERS, catalog('https://other.example.com'))).toEqual([
      ['registryUrl', 'https://other.example.com'],
    ]);
    expect(changed(() => ({}), ANSWERS, catalog('https://quilt-registry.example.com/'))).toEqual([]);
  });

  it('the answers that an account contradicts without saying what is right are no change: nobody is told a guess', () => {
    // Which of its groups lets the load balancer out then, the account does not say.
    const others = changed((parts) => ({
      ...balancer({ securityGroupIds: ['sg-0c0c0c0c', 'sg-0d0d0d0d'] })(parts),
      stack: null,
    }));
    expect(others.map(([path]) => path)).toEqual(['network.albSecurityGroupIds']);
    expect(changed(() => ({ cluster: null, stack: null, clusters: ['a', 'b'] }))).toEqual([]);
  });

  it('the answers that an owner chose among several stay: they are not what would be proposed, and right', () => {
    const chosen = {
      ...NETWORK,
      privateSubnetIds: ['subnet-0a0a0a0a', 'subnet-0c0c0c0c'],
      albSecurityGroupIds: ['sg-0b0b0b0b'],
    };
    expect(
      changed(() => ({}), { ...ANSWERS, network: { ...chosen, albDnsName: `dualstack.${NETWORK.albDnsName}` } }),
    ).toEqual([]);
  });
});

describe('the diff of answers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'diff-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const CHANGES = [
    { path: 'network.albIdleTimeout', value: 300, evidence: 'aws elbv2 describe-load-balancer-attributes' },
    { path: 'network.albSecurityGroupIds', value: ['sg-0a0a0a0a', 'sg-0c0c0c0c'], evidence: 'load balancer quilt' },
  ];

  it.each<[string, (answers: object) => string]>([
    ['as the command writes it', (answers) => `${JSON.stringify(answers, undefined, 2)}\n`],
    ['with tabs and without an end of line', (answers) => JSON.stringify(answers, undefined, '\t')],
    ['on one line', (answers) => `${JSON.stringify(answers)}\n`],
  ])('the diff of answers can be applied to the file %s, and changes nothing else', (_, write) => {
    const answers = { name: 'acme', environments: { dev: ANSWERS, prod: ANSWERS } };
    const text = write(answers);
    writeFileSync(join(folder, 'mcp-deploy.json'), text);
    writeFileSync(join(folder, 'changes.diff'), answersDiff(text, 'dev', CHANGES));
    execFileSync('git', ['apply', 'changes.diff'], { cwd: folder });
    const network = { ...NETWORK, albIdleTimeout: 300, albSecurityGroupIds: ['sg-0a0a0a0a', 'sg-0c0c0c0c'] };
    expect(JSON.parse(readFileSync(join(folder, 'mcp-deploy.json'), 'utf8'))).toEqual({
      ...answers,
      environments: { dev: { ...ANSWERS, network }, prod: ANSWERS },
    });
  });

  it('the diff of answers stands below what it follows from, and is nothing where nothing changes', () => {
    const text = JSON.stringify({ environments: { dev: ANSWERS } }, undefined, 2);
    expect(answersDiffText(text, 'dev', CHANGES)).toContain(
      'environments.dev.network.albIdleTimeout: aws elbv2 describe-load-balancer-attributes',
    );
    expect(answersDiffText(text, 'dev', [])).toBe('');
  });
});
