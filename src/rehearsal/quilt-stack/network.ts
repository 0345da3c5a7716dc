import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../clients';
import { nameTag } from './names';
import type { QuiltStackShape } from './shape';

export type Network = Awaited<ReturnType<typeof createNetwork>>;

/** A VPC with subnets of each kind, their routes, and an endpoint for S3. */
export async function createNetwork(
  { ec2 }: AwsClients,
  name: string,
  region: string,
  { scheme = 'internet-facing' }: QuiltStackShape,
) {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: nameTag(name) }],
    }),
  );
  const vpcId = Vpc!.VpcId!;
  const subnets = async (kind: string, first: number) => {
    const made: string[] = [];
    for (const zone of ['a', 'b']) {
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          CidrBlock: `10.0.${first + made.length}.0/24`,
          AvailabilityZone: `${region}${zone}`,
          TagSpecifications: [{ ResourceType: 'subnet', Tags: nameTag(`${name}-${kind}-${made.length}`) }],
        }),
      );
      made.push(Subnet!.SubnetId!);
    }
    return made;
  };
  const routeTable = async (subnetIds: readonly string[], route?: { GatewayId: string } | { NatGatewayId: string }) => {
    const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable!.RouteTableId!;
    if (route) await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...route }));
    for (const SubnetId of subnetIds) await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    return RouteTableId;
  };
  const publicSubnetIds = await subnets('public', 0);
  const privateSubnetIds = await subnets('private', 2);
  const intraSubnetIds = await subnets('intra', 4);
  const albSubnetIds = scheme === 'internal' ? await subnets('user', 6) : publicSubnetIds;

  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId: vpcId, InternetGatewayId: GatewayId }));
  await routeTable(publicSubnetIds, { GatewayId });
  const tables: string[] = [];
  for (const [index, subnetId] of privateSubnetIds.entries()) {
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const { NatGateway } = await ec2.send(
      new CreateNatGatewayCommand({ SubnetId: publicSubnetIds[index], ConnectivityType: 'public', AllocationId }),
    );
    tables.push(await routeTable([subnetId], { NatGatewayId: NatGateway!.NatGatewayId! }));
  }
  tables.push(await routeTable(intraSubnetIds));
  if (scheme === 'internal') await routeTable(albSubnetIds);
  await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: vpcId,
      VpcEndpointType: 'Gateway',
      ServiceName: `com.amazonaws.${region}.s3`,
      RouteTableIds: tables,
    }),
  );
  return { vpcId, publicSubnetIds, privateSubnetIds, intraSubnetIds, albSubnetIds };
}
