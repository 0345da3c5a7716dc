import { ANSWERS_FILE } from '../config/answers-file';
import { partitionOf } from '../config/partitions';
import { enumerate } from '../conventions/labels';
import { deliveryOf } from './delivery/first-layer';
import type { Deployment, Environment, ServiceLayer } from './deployment';
import { readEcrHost } from './image';
import { isOnCatalogHost, isShadowed } from './listener-block';
import { CATALOG_PRIORITY, FIRST_PRIORITY } from './routing';

/** Warnings for the owner of a new repository with valid answers, each in one line. */
export function warningsOf(deployment: Deployment): string[] {
  const {
    conventions: { support },
    environments,
  } = deployment;
  const unbounded = environments
    .filter(
      (environment) => deliveryOf(environment) && environment.service.taskRole.permissionsBoundaryArn === undefined,
    )
    .map(({ name }) => name);
  return [
    ...(support.kind === 'unsafe' ? [support.warning] : []),
    ...standingWarnings(deployment),
    ...(unbounded.length > 0 ? [unboundedRoles(unbounded)] : []),
    ...unboundedPublisher(deployment),
  ];
}

/** Warnings that every sync repeats until their cause is gone: nobody would reach the server, or somebody else gets the roles. */
export function standingWarnings(
  deployment: Pick<Deployment, 'environments' | 'image' | 'repository' | 'sharedRegistry'>,
): string[] {
  const { environments } = deployment;
  return [
    ...environments.flatMap((environment) => shadowedRules(environment, environments)),
    ...trustByName(deployment),
    ...unreachedUpstream(deployment),
  ];
}

/** Credentials of a partition are none in another: no role of one pulls from an ECR of the other. */
function unreachedUpstream({
  environments,
  image,
  sharedRegistry,
}: Pick<Deployment, 'environments' | 'image' | 'sharedRegistry'>): string[] {
  const publisher = sharedRegistry ?? environments[0]?.registry;
  const upstream = image.mode === 'build' ? undefined : readEcrHost(image.upstream.registry);
  if (!publisher?.delivery || !upstream) return [];
  const [from, to] = [partitionOf(upstream.region).id, partitionOf(publisher.region).id];
  return from === to
    ? []
    : [
        `the workflow publish-image cannot pull from ${image.upstream.registry}: its role is in the partition ${to}, and that registry in ${from}. Copy upstream's image to an ECR repository in ${to}, with credentials of both, and set image.registry and image.repository to it`,
      ];
}

/** A Quilt stack's own rule takes every request for the catalog's host, on any path. */
function shadowedRules(environment: Environment, all: readonly Environment[]): string[] {
  const { name, service } = environment;
  const { host } = service.listenerRules[0]!;
  const shadowed = service.listenerRules.map(({ priority }) => priority).filter(isShadowed);
  if (shadowed.length === 0 || !isOnCatalogHost(environment)) return [];
  const rules = `${shadowed.length === 1 ? 'the listener rule' : 'the listener rules'} ${enumerate(shadowed.map(String))}`;
  const refused = shadowed.includes(CATALOG_PRIORITY) ? `, and AWS takes no second rule ${CATALOG_PRIORITY}` : '';
  return [
    `environments.${name}: ${rules} of ${host} would never be reached in a Quilt stack, whose own rule ${CATALOG_PRIORITY} takes all requests for that host to the catalog${refused}. ${howToMove(environment, all)}`,
  ];
}

function howToMove({ name, service }: Environment, all: readonly Environment[]): string {
  const { listenerPriority, listenerPriorities: size } = service;
  const first = reachedPriority(service, all);
  const answer = `environments.${name}.routing.priority in ${ANSWERS_FILE}`;
  if (first === undefined) {
    return `Below ${CATALOG_PRIORITY} there is no room for ${size} priorities beside those that this repository has on the listener: docs/deployment.md, Before the catalog's rule, says how to take fewer. Then change ${answer} (it is ${listenerPriority}), and run npx projen`;
  }
  const free = size === 1 ? `${first} is` : `${first} to ${first + size - 1} are`;
  return `If ${free} free on the listener, set ${answer} to ${first} (it is ${listenerPriority}), and run npx projen`;
}

/**
 * The first priority of a block that comes before the Quilt stack's own rule. No environment of today has one of the
 * block on this listener, not even this one: while the block moves, two rules would need one priority.
 */
function reachedPriority(service: ServiceLayer, all: readonly Environment[]): number | undefined {
  const taken = all
    .filter((other) => other.service.listenerArn === service.listenerArn)
    .map((other) => [other.service.listenerPriority, other.service.listenerPriorities] as const);
  const size = service.listenerPriorities;
  const isFree = (first: number) => taken.every(([other, length]) => first + size <= other || other + length <= first);
  const highest = CATALOG_PRIORITY - size;
  const descending = Array.from({ length: highest }, (_, index) => highest - index);
  return [FIRST_PRIORITY.path, ...descending].find((first) => first <= highest && isFree(first));
}

function unboundedRoles(names: readonly string[]): string {
  const [roles, theirs] = names.length === 1 ? ['role that deploys', 'its'] : ['roles that deploy', 'their'];
  return `the ${roles} ${enumerate(names)} can give ${theirs} tasks any permission in the account, which only permissionsBoundaryArn limits: docs/deployment.md, Roles of GitHub workflows`;
}

/** A boundary is of one account, and a shared registry has no answers of its own. */
function unboundedPublisher({ environments, sharedRegistry }: Deployment): string[] {
  const role = sharedRegistry?.delivery?.roles.find(
    ({ permissionsBoundaryArn }) => permissionsBoundaryArn === undefined,
  );
  const isAsked = environments.some((environment) =>
    deliveryOf(environment)?.roles.some(({ permissionsBoundaryArn }) => permissionsBoundaryArn !== undefined),
  );
  return role && isAsked
    ? [
        `the role that publishes to the shared registry, ${role.name}, has no permissions boundary: no environment in account ${sharedRegistry!.account} gives a deliveryBoundaryArn, and a boundary is of one account`,
      ]
    : [];
}

/** Without the repository's id, a subject of names alone is that of the next owner of the name, too. */
function trustByName({
  environments,
  repository,
  sharedRegistry,
}: Pick<Deployment, 'environments' | 'repository' | 'sharedRegistry'>): string[] {
  const deliveries = [sharedRegistry?.delivery, ...environments.map(deliveryOf)];
  const isByName =
    repository.subject === 'classic' &&
    deliveries.some((delivery) => delivery?.roles.some(({ trust }) => trust.repositoryId === undefined));
  return isByName
    ? [
        `roles of workflows trust ${repository.name} by its name alone (repository.subject is classic, and STS checks no repository id in this AWS partition): whoever gets that name after it is renamed or deleted gets the roles. Have GitHub send subjects with ids, set repository.subject to immutable, and run npx projen and npm run registry:ENV`,
      ]
    : [];
}
