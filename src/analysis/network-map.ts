import { mermaidText } from '../../generators/docs/diagram';
import type { Permission } from '../discovery/account';
import { defaultRoute, routeTableOf } from '../discovery/reachability';
import { balancerOf, type Snapshot } from '../discovery/snapshot';

/** The load balancer, its security groups and the subnets of its VPC with their way out, as a Mermaid flowchart. */
export function networkMap(snapshot: Snapshot): string {
  const { parts } = snapshot;
  const balancer = balancerOf(snapshot);
  const groups = (parts.securityGroups ?? []).filter(({ id }) => balancer?.securityGroupIds.includes(id));
  const { routeTables = [] } = parts;
  const lines = [
    'flowchart LR',
    ...(balancer ? [node('alb', balancer.name, balancer.scheme, balancer.dnsName)] : []),
    ...groups.flatMap(({ id, ingress, egress }, index) => [
      node(`group${index}`, id, `in: ${permissionsText(ingress)}`, `out: ${permissionsText(egress)}`),
      `  alb --- group${index}`,
    ]),
    ...(parts.subnets ?? []).flatMap((subnet, index) => {
      const { id, zone, cidr } = subnet;
      const way = defaultRoute(routeTableOf({ routeTables }, subnet))?.target;
      return [
        node(`subnet${index}`, id, `${zone}, ${cidr}`, way === undefined ? 'no way out' : `out by ${way}`),
        ...(balancer?.subnetIds.includes(id) ? [`  subnet${index} --- alb`] : []),
      ];
    }),
  ];
  return lines.join('\n');
}

function node(id: string, ...lines: readonly string[]): string {
  return `  ${id}["${lines.map(mermaidText).join('<br>')}"]`;
}

function permissionsText(permissions: readonly Permission[]): string {
  return permissions.length === 0 ? 'nothing' : permissions.map(permissionText).join('; ');
}

/** A permission in a few words: `tcp 443, 0.0.0.0/0`. */
export function permissionText(permission: Permission): string {
  const { IpProtocol = '-1', FromPort, ToPort, IpRanges = [], UserIdGroupPairs = [] } = permission;
  const ports = FromPort === undefined ? '' : FromPort === ToPort ? ` ${FromPort}` : ` ${FromPort}-${ToPort}`;
  const peers = [...IpRanges.map(({ CidrIp }) => CidrIp), ...UserIdGroupPairs.map(({ GroupId }) => GroupId)];
  return `${IpProtocol === '-1' ? 'everything' : `${IpProtocol}${ports}`}, ${peers.join(' ') || 'other peers'}`;
}
