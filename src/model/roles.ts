import type { Repository, Role, Statement } from './deployment';

interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

interface RoleInput extends Place {
  readonly name: string;
  readonly permissionsBoundaryArn?: string;
}

/**
 * The role that ECS itself uses to start a task: it pulls the image, writes the log and reads the secrets, each by
 * ARN. GetAuthorizationToken knows no resource.
 */
export function executionRole(
  input: RoleInput,
  uses: { readonly repository: Repository; readonly logGroupName: string; readonly secretArns: readonly string[] },
): Role {
  const { partition, region, account } = input;
  const secretArns = [...new Set(uses.secretArns.map(withoutVersion))];
  const readSecrets: Statement[] = [
    {
      sid: 'ReadSecrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: secretArns.filter((arn) => arn.split(':')[2] === 'secretsmanager'),
    },
    {
      sid: 'ReadParameters',
      actions: ['ssm:GetParameters'],
      resources: secretArns.filter((arn) => arn.split(':')[2] === 'ssm'),
    },
  ];
  return {
    ...role(input),
    statements: [
      { sid: 'AuthorizeAgainstRegistry', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      {
        sid: 'PullImage',
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [uses.repository.arn],
      },
      {
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`arn:${partition}:logs:${region}:${account}:log-group:${uses.logGroupName}:*`],
      },
      ...readSecrets.filter(({ resources }) => resources.length > 0),
    ],
  };
}

/**
 * The role of the server's own process. It has no permissions: where a user's credentials fail, the server falls back
 * to boto3's default chain, which is this role, and whatever it may do, every caller may do.
 * Source: quiltdata/quilt-mcp-server v0.21.0, src/quilt_mcp/utils/common.py and services/athena_service.py.
 */
export function taskRole(input: RoleInput): Role {
  return { ...role(input), statements: [] };
}

function role({ name, permissionsBoundaryArn, partition, region, account }: RoleInput): Omit<Role, 'statements'> {
  return {
    name,
    permissionsBoundaryArn,
    trust: { sourceAccount: account, sourceArn: `arn:${partition}:ecs:${region}:${account}:*` },
  };
}

/** A reference to a secret may end in `:json-key:stage:version`; the secret's own ARN has seven parts. */
function withoutVersion(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
