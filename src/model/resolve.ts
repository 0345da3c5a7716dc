import type { EnvironmentConfig } from '../config/environment';
import { partitionOf } from '../config/partitions';
import { AnswersError } from '../config/problem';
import type { Config } from '../config/repository';
import { type Deployable, findDeployable, type VariableSource } from '../conventions';
import { validAnswers } from './checks';
import { conventionTags, resolveContract, serviceTimeout } from './contract';
import { sharedPlaceOf } from './delivery/first-layer';
import { resolveDelivery, resolveSharedDelivery } from './delivery/roles';
import type {
  Access,
  Deployment,
  Environment,
  ImageRepository,
  QuiltStack,
  RegistryLayer,
  RolesLayer,
  Rollout,
  ServiceContract,
  ServiceLayer,
  StateLocation,
  Tags,
  TrafficShift,
} from './deployment';
import { otherEgressPorts, withoutProxy } from './egress';
import { imageVariables, ownAndAllowedOrigins, repositoryArn, resolveImage } from './image';
import { rulesOf } from './listener-block';
import { nameOf, namesOf, SHARED } from './names';
import { resolveRole } from './roles';
import { blockSize, clientPort, listenerRules, ownOrigin } from './routing';

/**
 * Reads answers of any origin, and fills in every default.
 *
 * @param source name of the answers in an error, e.g. `mcp-deploy.json`
 * @throws AnswersError with every problem, if there is any
 */
export function readConfig(answers: unknown, source: string): Config {
  const { config, problems } = validAnswers(answers);
  if (!config || problems.length > 0) {
    throw new AnswersError(source, problems);
  }
  return config;
}

/** Resolves valid answers and their conventions to a deployment. */
export function resolveDeployment(config: Config): Deployment {
  const conventions = findDeployable(config.conventions)!;
  const contract = resolveContract(conventions);
  const image = resolveImage(config, conventions, contract);
  const shared = sharedRegistry(config);
  const environments = Object.entries(config.environments).map(([name, answers]): Environment => {
    const shares = answers.registry.scope === 'shared';
    const registry = shares ? undefined : environmentRegistry(config, name, answers);
    const roles = shares ? environmentRoles(config, name, answers) : undefined;
    return {
      name,
      account: answers.account,
      region: answers.region,
      url: `${ownOrigin({ catalogUrl: answers.catalogUrl, host: answers.routing.host })}${conventions.endpoint.path}`,
      catalogUrl: answers.catalogUrl,
      quiltStack: quiltStackOf(answers),
      access: accessOf(config, answers),
      registry,
      ...(roles && { roles }),
      service: serviceLayer(config, { conventions, contract, image }, name, answers, (registry ?? shared!).repository),
    };
  });
  return {
    name: config.name,
    target: config.target,
    conventions,
    image,
    repository: config.repository,
    contract,
    environments,
    sharedRegistry: shared,
  };
}

/** Each answer by itself: the environment's own, or the one for all. */
function accessOf({ delivery, oidcProviders }: Config, { delivery: own }: EnvironmentConfig): Access {
  const runner = own?.runner ?? delivery?.runner;
  // Without workflows, anybody may publish an image by hand.
  const signs = own?.verifySignature ?? delivery?.verifySignature ?? oidcProviders !== undefined;
  return {
    ...(runner !== undefined && { runner }),
    verify: own?.verify ?? delivery?.verify ?? 'request',
    ...(signs && { verifySignature: true }),
  };
}

function quiltStackOf({ routing, network }: EnvironmentConfig): QuiltStack {
  const { albDnsName, albHostedZoneId, albIpAddressType, clusterArn, clusterName } = network;
  return {
    vpcId: network.vpcId,
    listenerArn: network.listenerArn,
    albSecurityGroupIds: network.albSecurityGroupIds,
    albIdleTimeout: network.albIdleTimeout,
    ...(routing.mode === 'domain' && { albDnsName, albHostedZoneId, albIpAddressType }),
    ...(clusterArn ? { clusterArn } : { clusterName }),
  };
}

function environmentRegistry(config: Config, name: string, answers: EnvironmentConfig): RegistryLayer {
  const repositoryName = nameOf('repository', config.name, name);
  const delivery = resolveDelivery(config, name, answers);
  return {
    account: answers.account,
    region: answers.region,
    tags: registryTags(config, tagsOf(config, name, repositoryName, answers.tags)),
    stackName: nameOf('registryStack', config.name, name),
    state: stateOf(config, name, 'registry'),
    repository: repositoryOf(repositoryName, answers, answers.retainData === true, []),
    ...(delivery && { delivery }),
  };
}

/**
 * Named, tagged and kept as the registry layer that the environment would have: if it gets one later, the roles stay.
 */
function environmentRoles(config: Config, name: string, answers: EnvironmentConfig): RolesLayer | undefined {
  const delivery = resolveDelivery(config, name, answers);
  return (
    delivery && {
      account: answers.account,
      region: answers.region,
      tags: registryTags(config, tagsOf(config, name, nameOf('repository', config.name, name), answers.tags)),
      stackName: nameOf('registryStack', config.name, name),
      state: stateOf(config, name, 'registry'),
      delivery,
    }
  );
}

function sharedRegistry(config: Config): RegistryLayer | undefined {
  const place = sharedPlaceOf(config);
  if (!place) {
    return undefined;
  }
  const sharing = Object.entries(config.environments).filter(([, { registry }]) => registry.scope === 'shared');
  const delivery = resolveSharedDelivery(config, place);
  const repositoryName = nameOf('repository', config.name, SHARED);
  const pullRoleArns = sharing
    .filter(([, { account }]) => account !== place.account)
    .flatMap(([name, { account, region }]) => {
      // A plan looks at the signature of the image.
      const kinds = config.oidcProviders?.[account]
        ? (['executionRole', 'planRole'] as const)
        : (['executionRole'] as const);
      return kinds.map(
        (kind) => `arn:${partitionOf(region).id}:iam::${account}:role/${nameOf(kind, config.name, name)}`,
      );
    });
  const retain = sharing.some(([, { retainData }]) => retainData === true);
  return {
    account: place.account,
    region: place.region,
    tags: registryTags(config, tagsOf(config, SHARED, repositoryName, {})),
    stackName: nameOf('registryStack', config.name, SHARED),
    state: stateOf(config, SHARED, 'registry'),
    repository: repositoryOf(repositoryName, place, retain, pullRoleArns),
    ...(delivery && { delivery }),
  };
}

function repositoryOf(
  name: string,
  { account, region }: { account: string; region: string },
  retain: boolean,
  pullRoleArns: readonly string[],
): ImageRepository {
  const { dnsSuffix } = partitionOf(region);
  return {
    name,
    arn: repositoryArn(name, { account, region }),
    uri: `${account}.dkr.ecr.${region}.${dnsSuffix}/${name}`,
    retain,
    pullRoleArns,
  };
}

function serviceLayer(
  config: Config,
  { conventions, contract, image }: Pick<Deployment, 'conventions' | 'contract' | 'image'>,
  name: string,
  answers: EnvironmentConfig,
  repository: ImageRepository,
): ServiceLayer {
  const { account, region, routing, network, permissionsBoundaryArn } = answers;
  const partition = partitionOf(region).id;
  const names = namesOf(config.name, name, network.nameSuffix);
  const place = { partition, account, region, permissionsBoundaryArn };
  const secrets = secretsOf(conventions, answers);
  const rules = rulesOf(answers);
  const uses = { repository, logGroupName: names.logGroup, secretArns: secrets.map(({ arn }) => arn) };
  return {
    tags: tagsOf(config, name, names.service, answers.tags),
    names,
    stackName: names.serviceStack,
    state: stateOf(config, name, 'service'),
    clusterArn: network.clusterArn ?? `arn:${partition}:ecs:${region}:${account}:cluster/${network.clusterName}`,
    serviceName: names.service,
    answers,
    rollout: rolloutOf(answers.deployment, {
      alternateTargetGroupName: names.alternateTargetGroup,
      roleName: names.trafficRole,
    }),
    logGroup: { name: names.logGroup, retain: answers.retainData === true },
    executionRole: resolveRole({ ...place, name: names.executionRole }, conventions.iam.executionRole, uses),
    taskRole: resolveRole({ ...place, name: names.taskRole }, conventions.iam.taskRole, uses),
    securityGroup: {
      name: names.securityGroup,
      vpcId: network.vpcId,
      ingressFrom: network.albSecurityGroupIds,
      egressCidrs: ['0.0.0.0/0'],
      otherEgressPorts: otherEgressPorts(answers),
    },
    ...(network.albEgress === 'present' ? {} : { albEgressGroupId: network.albEgress.create }),
    targetGroupName: names.targetGroup,
    listenerArn: network.listenerArn,
    clientPort: clientPort({ catalogUrl: answers.catalogUrl, host: routing.host }),
    listenerPriority: routing.priority,
    listenerPriorities: blockSize(rules),
    listenerRules: listenerRules(contract, { ...routing, ...rules }, ownAndAllowedOrigins(answers)),
    domain:
      routing.mode === 'domain'
        ? {
            host: routing.host,
            certificateArn: routing.certificateArn,
            hostedZoneId: routing.hostedZoneId,
            albDnsName: network.albDnsName!,
            albHostedZoneId: network.albHostedZoneId!,
            albIpAddressType: network.albIpAddressType,
          }
        : undefined,
    taskDefinition: {
      family: names.taskFamily,
      containerName: names.container,
      repository,
      environment: {
        ...derivedVariables(conventions, contract, answers),
        ...imageVariables(image, answers),
        ...answers.environment,
        ...withoutProxy(answers),
      },
      secrets,
    },
  };
}

const SHIFTS = { 'blue-green': 'BLUE_GREEN', canary: 'CANARY', linear: 'LINEAR' } as const;

function rolloutOf(
  deployment: EnvironmentConfig['deployment'],
  names: Pick<TrafficShift, 'alternateTargetGroupName' | 'roleName'>,
): Rollout {
  const { alarms } = deployment;
  if (deployment.strategy === 'rolling') {
    return { alarms };
  }
  const shift = {
    strategy: SHIFTS[deployment.strategy],
    bakeTimeInMinutes: deployment.bakeMinutes,
    ...names,
  };
  const steps = deployment.strategy === 'blue-green' ? undefined : deployment;
  const step = steps && { percent: steps.percent, bakeTimeInMinutes: steps.stepMinutes };
  return { alarms, shift: step ? { ...shift, step } : shift };
}

function derivedVariables(
  { environment }: Deployable,
  contract: ServiceContract,
  answers: EnvironmentConfig,
): Record<string, string> {
  const { catalogUrl, registryUrl, region, network } = answers;
  const values: Record<VariableSource, string | undefined> = {
    catalogUrl,
    registryUrl,
    region,
    serviceTimeout: String(serviceTimeout(contract, network.albIdleTimeout)),
    environment: undefined,
  };
  const derived = Object.entries(environment.derived).map(([name, { from }]) => [name, values[from]] as const);
  return Object.fromEntries(derived.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Variables that ECS fills from secrets: that of the authentication mode, then the owner's. */
function secretsOf({ auth }: Deployable, answers: EnvironmentConfig): { name: string; arn: string }[] {
  const { mode, secretArn } = answers.auth;
  const secret = auth.modes[mode]?.secret;
  return [
    ...(secret && secretArn ? [{ name: secret.variable, arn: secretArn }] : []),
    ...Object.entries(answers.secrets).map(([name, arn]) => ({ name, arn })),
  ];
}

function stateOf({ state }: Config, environment: string, layer: 'registry' | 'service'): StateLocation | undefined {
  if (!state) {
    return undefined;
  }
  const { bucket, region, keyPrefix, kmsKeyArn } = state;
  return { bucket, region, key: `${keyPrefix}/${environment}/${layer}.tfstate`, kmsKeyArn };
}

function tagsOf(config: Config, environment: string, service: string, own: Tags): Tags {
  return { ...config.tags, ...own, Environment: environment, Service: service, ManagedBy: config.target };
}

/** Tags for resources with revisions only: a change of tags on a listener rule would send its weights anew. */
function registryTags({ conventions }: Config, { ManagedBy, ...tags }: Tags): Tags {
  // The order of earlier versions, so that an upgrade shows no change of tags.
  const { Convention, ...others } = conventionTags(findDeployable(conventions)!);
  return { ...tags, Convention: Convention!, ManagedBy: ManagedBy!, ...others };
}
