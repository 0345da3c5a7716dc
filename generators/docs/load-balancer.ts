import type { Deployment, Environment } from '../../src/model/deployment';
import { shellWord } from '../../src/operations/shell-word';
import { priorityBlock } from './layers';

/** The way out of the load balancer, for the documents: environments with a rule, those without, and commands for these. */
export function albEgressContext({ environments, contract }: Deployment): object {
  const made = environments.filter(({ service }) => service.albEgressGroupId !== undefined);
  const present = environments.filter(({ service }) => service.albEgressGroupId === undefined);
  return {
    made: made.map((environment) => ({
      name: environment.name,
      group: environment.service.albEgressGroupId,
      look: lookCommand(environment),
    })),
    present,
    commands: albEgressCommands(environments, contract.container.port),
  };
}

/** Host and priorities of an environment's listener rules. */
export function rulesContext({ service }: Environment): object {
  return { host: service.listenerRules[0]!.host, priorities: priorityBlock(service) };
}

/**
 * The commands by which the owner of the load balancer's groups lets it out to the tasks, one for each group that no
 * environment's deployment adds a rule to. The tasks' own group does not exist before the first deployment, so the rule
 * is for their subnets.
 */
export function albEgressCommands(environments: readonly Environment[], port: number): string[] {
  const present = environments.filter(({ service }) => service.albEgressGroupId === undefined);
  const groups = [...new Set(present.map(({ quiltStack }) => quiltStack.albSecurityGroupIds[0]!))];
  return groups.map((group) => {
    const of = present.filter(({ quiltStack }) => quiltStack.albSecurityGroupIds[0] === group);
    const subnets = [...new Set(of.flatMap(({ service }) => service.answers.network.privateSubnetIds))]
      .map(shellWord)
      .join(' ');
    const place = `--region ${shellWord(of[0]!.region)}`;
    const rule = `[{IpProtocol:'tcp',FromPort:\`${port}\`,ToPort:\`${port}\`,IpRanges:Subnets[].{CidrIp:CidrBlock,Description:'MCP to the tasks'}}]`;
    const permissions = `$(aws ec2 describe-subnets ${place} --subnet-ids ${subnets} --output json --query "${rule.replaceAll('`', '\\`')}")`;
    return `aws ec2 authorize-security-group-egress ${place} --group-id ${shellWord(group)} --ip-permissions "${permissions}"`;
  });
}

/** The command that lists the load balancer's groups which let out everything to anywhere. */
function lookCommand({ region, quiltStack }: Environment): string {
  const groups = quiltStack.albSecurityGroupIds.map(shellWord).join(' ');
  return `aws ec2 describe-security-groups --region ${shellWord(region)} --group-ids ${groups} --query "SecurityGroups[?IpPermissionsEgress[?IpProtocol=='-1' && (IpRanges[?CidrIp=='0.0.0.0/0'] || Ipv6Ranges[?CidrIpv6=='::/0'])]].GroupId" --output text`;
}

/** Command that gives listener rules other priorities, all at once. */
export function priorityCommand(
  region: string,
  rules: readonly { readonly arn: string; readonly priority: number }[],
): string {
  const priorities = rules.map(({ arn, priority }) => shellWord(`RuleArn=${arn},Priority=${priority}`));
  return ['aws elbv2 set-rule-priorities --region', shellWord(region), '--rule-priorities', ...priorities].join(' ');
}
