import { partitionOf } from '../../config/partitions';
import type { Conditions, Deployment, StateLocation } from '../deployment';
import { namePatternOf } from '../names';
import { CHECK, FIND_QUILT_STACK, PUBLISH, READ_REGISTRY, READ_SIGNATURE, WRITE_SERVICE } from './grants';
import { servicesOf } from './policies';

/** A policy that allows something, in the words of IAM. */
export interface BoundaryDocument {
  readonly Version: string;
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: Conditions;
  }[];
}

/**
 * A sample of a permissions boundary for the roles of the tasks: all that conventions, ECS and the traffic role ask for, and
 * nothing of IAM. `kms:Decrypt` is for secrets under a key of the owner.
 * Source: AWS Managed Policy Reference Guide, AmazonECSInfrastructureRolePolicyForLoadBalancers.
 */
export function sampleTaskBoundary(): BoundaryDocument {
  return boundary([
    [
      'Tasks',
      [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetAuthorizationToken',
        'ecr:GetDownloadUrlForLayer',
        'kms:Decrypt',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'secretsmanager:GetSecretValue',
        'ssm:GetParameters',
      ],
      '*',
    ],
    [
      'Traffic',
      [
        'elasticloadbalancing:DeregisterTargets',
        'elasticloadbalancing:Describe*',
        'elasticloadbalancing:ModifyListener',
        'elasticloadbalancing:ModifyRule',
        'elasticloadbalancing:RegisterTargets',
      ],
      '*',
    ],
  ]);
}

/**
 * A sample of a permissions boundary for the roles of workflows. It limits them to the services that they deploy with; of IAM they
 * change the tasks' roles alone, and no policy. If every environment has a boundary for its tasks, they give permissions to roles
 * within one of these boundaries alone.
 */
export function sampleDeliveryBoundary({ name, environments }: Deployment): BoundaryDocument {
  const partitions = [...new Set(environments.map(({ region }) => partitionOf(region).id))];
  const partition = partitions.length === 1 ? partitions[0]! : '*';
  const rolesOfTasks = (['executionRole', 'taskRole', 'trafficRole'] as const).map(
    (role) => `arn:${partition}:iam::*:role/${namePatternOf(role, name)}`,
  );
  return boundary([
    ['Services', actionsOfServices(), '*'],
    ...recordsRows(environments[0]!.service.state, partition),
    ['ReadIam', ['iam:Get*', 'iam:List*'], '*'],
    ...rolesOfTasksRows(rolesOfTasks, environments),
  ]);
}

/** Services of which workflows get less than everything. Those of IAM have statements of their own. */
const NARROWED: Readonly<Record<string, readonly string[]>> = {
  ec2: ['ec2:*SecurityGroup*', 'ec2:CreateTags', 'ec2:DeleteTags', 'ec2:Describe*'],
  iam: [],
  wafv2: ['wafv2:Get*'],
};

/** Each service that a grant is about. */
function actionsOfServices(): string[] {
  const grants = [PUBLISH, READ_SIGNATURE, READ_REGISTRY, FIND_QUILT_STACK, CHECK, WRITE_SERVICE].flat();
  const services = servicesOf(grants.flatMap(({ actions }) => actions)).sort();
  return services.flatMap((service) => NARROWED[service] ?? [`${service}:*`]);
}

function rolesOfTasksRows(roles: readonly string[], environments: Deployment['environments']): Row[] {
  const boundaries = environments.flatMap(({ service }) => service.taskRole.permissionsBoundaryArn ?? []);
  if (boundaries.length < environments.length) {
    return [['RolesOfTasks', ['iam:*Role*'], roles]];
  }
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': [...new Set(boundaries)] } };
  return [
    ['RolesOfTasks', ['iam:DeleteRole', 'iam:PassRole', 'iam:TagRole', 'iam:UntagRole', 'iam:Update*Role*'], roles],
    [
      'RolesOfTasksWithinBoundary',
      [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      roles,
      bounded,
    ],
  ];
}

/** The engine's own records: CloudFormation's stacks, or the bucket of Terraform's state and the key that encrypts it. */
function recordsRows(state: StateLocation | undefined, partition: string): Row[] {
  if (!state) return [['Stacks', ['cloudformation:*'], '*']];
  const bucket = `arn:${partition}:s3:::${state.bucket}`;
  return [
    ['ListState', ['s3:ListBucket'], bucket],
    ['State', ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], `${bucket}/*`],
    ...(state.kmsKeyArn === undefined
      ? []
      : [['StateKey', ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], state.kmsKeyArn] as const]),
  ];
}

type Row = readonly [sid: string, actions: readonly string[], resource: string | readonly string[], when?: Conditions];

function boundary(rows: readonly Row[]): BoundaryDocument {
  const statements = rows.map(([Sid, Action, Resource, Condition]) => ({
    Sid,
    Effect: 'Allow' as const,
    Action,
    Resource,
    ...(Condition && { Condition }),
  }));
  return { Version: '2012-10-17', Statement: statements };
}
