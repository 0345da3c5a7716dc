import type { ContainerDefinition } from '@aws-sdk/client-ecs';

import type { Deployment, ServiceLayer, Statement } from '../../src/model/deployment';
import type { LifecyclePolicy } from '../support/live';

/** What is an expression in a configuration. */
type Expression = `\${${string}}`;

/** What a document's property may be in a configuration: itself, or an expression for it. */
type Written<T> = T extends readonly (infer Item)[]
  ? readonly Written<Item>[] | Expression
  : T extends object
    ? { readonly [Key in keyof T]: Written<T[Key]> }
    : T | Expression;

type LifecycleRule = LifecyclePolicy['rules'][number] & { readonly description: string };

interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal?: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: { readonly ArnLike: { readonly 'aws:PrincipalArn': readonly string[] } };
}

/** The JSON documents of the modules, by the attribute that holds each: lists where AWS wants lists, in AWS' own types. */
export function documents(
  deployment: Deployment,
): Readonly<Record<'mcp_server' | 'registry', Record<string, unknown>>> {
  const { service } = deployment.environments[0]!;
  return {
    mcp_server: {
      'aws_ecs_task_definition.mcp.container_definitions': call('jsonencode', [containerDefinition(deployment)]),
      'aws_iam_role_policy.execution.policy': call('jsonencode', {
        Version: '2012-10-17',
        Statement: executionStatements(service),
      }),
    },
    registry: {
      'aws_ecr_lifecycle_policy.mcp.policy': call('jsonencode', lifecyclePolicy(deployment)),
      'aws_ecr_repository_policy.pull.policy': call('jsonencode', pullPolicy(service)),
    },
  };
}

/** A name of the model, made of the module's own: the model's names must begin alike, or the module can't make them. */
export function withNames(serviceName: string): (name: string) => string {
  return (name) => {
    if (!name.includes(serviceName)) {
      throw new Error(`${name} is not made of ${serviceName}, the only name that the module has`);
    }
    return name.replace(serviceName, '${var.name}');
  };
}

function containerDefinition({ contract, environments }: Deployment): Written<ContainerDefinition> {
  const { container } = contract;
  const { serviceName, taskDefinition } = environments[0]!.service;
  return {
    name: withNames(serviceName)(taskDefinition.containerName),
    image: '${var.container_image}',
    essential: true,
    user: container.user,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true, tmpfs: [container.tmpfs] },
    portMappings: [{ containerPort: '${local.container_port}', hostPort: '${local.container_port}', protocol: 'tcp' }],
    environment:
      '${[for name, value in merge(local.environment, var.environment_variables) : { name = name, value = value }]}',
    secrets: '${[for secret in var.secret_arns : { name = secret.name, valueFrom = secret.arn }]}',
    healthCheck: { ...container.probe, command: [...container.probe.command] },
    stopTimeout: container.stopTimeout,
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': '${aws_cloudwatch_log_group.mcp.name}',
        'awslogs-region': '${data.aws_region.current.name}',
        'awslogs-stream-prefix': 'ecs',
      },
    },
  };
}

/** What the module gives each statement of the model for its resources; those that may be empty are left out then. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  AuthorizeAgainstRegistry: ['*'],
  PullImage: ['${var.container_repository_arn}'],
  WriteLogs: [
    'arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:log-group:/ecs/${var.name}:*',
  ],
};
const OPTIONAL_RESOURCES: Readonly<Record<string, string>> = {
  ReadSecrets: 'local.secret_arns',
  ReadParameters: 'local.parameter_arns',
};

function executionStatements({ executionRole }: ServiceLayer): unknown {
  const always = executionRole.statements.filter(({ sid }) => !(sid in OPTIONAL_RESOURCES));
  const optional = executionRole.statements.filter(({ sid }) => sid in OPTIONAL_RESOURCES);
  return call('concat', always.map(allow), ...optional.map(allowIfAny));
}

function allow({ sid, actions }: Statement): PolicyStatement {
  const Resource = RESOURCES[sid];
  if (!Resource) {
    throw new Error(`The module has no resources for the statement ${sid}`);
  }
  return { Sid: sid, Effect: 'Allow', Action: actions, Resource };
}

function allowIfAny({ sid, actions }: Statement): Expression {
  const statement = `{ Sid = "${sid}", Effect = "Allow", Action = ${JSON.stringify(actions)}, Resource = arns }`;
  return `\${[for arns in [${OPTIONAL_RESOURCES[sid]}] : ${statement} if length(arns) > 0]}`;
}

function lifecyclePolicy({ contract }: Deployment): { readonly rules: readonly LifecycleRule[] } {
  return {
    rules: [
      {
        rulePriority: 1,
        description: 'Expire untagged images',
        selection: {
          tagStatus: 'untagged',
          countType: 'sinceImagePushed',
          countUnit: 'days',
          countNumber: contract.registry.expireUntaggedAfterDays,
        },
        action: { type: 'expire' },
      },
    ],
  };
}

function pullPolicy({ executionRole }: ServiceLayer): Written<Policy> {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'PullFromOtherAccounts',
        Effect: 'Allow',
        Principal: { AWS: '${distinct([for arn in var.pull_role_arns : replace(arn, "/:role\\\\/.*/", ":root")])}' },
        // Exactly what the roles of the model do with it.
        Action: executionRole.statements.find(({ sid }) => sid === 'PullImage')!.actions,
        Condition: { ArnLike: { 'aws:PrincipalArn': '${var.pull_role_arns}' } },
      },
    ],
  };
}

/** A call of a function, in the structure of `expression.ts`. */
function call(name: string, ...args: readonly unknown[]): unknown {
  return { [`${name}()`]: args };
}
