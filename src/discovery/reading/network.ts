import type { Permission } from '../account';
import type { Reader } from '../reader';
import type { Parts } from '../snapshot';

type NetworkParts = Pick<Parts, 'securityGroups' | 'subnets' | 'routeTables' | 'natGateways' | 'endpoints'>;

interface DescribedRoute {
  readonly DestinationCidrBlock?: string;
  readonly NatGatewayId?: string;
  readonly GatewayId?: string;
  readonly TransitGatewayId?: string;
  readonly VpcPeeringConnectionId?: string;
  readonly NetworkInterfaceId?: string;
  readonly State?: string;
}

/** Security groups, subnets and routes of a VPC. */
export async function readNetwork(reader: Reader, vpcId: string): Promise<NetworkParts> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const [groups, subnets, tables, gateways, endpoints] = await Promise.all([
    reader.read<{ SecurityGroups: readonly DescribedGroup[] }>('securityGroups', { Filters }),
    reader.read<{ Subnets: readonly DescribedSubnet[] }>('subnets', { Filters }),
    reader.read<{ RouteTables: readonly DescribedTable[] }>('routeTables', { Filters }),
    reader.read<{ NatGateways: readonly DescribedGateway[] }>('natGateways', { Filter: Filters }),
    reader.read<{ VpcEndpoints: readonly DescribedEndpoint[] }>('endpoints', { Filters }),
  ]);
  return {
    securityGroups: groups?.SecurityGroups.map(
      ({ GroupId, GroupName, IpPermissions = [], IpPermissionsEgress = [] }) => ({
        id: GroupId,
        name: GroupName,
        ingress: IpPermissions,
        egress: IpPermissionsEgress,
      }),
    ),
    subnets: subnets?.Subnets.map(({ SubnetId, VpcId, CidrBlock, AvailabilityZone }) => ({
      id: SubnetId,
      vpcId: VpcId,
      cidr: CidrBlock,
      zone: AvailabilityZone,
    })),
    routeTables: tables?.RouteTables.map(({ RouteTableId, VpcId, Associations = [], Routes = [] }) => ({
      id: RouteTableId,
      vpcId: VpcId,
      isMain: Associations.some(({ Main }) => Main === true),
      subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
      routes: Routes.map((route) => ({
        ...(route.DestinationCidrBlock !== undefined && { cidr: route.DestinationCidrBlock }),
        target: targetOf(route),
        ...(route.State === 'blackhole' && { isBlackhole: true }),
      })),
    })),
    natGateways: gateways?.NatGateways.map(({ NatGatewayId, ConnectivityType }) => ({
      id: NatGatewayId,
      isPrivate: ConnectivityType === 'private',
    })),
    endpoints: endpoints?.VpcEndpoints.map(({ ServiceName, VpcId, VpcEndpointType, RouteTableIds = [] }) => ({
      service: ServiceName,
      vpcId: VpcId,
      type: VpcEndpointType === 'Gateway' ? 'Gateway' : 'Interface',
      routeTableIds: RouteTableIds,
    })),
  };
}

function targetOf(route: DescribedRoute): string {
  return (
    route.NatGatewayId ??
    route.GatewayId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.NetworkInterfaceId ??
    'unknown'
  );
}

interface DescribedGroup {
  readonly GroupId: string;
  readonly GroupName: string;
  readonly IpPermissions?: readonly Permission[];
  readonly IpPermissionsEgress?: readonly Permission[];
}

interface DescribedSubnet {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly CidrBlock: string;
  readonly AvailabilityZone: string;
}

interface DescribedTable {
  readonly RouteTableId: string;
  readonly VpcId: string;
  readonly Associations?: readonly { readonly Main?: boolean; readonly SubnetId?: string }[];
  readonly Routes?: readonly DescribedRoute[];
}

interface DescribedGateway {
  readonly NatGatewayId: string;
  readonly ConnectivityType?: string;
}

interface DescribedEndpoint {
  readonly ServiceName: string;
  readonly VpcId: string;
  readonly VpcEndpointType?: string;
  readonly RouteTableIds?: readonly string[];
}
