import { AUTH_MODES, type Deployable, LATEST, upstreamRepository } from '../conventions';
import type { Answers, EnvironmentAnswers } from './schema';
import { SCHEMA_LOCATION } from './schema';

/**
 * Complete, valid answers that describe nobody's deployment: documentation ids, account 111122223333, example.com.
 * `--yes` takes from here what has no answer, so that a newcomer sees everything at once.
 */
export function exampleAnswers(
  conventions: Deployable = LATEST,
  target: NonNullable<Answers['target']> = 'terraform',
): Answers {
  return {
    $schema: SCHEMA_LOCATION,
    name: 'quilt',
    target,
    conventions: conventions.id,
    image: {
      registry: '111122223333.dkr.ecr.us-east-1.amazonaws.com',
      repository: upstreamRepository(conventions),
      version: conventions.image.defaultVersion,
    },
    repository: { name: 'example/quilt-mcp-deploy', ownerId: null, repositoryId: null },
    ...(target === 'terraform'
      ? { state: { bucket: 'example-terraform-state', region: 'us-east-1', keyPrefix: 'quilt-mcp-server' } }
      : {}),
    tags: { Project: 'quilt', Owner: 'platform', CostCenter: 'platform' },
    environments: {
      dev: exampleEnvironment('dev', 1, conventions),
      staging: exampleEnvironment('staging', 2, conventions),
      production: exampleEnvironment('production', 2, conventions),
    },
  };
}

/** The example's answers for an environment of this name. */
export function exampleEnvironment(
  name: string,
  desired: number,
  conventions: Deployable = LATEST,
): EnvironmentAnswers {
  const { auth, sessions, environment } = conventions;
  const mode = AUTH_MODES.find((known) => auth.modes[known])!;
  const owned = Object.entries(environment.derived).filter(([, { from }]) => from === 'environment');
  const production = name === 'production';
  const host = production ? 'quilt.example.com' : `quilt-${name}.example.com`;
  // Ids that differ by environment, so that no two share a listener.
  const digit = production ? 'f' : String((name.length % 9) + 1);
  return {
    account: '111122223333',
    region: 'us-east-1',
    catalogUrl: `https://${host}`,
    registryUrl: `https://${host.replace('.', '-registry.')}`,
    routing: { mode: 'path', host, priority: 100 },
    network: {
      vpcId: `vpc-${digit.repeat(17)}`,
      privateSubnetIds: [`subnet-${digit.repeat(16)}a`, `subnet-${digit.repeat(16)}b`],
      listenerArn: `arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/quilt-${name}/${digit.repeat(16)}/${digit.repeat(16)}`,
      albSecurityGroupIds: [`sg-${digit.repeat(17)}`],
      albIdleTimeout: 60,
      clusterName: production ? 'quilt' : `quilt-${name}`,
    },
    registry: { scope: 'environment' },
    auth: auth.modes[mode]?.secret
      ? { mode, secretArn: `arn:aws:ssm:us-east-1:111122223333:parameter/quilt/mcp-server/${name}/jwt` }
      : { mode },
    cors: { allowedOrigins: [] },
    capacity: { cpu: 512, memory: 1024, desired: sessions.stateful ? 1 : desired },
    secrets: {},
    logs: { retention: production ? 365 : 30 },
    retainData: name !== 'dev',
    environment: Object.fromEntries(owned.map(([variable]) => [variable, 'example'])),
    tags: {},
  };
}
