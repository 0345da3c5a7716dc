import { DEFAULT_AUDIENCE, PARTITIONS } from '../src/config/partitions';
import { OIDC_ISSUER } from '../src/model/delivery/grants';
import { haveRoles, OIDC_THUMBPRINT } from '../src/model/delivery/roles';
import type { Delivery, Deployment } from '../src/model/deployment';

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
