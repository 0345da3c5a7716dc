import type {
  Deployment,
  Environment,
  ListenerRule,
  RegistryLayer,
  Role,
  StateLocation,
  Tags,
} from '../../src/model/deployment';
import { partitionOf } from '../../src/model/partition';
import { conventionsContext } from './conventions';
import { architectureDiagram } from './diagram';
import { count, priorityBlock, registryOf, sendsTelemetry, taskSize } from './layers';
import { shellWord } from './shell';
import { targetContext } from './target';

/** What docs/infrastructure.md is rendered from. */
export function infrastructureContext(deployment: Deployment): object {
  const { contract, environments, repository, sharedRegistry } = deployment;
  return {
    ...targetContext(deployment),
    stack: deployment.name,
    conventions: conventionsContext(deployment),
    contract: { ...contract, probe: contract.container.probe.command.join(' ') },
    repository: {
      name: repository.name,
      word: shellWord(repository.name),
      ids:
        repository.ownerId === null || repository.repositoryId === null
          ? null
          : { owner: repository.ownerId, repository: repository.repositoryId },
    },
    environments: environments.map((environment) => environmentContext(environment, deployment)),
    shared: sharedRegistry
      ? {
          ...repositoryContext(sharedRegistry),
          users: environments.filter(({ registry }) => !registry).map(({ name }) => name),
        }
      : null,
    usesOrigins: environments.some(({ service }) => service.listenerRules.length > 1),
    usesDomain: environments.some(({ service }) => service.domain !== undefined),
    usesSecrets: environments.some(({ service }) => service.taskDefinition.secrets.length > 0),
  };
}

function environmentContext(environment: Environment, deployment: Deployment): object {
  const { name, account, region, url, service } = environment;
  const { port } = deployment.contract.container;
  const partition = partitionOf(region).id;
  const { securityGroup, taskDefinition, logGroup, domain } = service;
  return {
    name,
    account,
    region,
    url,
    urlWord: shellWord(url),
    diagram: architectureDiagram(environment, deployment),
    routing: domain ? 'a domain of its own' : 'path on a host of the stack',
    priorities: priorityBlock(service),
    tasks: count(service.desiredCount, 'task'),
    size: taskSize(taskDefinition),
    telemetry: sendsTelemetry(environment, deployment) ? 'on' : 'off',
    service: {
      name: service.serviceName,
      cluster: service.clusterArn,
      family: taskDefinition.family,
      container: taskDefinition.containerName,
      cpu: taskDefinition.cpu,
      memory: taskDefinition.memory,
      targetGroup: service.targetGroupName,
      listener: service.listenerArn,
      subnets: service.subnetIds,
    },
    logGroup: {
      name: logGroup.name,
      arn: `arn:${partition}:logs:${region}:${account}:log-group:${logGroup.name}`,
      retention: logGroup.retentionInDays,
      key: logGroup.kmsKeyArn ?? null,
      retain: logGroup.retain,
    },
    domain: domain
      ? {
          host: domain.host,
          certificate: domain.certificateArn ?? null,
          zone: domain.hostedZoneId ?? null,
          target: domain.albDnsName,
          targetZone: domain.albHostedZoneId,
        }
      : null,
    rules: service.listenerRules.map(ruleContext),
    guarded: service.listenerRules.length > 1,
    securityGroup: {
      name: securityGroup.name,
      vpc: securityGroup.vpcId,
      ingress: securityGroup.ingressFrom.map((group) => ({ port, group })),
      egress: securityGroup.egressCidrs.map((cidr) => ({ cidr })),
    },
    executionRole: roleContext(service.executionRole, partition, account),
    taskRole: roleContext(service.taskRole, partition, account),
    repository: environment.registry ? repositoryContext(environment.registry) : null,
    repositoryUri: registryOf(environment, deployment).repository.uri,
    states: [
      ...(environment.registry ? [stateContext('registry', environment.registry.state)] : []),
      stateContext('service', service.state),
    ],
    tags: tagList(service.tags),
  };
}

function ruleContext({ priority, host, paths, origins, action }: ListenerRule): object {
  return {
    priority,
    host,
    paths,
    origins: origins ?? [],
    effect: action === 'forward' ? 'forward to the target group' : '403, Origin not allowed',
  };
}

function roleContext(
  { name, permissionsBoundaryArn, trust, statements }: Role,
  partition: string,
  account: string,
): object {
  return {
    name,
    arn: `arn:${partition}:iam::${account}:role/${name}`,
    boundary: permissionsBoundaryArn ?? null,
    trust,
    statements,
  };
}

function repositoryContext({ account, region, repository, state, tags }: RegistryLayer): object {
  const { name, arn, uri, retain, pullRoleArns } = repository;
  return {
    account,
    region,
    name,
    arn,
    uri,
    retain,
    pullRoleArns,
    state: stateContext('registry', state),
    tags: tagList(tags),
  };
}

function stateContext(layer: string, { bucket, region, key, kmsKeyArn }: StateLocation): object {
  return { layer, bucket, region, key, encryption: kmsKeyArn ?? null };
}

function tagList(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
