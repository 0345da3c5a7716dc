import type { Conventions } from '../conventions';
import type { ImageRepository, Role, Statement } from './deployment';

interface RoleInput {
  readonly name: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly permissionsBoundaryArn?: string;
}

/** Resources that the statements of a role may refer to. */
interface Uses {
  readonly repository: ImageRepository;
  readonly logGroupName: string;
  readonly secretArns: readonly string[];
}

type StatementConventions = Conventions['iam']['executionRole'][number];

/** A role that ECS tasks assume. The resources of a statement become ARNs; a statement without any is left out. */
export function resolveRole(input: RoleInput, statements: readonly StatementConventions[], uses: Uses): Role {
  const { name, permissionsBoundaryArn, partition, region, account } = input;
  const resolved = statements.map(
    ({ sid, actions, on }): Statement => ({ sid, actions, resources: resourcesOf(on, input, uses) }),
  );
  return {
    name,
    permissionsBoundaryArn,
    trust: { sourceAccount: account, sourceArn: `arn:${partition}:ecs:${region}:${account}:*` },
    statements: resolved.filter(({ resources }) => resources.length > 0),
  };
}

function resourcesOf(
  on: StatementConventions['on'],
  { partition, region, account }: RoleInput,
  { repository, logGroupName, secretArns }: Uses,
): string[] {
  const secretsOf = (service: string) =>
    [...new Set(secretArns.map(withoutVersion))].filter((arn) => arn.split(':')[2] === service);
  const resources: Readonly<Record<StatementConventions['on'], () => string[]>> = {
    everything: () => ['*'],
    repository: () => [repository.arn],
    logGroup: () => [`arn:${partition}:logs:${region}:${account}:log-group:${logGroupName}:*`],
    secrets: () => secretsOf('secretsmanager'),
    parameters: () => secretsOf('ssm'),
  };
  return resources[on]();
}

/** A reference to a secret may end in `:json-key:stage:version`; the secret's own ARN has seven parts. */
function withoutVersion(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
