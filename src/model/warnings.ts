import { enumerate } from '../conventions/words';
import type { Deployment } from './deployment';

/** What whoever gets a repository of valid answers should know, each in one line. */
export function warningsOf({ conventions: { support }, environments }: Deployment): string[] {
  const unbounded = environments
    .filter(({ registry }) => registry?.delivery?.roles.some((role) => role.permissionsBoundaryArn === undefined))
    .map(({ name }) => name);
  return [
    ...(support.kind === 'unsafe' ? [support.warning] : []),
    ...(unbounded.length > 0 ? [unboundedRoles(unbounded)] : []),
  ];
}

function unboundedRoles(names: readonly string[]): string {
  const [roles, theirs] = names.length === 1 ? ['role that deploys', 'its'] : ['roles that deploy', 'their'];
  return `the ${roles} ${enumerate(names)} can give ${theirs} tasks any permission in the account, which only permissionsBoundaryArn limits: docs/deployment.md, Roles of GitHub workflows`;
}
