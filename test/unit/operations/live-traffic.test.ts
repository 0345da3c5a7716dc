import { describe, expect, it } from 'vitest';

import { albEgressOf } from '../../../src/operations/alb-egress';
import type { Aws } from '../../../src/operations/aws-cli';
import { ProgramFailure } from '../../../src/operations/failed';
import {
  isTrafficElsewhere,
  liveTargetGroup,
  placeOfTraffic,
  refuseWhileMoving,
  type Traffic,
  whyTrafficStops,
} from '../../../src/operations/live-traffic';

const SERVICE = { region: 'us-east-1', cluster: 'arn:cluster', service: 'mcp', shifts: true };

describe('the place of the traffic', () => {
  const weights = (first: number, second: number) => [
    { TargetGroupArn: 'arn:first', Weight: first },
    { TargetGroupArn: 'arn:second', Weight: second },
  ];
  it.each([
    [1, 0, 'first'],
    [0, 1, 'second'],
    [90, 10, 'both'],
    // The load balancer takes the first one if none has a weight; ECS leaves no rule so.
    [0, 0, 'first'],
  ])('the place of the traffic follows from the weights %i and %i: %s', (first, second, place) => {
    expect(placeOfTraffic(weights(first, second), 'arn:first')).toBe(place);
    expect(placeOfTraffic(weights(first, second).reverse(), 'arn:first')).toBe(place);
  });

  it('the place of the traffic is no question with one target group, or none', () => {
    expect(placeOfTraffic(weights(1, 0).slice(0, 1), 'arn:first')).toBeUndefined();
    expect(placeOfTraffic([], 'arn:first')).toBeUndefined();
  });
});

describe('what a stack is told of its traffic', () => {
  it.each<[Traffic, string, boolean]>([
    [{ at: 'first' }, 'first', false],
    [{ at: 'second' }, 'second', false],
    [{ at: 'both' }, 'first', false],
    [{ at: 'second', noted: 'first' }, 'first', true],
    [{ at: 'first', noted: 'second' }, 'second', true],
    [{ at: 'second', noted: 'second' }, 'second', false],
  ])('what a stack is told of its traffic leaves the rule as it is: %j', (traffic, value, elsewhere) => {
    expect(liveTargetGroup(traffic)).toBe(value);
    expect(isTrafficElsewhere(traffic)).toBe(elsewhere);
  });

  it('what a stack is told of its traffic is nothing if the target group would go', () => {
    expect(whyTrafficStops({ at: 'second' }, { ...SERVICE, shifts: false })).toMatch(/--force-new-deployment$/);
    expect(whyTrafficStops({ at: 'second', noted: 'first' }, SERVICE)).toBeUndefined();
    expect(whyTrafficStops({ at: 'second' }, SERVICE)).toMatch(
      /no parameter LiveTargetGroup .*--force-new-deployment$/,
    );
    expect(whyTrafficStops({ at: 'first' }, SERVICE)).toBeUndefined();
    expect(whyTrafficStops({ at: 'first' }, { ...SERVICE, shifts: false })).toBeUndefined();
  });
});

describe('a deployment while ECS moves the traffic', () => {
  const { shifts: _, ...service } = SERVICE;
  const listing = async (answer: object | Error) => {
    const asked: string[] = [];
    const aws: Aws = async <T>(...words: readonly string[]) => {
      asked.push(words.join(' '));
      if (answer instanceof Error) throw answer;
      return answer as T;
    };
    const refusal = await refuseWhileMoving(aws, { at: 'first' }, service).catch((error: Error) => error.message);
    return { refusal, asked };
  };

  it.each<Traffic['at']>(['first', 'both'])('a deployment while ECS moves the traffic is refused: %s', async (at) => {
    const aws: Aws = async <T>() => ({ serviceDeployments: at === 'both' ? [] : [{}] }) as T;
    await expect(refuseWhileMoving(aws, { at }, service)).rejects.toThrow(
      /ECS is moving .* aws ecs list-service-deployments --region us-east-1 --cluster arn:cluster --service mcp$/,
    );
  });

  it('a deployment while ECS moves the traffic is one that has not ended, by each status that says so', async () => {
    const { asked, refusal } = await listing({ serviceDeployments: [] });
    expect(refusal).toBeUndefined();
    expect(asked).toEqual([
      'ecs list-service-deployments --region us-east-1 --cluster arn:cluster --service mcp --status PENDING IN_PROGRESS STOP_REQUESTED ROLLBACK_REQUESTED ROLLBACK_IN_PROGRESS',
    ]);
  });

  it('a deployment while ECS moves the traffic cannot be of a service that is not there, nor be excluded without the right to look', async () => {
    const absent = 'An error occurred (ServiceNotFoundException) when calling the ListServiceDeployments operation';
    expect((await listing(new ProgramFailure(absent, absent))).refusal).toBeUndefined();
    expect((await listing(new ProgramFailure('AccessDenied', 'AccessDenied'))).refusal).toBe('AccessDenied');
  });
});

describe('the rule of the load balancer', () => {
  const ours = { IpProtocol: 'tcp', UserIdGroupPairs: [{ Description: 'MCP to the tasks of mcp' }] };
  const theirs = { IpProtocol: 'tcp', UserIdGroupPairs: [{ Description: 'MCP to the tasks of mcp-other' }] };
  const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const some = { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
  const value = (own: object[], other: object[] = []) =>
    albEgressOf({ group: 'sg-1', service: 'mcp' }, [
      { GroupId: 'sg-1', IpPermissionsEgress: own },
      { GroupId: 'sg-2', IpPermissionsEgress: other },
      { GroupId: 'sg-3' },
    ]).value;

  it.each([
    ['no group has rules', [], [], 'on'],
    ['it is there', [ours, all], [all], 'on'],
    ['it is in another group', [all], [ours], 'off'],
    ['a group lets out everything', [theirs], [all], 'off'],
    ['a group lets out to some blocks', [some], [some], 'on'],
  ])('the rule of the load balancer takes none away: %s', (_, own, other, expected) => {
    expect(value(own, other)).toBe(expected);
  });
});
