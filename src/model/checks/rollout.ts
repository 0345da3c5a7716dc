import { environmentSchema } from '../../config/environment';
import type { Problem } from '../../config/problem';
import { LONGEST_SHIFT_OF_WORKFLOW, shiftMinutes } from '../shift-time';
import { type Draft, looseObject, type Subject } from '../unchecked';

/** ECS moves the traffic of one listener rule, and refusing foreign origins takes several that forward. */
export function oneRuleShifts({ path, environment }: Subject): Problem[] {
  const { strategy } = looseObject<{ strategy: string }>(environment.deployment);
  const cors = looseObject<{ allowedOrigins: unknown[]; foreignOrigins: string }>(environment.cors);
  const namesOrigins = Array.isArray(cors.allowedOrigins) && cors.allowedOrigins.length > 0;
  // An owner who names origins wants others refused; if they are not, the answers must say so.
  const refuses = cors.foreignOrigins === 'refuse' || (cors.foreignOrigins === undefined && namesOrigins);
  if (!isShift(strategy) || !refuses) {
    return [];
  }
  const message =
    'cannot refuse foreign origins: ECS moves the traffic of one listener rule, and that takes several; take rolling, or cors.foreignOrigins forward';
  return [{ path: `${path}.deployment.strategy`, found: strategy, message }];
}

/** In minutes. CloudFormation rejects a longer deployment, as it could time out. */
const LONGEST_SHIFT = 33 * 60;

/**
 * A shift ends while somebody waits for it.
 * Source: AWS CloudFormation Template Reference, AWS::ECS::Service CanaryConfiguration and LinearConfiguration.
 */
export function shiftsEnd({ path, environment }: Subject, { answers: { oidcProviders } }: Draft): Problem[] {
  const { data } = environmentSchema.shape.deployment.safeParse(environment.deployment);
  if (!data || data.strategy === 'rolling') {
    return [];
  }
  const minutes = shiftMinutes(data);
  const longest = oidcProviders === undefined ? LONGEST_SHIFT : LONGEST_SHIFT_OF_WORKFLOW;
  if (minutes <= longest) {
    return [];
  }
  const [key, found] =
    data.strategy !== 'blue-green' && data.stepMinutes > 0
      ? ['stepMinutes', data.stepMinutes]
      : ['bakeMinutes', data.bakeMinutes];
  const limit =
    oidcProviders === undefined
      ? `CloudFormation takes none longer than ${longest} (33 hours)`
      : `the workflow deploy has room for ${longest}: a job of GitHub ends after 360, and one that fails at its end takes as long again to go back. Take shorter times, or leave oidcProviders out and deploy by hand`;
  const message = `${key === 'stepMinutes' ? 'with bakeMinutes ' : ''}a deployment takes ${minutes} minutes; ${limit}`;
  return [{ path: `${path}.deployment.${key}`, found: String(found), message }];
}

/** Version 5.x of Terraform's AWS provider cannot move traffic: `deployment_configuration` came with 6.x. */
export function targetShifts({ path, environment }: Subject, { answers: { target = 'terraform' } }: Draft): Problem[] {
  const { strategy } = looseObject<{ strategy: string }>(environment.deployment);
  const message = "Terraform's AWS provider 5.x cannot; take rolling, or target cloudformation or cdk";
  return target === 'terraform' && isShift(strategy)
    ? [{ path: `${path}.deployment.strategy`, found: strategy, message }]
    : [];
}

function isShift(strategy: unknown): strategy is string {
  return typeof strategy === 'string' && ['blue-green', 'canary', 'linear'].includes(strategy);
}
