import type { Deployment, Environment } from '../../src/model/deployment';
import { priorityBlock } from './layers';
import { shellWord } from './shell';

/** What the documents say of the way out of the load balancer: the environments with a rule, and those without. */
export function albEgressContext({ environments, contract }: Deployment): object {
  const made = environments.filter(({ service }) => service.albEgressGroupId !== undefined);
  const present = environments.filter(({ service }) => service.albEgressGroupId === undefined);
  return {
    made: made.map((environment) => ({
      name: environment.name,
      group: environment.service.albEgressGroupId,
      look: lookCommand(environment),
    })),
    present: present.map((environment) => ({
      name: environment.name,
      command: albEgressCommand(environment, contract.container.port),
    })),
  };
}

/** Host and priorities of an environment's listener rules. */
export function rulesContext({ service }: Environment): object {
  return { host: service.listenerRules[0]!.host, priorities: priorityBlock(service) };
}

/**
 * The command by which the owner of the load balancer's groups lets it out to the tasks. Their own group is not there
 * before the first deployment, so it is to the VPC.
 */
export function albEgressCommand({ region, quiltStack }: Environment, port: number): string {
  const [group] = quiltStack.albSecurityGroupIds;
  const place = `--region ${shellWord(region)}`;
  const block = `$(aws ec2 describe-vpcs ${place} --vpc-ids ${shellWord(quiltStack.vpcId)} --query 'Vpcs[0].CidrBlock' --output text)`;
  return `aws ec2 authorize-security-group-egress ${place} --group-id ${shellWord(group!)} --protocol tcp --port ${port} --cidr "${block}"`;
}

/** The command that lists the load balancer's groups which let out everything to anywhere. */
function lookCommand({ region, quiltStack }: Environment): string {
  const groups = quiltStack.albSecurityGroupIds.map(shellWord).join(' ');
  return `aws ec2 describe-security-groups --region ${shellWord(region)} --group-ids ${groups} --query "SecurityGroups[?IpPermissionsEgress[?IpProtocol=='-1' && (IpRanges[?CidrIp=='0.0.0.0/0'] || Ipv6Ranges[?CidrIpv6=='::/0'])]].GroupId" --output text`;
}
