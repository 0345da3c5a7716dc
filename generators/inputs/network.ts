import type { Deployment, ServiceLayer } from '../../src/model/deployment';
import { type Input, type Parameter, places } from './input';

/** Security groups of a load balancer. Source: Amazon EC2, "Elastic Load Balancing: security groups per load balancer". */
export const SECURITY_GROUPS = 5;

const GROUP: Parameter = {
  default: null,
  pattern: "'^sg-[0-9a-f]{8,17}$'",
  must: 'The id of a security group, such as sg-0123456789abcdef0.',
};
const GROUP_OR_NOTHING: Parameter = {
  default: "''",
  pattern: "'^(sg-[0-9a-f]{8,17})?$'",
  must: 'The id of a security group, such as sg-0123456789abcdef0, or nothing.',
};

/** The most ports beside 443 that any environment needs: if none needs one, they take no room. */
export function mostOtherPorts({ environments }: Deployment): number {
  return Math.max(...environments.map(({ service }) => service.securityGroup.otherEgressPorts.length));
}

export function network(deployment: Deployment): Input[] {
  const { contract } = deployment;
  const otherPorts = mostOtherPorts(deployment);
  return [
    {
      name: 'vpcId',
      kind: 'text',
      description: 'VPC of the load balancer and the tasks',
      pattern: 'vpc-[0-9a-f]{8,17}',
      value: ({ securityGroup }) => securityGroup.vpcId,
      terraform: { must: 'The VPC is given by its ID, such as vpc-0123456789abcdef0.' },
      cloudformation: { type: 'AWS::EC2::VPC::Id' },
      cdk: {},
    },
    {
      name: 'privateSubnetIds',
      kind: 'texts',
      description:
        'Private subnets of the tasks, in at least two availability zones, with a route to the internet or to VPC endpoints',
      value: ({ answers }) => answers.network.privateSubnetIds,
      terraform: {
        rules: [
          [
            'length(distinct(var.private_subnet_ids)) >= 2 && alltrue([for id in var.private_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])',
            'At least two different subnets are needed, each given by its ID, such as subnet-0123456789abcdef0.',
          ],
        ],
      },
      cloudformation: { type: 'List<AWS::EC2::Subnet::Id>' },
      cdk: {},
    },
    {
      name: 'albSecurityGroupIds',
      kind: 'texts',
      description: 'Security groups of the load balancer: the only ones that may connect to the tasks',
      value: ({ securityGroup }) => securityGroup.ingressFrom,
      terraform: {
        rules: [
          [
            'length(var.alb_security_group_ids) > 0 && alltrue([for id in var.alb_security_group_ids : can(regex("^sg-[0-9a-f]{8,17}$", id))])',
            'At least one security group is needed, each given by its ID, such as sg-0123456789abcdef0.',
          ],
        ],
      },
      cloudformation: places(SECURITY_GROUPS, (place) => ({
        name: `AlbSecurityGroupId${place}`,
        description: 'Security group of the load balancer, one of those that may connect to the tasks',
        type: 'String',
        ...(place === 1 ? GROUP : GROUP_OR_NOTHING),
        value: ({ securityGroup }) => securityGroup.ingressFrom[place - 1],
        leftOut: true,
      })),
      cdk: { doc: 'Security groups of the load balancer, which may connect to the tasks: 1 to 5.' },
    },
    {
      name: 'albEgressSecurityGroupId',
      kind: 'text',
      description:
        'Security group of the load balancer, one of those above, for a rule that lets it out to the tasks; empty, it is let out already',
      default: null,
      pattern: 'sg-[0-9a-f]{8,17}',
      value: ({ albEgressGroupId }) => albEgressGroupId,
      terraform: {
        description:
          'Security group of the load balancer that gets a rule which lets it out to the tasks. Null if its groups let it out already; those of a Quilt stack do not',
        must: 'The security group is given by its ID, such as sg-0123456789abcdef0.',
      },
      cloudformation: { must: 'The id of a security group, such as sg-0123456789abcdef0, or nothing.' },
      cdk: {
        default: "- the load balancer's groups let it out to the tasks already",
        doc: "Security group of the load balancer, one of `albSecurityGroupIds`, that gets a rule which lets it out to the tasks. The\ngroups of a Quilt stack let it out to TCP 80 alone.\n\nCloudFormation takes away a group's rule that lets it out to everywhere as it adds the first of its own (aws-cdk issue\n998). So the rule is made only if the stack's parameter `AlbEgress` is `on`, which `npm run deploy:ENV` sets if no group\nof the load balancer has such a rule. Once on, it must stay on.",
      },
    },
    {
      name: 'albEgress',
      kind: 'text',
      description:
        'Whether the rule is made. Never on if a group of the load balancer lets out everything, as new groups do',
      default: 'off',
      cloudformation: {
        comment: [
          'With its first rule, CloudFormation takes away the one that lets a group out to everywhere (aws-cdk issue 998). The deploy',
          'task looks for that one, and turns this on if no group of the load balancer has it. Once on, it must stay on.',
        ],
        default: "'off'",
        allowed: "['on', 'off']",
      },
    },
    {
      name: 'egressCidrs',
      kind: 'texts',
      description: 'IPv4 block that the tasks may reach on TCP 443',
      default: ['0.0.0.0/0'],
      pattern: '([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}',
      value: ({ securityGroup }) => securityGroup.egressCidrs,
      terraform: {
        name: 'egress_cidr_blocks',
        description:
          "IPv4 blocks that the tasks may reach on TCP 443: the Quilt registry, ECR, CloudWatch Logs and the secrets' services must be among them",
        rules: [
          [
            'length(var.egress_cidr_blocks) > 0 && alltrue([for block in var.egress_cidr_blocks : can(cidrnetmask(block))])',
            "At least one IPv4 CIDR block is needed, such as 0.0.0.0/0; without any, a task can't pull its image.",
          ],
        ],
      },
      cloudformation: {
        name: 'EgressCidr',
        type: 'String',
        value: ({ securityGroup }) => only(securityGroup.egressCidrs),
        default: '0.0.0.0/0',
        must: 'An IPv4 CIDR block, such as 0.0.0.0/0.',
      },
      cdk: { default: '- any address', doc: 'IPv4 blocks that the tasks may reach on TCP 443.' },
    },
    ...(otherPorts > 0
      ? [
          {
            name: 'otherEgressPorts',
            kind: 'numbers',
            description:
              'TCP ports beside 443 that the tasks may reach in egress_cidr_blocks: of Quilt, of a proxy, or of another host',
            default: [],
            value: ({ securityGroup: { otherEgressPorts } }) =>
              otherEgressPorts.length > 0 ? otherEgressPorts : undefined,
            terraform: {
              rules: [
                [
                  'alltrue([for port in var.other_egress_ports : port == floor(port) && port >= 1 && port <= 65535 && port != 443]) && length(distinct(var.other_egress_ports)) == length(var.other_egress_ports)',
                  'Ports are whole numbers from 1 to 65535, none twice, and 443 is open anyway.',
                ],
              ],
            },
            cloudformation: places(otherPorts, (place) => ({
              name: `OtherEgressPort${place}`,
              description: 'Other TCP port that tasks may reach; empty, none',
              type: 'String',
              default: "''",
              pattern: "'^([1-9][0-9]{0,4})?$'",
              // Empty if this environment has fewer than another one.
              value: ({ securityGroup }: ServiceLayer) => securityGroup.otherEgressPorts[place - 1],
            })),
            cdk: {
              default: '- none',
              doc: 'TCP ports beside 443 that the tasks may reach in `egressCidrs`: of Quilt, of a proxy, or of another host.',
            },
          } satisfies Input,
        ]
      : []),
    {
      name: 'targetGroupName',
      kind: 'text',
      description: 'Name of the target group',
      default: null,
      pattern: '[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?',
      value: ({ targetGroupName }) => targetGroupName,
      terraform: {
        description: 'Name of the target group; null takes name, which then must fit into its 32 characters',
        must: 'The name of a target group has 1 to 32 letters, digits and hyphens, and neither begins nor ends with a hyphen.',
      },
      cloudformation: {
        default: null,
        must: '1 to 32 letters, digits and hyphens, neither beginning nor ending with a hyphen.',
      },
      cdk: { default: '- `name`', doc: 'Name of the target group, at most 32 characters.' },
    },
    {
      name: 'securityGroupName',
      kind: 'text',
      description: 'Name of the security group; empty, that of the service',
      default: null,
      pattern: '[a-zA-Z0-9][a-zA-Z0-9-]{0,254}',
      value: ({ securityGroup: { name }, serviceName }) => (name === serviceName ? undefined : name),
      terraform: {
        description: "Name of the tasks' security group; null takes name",
        must: 'The name of a security group has 1 to 255 letters, digits and hyphens here, and does not begin with a hyphen.',
      },
      cloudformation: { leftOut: true },
      cdk: { default: '- `name`', doc: 'Name of the security group of the tasks.' },
    },
    {
      name: 'healthCheckPath',
      kind: 'text',
      description: "Path of the target group's health check, which goes to the tasks and not through the listener",
      default: contract.targetGroup.healthCheckPath,
      terraform: {
        rules: [
          [
            'can(regex("^/[!-~]*$", var.health_check_path)) && length(var.health_check_path) <= 1024',
            'The path begins with /, has no spaces, and at most 1024 characters.',
          ],
        ],
      },
    },
    {
      name: 'stickiness',
      kind: 'boolean',
      description:
        'Whether the load balancer keeps a client at one task, by a cookie; for a server that keeps sessions',
      default: false,
      value: ({ answers }) => answers.routing.stickiness,
      terraform: {},
      cloudformation: {},
      cdk: {},
    },
  ];
}

function only(values: readonly string[]): string {
  if (values.length !== 1) {
    throw new Error(`The template takes one block of addresses, not ${values.length}`);
  }
  return values[0]!;
}
