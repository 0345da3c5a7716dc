import type { EnvironmentConfig } from '../config/environment';

/** Minutes that ECS takes to move the traffic, bake time included; 0 if it moves none. */
export function shiftMinutes(deployment: EnvironmentConfig['deployment']): number {
  if (deployment.strategy === 'rolling') return 0;
  const stepMinutes = deployment.strategy === 'blue-green' ? 0 : deployment.stepMinutes;
  // After the last step, which takes all that is left, nothing is waited for but the baking.
  const waits = deployment.strategy === 'linear' ? Math.ceil(100 / deployment.percent) - 1 : 1;
  return deployment.bakeMinutes + waits * stepMinutes;
}

/** Minutes of a session for which nothing else is said. Source: AWS STS API Reference, AssumeRoleWithWebIdentity. */
export const USUAL_SESSION = 60;

/** Minutes beside the moving, in which tasks start and stop, and `verify` looks at them. */
const AROUND_SHIFT = 20;

/** Minutes of a job before it assumes its role, in which it installs what it needs. */
const SET_UP = 10;

/** Source: GitHub Docs, "Actions limits", job execution time. */
const LONGEST_JOB = 6 * 60;

/** In minutes: twice that is what a deployment takes that fails at its end. */
export const LONGEST_SHIFT_OF_WORKFLOW = (LONGEST_JOB - SET_UP - AROUND_SHIFT) / 2;

/**
 * Minutes of the session of the role that deploys. CloudFormation acts with it to the end: if an alarm goes off when all
 * traffic has moved, the stack goes back by a deployment that takes as long again.
 */
export function deploySessionMinutes(deployment: EnvironmentConfig['deployment']): number {
  return Math.max(USUAL_SESSION, 2 * shiftMinutes(deployment) + AROUND_SHIFT);
}

/** Limit of a job that deploys, in minutes, by the longest session of its role. */
export function deployJobMinutes(session: number): number {
  return session > USUAL_SESSION ? session + SET_UP : USUAL_SESSION;
}
