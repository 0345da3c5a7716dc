import { NotModelled } from '../listener-rules';
import type { Planned } from '../planned';
import { remedyOf } from '../reader';
import type { AllParts, Snapshot } from '../snapshot';
import { type Check, type Finding, SEVERITIES, SHOWN_BY, type Unknown } from './check';
import { CERTIFICATE, IDLE_TIMEOUT, LISTENER, PRIORITIES, QUOTAS, WEB_ACL } from './listener';
import { NAMES, OTHER_NAMES } from './names';
import { DEPLOYED, OPEN, PLAINTEXT, TASK_ROLE } from './running';
import { ACCOUNT, CLUSTER, CONNECT, PROVIDER, STACK, ZONES } from './surroundings';
import { ALLOW_ALL, WAY_IN, WAY_OUT } from './way';

export { type Check, type Finding, SEVERITIES, type Severity, type Unknown } from './check';

/** Checks of a planned deployment, in the order of the report. */
export const DEPLOYMENT_CHECKS: readonly Check[] = [
  ACCOUNT,
  LISTENER,
  PRIORITIES,
  WAY_IN,
  WAY_OUT,
  ALLOW_ALL,
  CLUSTER,
  NAMES,
  ZONES,
  CERTIFICATE,
  QUOTAS,
  IDLE_TIMEOUT,
  WEB_ACL,
];

/** All checks of an account. */
export const CHECKS: readonly Check[] = [
  ...DEPLOYMENT_CHECKS,
  OTHER_NAMES,
  STACK,
  CONNECT,
  PROVIDER,
  DEPLOYED,
  OPEN,
  PLAINTEXT,
  TASK_ROLE,
];

/** The result of checks. */
export interface Verdict {
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly unknown: readonly Unknown[];
  /** Number of checks with a result. */
  readonly judged: number;
}

/**
 * Judges an account, and a deployment that is planned in it. A check whose parts were not seen has no result: it is never
 * judged by a part of the facts.
 *
 * @param planned absent if there are no answers for a deployment yet
 */
export function judge(
  snapshot: Snapshot,
  planned: Planned | undefined,
  checks: readonly Check[] = CHECKS,
  now: Date = new Date(snapshot.taken),
): Verdict {
  const { parts, region, catalog } = snapshot;
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  let judged = 0;
  for (const { id, question, needs, isOfDeployment, judge: judgeBy } of checks) {
    const why = [
      ...(isOfDeployment && !planned ? ['there are no complete answers for a deployment yet'] : []),
      ...whyUnseen(needs, snapshot),
    ];
    if (why.length > 0) {
      unknown.push({ check: id, question, why });
      continue;
    }
    try {
      // A check of the account alone never looks at the deployment.
      const found = judgeBy(parts as AllParts, planned as Planned, { region, ...(catalog && { catalog }), now });
      findings.push(...found.map((one) => ({ check: id, ...one })));
      judged += 1;
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      unknown.push({ check: id, question, why: [error.message] });
    }
  }
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return { findings, unknown, judged };
}

function whyUnseen(needs: readonly (keyof AllParts)[], { parts, unseen }: Snapshot): string[] {
  const missing = needs.filter((part) => parts[part] === undefined);
  const calls = new Set(missing.flatMap((part) => SHOWN_BY[part]));
  const reasons = new Set(unseen.filter(({ call }) => calls.has(call)).map(remedyOf));
  if (missing.length > 0 && reasons.size === 0)
    return [`not read, for what has it was not found: ${missing.join(', ')}`];
  return [...reasons];
}
