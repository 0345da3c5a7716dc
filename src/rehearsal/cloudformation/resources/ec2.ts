import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupRulesCommand,
  type EC2Client,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';

import type { Account } from '../account';
import {
  changeTags,
  type Handler,
  type PropertyReader,
  type Tag,
  takeTags,
  unlessGone,
  unlessThere,
  without,
} from '../handler';

type RuleDirection = 'ingress' | 'egress';

type RuleChange = (ec2: EC2Client, input: { GroupId: string; IpPermissions: IpPermission[] }) => Promise<unknown>;

const AUTHORIZE: Record<RuleDirection, RuleChange> = {
  ingress: (ec2, input) => ec2.send(new AuthorizeSecurityGroupIngressCommand(input)),
  egress: (ec2, input) => ec2.send(new AuthorizeSecurityGroupEgressCommand(input)),
};
const REVOKE: Record<RuleDirection, RuleChange> = {
  ingress: (ec2, input) => ec2.send(new RevokeSecurityGroupIngressCommand(input)),
  egress: (ec2, input) => ec2.send(new RevokeSecurityGroupEgressCommand(input)),
};
const PEER = { ingress: 'Source', egress: 'Destination' };

/** EC2's default rule of a new group: connections to anywhere. */
const DEFAULT_EGRESS: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

interface SecurityGroup {
  readonly name: string;
  readonly description: string;
  readonly vpcId?: string;
  readonly ingress: IpPermission[];
  readonly egress: IpPermission[];
  readonly tags: Tag[];
}

const securityGroup: Handler<SecurityGroup> = {
  name: 'GroupName',
  read: (properties, generatedName) => ({
    name: properties.takeText('GroupName') ?? generatedName(255),
    description: properties.takeText('GroupDescription')!,
    vpcId: properties.takeText('VpcId'),
    ingress: (properties.takeParts('SecurityGroupIngress') ?? []).map((rule) => takePermission(rule, 'ingress')),
    egress: (properties.takeParts('SecurityGroupEgress') ?? []).map((rule) => takePermission(rule, 'egress')),
    tags: takeTags(properties),
  }),
  async create({ clients, tagsLater }, request) {
    const tagged = request.tags.length > 0 && !tagsLater;
    const { GroupId } = await clients.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: request.name,
        Description: request.description,
        VpcId: request.vpcId,
        TagSpecifications: tagged ? [{ ResourceType: 'security-group', Tags: request.tags }] : undefined,
      }),
    );
    return {
      physicalId: GroupId!,
      attributes: { GroupId: GroupId!, Id: GroupId!, ...(request.vpcId && { VpcId: request.vpcId }) },
    };
  },
  async finish(account, { ingress, egress, tags }, { physicalId }) {
    // An empty list is as good as none: CloudFormation leaves the default there.
    if (egress.length > 0) await revoke(account, 'egress', physicalId, [DEFAULT_EGRESS]);
    await authorize(account, 'ingress', physicalId, ingress);
    await authorize(account, 'egress', physicalId, egress);
    if (account.tagsLater && tags.length > 0) {
      await account.clients.ec2.send(new CreateTagsCommand({ Resources: [physicalId], Tags: tags }));
    }
  },
  async update(account, wanted, before, { physicalId }) {
    for (const direction of ['ingress', 'egress'] as const) {
      // Once a group had rules of its own, the default doesn't come back.
      const first = direction === 'egress' && before.egress.length === 0 && wanted.egress.length > 0;
      const old = first ? [DEFAULT_EGRESS] : before[direction];
      for (const rule of without(old, wanted[direction])) {
        await unlessGone(revoke(account, direction, physicalId, [rule]));
      }
      for (const rule of without(wanted[direction], old)) {
        await unlessThere(authorize(account, direction, physicalId, [rule]));
      }
    }
    const { ec2 } = account.clients;
    const Resources = [physicalId];
    await changeTags(
      wanted.tags,
      before.tags,
      (Tags) => ec2.send(new CreateTagsCommand({ Resources, Tags })),
      (keys) => ec2.send(new DeleteTagsCommand({ Resources, Tags: keys.map((Key) => ({ Key })) })),
    );
  },
  remove: async ({ clients }, _, { physicalId }) => {
    await clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: physicalId }));
  },
};

interface GroupRule {
  readonly groupId: string;
  readonly permission: IpPermission;
}

function ruleHandler(direction: RuleDirection): Handler<GroupRule> {
  return {
    read: (properties) => {
      const groupId = properties.takeText('GroupId');
      if (!groupId) throw new Error('A rule without a GroupId is not applied here');
      return { groupId, permission: takePermission(properties, direction) };
    },
    async create(account, { groupId, permission }) {
      // As CloudFormation: the first rule of its own takes the place of the group's default.
      if (direction === 'egress') await unlessGone(revoke(account, direction, groupId, [DEFAULT_EGRESS]));
      await authorize(account, direction, groupId, [permission]);
      const id = await ruleId(account, direction, groupId, permission);
      return { physicalId: id, attributes: { Id: id } };
    },
    async update(account, wanted, before) {
      await unlessGone(revoke(account, direction, before.groupId, [before.permission]));
      await unlessThere(authorize(account, direction, wanted.groupId, [wanted.permission]));
    },
    remove: (account, { groupId, permission }) => revoke(account, direction, groupId, [permission]),
  };
}

/** A rule's peer is one of four kinds; that it is exactly one, AWS demands too. */
function takePermission(properties: PropertyReader, direction: RuleDirection): IpPermission {
  const peer = PEER[direction];
  const Description = properties.takeText('Description');
  const described = Description === undefined ? {} : { Description };
  const CidrIp = properties.takeText('CidrIp');
  const CidrIpv6 = properties.takeText('CidrIpv6');
  const GroupId = properties.takeText(`${peer}SecurityGroupId`);
  const UserId = direction === 'ingress' ? properties.takeText('SourceSecurityGroupOwnerId') : undefined;
  const PrefixListId = properties.takeText(`${peer}PrefixListId`);
  const peers = [CidrIp, CidrIpv6, GroupId, PrefixListId].filter((given) => given !== undefined);
  if (peers.length !== 1) throw new Error(`A rule of a security group has one peer, and this has ${peers.length}`);
  return {
    IpProtocol: properties.takeText('IpProtocol'),
    FromPort: properties.take<number>('FromPort'),
    ToPort: properties.take<number>('ToPort'),
    IpRanges: CidrIp ? [{ CidrIp, ...described }] : undefined,
    Ipv6Ranges: CidrIpv6 ? [{ CidrIpv6, ...described }] : undefined,
    UserIdGroupPairs: GroupId ? [{ GroupId, UserId, ...described }] : undefined,
    PrefixListIds: PrefixListId ? [{ PrefixListId, ...described }] : undefined,
  };
}

async function authorize(account: Account, direction: RuleDirection, GroupId: string, IpPermissions: IpPermission[]) {
  if (IpPermissions.length === 0) return;
  await AUTHORIZE[direction](account.clients.ec2, { GroupId, IpPermissions });
}

async function revoke(account: Account, direction: RuleDirection, GroupId: string, IpPermissions: IpPermission[]) {
  await REVOKE[direction](account.clients.ec2, { GroupId, IpPermissions });
}

async function ruleId({ clients }: Account, direction: RuleDirection, groupId: string, wanted: IpPermission) {
  const { SecurityGroupRules } = await clients.ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] }),
  );
  const port = (value: number | undefined) => value ?? -1;
  const found = SecurityGroupRules!.find(
    (rule) =>
      rule.IsEgress === (direction === 'egress') &&
      rule.IpProtocol === wanted.IpProtocol &&
      port(rule.FromPort) === port(wanted.FromPort) &&
      port(rule.ToPort) === port(wanted.ToPort) &&
      rule.CidrIpv4 === wanted.IpRanges?.[0]?.CidrIp &&
      rule.CidrIpv6 === wanted.Ipv6Ranges?.[0]?.CidrIpv6 &&
      rule.PrefixListId === wanted.PrefixListIds?.[0]?.PrefixListId &&
      rule.ReferencedGroupInfo?.GroupId === wanted.UserIdGroupPairs?.[0]?.GroupId,
  );
  if (!found) throw new Error(`The ${direction} rule of ${groupId} is not there after it was made`);
  return found.SecurityGroupRuleId!;
}

export const EC2 = {
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupEgress': ruleHandler('egress'),
  'AWS::EC2::SecurityGroupIngress': ruleHandler('ingress'),
};
