import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateRuleCommand, CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';

import { awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import type { EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';

/** A server that this generator did not make. */
export interface OldServer {
  readonly service: string;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly paths: readonly string[];
}

/** Runs an old server behind the catalog's host, with permissions that its callers should bring. */
export async function runServer(
  emulator: Emulator,
  stack: EmulatedQuiltStack,
  { service, image, variables, priority, paths }: OldServer,
): Promise<void> {
  const { ecs, elb, iam } = awsClients(emulator);
  const group = {
    Name: service.slice(0, 32),
    Protocol: 'HTTP',
    Port: 8000,
    VpcId: stack.vpcId,
    TargetType: 'ip',
  } as const;
  const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(group));
  const targetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: stack.listenerArn,
      Priority: priority,
      Conditions: [
        { Field: 'host-header', HostHeaderConfig: { Values: [stack.catalogHost] } },
        { Field: 'path-pattern', PathPatternConfig: { Values: [...paths] } },
      ],
      Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  const RoleName = 'ecsTaskRole';
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: 'read-everything',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'quilt-mcp-server',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      taskRoleArn: Role!.Arn,
      containerDefinitions: [
        {
          name: 'server',
          image,
          portMappings: [{ containerPort: 8000 }],
          environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
        },
      ],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: stack.clusterName,
      serviceName: service,
      taskDefinition: 'quilt-mcp-server',
      desiredCount: 1,
      launchType: 'FARGATE',
      loadBalancers: [{ targetGroupArn, containerName: 'server', containerPort: 8000 }],
      networkConfiguration: {
        awsvpcConfiguration: { subnets: stack.privateSubnetIds, securityGroups: stack.albSecurityGroupIds },
      },
    }),
  );
}
