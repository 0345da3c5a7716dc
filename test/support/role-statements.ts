import type { DeliveryRole, Statement } from '../../src/model/deployment';
import type { Identity } from './evaluate';

/** Every statement of a role that workflows assume, of whatever policy. */
export function statementsOf({ statements, engineStatements }: DeliveryRole): readonly Statement[] {
  return [...statements, ...engineStatements];
}

/** The role, as a caller whose policies are evaluated. */
export function identityOf(role: DeliveryRole, account: string): Identity {
  const Statement = statementsOf(role).map(({ sid, actions, resources, conditions }) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions && { Condition: conditions }),
  }));
  return { arn: `arn:aws:iam::${account}:role/${role.name}`, policies: [{ Version: '2012-10-17', Statement }] };
}
