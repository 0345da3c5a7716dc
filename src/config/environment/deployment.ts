import * as z from 'zod';

import { alarmName } from '../formats';

const percent = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be from ${least} to ${most} percent`)
    .max(most, `must be from ${least} to ${most} percent`);
const minutes = z
  .int('must be a whole number of minutes')
  .min(0, 'must be from 0 to 1440')
  .max(1440, 'must be from 0 to 1440');
const alarms = z
  .array(alarmName, 'must be a list of alarm names')
  .max(50, 'must name at most 50 alarms')
  .refine((names) => new Set(names).size === names.length, 'must not name an alarm twice')
  .default([])
  .describe('CloudWatch alarms, yours, that stop a deployment and take it back.');
const bakeMinutes = minutes
  .default(5)
  .describe('Minutes that the old tasks stay after all traffic has moved, so that it can move back at once.');

/**
 * Way in which a new revision takes over.
 * Source: Amazon ECS API Reference, DeploymentConfiguration, CanaryConfiguration, LinearConfiguration.
 */
export const deployment = z.discriminatedUnion(
  'strategy',
  [
    z.strictObject({
      strategy: z.literal('rolling').describe('New tasks first, then the old ones go.'),
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('blue-green').describe('All traffic moves at once to a second set of tasks.'),
      bakeMinutes,
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('canary').describe('A part of the traffic moves first, then the rest.'),
      percent: percent(1, 99).default(10).describe('Percent of the traffic that moves first.'),
      stepMinutes: minutes.default(10).describe('Minutes until the rest moves.'),
      bakeMinutes,
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('linear').describe('The traffic moves in equal steps.'),
      percent: percent(3, 99).default(20).describe('Percent of the traffic that moves with each step.'),
      stepMinutes: minutes.default(6).describe('Minutes between two steps.'),
      bakeMinutes,
      alarms,
    }),
  ],
  { error: 'must have strategy rolling, blue-green, canary or linear' },
);
