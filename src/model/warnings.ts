import { enumerate } from '../conventions/words';
import type { Deployment, Environment } from './deployment';
import { CATALOG_PRIORITY, FIRST_PRIORITY } from './routing';

/** What the owner of a new repository with valid answers should know, each in one line. */
export function warningsOf(deployment: Deployment): string[] {
  const {
    conventions: { support },
    environments,
  } = deployment;
  const unbounded = environments
    .filter(({ registry }) => registry?.delivery?.roles.some((role) => role.permissionsBoundaryArn === undefined))
    .map(({ name }) => name);
  return [
    ...(support.kind === 'unsafe' ? [support.warning] : []),
    ...standingWarnings(deployment),
    ...(unbounded.length > 0 ? [unboundedRoles(unbounded)] : []),
  ];
}

/** Those warnings that every sync repeats, until their cause is gone: nobody would reach the server. */
export function standingWarnings({ environments }: Pick<Deployment, 'environments'>): string[] {
  return environments.flatMap(shadowedRules);
}

/** A Quilt stack's own rule takes every request for the catalog's host, whatever its path. */
function shadowedRules({ name, catalogUrl, service }: Environment): string[] {
  const { listenerRules, listenerPriority, listenerPriorities, domain } = service;
  const { host } = listenerRules[0]!;
  const shadowed = listenerRules.filter(({ priority }) => priority >= CATALOG_PRIORITY);
  if (domain || new URL(catalogUrl).hostname !== host || shadowed.length === 0) {
    return [];
  }
  const priorities = enumerate(shadowed.map(({ priority }) => String(priority)));
  const rules = shadowed.length === 1 ? `the listener rule ${priorities}` : `the listener rules ${priorities}`;
  const last = FIRST_PRIORITY.path + listenerPriorities - 1;
  const free = last === FIRST_PRIORITY.path ? `${last} is` : `${FIRST_PRIORITY.path} to ${last} are`;
  return [
    `environments.${name}: ${rules} of ${host} would never be reached in a Quilt stack, whose own rule ${CATALOG_PRIORITY} takes all requests for that host to the catalog. If ${free} free on the listener, set environments.${name}.routing.priority in mcp-deploy.json to ${FIRST_PRIORITY.path} (it is ${listenerPriority}), and run npx projen`,
  ];
}

function unboundedRoles(names: readonly string[]): string {
  const [roles, theirs] = names.length === 1 ? ['role that deploys', 'its'] : ['roles that deploy', 'their'];
  return `the ${roles} ${enumerate(names)} can give ${theirs} tasks any permission in the account, which only permissionsBoundaryArn limits: docs/deployment.md, Roles of GitHub workflows`;
}
