import { describe, expect, it } from 'vitest';

import { type Identity, isAllowed } from '../../support/evaluate';

const ACCOUNT = '111122223333';
const GROUP = `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group/sg-a`;
const RULE = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:listener-rule/app/quilt/0/1/2`;

/** A role of one statement. */
function withStatement(Action: string, Resource: string, Condition?: object, boundary?: string): Identity {
  const document = (statement: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  return {
    arn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
    policies: [document({ Action, Resource, Condition })],
    ...(boundary && { boundary: document({ Action: boundary, Resource: '*' }) }),
  };
}

describe('what a role may do', () => {
  it('what a role may do is of the actions and resources that its policies name', async () => {
    const role = withStatement('ec2:DeleteSecurityGroup', GROUP);
    expect(await isAllowed(role, { action: 'ec2:DeleteSecurityGroup', resource: GROUP })).toBe(true);
    expect(await isAllowed(role, { action: 'ec2:DeleteSecurityGroup', resource: `${GROUP}b` })).toBe(false);
    expect(await isAllowed(role, { action: 'ec2:RevokeSecurityGroupEgress', resource: GROUP })).toBe(false);
    const listing = withStatement('ec2:DescribeInstances', 'arn:aws:ec2:*:*:instance/*');
    expect(await isAllowed(listing, { action: 'ec2:DescribeInstances', resource: '*' })).toBe(false);
  });

  it('what a role may do depends on the conditions that its policies make', async () => {
    const own = { StringEquals: { 'aws:ResourceTag/Service': 'mcp' } };
    const role = withStatement('ec2:DeleteSecurityGroup', GROUP, own);
    const deletion = { action: 'ec2:DeleteSecurityGroup', resource: GROUP };
    expect(await isAllowed(role, { ...deletion, context: { 'aws:ResourceTag/Service': 'mcp' } })).toBe(true);
    expect(await isAllowed(role, { ...deletion, context: { 'aws:ResourceTag/Service': 'other' } })).toBe(false);
    expect(await isAllowed(role, deletion)).toBe(false);
    const untagged = withStatement('ec2:DeleteSecurityGroup', GROUP, { Null: { 'aws:ResourceTag/Service': 'true' } });
    expect(await isAllowed(untagged, deletion)).toBe(true);
    expect(await isAllowed(untagged, { ...deletion, context: { 'aws:ResourceTag/Service': 'mcp' } })).toBe(false);
  });

  it('what a role may do does not depend on a key that AWS does not fill in for the action', async () => {
    const own = { StringEquals: { 'aws:ResourceTag/Service': 'mcp' } };
    const context = { 'aws:ResourceTag/Service': 'mcp' };
    const change = withStatement('elasticloadbalancing:*', RULE, own);
    expect(await isAllowed(change, { action: 'elasticloadbalancing:ModifyRule', resource: RULE, context })).toBe(true);
    expect(await isAllowed(change, { action: 'elasticloadbalancing:SetRulePriorities', resource: RULE, context })).toBe(
      false,
    );
  });

  it('what a role may do is within its boundary', async () => {
    const deletion = { action: 'ec2:DeleteSecurityGroup', resource: GROUP };
    const [within, beyond] = ['ec2:*', 'ecs:*'].map((boundary) =>
      withStatement('ec2:DeleteSecurityGroup', GROUP, undefined, boundary),
    );
    expect(await isAllowed(within!, deletion)).toBe(true);
    expect(await isAllowed(beyond!, deletion)).toBe(false);
  });

  it('what a role may do is not asked of what AWS has not', async () => {
    const role = withStatement('*', '*');
    await expect(isAllowed(role, { action: 'ecs:PauseService', resource: '*' })).rejects.toThrow('no action');
    await expect(isAllowed(role, { action: 'ec2:DescribeInstances', resource: GROUP })).rejects.toThrow('no resource');
  });
});
