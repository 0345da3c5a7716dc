import {
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import type { NetworkFacts } from '../../src/discovery/account';
import { type Obstacle, obstacles, type ServicePlace } from '../../src/discovery/reachability';
import {
  type DescribedEndpoint,
  type DescribedGateway,
  type DescribedGroup,
  type DescribedSubnet,
  type DescribedTable,
  endpointOf,
  gatewayOf,
  groupOf,
  subnetFacts,
  tableFacts,
} from '../../src/discovery/reading/network';
import type { Environment } from '../../src/model/deployment';
import type { AwsClients } from '../../src/rehearsal/clients';
import { collect } from './account-readers';

/** What of an emulated account decides who reaches whom. */
export async function readNetwork({ ec2, elb: client }: AwsClients): Promise<NetworkFacts> {
  const balancers = await collect(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers);
  const listeners = await Promise.all(
    balancers.map(({ LoadBalancerArn }) =>
      collect(paginateDescribeListeners({ client }, { LoadBalancerArn }), (page) => page.Listeners),
    ),
  );
  const [{ SecurityGroups }, { Subnets }, { RouteTables }, { NatGateways }, { VpcEndpoints }] = await Promise.all([
    ec2.send(new DescribeSecurityGroupsCommand({})),
    ec2.send(new DescribeSubnetsCommand({})),
    ec2.send(new DescribeRouteTablesCommand({})),
    ec2.send(new DescribeNatGatewaysCommand({})),
    ec2.send(new DescribeVpcEndpointsCommand({})),
  ]);
  return {
    loadBalancers: balancers.map(({ LoadBalancerArn, SecurityGroups: groups, AvailabilityZones }) => ({
      arn: LoadBalancerArn!,
      securityGroupIds: groups ?? [],
      subnetIds: (AvailabilityZones ?? []).map(({ SubnetId }) => SubnetId!),
    })),
    listeners: await Promise.all(
      listeners.flat().map(async ({ ListenerArn, LoadBalancerArn, Port }) => ({
        arn: ListenerArn!,
        loadBalancerArn: LoadBalancerArn!,
        port: Port!,
        rules: await collect(paginateDescribeRules({ client }, { ListenerArn }), (page) => page.Rules),
      })),
    ),
    // The SDK leaves out of its types what AWS always says.
    securityGroups: (SecurityGroups as DescribedGroup[]).map(groupOf),
    subnets: (Subnets as DescribedSubnet[]).map(subnetFacts),
    routeTables: (RouteTables as DescribedTable[]).map(tableFacts),
    natGateways: (NatGateways as DescribedGateway[]).map(gatewayOf),
    endpoints: (VpcEndpoints as DescribedEndpoint[]).map(endpointOf),
  };
}

/** Where a deployed service is, as ECS tells it. */
export async function placeOf({ ecs }: AwsClients, { service }: Environment): Promise<ServicePlace> {
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: service.clusterArn, services: [service.serviceName] }),
  );
  const [{ loadBalancers = [], networkConfiguration }] = services as [(typeof services & object)[number]];
  const { subnets = [], securityGroups = [] } = networkConfiguration!.awsvpcConfiguration!;
  return {
    listenerArn: service.listenerArn,
    targetGroupArns: loadBalancers.map(({ targetGroupArn }) => targetGroupArn!),
    port: loadBalancers[0]!.containerPort!,
    subnetIds: subnets,
    securityGroupIds: securityGroups,
  };
}

/** What keeps the clients of a deployed environment from it: those that send no Origin, and pages of its own host. */
export async function obstaclesOf(clients: AwsClients, environment: Environment): Promise<Obstacle[]> {
  const [facts, place] = [await readNetwork(clients), await placeOf(clients, environment)];
  const { url } = environment;
  const Origin = new URL(url).origin;
  return [undefined, { Origin }].flatMap((headers) => obstacles(facts, { url, headers }, place));
}
