import type { Permission } from '../discovery/account';
import { isForAll } from '../discovery/reachability';
import type { Aws } from './aws-cli';

/** A security group as AWS describes it. */
export interface SecurityGroup {
  readonly GroupId: string;
  readonly IpPermissionsEgress?: readonly Permission[];
}

/** The region and groups of the load balancer's rule. */
export interface AlbEgressPlace {
  readonly region: string;
  /** Ids of the load balancer's security groups. */
  readonly groups: readonly string[];
  /** Id of the one that gets the rule. */
  readonly group: string;
  /** Name of the service. */
  readonly service: string;
}

/** Value of the parameter AlbEgress, with the reason. */
export interface AlbEgress {
  readonly value: 'on' | 'off';
  readonly why: string;
}

/** The value of AlbEgress by the load balancer's current groups. */
export async function findAlbEgress(place: AlbEgressPlace, aws: Aws): Promise<AlbEgress> {
  const words = ['ec2', 'describe-security-groups', '--region', place.region, '--group-ids', ...place.groups];
  const { SecurityGroups } = await aws<{ SecurityGroups: readonly SecurityGroup[] }>(...words);
  return albEgressOf(place, SecurityGroups);
}

/**
 * The value of AlbEgress: `on` if the rule exists already, or if no group of the load balancer lets out everything.
 * With the first rule of its own, CloudFormation removes a group's rule for everything (aws-cdk issue 998), and with it
 * the load balancer's way to the catalog.
 */
export function albEgressOf(
  { group, service }: Pick<AlbEgressPlace, 'group' | 'service'>,
  groups: readonly SecurityGroup[],
): AlbEgress {
  const rulesOf = ({ IpPermissionsEgress }: SecurityGroup) => IpPermissionsEgress ?? [];
  const isOurs = ({ UserIdGroupPairs = [] }: Permission) =>
    UserIdGroupPairs.some(({ Description }) => Description === `MCP to the tasks of ${service}`);
  if (groups.some((found) => found.GroupId === group && rulesOf(found).some(isOurs))) {
    return { value: 'on', why: `${group} has the rule already` };
  }
  const open = groups.find((found) => rulesOf(found).some(isForAll));
  return open
    ? { value: 'off', why: `${open.GroupId} lets the load balancer out to everything, so ${group} needs no rule` }
    : {
        value: 'on',
        why: `no group of the load balancer lets it out to everything: ${group} gets a rule to the tasks`,
      };
}
