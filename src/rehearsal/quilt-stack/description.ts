import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../clients';
import type { SecurityGroupIds } from './security-groups';
import type { EmulatedQuiltStack, QuiltStackShape } from './shape';

/** Makes all of a Quilt stack the resources of a CloudFormation stack, which is asked for them, its outputs and its parameters. */
export async function createDescribingStack(
  { cloudformation }: AwsClients,
  stack: EmulatedQuiltStack,
  groups: SecurityGroupIds,
  proxyHost: string,
  connectDnsName: string | undefined,
  { scheme = 'internet-facing' }: QuiltStackShape,
): Promise<void> {
  const { UserSecurityGroup, ...ownGroups } = groups;
  const parameters = {
    VPC: stack.vpcId,
    Subnets: stack.privateSubnetIds.join(','),
    IntraSubnets: stack.intraSubnetIds.join(','),
    [scheme === 'internal' ? 'UserSubnets' : 'PublicSubnets']: stack.albSubnetIds.join(','),
    UserSecurityGroup: UserSecurityGroup!,
    CertificateArnELB: stack.certificateArn,
    QuiltWebHost: stack.catalogHost,
    ConnectAllowedHosts: connectDnsName === undefined ? '' : 'claude.ai',
  };
  const resources: Readonly<Record<string, readonly [type: string, id: string]>> = {
    LoadBalancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', stack.albArn],
    Listener: ['AWS::ElasticLoadBalancingV2::Listener', stack.listenerArn],
    Cluster: ['AWS::ECS::Cluster', stack.clusterName],
    ...Object.fromEntries(
      Object.entries(ownGroups).map(([logicalId, id]) => [logicalId, ['AWS::EC2::SecurityGroup', id] as const]),
    ),
  };
  const outputs = {
    QuiltWebHost: stack.catalogHost,
    RegistryHost: stack.registryHost,
    S3ProxyHost: proxyHost,
    LoadBalancerDNSName: stack.albDnsName,
    LoadBalancerCanonicalHostedZoneID: stack.albHostedZoneId,
    OutboundSecurityGroup: groups.OutboundSecurityGroup!,
    TemplateBuildMetadata: JSON.stringify({ git_tag: connectDnsName === undefined ? '1.62.1' : '1.68.0' }),
    ...(connectDnsName === undefined
      ? {}
      : {
          ConnectHost: `${stack.name}-connect.${stack.domain}`,
          PlatformMcpServerUrl: `https://${stack.name}-connect.${stack.domain}/mcp/platform/mcp`,
        }),
  };
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { Type: 'String' }])),
    Resources: Object.fromEntries(
      // A type that the emulator knows, for existing resources.
      Object.entries(resources).map(([logicalId, [Type, Id]]) => [
        logicalId,
        { Type: 'Custom::Existing', Properties: { Type, Id } },
      ]),
    ),
    Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
  };
  await cloudformation.send(
    new CreateStackCommand({
      StackName: stack.name,
      TemplateBody: JSON.stringify(template),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: [{ Key: 'quilt', Value: stack.name }],
    }),
  );
}
