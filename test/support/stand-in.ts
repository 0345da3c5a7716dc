import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { QuiltStack } from '../../src/model/deployment';
import { putAnswers } from './put-program';

/**
 * A command that answers what a test says, by the words that it is called with from the first on; where an answer has an
 * `error`, that, and failing.
 *
 * @param folder where it is put, below `bin`
 * @returns each call so far
 */
export function standIn(folder: string, command: string, answers: Readonly<Record<string, unknown>>): () => string[] {
  const calls = join(folder, `${command}.log`);
  writeFileSync(calls, '');
  const told = Object.entries(answers).map(([words, answer]) => {
    const { error } = answer as { readonly error?: string };
    return [`${words}*`, error === undefined ? { says: answer } : { error, exitCode: 255 }];
  });
  return putAnswers(join(folder, 'bin', command), Object.fromEntries(told), { calls });
}

/** What the AWS CLI says of a Quilt stack that is as the answers name it. */
export function quiltStackAsAnswered(network: QuiltStack) {
  const { listenerArn, clusterArn, clusterName, vpcId, albSecurityGroupIds, albIdleTimeout } = network;
  const LoadBalancerArn = listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '');
  const name = clusterName ?? clusterArn!.split('/').at(-1)!;
  return {
    'elbv2 describe-listeners': {
      Listeners: [{ ListenerArn: listenerArn, LoadBalancerArn, Protocol: 'HTTPS', Port: 443 }],
    },
    'elbv2 describe-load-balancers': {
      LoadBalancers: [
        {
          LoadBalancerArn,
          LoadBalancerName: 'as-answered',
          Type: 'application',
          VpcId: vpcId,
          SecurityGroups: albSecurityGroupIds,
          DNSName: network.albDnsName ?? 'as-answered.elb.amazonaws.com',
          CanonicalHostedZoneId: network.albHostedZoneId ?? 'Z1',
          IpAddressType: network.albIpAddressType ?? 'ipv4',
        },
      ],
    },
    'elbv2 describe-load-balancer-attributes': {
      Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(albIdleTimeout) }],
    },
    'ecs describe-clusters': {
      clusters: [
        { clusterName: name, clusterArn: clusterArn ?? `arn:aws:ecs:::cluster/${name}`, status: 'ACTIVE', tags: [] },
      ],
      failures: [],
    },
    'ec2 describe-security-groups': { SecurityGroups: albSecurityGroupIds.map((GroupId) => ({ GroupId, Tags: [] })) },
  };
}
