import { OIDC_ISSUER } from '../src/model/delivery-grants';
import { haveRoles, OIDC_AUDIENCE, OIDC_THUMBPRINT } from '../src/model/delivery-roles';
import type { Deployment, Statement } from '../src/model/deployment';

/** What templates say of the identity provider; undefined where no workflow assumes a role. */
export function deliveryContext({ environments }: Deployment) {
  return haveRoles(environments)
    ? { issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE, thumbprint: OIDC_THUMBPRINT }
    : undefined;
}

/** A statement of a policy in the words of IAM, with a list wherever there may be one. */
export function statementOf({ sid, actions, resources, conditions }: Statement): object {
  const Condition =
    conditions &&
    Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, [value].flat()])),
      ]),
    );
  return { Sid: sid, Action: actions, Resource: resources, Condition };
}
