import type { EnvironmentConfig } from '../config/environment';
import { LONGEST_IDLE_TIMEOUT } from '../config/environment/network';
import { PARTITIONS, partitionOf } from '../config/partitions';
import type { Config } from '../config/repository';
import type { Deployable } from '../conventions';
import { PROTOCOL_HEADERS } from '../conventions/common';
import type { ServerImage, ServiceContract, Shim } from './deployment';
import { ownOrigin } from './routing';

/** The variable by which a container is told the origins whose pages may call its server; only a shim reads it. */
export const ORIGINS_VARIABLE = 'MCP_CORS_ALLOWED_ORIGINS';

/** Upstream's source, as git clones it. */
export const UPSTREAM_SOURCE = 'https://github.com/quiltdata/quilt-mcp-server.git';

/** Seconds by which an idle connection outlives the load balancer's patience: only the load balancer ends it. */
const LEEWAY = 60;

/** The image mode if the owner names none. */
export function defaultImageMode({ image }: Deployable): ServerImage['mode'] {
  return image.shim?.byDefault ? 'shim' : 'mirror';
}

/**
 * The host of a private registry of ECR: with the domain of any partition, the FIPS endpoint, and the dual-stack one.
 * Source: Amazon ECR User Guide, "Amazon ECR endpoints" and "Getting started with making requests to ECR over IPv6".
 */
export const ECR_HOST = `^([0-9]{12})\\.dkr(?:\\.ecr|\\.ecr-fips|-ecr|-ecr-fips)\\.([a-z0-9-]+)\\.(?:${[
  ...new Set(PARTITIONS.map(({ dnsSuffix }) => dnsSuffix)),
  'on.aws',
  'on.amazonwebservices.com.cn',
]
  .map((domain) => domain.replaceAll('.', '\\.'))
  .join('|')})$`;

/** Account and region of the private ECR registry with this host; undefined if the host is none. */
export function readEcrHost(host: string): { readonly account: string; readonly region: string } | undefined {
  const [, account, region] = new RegExp(ECR_HOST).exec(host) ?? [];
  return account && region ? { account, region } : undefined;
}

/**
 * ARN of the repository that upstream's image is pulled from by a role in a region; undefined if that is not in a private ECR, no
 * image is pulled, or it is in another partition: IAM refuses a policy with an ARN of another one, and no role has permissions there.
 */
export function upstreamRepositoryArn(
  { registry, repository, mode }: Config['image'],
  region: string,
): string | undefined {
  const ecr = mode === 'build' ? undefined : readEcrHost(registry);
  return ecr && partitionOf(ecr.region).id === partitionOf(region).id ? repositoryArn(repository, ecr) : undefined;
}

/** The ARN of an ECR repository. */
export function repositoryArn(
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
): string {
  return `arn:${partitionOf(region).id}:ecr:${region}:${account}:repository/${name}`;
}

/** The image that valid answers and their conventions come to. */
export function resolveImage({ image }: Config, conventions: Deployable, contract: ServiceContract): ServerImage {
  const { registry, repository, version, digest, commit, mode = defaultImageMode(conventions) } = image;
  const { shim } = conventions.image;
  const common = { mode, version, upstream: { registry, repository, digest } };
  switch (mode) {
    case 'mirror':
      return common;
    case 'shim':
      return { ...common, shim: resolveShim(shim!.module, contract) };
    case 'build':
      return { ...common, commit };
  }
}

/**
 * Settings of the shim. The load balancer must be the one that closes an idle connection: otherwise it may send a
 * request on a closed one. It has finished with a target after the deregistration delay. Clients may use any revision
 * of the protocol, so the headers of all are allowed. Source of methods and exposed headers: Model Context Protocol
 * specification, "Transports" and "Authorization".
 */
function resolveShim(module: string, { targetGroup }: ServiceContract): Shim {
  return {
    module,
    cors: {
      variable: ORIGINS_VARIABLE,
      methods: ['GET', 'POST', 'DELETE'],
      headers: [...new Set(Object.values(PROTOCOL_HEADERS).flat())],
      exposedHeaders: ['Mcp-Session-Id', 'WWW-Authenticate'],
    },
    keepAlive: LONGEST_IDLE_TIMEOUT + LEEWAY,
    gracefulShutdown: targetGroup.deregistrationDelay,
  };
}

/** The variables of a container that its image, and not the server, reads. */
export function imageVariables({ shim }: ServerImage, answers: EnvironmentConfig): Record<string, string> {
  // Never empty, which not every engine would tell from absent.
  return shim ? { [shim.cors.variable]: ownAndAllowedOrigins(answers).join(',') } : {};
}

/** The origins of browsers whose pages may call the server: its own host's, and those that are named. */
export function ownAndAllowedOrigins({ catalogUrl, routing, cors }: EnvironmentConfig): string[] {
  return [...new Set([ownOrigin({ catalogUrl, host: routing.host }), ...cors.allowedOrigins])];
}
