import { ANSWERS_FILE } from '../../src/config/answers-file';
import { partitionOf } from '../../src/config/partitions';
import { repositoryIdsCommand } from '../../src/config/repository-ids';
import { sampleDeliveryBoundary, sampleTaskBoundary } from '../../src/model/delivery/boundaries';
import { deliveryOf, firstLayerOf } from '../../src/model/delivery/first-layer';
import { haveRoles } from '../../src/model/delivery/roles';
import type {
  Delivery,
  Deployment,
  Environment,
  ListenerRule,
  RegistryLayer,
  Role,
  RolesLayer,
  ServiceLayer,
  Tags,
} from '../../src/model/deployment';
import { HTTPS, usesOtherPorts } from '../../src/model/egress';
import { SHARED } from '../../src/model/names';
import { answersOauthProbes, LONGEST_BLOCK } from '../../src/model/routing';
import { shellWord } from '../../src/operations/shell-word';
import { FIXED_RESPONSES } from '../../src/resources/listener';
import type { TargetGuide } from '../target';
import { targetGenerator } from '../targets';
import { conventionsContext } from './conventions';
import { architectureDiagram } from './diagram';
import { count, priorityBlock, registryOf, taskSize } from './layers';
import { targetContext } from './target';

/** Context of docs/infrastructure.md. */
export function infrastructureContext(deployment: Deployment): object {
  const { contract, environments, repository, sharedRegistry } = deployment;
  const { guide } = targetGenerator(deployment.target);
  return {
    ...targetContext(deployment),
    stack: deployment.name,
    conventions: conventionsContext(deployment),
    shimmed: deployment.image.shim !== undefined,
    contract: { ...contract, probe: contract.container.probe.command.join(' ') },
    repository: {
      name: repository.name,
      idsCommand: repositoryIdsCommand(repository.name),
      ids:
        repository.ownerId === null || repository.repositoryId === null
          ? null
          : { owner: repository.ownerId, repository: repository.repositoryId },
    },
    environments: environments.map((environment) => environmentContext(environment, deployment, guide)),
    hasRoles: haveRoles(environments),
    allBounded: environments.every(({ service }) => service.taskRole.permissionsBoundaryArn !== undefined),
    boundaries: {
      tasks: JSON.stringify(sampleTaskBoundary(), undefined, 2),
      delivery: JSON.stringify(sampleDeliveryBoundary(deployment), undefined, 2),
    },
    shared: sharedRegistry
      ? {
          ...repositoryContext(sharedRegistry),
          ...layerContext('registry', SHARED, sharedRegistry, guide),
          ...rolesContext(sharedRegistry.delivery),
          users: environments.filter(({ registry }) => !registry).map(({ name }) => name),
        }
      : null,
    refusing: environments.filter(({ service }) => refusesOrigins(service)).map(({ name }) => name),
    forwarding: environments.filter(({ service }) => !refusesOrigins(service)).map(({ name }) => name),
    shiftingForward: environments
      .filter(({ service }) => !refusesOrigins(service) && service.rollout.shift)
      .map(({ name }) => name),
    guardedPriorities: LONGEST_BLOCK,
    probed: environments.filter(({ service }) => answersOauthProbes(service)).map(({ name }) => name),
    usesOtherPorts: usesOtherPorts(deployment),
    usesDomain: environments.some(({ service }) => service.domain !== undefined),
    usesSecrets: environments.some(({ service }) => service.taskDefinition.secrets.length > 0),
  };
}

function environmentContext(environment: Environment, deployment: Deployment, guide: TargetGuide): object {
  const { name, account, region, url, service } = environment;
  const first = firstLayerOf(environment);
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
    tasks: count(service.answers.capacity.desired, 'task'),
    size: taskSize(service.answers.capacity),
    ...rolesContext(deliveryOf(environment)),
    service: {
      name: service.serviceName,
      cluster: service.clusterArn,
      family: taskDefinition.family,
      container: taskDefinition.containerName,
      cpu: service.answers.capacity.cpu,
      memory: service.answers.capacity.memory,
      targetGroup: service.targetGroupName,
      alternateTargetGroup: service.rollout.shift?.alternateTargetGroupName ?? null,
      listener: service.listenerArn,
      subnets: service.answers.network.privateSubnetIds,
    },
    logGroup: {
      name: logGroup.name,
      arn: `arn:${partition}:logs:${region}:${account}:log-group:${logGroup.name}`,
      retention: service.answers.logs.retention,
      key: service.answers.logs.kmsKeyArn ?? null,
      retain: logGroup.retain,
    },
    domain: domain
      ? {
          host: domain.host,
          certificate: domain.certificateArn ?? null,
          zone: domain.hostedZoneId ?? null,
          target: domain.albDnsName,
          targetZone: domain.albHostedZoneId,
          types: domain.albIpAddressType === 'dualstack' ? 'types A and AAAA' : 'type A',
        }
      : null,
    rules: service.listenerRules.map((rule) => ruleContext(rule, service)),
    guarded: service.listenerRules.length > 1,
    securityGroup: {
      name: securityGroup.name,
      vpc: securityGroup.vpcId,
      ingress: securityGroup.ingressFrom.map((group) => ({ port, group })),
      albEgress: service.albEgressGroupId ?? null,
      port,
      egress: securityGroup.egressCidrs.flatMap((cidr) => [
        { cidr, port: HTTPS, purpose: 'Quilt, S3, Athena, ECR, CloudWatch Logs, secrets' },
        ...securityGroup.otherEgressPorts.map((other) => ({ cidr, port: other, purpose: `needed by ${ANSWERS_FILE}` })),
      ]),
    },
    executionRole: roleContext(service.executionRole, partition, account),
    taskRole: roleContext(service.taskRole, partition, account),
    trafficRole: service.rollout.shift
      ? { name: service.rollout.shift.roleName, arn: roleArn(partition, account, service.rollout.shift.roleName) }
      : null,
    repository: environment.registry ? repositoryContext(environment.registry) : null,
    repositoryUri: registryOf(environment, deployment).repository.uri,
    layers: [
      ...(first ? [layerContext('registry', name, first, guide)] : []),
      layerContext('service', name, service, guide),
    ],
    tags: tagList(service.tags),
    conventionTags: tagList(deployment.contract.conventionTags),
  };
}

function rolesContext(delivery: Delivery | undefined): object {
  return {
    provider: delivery?.provider.arn ?? null,
    roles: (delivery?.roles ?? []).map(({ duty, trust: { subject }, permissionsBoundaryArn, policies }) => ({
      duty,
      subject,
      boundary: permissionsBoundaryArn ?? null,
      policies: policies.map((policy) => ({
        name: policy.name,
        statements: policy.statements.map(({ conditions = {}, ...statement }) => ({
          ...statement,
          conditions: Object.entries(conditions).map(([operator, keys]) => `${operator} ${JSON.stringify(keys)}`),
        })),
      })),
    })),
  };
}

function refusesOrigins({ listenerRules }: ServiceLayer): boolean {
  return listenerRules.some(({ action }) => action === 'forbid');
}

function ruleContext({ priority, host, paths, origins, action }: ListenerRule, { rollout }: ServiceLayer): object {
  const forward = rollout.shift
    ? 'forward to the target groups, by weights that ECS sets'
    : 'forward to the target group';
  return {
    priority,
    host,
    paths,
    origins: origins ?? [],
    looksAtOrigin: action !== 'not-found',
    effect: action === 'forward' ? forward : `${FIXED_RESPONSES[action].status}, ${FIXED_RESPONSES[action].body}`,
  };
}

function roleContext(
  { name, permissionsBoundaryArn, trust, statements }: Role,
  partition: string,
  account: string,
): object {
  return {
    name,
    arn: roleArn(partition, account, name),
    boundary: permissionsBoundaryArn ?? null,
    trust,
    statements,
  };
}

function roleArn(partition: string, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function repositoryContext({ account, region, repository, tags }: RegistryLayer): object {
  const { name, arn, uri, retain, pullRoleArns } = repository;
  return {
    account,
    region,
    name,
    arn,
    uri,
    retain,
    pullRoleArns,
    tags: tagList(tags),
  };
}

/** Context of a layer as a whole: its stack, its state, and the file or folder with its data. */
function layerContext(
  layer: 'registry' | 'service',
  environment: string,
  { stackName, state }: RegistryLayer | RolesLayer | ServiceLayer,
  { path }: TargetGuide,
): object {
  return {
    layer,
    stack: stackName,
    state: state ? { ...state, encryption: state.kmsKeyArn ?? null } : null,
    path: path(environment, layer),
  };
}

function tagList(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
