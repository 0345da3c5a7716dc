import { enumerate } from '../conventions/labels';
import { DEPLOYMENT_CHECKS, judge } from '../discovery/findings';
import { PRIORITIES } from '../discovery/findings/listener';
import { WAY_IN } from '../discovery/findings/way';
import type { Planned } from '../discovery/planned';
import type { Snapshot } from '../discovery/snapshot';
import { afterTakeovers, takeoversOf } from '../discovery/takeover';

/**
 * Warnings about a deployment by a reading of its account from before its answers were complete: what would make it fail, or
 * is dangerous. A reading of another account or region has none.
 */
export function readingWarnings(snapshot: Snapshot, planned: Planned): string[] {
  const { name, account, region } = planned.environment;
  if (snapshot.parts.identity?.account !== account || snapshot.region !== region) return [];
  const unread = unreadResources(snapshot, planned);
  if (unread.length > 0) {
    return [`${name}: the reading of the account did not see ${unread.join(', ')}. To look: npm run check:${name}`];
  }
  const takeovers = takeoversOf(snapshot, planned);
  const findings = [
    ...judge(
      snapshot,
      planned,
      DEPLOYMENT_CHECKS.filter((check) => check !== WAY_IN),
    ).findings,
    // A server that runs already keeps its clients until its rules are moved: that is no fault.
    ...judge(afterTakeovers(snapshot, takeovers), planned, [WAY_IN]).findings,
  ];
  const toMove = takeovers.filter(
    ({ way }) => way && way.before.length > 0 && way.first === planned.environment.service.listenerPriority,
  );
  return [
    ...toMove.map(
      ({ service, priorities }) =>
        `${name}: its rules come before those of ${service} (${enumerate(priorities.map(String))}), so its clients would move at once. First move the rules of ${service} to the front: the report of npm run analyze:${name} has the commands.`,
    ),
    ...findings
      // A rule of such a server is moved before anything is deployed.
      .filter(({ severity, check }) => severity !== 'note' && !(check === PRIORITIES.id && toMove.length > 0))
      .map(({ text, effect, remedy }) => `${name}: ${text}. ${effect} ${remedy}`),
  ];
}

/** Resources of the answers that the reading did not look at: it began with the stack. */
function unreadResources({ parts }: Snapshot, { environment: { service, quiltStack } }: Planned): string[] {
  const { listeners, subnets, cluster } = parts;
  const { listenerArn, clusterArn } = service;
  return [
    ...(listeners?.every(({ arn }) => arn !== listenerArn) ? [`the listener ${listenerArn}`] : []),
    ...(subnets?.every(({ vpcId }) => vpcId !== quiltStack.vpcId) ? [`the VPC ${quiltStack.vpcId}`] : []),
    ...(cluster !== undefined && cluster?.arn !== clusterArn ? [`the cluster ${clusterArn.split('/').at(-1)}`] : []),
  ];
}
