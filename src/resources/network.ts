import type { ServiceContract, ServiceLayer } from '../model/deployment';
import { HTTPS } from '../model/egress';
import { type Part, part, referenceTo, sorted } from './resource';

/** Description of the rules for ports beside 443. */
const OTHER_EGRESS = 'Needed by mcp-deploy.json';

export function securityGroup(
  { securityGroup: group, serviceName, tags }: ServiceLayer,
  { container }: ServiceContract,
): Part {
  const rule = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  return part('securityGroup', 'securityGroup', {
    name: group.name,
    description: `Tasks of ${serviceName}`,
    vpc: group.vpcId,
    ingress: sorted(group.ingressFrom).map((SourceSecurityGroupId) => ({
      ...rule(container.port),
      Description: 'MCP from the load balancer',
      SourceSecurityGroupId,
    })),
    egress: sorted(group.egressCidrs).flatMap((CidrIp) => [
      { ...rule(HTTPS), Description: 'HTTPS', CidrIp },
      ...group.otherEgressPorts.map((port) => ({ ...rule(port), Description: OTHER_EGRESS, CidrIp })),
    ]),
    tags,
  });
}

/** The rule of a security group of the load balancer that lets it out to the tasks. */
export function albEgress(
  group: string,
  { securityGroup: { name }, serviceName }: ServiceLayer,
  { container }: ServiceContract,
): Part {
  return part('securityGroupEgress', 'albEgressRule', {
    group,
    description: `MCP to the tasks of ${serviceName}`,
    destination: referenceTo({ type: 'securityGroup', key: name }, 'id'),
    protocol: 'tcp',
    fromPort: container.port,
    toPort: container.port,
  });
}

export function targetGroup(
  id: string,
  name: string,
  { securityGroup: { vpcId }, answers: { routing }, tags }: ServiceLayer,
  { container, targetGroup: fixed }: ServiceContract,
): Part {
  return part('targetGroup', id, {
    name,
    targetType: 'ip',
    vpc: vpcId,
    protocol: 'HTTP',
    port: container.port,
    healthCheck: true,
    healthCheckPath: fixed.healthCheckPath,
    healthCheckProtocol: 'HTTP',
    interval: fixed.interval,
    timeout: fixed.timeout,
    healthy: fixed.healthyThreshold,
    unhealthy: fixed.unhealthyThreshold,
    matcher: fixed.matcher,
    deregistrationDelay: fixed.deregistrationDelay,
    stickiness: routing.stickiness,
    stickinessType: 'lb_cookie',
    stickinessDuration: fixed.stickinessDuration,
    tags,
  });
}

export function targetGroupArn(name: string): string {
  return referenceTo({ type: 'targetGroup', key: name }, 'arn');
}
