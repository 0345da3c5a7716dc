import { AUTH_MODES, type Deployable, LATEST, upstreamRepository } from '../conventions';
import { SCHEMA_LOCATION } from './answers-file';
import type { EnvironmentAnswers } from './environment';
import { FARGATE_CPU, FARGATE_MEMORY } from './environment/capacity';
import { partitionOf } from './partitions';
import { type PlainObject, valueAt } from './paths';
import type { Answers } from './repository';
import { urlHost } from './url-host';

/**
 * Complete, valid answers that describe nobody's deployment: documentation ids, account 111122223333, example.com.
 * `--yes` takes missing answers from here, so that a newcomer sees everything at once.
 */
export function exampleAnswers(
  conventions: Deployable = LATEST,
  target: NonNullable<Answers['target']> = 'terraform',
  stateRegion = 'us-east-1',
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
      ? { state: { bucket: 'example-terraform-state', region: stateRegion, keyPrefix: 'quilt-mcp-server' } }
      : {}),
    tags: { Project: 'quilt', Owner: 'platform', CostCenter: 'platform' },
    environments: {
      dev: exampleEnvironment('dev', 1, conventions),
      staging: exampleEnvironment('staging', 2, conventions),
      production: exampleEnvironment('production', 2, conventions),
    },
  };
}

/**
 * The example's answers for an environment of this name.
 *
 * @param given answers that it has already, not checked: the example fits them, in its account, hosts and choices
 */
export function exampleEnvironment(
  name: string,
  desired: number,
  conventions: Deployable = LATEST,
  given: PlainObject = {},
): EnvironmentAnswers {
  const { auth, sessions, environment } = conventions;
  const text = (path: string) => textAt(given, path);
  const mode =
    AUTH_MODES.find((known) => auth.modes[known] && known === text('auth.mode')) ??
    AUTH_MODES.find((known) => auth.modes[known])!;
  const owned = Object.entries(environment.derived).filter(([, { from }]) => from === 'environment');
  const production = name === 'production';
  const host = urlHost(text('catalogUrl')) ?? (production ? 'quilt.example.com' : `quilt-${name}.example.com`);
  // Ids that differ by environment, so that no two share a listener.
  const digit = production ? 'f' : String((name.length % 9) + 1);
  const [, , , listenerRegion, listenerAccount] = (text('network.listenerArn') ?? '').split(':');
  const account = text('account') ?? listenerAccount ?? '111122223333';
  const region = text('region') ?? listenerRegion ?? 'us-east-1';
  const arn = (rest: string) => `arn:${partitionOf(region).id}:${rest}`;
  const named = valueAt(given, ['network', 'albSecurityGroupIds']);
  const groups: string[] = Array.isArray(named) && named.length > 0 ? named.map(String) : [`sg-${digit.repeat(17)}`];
  const hasDomain = text('routing.mode') === 'domain';
  return {
    account,
    region,
    catalogUrl: `https://${host}`,
    registryUrl: `https://${host.replace('.', '-registry.')}`,
    routing: hasDomain
      ? { mode: 'domain', host: `mcp-${name}.example.com`, hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 100 }
      : { mode: 'path', host, priority: 10 },
    network: {
      vpcId: `vpc-${digit.repeat(17)}`,
      privateSubnetIds: [`subnet-${digit.repeat(16)}a`, `subnet-${digit.repeat(16)}b`],
      listenerArn: arn(
        `elasticloadbalancing:${region}:${account}:listener/app/quilt-${name}/${digit.repeat(16)}/${digit.repeat(16)}`,
      ),
      albSecurityGroupIds: groups,
      albEgress: { create: groups[0]! },
      ...(hasDomain
        ? { albDnsName: `quilt-${name}.${region}.elb.amazonaws.com`, albHostedZoneId: 'Z35SXDOTRQ7X7K' }
        : {}),
      albIdleTimeout: 1000,
      ...(text('network.clusterArn') === undefined ? { clusterName: production ? 'quilt' : `quilt-${name}` } : {}),
    },
    registry: text('registry.scope') === 'shared' ? { scope: 'shared', account, region } : { scope: 'environment' },
    auth: auth.modes[mode]?.secret
      ? { mode, secretArn: arn(`ssm:${region}:${account}:parameter/quilt/mcp-server/${name}/jwt`) }
      : { mode },
    cors: { allowedOrigins: [] },
    capacity: { ...exampleSize(given), desired: sessions.stateful ? 1 : desired },
    secrets: {},
    logs: { retention: production ? 365 : 30 },
    retainData: name !== 'dev',
    environment: Object.fromEntries(owned.map(([variable]) => [variable, 'example'])),
    tags: {},
  };
}

/** A size that Fargate offers: the smallest from 512 CPU units and 1024 MiB on, and with the given part of it. */
function exampleSize(given: PlainObject): { readonly cpu: number; readonly memory: number } {
  const [cpu, memory] = [valueAt(given, ['capacity', 'cpu']), valueAt(given, ['capacity', 'memory'])];
  const fits = FARGATE_CPU.filter((units) => cpu === undefined || units === cpu).flatMap((units) =>
    FARGATE_MEMORY[units]!.filter((size) => (memory === undefined ? size >= 1024 : size === memory)).map((size) => ({
      cpu: units,
      memory: size,
    })),
  );
  return fits.find((size) => size.cpu >= 512) ?? fits[0] ?? { cpu: 512, memory: 1024 };
}

function textAt(given: PlainObject, path: string): string | undefined {
  const value = valueAt(given, path.split('.'));
  return typeof value === 'string' && value !== '' ? value : undefined;
}
