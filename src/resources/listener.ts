import type { ListenerRule, ServiceLayer } from '../model/deployment';
import { targetGroupArn } from './network';
import { type Part, type Properties, part, referenceTo, sorted } from './resource';

export function listenerRule(rule: ListenerRule, index: number, layer: ServiceLayer): Part {
  const { priority, host, paths, origins, action } = rule;
  return part('listenerRule', RULE_IDS[action](rule, index), {
    listener: layer.listenerArn,
    priority,
    conditions: sorted([
      condition('host', [host]),
      condition('path', paths),
      ...(origins ? [condition('Origin', origins)] : []),
    ]),
    ...(action === 'forward'
      ? { action, ...forwardTo(layer) }
      : { action: 'fixed-response', contentType: 'text/plain', ...FIXED_RESPONSES[action] }),
    tags: layer.tags,
  });
}

const RULE_IDS: Readonly<Record<ListenerRule['action'], (rule: ListenerRule, index: number) => string>> = {
  forward: (rule, index) => (isPlain(rule) ? 'listenerRule' : `allowedOriginRule${index + 1}`),
  forbid: () => 'otherOriginRule',
  'not-found': () => 'oauthProbeRule',
};

/** Answers of the load balancer itself, by the rule's action. */
export const FIXED_RESPONSES = {
  forbid: { status: '403', body: 'Origin not allowed' },
  'not-found': { status: '404', body: 'This MCP server has no OAuth: send a bearer token' },
} as const;

/** Whether a rule forwards requests without an Origin header; if foreign origins are forwarded, it forwards all. */
export function isPlain({ action, origins }: ListenerRule): boolean {
  return action === 'forward' && origins === undefined;
}

function condition(subject: string, values: readonly string[]): string {
  return `${subject}: ${sorted(values).join(', ')}`;
}

/** If traffic is moved, the rule begins with all of it at the first target group. */
function forwardTo({ targetGroupName, rollout: { shift } }: ServiceLayer): Properties {
  if (!shift) {
    return { targetGroup: targetGroupArn(targetGroupName) };
  }
  return {
    weighted: [
      { TargetGroupArn: targetGroupArn(targetGroupName), Weight: 1 },
      { TargetGroupArn: targetGroupArn(shift.alternateTargetGroupName), Weight: 0 },
    ],
  };
}

export function domainParts({ listenerArn, tags }: ServiceLayer, domain: NonNullable<ServiceLayer['domain']>): Part[] {
  const { host, certificateArn, hostedZoneId } = domain;
  const issued = part('certificate', 'certificate', {
    domain: host,
    validation: 'DNS',
    validatedDomain: host,
    validationZone: hostedZoneId,
    tags,
  });
  const alias = (id: string, type: 'A' | 'AAAA') =>
    part('aliasRecord', id, {
      name: host,
      zone: hostedZoneId,
      type,
      target: domain.albDnsName,
      targetZone: domain.albHostedZoneId,
      evaluatesHealth: false,
    });
  const isDualstack = domain.albIpAddressType === 'dualstack';
  const ipv6 = alias('aliasRecordIpv6', 'AAAA');
  return [
    ...(certificateArn ? [] : [issued]),
    part('listenerCertificate', 'listenerCertificate', {
      listener: listenerArn,
      certificate: certificateArn ?? referenceTo(issued, 'arn'),
    }),
    ...(hostedZoneId ? [alias('aliasRecord', 'A')] : []),
    // Two records have one name.
    ...(hostedZoneId && isDualstack ? [{ ...ipv6, key: `${ipv6.key} AAAA` }] : []),
  ];
}
