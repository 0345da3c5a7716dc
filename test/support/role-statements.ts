import { policyDocument } from '../../src/model/delivery/policies';
import type { DeliveryRole, Statement } from '../../src/model/deployment';
import type { Identity } from './evaluate';

/** Every statement of a role that workflows assume, of whatever policy. */
export function statementsOf({ policies }: DeliveryRole): readonly Statement[] {
  return policies.flatMap(({ statements }) => statements);
}

/** The role, as a caller whose policies are evaluated. */
export function identityOf(role: DeliveryRole, account: string): Identity {
  return {
    arn: `arn:aws:iam::${account}:role/${role.name}`,
    policies: role.policies.map(({ statements }) => policyDocument(statements)),
  };
}
