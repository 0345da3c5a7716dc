import type { TrafficShift } from '../../src/model/deployment';
import type { Input } from './input';

export const ROLLOUT: readonly Input[] = [
  {
    name: 'trafficShift',
    description:
      'Moves the traffic to the tasks of a new revision, which wait at a second target group. Not with `allowedOrigins`: ECS\nmoves the traffic of one listener rule, and these take several',
    value: ({ rollout }) => rollout.shift && shiftProps(rollout.shift),
    cdk: { type: 'QuiltMcpServerTrafficShift', default: '- new tasks first, then the old ones go' },
  },
  {
    name: 'deploymentStrategy',
    kind: 'text',
    description:
      'ROLLING replaces the tasks; the others move the traffic to a second set, at once, a part first, or in steps',
    default: 'ROLLING',
    value: ({ rollout }) => rollout.shift?.strategy ?? 'ROLLING',
    cloudformation: { allowed: '[ROLLING, BLUE_GREEN, CANARY, LINEAR]' },
  },
  {
    name: 'deploymentAlarms',
    kind: 'texts',
    description: 'CloudWatch alarms that stop a deployment and take it back, parted by commas',
    default: [],
    value: ({ rollout }) => rollout.alarms,
    terraform: {
      description: 'CloudWatch alarms that stop a deployment and take it back, by name',
      rules: [
        [
          'length(distinct(var.deployment_alarms)) == length(var.deployment_alarms) && alltrue([for name in var.deployment_alarms : length(name) >= 1 && length(name) <= 255])',
          'Alarms are named once each, by 1 to 255 characters.',
        ],
      ],
    },
    cloudformation: {},
    cdk: { default: '- none', doc: 'Names of CloudWatch alarms that stop a deployment and take it back.' },
  },
  {
    name: 'bakeMinutes',
    kind: 'number',
    description: 'Minutes that the old tasks stay after all traffic has moved; not for ROLLING',
    default: 5,
    value: ({ rollout }) => rollout.shift?.bakeTimeInMinutes,
    cloudformation: { range: [0, 1440] },
  },
  {
    name: 'stepPercent',
    kind: 'number',
    description: 'Percent of the traffic that moves first with CANARY, or with each step of LINEAR',
    default: 10,
    value: ({ rollout }) => rollout.shift?.step?.percent,
    cloudformation: { range: [1, 99] },
  },
  {
    name: 'stepMinutes',
    kind: 'number',
    description: 'Minutes until the rest moves with CANARY, or between two steps of LINEAR',
    default: 10,
    value: ({ rollout }) => rollout.shift?.step?.bakeTimeInMinutes,
    cloudformation: { range: [0, 1440] },
  },
  {
    name: 'alternateTargetGroupName',
    kind: 'text',
    description: 'Name of the second target group, which all strategies but ROLLING move the traffic to and from',
    default: null,
    pattern: '[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?',
    value: ({ rollout }) => rollout.shift?.alternateTargetGroupName,
    cloudformation: {
      leftOut: true,
      must: '1 to 32 letters, digits and hyphens, neither beginning nor ending with a hyphen, or nothing.',
    },
  },
  {
    name: 'liveTargetGroup',
    kind: 'text',
    description: 'Which of the two target groups has the traffic; not for ROLLING',
    default: 'first',
    cloudformation: {
      comment: [
        'ECS moves the traffic without the stack, which sends the weights anew if it changes the listener rule. So the deploy task',
        'looks before, and sets this.',
      ],
      allowed: '[first, second]',
    },
  },
];

function shiftProps({ strategy, bakeTimeInMinutes, step, alternateTargetGroupName }: TrafficShift): object {
  return {
    strategy,
    bakeMinutes: bakeTimeInMinutes,
    stepPercent: step?.percent,
    stepMinutes: step?.bakeTimeInMinutes,
    targetGroupName: alternateTargetGroupName,
  };
}
