import type { Problem } from '../../config/problem';
import { egressProblems } from '../egress';
import { type Draft, type LooseNetwork, type LooseRouting, looseObject, type Subject } from '../unchecked';

export function loadBalancerIsKnown({ path, environment }: Subject): Problem[] {
  const { mode } = looseObject<LooseRouting>(environment.routing);
  const network = looseObject<LooseNetwork>(environment.network);
  if (mode !== 'domain') {
    return [];
  }
  return (['albDnsName', 'albHostedZoneId'] as const)
    .filter((key) => network[key] === undefined)
    .map((key) => ({
      path: `${path}.network.${key}`,
      message:
        'is missing: domain routing needs it (aws elbv2 describe-load-balancers: DNSName, CanonicalHostedZoneId)',
    }));
}

/** A rule of another group would let nothing out of the load balancer. */
export function egressIsOfLoadBalancer({ path, environment }: Subject): Problem[] {
  const { albEgress, albSecurityGroupIds } = looseObject<LooseNetwork>(environment.network);
  const { create } = looseObject<{ create: string }>(albEgress);
  return typeof create === 'string' && Array.isArray(albSecurityGroupIds) && !albSecurityGroupIds.includes(create)
    ? [
        {
          path: `${path}.network.albEgress.create`,
          found: create,
          message: `must be one of the load balancer's groups, network.albSecurityGroupIds: ${albSecurityGroupIds.join(', ')}`,
        },
      ]
    : [];
}

export function portsAreLetOut({ path, environment }: Subject): Problem[] {
  return egressProblems(path, environment);
}

/** Target groups and security groups of two environments would have one name. */
export function suffixesDiffer({ subjects }: Draft): Problem[] {
  return subjects.flatMap(({ path, environment }): Problem[] => {
    const { nameSuffix: suffix } = looseObject<{ nameSuffix: string }>(environment.network);
    const other = subjects.find((subject) => subject.path === `${path}-${suffix}`);
    return typeof suffix === 'string' && other
      ? [
          {
            path: `${path}.network.nameSuffix`,
            found: suffix,
            message: `gives its resources the names of those of ${other.path}; take another suffix`,
          },
        ]
      : [];
  });
}
