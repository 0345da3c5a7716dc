import { DEPLOYMENT_CHECKS, type Finding, judge } from '../discovery/findings';
import { PRIORITIES } from '../discovery/findings/listener';
import { WAY_IN } from '../discovery/findings/way';
import type { Planned } from '../discovery/planned';
import type { Snapshot } from '../discovery/snapshot';
import { afterTakeovers, type Takeover, takeoversOf } from '../discovery/takeover';

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
  return [
    ...judge(
      snapshot,
      planned,
      DEPLOYMENT_CHECKS.filter((check) => check !== WAY_IN),
    ).findings,
    // A server that runs already keeps its clients until its rules are moved: that is no fault.
    ...judge(afterTakeovers(snapshot, takeovers), planned, [WAY_IN]).findings,
  ]
    .filter(({ severity }) => severity !== 'note')
    .map((finding) => `${name}: ${finding.text}. ${finding.effect} ${remedyOf(finding, planned, takeovers)}`);
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

function remedyOf({ check, remedy }: Finding, { environment }: Planned, takeovers: readonly Takeover[]): string {
  const first = environment.service.listenerPriority;
  const movesFirst = takeovers.filter(({ way }) => way && way.before.length > 0 && way.first === first);
  return check === PRIORITIES.id && movesFirst.length > 0
    ? `First move the rules of ${movesFirst.map(({ service }) => service).join(', ')}: the report of npm run analyze:${environment.name} has the commands.`
    : remedy;
}
