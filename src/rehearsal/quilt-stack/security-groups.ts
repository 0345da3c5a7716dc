import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../clients';
import { generatedName, nameTag, tagsOf } from './names';
import type { QuiltStackShape } from './shape';

export type SecurityGroupIds = Readonly<Record<string, string>>;

const ALL: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** The security groups by their logical ids. */
export async function createSecurityGroups(
  { ec2 }: AwsClients,
  name: string,
  VpcId: string,
  { openEgress = false, userGroup = 'iac' }: QuiltStackShape,
): Promise<SecurityGroupIds> {
  const group = async (GroupName: string, Description: string, Tags: Tag[], keepsAll: boolean) => {
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName,
        Description,
        VpcId,
        TagSpecifications: Tags.length > 0 ? [{ ResourceType: 'security-group', Tags }] : [],
      }),
    );
    if (!keepsAll) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [ALL] }));
    return GroupId!;
  };
  /** Named as CloudFormation names resources without a name in the template. */
  const own = (logicalId: string, description: string, keepsAll = false) =>
    group(generatedName(name, logicalId, 255), description, tagsOf(name, logicalId), keepsAll);
  // A parameter of the stack, so it has no tag of CloudFormation, in either case.
  const byHand = userGroup === 'by hand';
  const userName = byHand ? 'quilt users' : `${name}-user-ingress`;
  const ids = {
    ElbTargetSecurityGroup: await own('ElbTargetSecurityGroup', 'What the load balancer forwards to'),
    ElbPrivateAccessorSecurityGroup: await own('ElbPrivateAccessorSecurityGroup', 'Services that call services'),
    ElbPrivateSecurityGroup: await own('ElbPrivateSecurityGroup', 'The load balancer, to its targets', openEgress),
    UserSecurityGroup: await group(
      userName,
      'The load balancer, from its users',
      byHand ? [] : nameTag(userName),
      byHand,
    ),
    OutboundSecurityGroup: await own('OutboundSecurityGroup', 'Out to the internet'),
  };
  const tcp = (port: number, peer: Partial<IpPermission>): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...peer,
  });
  const of = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });
  const anywhere = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const [inwards, outwards] = [
    [
      [ids.ElbPrivateSecurityGroup, [tcp(444, of(ids.ElbPrivateAccessorSecurityGroup))]],
      [ids.ElbTargetSecurityGroup, [tcp(80, of(ids.ElbPrivateSecurityGroup))]],
      [ids.UserSecurityGroup, [tcp(443, anywhere), tcp(80, anywhere)]],
    ] as [string, IpPermission[]][],
    [
      [ids.ElbPrivateSecurityGroup, [tcp(80, of(ids.ElbTargetSecurityGroup))]],
      [ids.OutboundSecurityGroup, [tcp(443, anywhere), { IpProtocol: 'udp', FromPort: 53, ToPort: 53, ...anywhere }]],
    ] as [string, IpPermission[]][],
  ];
  for (const [GroupId, IpPermissions] of inwards) {
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  for (const [GroupId, IpPermissions] of outwards) {
    await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  }
  return ids;
}
