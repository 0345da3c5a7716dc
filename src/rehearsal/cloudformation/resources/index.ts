import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { GetHostedZoneCommand } from '@aws-sdk/client-route-53';

import type { Account } from '../account';
import type { Handler } from '../handler';
import { CLOUDWATCH } from './cloudwatch';
import { DNS } from './dns';
import { EC2 } from './ec2';
import { ECR } from './ecr';
import { ECS } from './ecs';
import { ELB } from './elb';
import { IAM } from './iam';
import { LOGS } from './logs';

/** The types that are applied. */
export const HANDLERS = {
  ...CLOUDWATCH,
  ...DNS,
  ...EC2,
  ...ECR,
  ...ECS,
  ...ELB,
  ...IAM,
  ...LOGS,
} as unknown as Readonly<Record<string, Handler>>;

/** Looks up the resource of a parameter, by type; rejects if there is none. */
const QUESTIONS: Readonly<Record<string, (account: Account, id: string) => Promise<unknown>>> = {
  'AWS::EC2::SecurityGroup::Id': ({ clients }, id) =>
    clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })),
  'AWS::EC2::Subnet::Id': ({ clients }, id) => clients.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] })),
  'AWS::EC2::VPC::Id': ({ clients }, id) => clients.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] })),
  'AWS::Route53::HostedZone::Id': ({ clients }, id) => clients.route53.send(new GetHostedZoneCommand({ Id: id })),
};

/** Whether the account has the resource of a parameter, of a type such as AWS::EC2::VPC::Id. */
export async function exists(account: Account, type: string, id: string): Promise<boolean> {
  try {
    await QUESTIONS[type]!(account, id);
    return true;
  } catch {
    return false;
  }
}
