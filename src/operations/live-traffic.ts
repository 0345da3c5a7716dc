import type { Aws } from './aws-cli';
import { withChangeSet } from './change-set';
import { isDeploying, type ServiceId } from './ecs-service';
import { Failed } from './failed';
import type { TextStream } from './session';
import { awaitStack, lastEvent, onStack, parameterOf, type Stack } from './stack';

/** The target group of a stack that has the traffic. */
export interface Traffic {
  /** By the weights of the listener rule, which ECS moves without the stack. */
  readonly at: 'first' | 'second' | 'both';
  /** By the stack's parameter LiveTargetGroup; undefined if it has none yet. */
  readonly noted?: string;
}

/** A target group of a listener rule, and its weight, 0 to 999. */
export interface Weight {
  readonly TargetGroupArn: string;
  readonly Weight: number;
}

interface WeightedRule {
  readonly Actions: readonly { readonly ForwardConfig?: { readonly TargetGroups?: readonly Weight[] } }[];
}

/**
 * The place of a stack's traffic. A stack that changes its listener rule sends the weights of its parameter, and goes
 * back to them if it fails: so these must be right before. Undefined if the stack has one target group, or no rule.
 */
export async function findTraffic(
  found: Pick<Stack, 'Outputs' | 'Parameters'>,
  region: string,
  aws: Aws,
): Promise<Traffic | undefined> {
  const output = (key: string) => found.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const [rule, first] = [output('ListenerRuleArn'), output('TargetGroupArn')];
  if (!rule) return undefined;
  const words = ['elbv2', 'describe-rules', '--region', region, '--rule-arns', rule];
  const { Rules } = await aws<{ Rules: readonly WeightedRule[] }>(...words);
  const at = placeOfTraffic(
    Rules[0]?.Actions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []) ?? [],
    first,
  );
  return at && { at, noted: parameterOf(found, 'LiveTargetGroup') };
}

/**
 * The target group with the traffic, by the weights of a listener rule; undefined if the rule has fewer than two.
 *
 * @param first ARN of the stack's first target group
 */
export function placeOfTraffic(weights: readonly Weight[], first: string | undefined): Traffic['at'] | undefined {
  if (weights.length < 2) return undefined;
  const hasTraffic = (isFirst: boolean) =>
    weights.some(({ TargetGroupArn, Weight }) => Weight > 0 && (TargetGroupArn === first) === isFirst);
  return !hasTraffic(false) ? 'first' : hasTraffic(true) ? 'both' : 'second';
}

/**
 * The value of LiveTargetGroup that leaves the rule unchanged, or leaves the traffic in its place if the stack has no
 * such parameter yet.
 */
export function liveTargetGroup({ at, noted }: Traffic): string {
  return noted ?? (at === 'second' ? 'second' : 'first');
}

/** The service whose traffic it is. */
export interface TrafficService extends ServiceId {
  /** Whether it will have two target groups. */
  readonly shifts: boolean;
}

/**
 * Refuses a deployment while ECS moves the traffic. The weights tell little of that: a blue-green deployment never parts
 * them, and the others do not while their tasks start, nor in the bake time.
 *
 * @throws Failed with the remedy
 */
export async function refuseWhileMoving(aws: Aws, { at }: Traffic, service: ServiceId): Promise<void> {
  if (at !== 'both' && !(await isDeploying(aws, service))) return;
  throw new Failed(
    `ECS is moving the traffic of ${service.service} from one target group to the other, or is about to. Wait until its deployment is SUCCESSFUL, or stop that, then deploy again: aws ecs list-service-deployments ${named(service)}`,
  );
}

function named({ region, cluster, service }: ServiceId): string {
  return `--region ${region} --cluster ${cluster} --service ${service}`;
}

/** Reason why the rule must not change now, and the remedy; undefined if it may. */
export function whyTrafficStops({ at, noted }: Traffic, { shifts, ...place }: TrafficService): string | undefined {
  const { service } = place;
  const remedy = `Move them to the first one, wait until that deployment is SUCCESSFUL, then deploy again: aws ecs update-service ${named(place)} --force-new-deployment`;
  if (at === 'second' && !shifts) {
    return `The tasks of ${service} are in the second target group, which a rolling deployment does not have: clients would get 503. ${remedy}`;
  }
  if (at === 'second' && noted === undefined) {
    return `The tasks of ${service} are in the second target group, which this stack knows nothing of: it has no parameter LiveTargetGroup yet. If the update failed, CloudFormation would send the traffic to the first one: clients would get 503. ${remedy}`;
  }
  return undefined;
}

/** Whether the parameter names another target group than the one that has the traffic. */
export function isTrafficElsewhere({ at, noted }: Traffic): boolean {
  return noted !== undefined && noted !== at;
}

/**
 * Sets LiveTargetGroup to the place of the traffic, by an update of the stack that changes nothing else.
 *
 * @throws Failed if that update fails, or the signal ends the waiting
 */
export async function noteTraffic(
  { aws, signal, stderr }: { readonly aws: Aws; readonly signal: AbortSignal; readonly stderr: TextStream },
  found: Stack,
  { at }: Traffic,
  region: string,
): Promise<void> {
  const place = { name: found.StackName, region };
  const kept = (found.Parameters ?? []).map(({ ParameterKey }) => [ParameterKey, undefined] as const);
  const parameters = { ...Object.fromEntries(kept), LiveTargetGroup: at };
  stderr.write(`LiveTargetGroup ${at}: the traffic is there, and stays. ${place.name} notes that first.\n`);
  await withChangeSet({ aws, signal }, place, found, { purpose: 'traffic', parameters }, async (changeSet) => {
    const before = await lastEvent(aws, place);
    await onStack(aws, place, 'execute-change-set', '--change-set-name', changeSet);
    const { status, failures } = await awaitStack(aws, place, before, signal);
    if (status !== 'UPDATE_COMPLETE') {
      const lines = failures.map((failure) => `  ${failure}`);
      throw new Failed(
        [`${place.name} could not note where the traffic is: it ended with ${status}`, ...lines].join('\n'),
      );
    }
  });
}
