import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../clients';
import { generatedName, tagsOf } from './names';
import type { Network } from './network';
import type { SecurityGroupIds } from './security-groups';
import type { QuiltStackShape } from './shape';

/** Seconds. */
const IDLE_TIMEOUT = 1000;
const PRIORITIES = { catalog: 25, registry: 30, proxy: 40 };

/** The stack's load balancer with its listeners and rules, and the one of Connect if that is on. */
export async function createLoadBalancers(
  { elb }: AwsClients,
  name: string,
  { vpcId, albSubnetIds }: Network,
  groups: SecurityGroupIds,
  certificateArn: string,
  hosts: { readonly catalog: string; readonly registry: string; readonly proxy: string },
  { scheme = 'internet-facing', connect = false, priorities = PRIORITIES }: QuiltStackShape,
) {
  const balancer = async (logicalId: string) => {
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: generatedName(name, logicalId, 32),
        Type: 'application',
        Scheme: scheme,
        Subnets: albSubnetIds,
        SecurityGroups: [groups.ElbPrivateSecurityGroup!, groups.UserSecurityGroup!],
        Tags: tagsOf(name, logicalId),
      }),
    );
    const { LoadBalancerArn, DNSName, CanonicalHostedZoneId } = LoadBalancers![0]!;
    return { albArn: LoadBalancerArn!, albDnsName: DNSName!, albHostedZoneId: CanonicalHostedZoneId! };
  };
  const listener = async (LoadBalancerArn: string, Protocol: 'HTTP' | 'HTTPS', Port: number, action: Action) => {
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol,
        Port,
        ...(Protocol === 'HTTPS'
          ? { Certificates: [{ CertificateArn: certificateArn }], SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }
          : {}),
        DefaultActions: [action],
      }),
    );
    return Listeners![0]!.ListenerArn!;
  };
  const alb = await balancer('LoadBalancer');
  await elb.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: alb.albArn,
      Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(IDLE_TIMEOUT) }],
    }),
  );
  const notFound: Action = {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' },
  };
  const toHttps: Action = {
    Type: 'redirect',
    RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
  };
  const targets = async (logicalId: string): Promise<Action> => {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: generatedName(name, logicalId, 32),
        TargetType: 'ip',
        VpcId: vpcId,
        Protocol: 'HTTP',
        Port: 80,
        Tags: tagsOf(name, logicalId),
      }),
    );
    return { Type: 'forward', TargetGroupArn: TargetGroups![0]!.TargetGroupArn! };
  };
  const rule = (ListenerArn: string, Priority: number, host: string, action: Action) =>
    elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
        Actions: [action],
      }),
    );
  const [nginx, registry, proxy] = [
    await targets('NginxTargetGroup'),
    await targets('RegistryTargetGroup'),
    await targets('S3ProxyTargetGroup'),
  ];
  const listenerArn = await listener(alb.albArn, 'HTTPS', 443, notFound);
  await listener(alb.albArn, 'HTTP', 80, toHttps);
  const privateListener = await listener(alb.albArn, 'HTTPS', 444, notFound);
  await rule(listenerArn, priorities.catalog, hosts.catalog, nginx);
  await rule(listenerArn, priorities.registry, hosts.registry, registry);
  await rule(listenerArn, priorities.proxy, hosts.proxy, proxy);
  await rule(privateListener, PRIORITIES.registry, hosts.registry, registry);
  if (!connect) return { ...alb, listenerArn, connectDnsName: undefined };
  const other = await balancer('ConnectLoadBalancer');
  await listener(other.albArn, 'HTTPS', 443, notFound);
  return { ...alb, listenerArn, connectDnsName: other.albDnsName };
}
