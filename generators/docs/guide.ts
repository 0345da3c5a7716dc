import { partitionOf } from '../../src/config/partitions';
import { repositoryIdsCommand } from '../../src/config/repository-ids';
import { haveRoles } from '../../src/model/delivery/roles';
import type { Deployment, Environment, RegistryLayer, Tags } from '../../src/model/deployment';
import { isOnCatalogHost } from '../../src/model/listener-block';
import { SHARED } from '../../src/model/names';
import { LONGEST_BLOCK } from '../../src/model/routing';
import { LONGEST_SHIFT_OF_WORKFLOW, USUAL_SESSION } from '../../src/model/shift-time';
import { shellWord, shellWords } from '../../src/operations/shell-word';
import { COMMON_TASKS } from '../common-tasks';
import { otherAudience, sessionMinutes } from '../delivery';
import { deliveryTasks } from '../delivery-files';
import { digestFile } from '../digest';
import { OWNERS_LINE } from '../file';
import { appEnvironmentCommand } from '../github-environments';
import { firstLayersOf, keepsImages, rolesOf } from '../layers';
import { OLDEST_NODE } from '../node-version';
import type { TargetGuide } from '../target';
import { targetGenerator } from '../targets';
import { conventionsContext } from './conventions';
import { costContext } from './cost';
import { imageContext } from './image';
import { count, registryOf, taskSize } from './layers';
import { albEgressContext, rulesContext } from './load-balancer';
import { permissionsContext } from './permissions';
import { rolloutWords } from './rollout';
import { targetContext } from './target';

/** Context of README.md and docs/deployment.md. Values in commands are already words of a shell. */
export function guideContext(deployment: Deployment): object {
  const { contract, environments, image, repository, sharedRegistry } = deployment;
  const first = environments[0]!;
  const second = environments[1];
  const { tasks, guide, devDependencies } = targetGenerator(deployment.target);
  const context = (environment: Environment) => environmentContext(environment, deployment, guide);
  const shifting = environments.find(({ service }) => service.rollout.shift);
  return {
    ...targetContext(deployment),
    ownersLine: OWNERS_LINE,
    stack: shellWord(deployment.name),
    conventions: conventionsContext(deployment),
    contract,
    image: imageContext(image, hostOf(registryOf(first, deployment))),
    repository: {
      name: shellWord(repository.name),
      idsCommand: repositoryIdsCommand(repository.name),
      known: repository.ownerId !== null && repository.repositoryId !== null,
    },
    app: {
      named: repository.app !== undefined,
      environment: appEnvironmentCommand(deployment),
      id: shellWord(repository.app?.idVariable ?? 'UPGRADE_APP_CLIENT_ID'),
      key: shellWord(repository.app?.keySecret ?? 'UPGRADE_APP_PRIVATE_KEY'),
    },
    state: first.service.state
      ? { bucket: shellWord(first.service.state.bucket), region: first.service.state.region }
      : null,
    delivery: haveRoles(environments),
    deployed: permissionsContext(deployment),
    cost: costContext(deployment),
    ...trustContext(deployment),
    makers: firstLayersOf(deployment)
      .filter(({ layer }) => layer.delivery?.provider.create)
      .map(({ name, layer: { account } }) => ({ name, account, isShared: name === SHARED })),
    tasks: [...tasks(deployment), ...deliveryTasks(deployment), ...COMMON_TASKS].map(({ name, description }) => ({
      name,
      description,
    })),
    packages: devDependencies.map((name) => `\`${name}\``).join(', '),
    accounts: [
      ...new Set([...environments, ...(sharedRegistry ? [sharedRegistry] : [])].map(({ account }) => account)),
    ],
    environments: environments.map(context),
    first: context(first),
    second: second ? context(second) : null,
    following: environments.slice(1).map(context),
    keeping: context(environments.find(({ service }) => service.logGroup.retain) ?? first),
    shifting: shifting ? context(shifting) : null,
    longestShift: LONGEST_SHIFT_OF_WORKFLOW,
    longSessions: environments.some((environment) => sessionMinutes(environment) > USUAL_SESSION),
    guardedPriorities: LONGEST_BLOCK,
    verifiesSignatures: environments.some(({ access }) => access.verifySignature),
    cutOff: cutOffContext(environments),
    onCatalogHost: environments.filter(isOnCatalogHost).map(context),
    albEgress: albEgressContext(deployment),
    bothShared: second !== undefined && !first.registry && !second.registry,
    oldestNode: OLDEST_NODE.replace(/\.0$/, ''),
    shared: sharedRegistry
      ? {
          account: sharedRegistry.account,
          region: sharedRegistry.region,
          path: shellWord(guide.path(SHARED, 'registry')),
          stack: shellWord(sharedRegistry.stackName),
          repository: shellWord(sharedRegistry.repository.name),
          retain: sharedRegistry.repository.retain,
          crossAccount: sharedRegistry.repository.pullRoleArns.length > 0,
          pulledByPlans: environments.some(({ account, roles }) => roles && account !== sharedRegistry.account),
          roles: sharedRegistry.delivery !== undefined,
          makesProvider: sharedRegistry.delivery?.provider.create === true,
        }
      : null,
    usesSecrets: environments.some(({ service }) => service.taskDefinition.secrets.length > 0),
    usesDomain: environments.some(({ service }) => service.domain !== undefined),
    usesAlarms: environments.some(({ service }) => service.rollout.alarms.length > 0),
    keepsRecord: guide.keepsValidationRecord && environments.some(issuesCertificate),
  };
}

/** Environments whose partition reaches neither GitHub nor Sigstore; null if there are none. */
function cutOffContext(environments: Deployment['environments']): object | null {
  const cutOff = environments.filter(({ region }) => !partitionOf(region).githubTokens);
  return cutOff.length === 0 ? null : { names: cutOff.map(({ name }) => name), first: cutOff[0] === environments[0] };
}

/** Environments whose roles have another trust than in most regions. */
function trustContext(deployment: Deployment): object {
  const delivering = firstLayersOf(deployment).flatMap(({ name, layer }) =>
    layer.delivery ? [{ name, delivery: layer.delivery }] : [],
  );
  const { repository } = deployment;
  return {
    withoutClaim: delivering
      .filter(({ delivery }) => delivery.roles.some(({ trust }) => trust.repositoryId === undefined))
      .map(({ name }) => name),
    classicSubject: repository.subject === 'classic',
    otherAudiences: delivering.flatMap(({ name, delivery }) => {
      const audience = otherAudience(delivery);
      return audience === undefined ? [] : [{ name, audience, created: delivery.provider.create }];
    }),
  };
}

function environmentContext(environment: Environment, deployment: Deployment, guide: TargetGuide): object {
  const { path, keepsValidationRecord } = guide;
  const { name, account, region, url, catalogUrl, access, service } = environment;
  const registry = registryOf(environment, deployment);
  const kept = [
    ...(keepsImages(environment) ? ['the ECR repository with its images'] : []),
    ...(service.logGroup.retain ? ['the log group'] : []),
    ...(keepsValidationRecord && issuesCertificate(environment) ? ["ACM's validation record"] : []),
  ];
  return {
    name,
    account,
    region,
    partition: partitionOf(region).id,
    url,
    catalogUrl: shellWord(catalogUrl),
    tasks: count(service.answers.capacity.desired, 'task'),
    size: taskSize(service.answers.capacity),
    kept,
    rollout: rolloutWords(service.rollout),
    sessionMinutes: sessionMinutes(environment),
    ...rulesContext(environment),
    runsOn: access.runner && JSON.stringify(access.runner),
    verify: access.verify,
    roles: rolesOf(environment, deployment).map(({ duty, arn, trust: { subject } }) => ({
      duty,
      githubEnvironment: subject.split(':').at(-1)!,
      arn,
    })),
    shared: environment.registry === undefined,
    rolesLayer: environment.roles
      ? {
          stack: shellWord(environment.roles.stackName),
          path: shellWord(path(name, 'registry')),
          tags: tagWords(environment.roles.tags),
        }
      : null,
    isRegistryElsewhere: registry.account !== account,
    registryLayer: environment.registry ? name : SHARED,
    registryAccount: registry.account,
    path: shellWord(path(name, 'service')),
    registryPath: shellWord(path(environment.registry ? name : SHARED, 'registry')),
    imageFile: shellWord(digestFile(name)),
    logGroup: service.logGroup.name,
    command: shellWords({
      region,
      url,
      cluster: service.clusterArn,
      service: service.serviceName,
      stack: service.stackName,
      registryStack: registry.stackName,
      logGroup: service.logGroup.name,
      targetGroup: service.targetGroupName,
      alternateTargetGroup: service.rollout.shift?.alternateTargetGroupName ?? '',
      listener: service.listenerArn,
      registryAccount: registry.account,
      registryRegion: registry.region,
      registryHost: hostOf(registry),
      repository: registry.repository.name,
      repositoryUri: registry.repository.uri,
    }),
    tags: tagWords(service.tags),
    registryTags: tagWords(registry.tags),
  };
}

function hostOf({ repository }: RegistryLayer): string {
  return repository.uri.split('/')[0]!;
}

/** Tags as the words of a command line that the AWS CLI takes them from. */
function tagWords(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => shellWord(`${key}=${value}`))
    .join(' ');
}

function issuesCertificate({ service: { domain } }: Environment): boolean {
  return domain !== undefined && domain.certificateArn === undefined;
}
