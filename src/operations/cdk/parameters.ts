import { findAlbEgress } from '../alb-egress';
import type { Aws } from '../aws-cli';
import { findTraffic, liveTargetGroup } from '../live-traffic';
import type { TextStream } from '../session';
import { describeStack } from '../stack';
import type { ServiceStack } from './config';

/** A parameter that a deployment or a plan gives beside the configuration, for only the account can tell it. */
export interface StackParameter {
  readonly stack: string;
  readonly name: 'AlbEgress' | 'LiveTargetGroup';
  readonly value: string;
}

/**
 * The parameters of these stacks.
 *
 * @param words of the command line; its parameters hold
 */
export async function parametersOf(
  { aws, stderr }: { readonly aws: Aws; readonly stderr: TextStream },
  stacks: readonly ServiceStack[],
  words: readonly string[],
): Promise<StackParameter[]> {
  const isGiven = (name: string) => words.some((word) => word.includes(`${name}=`));
  const given: StackParameter[] = [];
  for (const { place, server } of isGiven('AlbEgress') ? [] : stacks) {
    const { name: service, albSecurityGroupIds: groups, albEgressSecurityGroupId: group } = server;
    if (!group) continue;
    const { value, why } = await findAlbEgress({ region: place.region, groups, group, service }, aws);
    stderr.write(`AlbEgress ${value}: ${why}.\n`);
    given.push({ stack: place.name, name: 'AlbEgress', value });
  }
  for (const { place, server } of isGiven('LiveTargetGroup') ? [] : stacks) {
    const found = server.trafficShift ? await describeStack(aws, place) : undefined;
    const traffic = found && (await findTraffic(found, place.region, aws));
    if (traffic) given.push({ stack: place.name, name: 'LiveTargetGroup', value: liveTargetGroup(traffic) });
  }
  return given;
}

/** Parameters as words for the CDK. */
export function parameterWords(parameters: readonly StackParameter[]): string[] {
  return parameters.flatMap(({ stack, name, value }) => ['--parameters', `${stack}:${name}=${value}`]);
}
