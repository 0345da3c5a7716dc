import { DEFAULT_AUDIENCE, PARTITIONS } from '../src/config/partitions';
import { deliveryOf } from '../src/model/delivery/first-layer';
import { OIDC_ISSUER } from '../src/model/delivery/grants';
import { haveRoles, OIDC_THUMBPRINT } from '../src/model/delivery/roles';
import type { Delivery, Deployment, Environment } from '../src/model/deployment';
import { USUAL_SESSION } from '../src/model/shift-time';

/** Audiences of tokens, of all partitions. */
const AUDIENCES = [...new Set(PARTITIONS.flatMap(({ githubTokens }) => githubTokens?.audience ?? []))].sort();

/** Context of the identity provider in templates; undefined if no workflow assumes a role. */
export function identityProviderContext({ environments }: Deployment) {
  return haveRoles(environments)
    ? { issuer: OIDC_ISSUER, audience: DEFAULT_AUDIENCE, audiences: AUDIENCES, thumbprint: OIDC_THUMBPRINT }
    : undefined;
}

/** The audience of tokens for the data, if it is not the default of the templates. */
export function otherAudience({ roles }: Delivery): string | undefined {
  return roles.map(({ trust }) => trust.audience).find((audience) => audience !== DEFAULT_AUDIENCE);
}

/** Seconds of the longest session of the role that deploys, if it is not the hour that AWS gives a role. */
export function maxSessionOf({ roles }: Delivery): number | undefined {
  return roles.find(({ duty }) => duty === 'deploy')?.maxSessionDuration;
}

/** Minutes of the session of the role that deploys, be there one or not. */
export function sessionMinutes(environment: Environment): number {
  const delivery = deliveryOf(environment);
  const seconds = delivery && maxSessionOf(delivery);
  return seconds === undefined ? USUAL_SESSION : seconds / 60;
}
