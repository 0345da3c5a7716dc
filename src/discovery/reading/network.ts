import type { Permission } from '../account';
import type { Reader } from '../reader';
import type { Parts } from '../snapshot';
import { type ResourceTag, serviceTag } from './named';

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
    securityGroups: groups?.SecurityGroups.map(groupOf),
    subnets: subnets?.Subnets.map(subnetFacts),
    routeTables: tables?.RouteTables.map(tableFacts),
    natGateways: gateways?.NatGateways.map(gatewayOf),
    endpoints: endpoints?.VpcEndpoints.map(endpointOf),
  };
}

export function groupOf({ GroupId, GroupName, IpPermissions = [], IpPermissionsEgress = [], Tags }: DescribedGroup) {
  return {
    id: GroupId,
    name: GroupName,
    service: serviceTag(Tags),
    ingress: IpPermissions,
    egress: IpPermissionsEgress,
  };
}

export function subnetFacts({ SubnetId, VpcId, CidrBlock, AvailabilityZone }: DescribedSubnet) {
  return { id: SubnetId, vpcId: VpcId, cidr: CidrBlock, zone: AvailabilityZone };
}

export function tableFacts({ RouteTableId, VpcId, Associations = [], Routes = [] }: DescribedTable) {
  return {
    id: RouteTableId,
    vpcId: VpcId,
    isMain: Associations.some(({ Main }) => Main === true),
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: Routes.map((route) => ({
      ...(route.DestinationCidrBlock !== undefined && { cidr: route.DestinationCidrBlock }),
      target: targetOf(route),
      ...(route.State === 'blackhole' && { isBlackhole: true }),
    })),
  };
}

export function gatewayOf({ NatGatewayId, ConnectivityType }: DescribedGateway) {
  return { id: NatGatewayId, isPrivate: ConnectivityType === 'private' };
}

export function endpointOf({ ServiceName, VpcId, VpcEndpointType, RouteTableIds = [] }: DescribedEndpoint) {
  const type: 'Gateway' | 'Interface' = VpcEndpointType === 'Gateway' ? 'Gateway' : 'Interface';
  return { service: ServiceName, vpcId: VpcId, type, routeTableIds: RouteTableIds };
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

export interface DescribedGroup {
  readonly GroupId: string;
  readonly GroupName: string;
  readonly IpPermissions?: readonly Permission[];
  readonly IpPermissionsEgress?: readonly Permission[];
  readonly Tags?: readonly ResourceTag[];
}

export interface DescribedSubnet {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly CidrBlock: string;
  readonly AvailabilityZone: string;
}

export interface DescribedTable {
  readonly RouteTableId: string;
  readonly VpcId: string;
  readonly Associations?: readonly { readonly Main?: boolean; readonly SubnetId?: string }[];
  readonly Routes?: readonly DescribedRoute[];
}

export interface DescribedGateway {
  readonly NatGatewayId: string;
  readonly ConnectivityType?: string;
}

export interface DescribedEndpoint {
  readonly ServiceName: string;
  readonly VpcId: string;
  readonly VpcEndpointType?: string;
  readonly RouteTableIds?: readonly string[];
}
