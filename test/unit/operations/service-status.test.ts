import { describe, expect, it } from 'vitest';
import { proposalsOf } from '../../../src/discovery/proposals';
import { proposedDeployment } from '../../../src/discovery/proposed-deployment';
import type { Aws } from '../../../src/operations/aws-cli';
import { ProgramFailure } from '../../../src/operations/failed';
import { serviceStatus, statusText } from '../../../src/operations/service-status';
import { healthyAccount } from '../../support/healthy-account';

const { environment } = proposedDeployment(proposalsOf(healthyAccount()))!;
const { service } = environment;
const DIGEST = `sha256:${'1'.repeat(64)}`;
const GROUP = `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${service.targetGroupName}/1`;

const SERVICE = {
  status: 'ACTIVE',
  runningCount: service.answers.capacity.desired,
  pendingCount: 0,
  desiredCount: service.answers.capacity.desired,
  taskDefinition: 'mcp:1',
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  events: Array.from({ length: 9 }, (_, index) => ({ createdAt: 1_800_000_000 + index, message: `event ${index}` })),
};
const RULES = service.listenerRules.map(({ priority, action }) => ({
  Priority: String(priority),
  Conditions: [],
  Actions: [
    action === 'forward'
      ? { Type: 'forward', TargetGroupArn: GROUP }
      : { Type: 'fixed-response', TargetGroupArn: GROUP },
  ],
}));

/** AWS, in which all is as it should be, but for what a test changes; undefined: it is not there. */
const aws = (change: Readonly<Record<string, unknown>> = {}): Aws =>
  (async (...words: readonly string[]) => {
    const answers: Readonly<Record<string, unknown>> = {
      'describe-services': { services: [SERVICE] },
      'describe-task-definition': { taskDefinition: { containerDefinitions: [{ image: `x/mcp@${DIGEST}` }] } },
      'describe-target-groups': { TargetGroups: [{ TargetGroupArn: GROUP }] },
      'describe-target-health': {
        TargetHealthDescriptions: Array(service.answers.capacity.desired).fill({ TargetHealth: { State: 'healthy' } }),
      },
      'describe-rules': { Rules: [...RULES].reverse() },
      ...change,
    };
    const answer = answers[words[1]!];
    if (answer instanceof Error) throw answer;
    return answer;
  }) as Aws;

describe('the status of a deployment', () => {
  it('the status of one that is as it should be has no problem', async () => {
    const status = await serviceStatus(aws(), environment, DIGEST);
    expect(status.problems).toEqual([]);
    expect(status.rules.map(({ priority }) => Number(priority))).toEqual(
      service.listenerRules.map(({ priority }) => priority),
    );
    expect(status.service?.events).toHaveLength(5);
    expect(statusText(status)).toMatch(/✓ nothing is wrong$/);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['nothing is deployed', { 'describe-services': { services: [] } }, 'nothing is deployed'],
    [
      'its cluster is gone',
      { 'describe-services': new ProgramFailure('x', 'An error occurred (ClusterNotFoundException)') },
      'nothing is deployed',
    ],
    ['tasks are missing', { 'describe-services': { services: [{ ...SERVICE, runningCount: 0 }] } }, 'tasks run'],
    [
      'the deployment failed',
      {
        'describe-services': {
          services: [
            {
              ...SERVICE,
              deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start' }],
            },
          ],
        },
      },
      'the last deployment failed: tasks failed to start',
    ],
    [
      'a deployment is in progress',
      {
        'describe-services': {
          services: [{ ...SERVICE, deployments: [...SERVICE.deployments, { status: 'ACTIVE' }] }],
        },
      },
      'a deployment is in progress',
    ],
    [
      'targets are not healthy',
      { 'describe-target-health': { TargetHealthDescriptions: [{ TargetHealth: { State: 'unhealthy' } }] } },
      'targets are healthy',
    ],
    [
      'another image runs',
      { 'describe-task-definition': { taskDefinition: { containerDefinitions: [{ image: 'x/mcp@sha256:2' }] } } },
      'it runs x/mcp@sha256:2, and the repository names sha256:1',
    ],
    ['rules are missing', { 'describe-rules': { Rules: [] } }, 'the listener has no rule of it at'],
    [
      'its target group is gone',
      { 'describe-target-groups': new ProgramFailure('x', 'An error occurred (TargetGroupNotFound)') },
      'targets are healthy',
    ],
  ])('the status says it if %s', async (_, change, problem) => {
    const status = await serviceStatus(aws(change), environment, DIGEST);
    expect(status.problems.join('\n')).toContain(problem);
    expect(statusText(status)).toContain(`! ${status.problems[0]}`);
  });

  it('the status is not made up if AWS does not answer', async () => {
    const denied = aws({ 'describe-rules': new ProgramFailure('denied', 'AccessDenied') });
    await expect(serviceStatus(denied, environment, DIGEST)).rejects.toThrow('denied');
  });
});
