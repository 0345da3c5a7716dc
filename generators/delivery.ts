import { OIDC_ISSUER } from '../src/model/delivery-grants';
import { haveRoles, OIDC_AUDIENCE, OIDC_THUMBPRINT } from '../src/model/delivery-roles';
import type { Deployment } from '../src/model/deployment';

/** What templates say of the identity provider; undefined where no workflow assumes a role. */
export function deliveryContext({ environments }: Deployment) {
  return haveRoles(environments)
    ? { issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE, thumbprint: OIDC_THUMBPRINT }
    : undefined;
}
