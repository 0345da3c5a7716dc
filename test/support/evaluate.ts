import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';

import { hasKey, referenceOf } from './service-reference';

/** A policy, as IAM keeps it. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: unknown;
}

/** What a caller may do. */
export interface Identity {
  readonly arn: string;
  /** Policies of the role, inline or attached. */
  readonly policies: readonly PolicyDocument[];
  /** What the role has its permissions within. */
  readonly boundary?: PolicyDocument;
}

/** One question that AWS asks of a caller's policies. */
export interface Demand {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the request has. Those that the action does not list are left out: AWS does not fill them in. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** An ARN that only `*` is a pattern of. The simulator takes `*` for every ARN, of which a policy may name one. */
const OF_NOTHING = 'arn:none:none:none:none:none';

/** Whether AWS allows it, in the judgement of iam-simulate. Rejects a demand that AWS would not make. */
export async function isAllowed({ arn, policies, boundary }: Identity, demand: Demand): Promise<boolean> {
  const { action, resource, context = {} } = demand;
  const reference = await referenceOf(action);
  if (!reference) throw new Error(`The Service Authorization Reference has no action ${action}`);
  if (reference.ofNothing && resource !== '*') throw new Error(`${action} is of no resource, and not of ${resource}`);
  const contextVariables: Record<string, string | string[]> = {};
  for (const [key, value] of Object.entries(context)) {
    if (value === undefined || !hasKey(reference, key, [resource])) continue;
    contextVariables[key] = typeof value === 'string' ? value : [...value];
  }
  const result = runUnsafeSimulation(
    {
      identityPolicies: policies.map((policy, index) => ({ name: `policy ${index}`, policy })),
      permissionBoundaryPolicies: boundary && [{ name: 'boundary', policy: boundary }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal: arn,
        action,
        resource: { resource: resource === '*' ? OF_NOTHING : resource, accountId: arn.split(':')[4]! },
        contextVariables,
      },
    },
    {},
  );
  return result === 'Allowed';
}
