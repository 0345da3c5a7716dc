import { partitionOf } from '../../config/partitions';
import { describeValue, type Problem } from '../../config/problem';
import type { Answers, Config } from '../../config/repository';
import { repositoryIdsCommand } from '../../config/repository-ids';
import { sharedPlaceOf } from '../delivery/first-layer';
import { POLICY_LIMIT, policySize } from '../delivery/policies';
import { DUTIES, PUBLISHING, resolveDelivery, resolveSharedDelivery } from '../delivery/roles';
import type { Delivery } from '../deployment';
import { SHARED } from '../names';
import { type Draft, looseObject, type Subject } from '../unchecked';

/** Roles are for one repository, which GitHub tells by its id. */
export function workflowsAreKnown({ answers: { oidcProviders, repository } }: Draft): Problem[] {
  if (oidcProviders === undefined) {
    return [];
  }
  const { name, ownerId, repositoryId, subject } = looseObject<Answers['repository']>(repository);
  const needed = { repositoryId, ...(subject === 'classic' ? {} : { ownerId }) };
  const missing = Object.entries(needed).flatMap(([key, value]) => ((value ?? null) === null ? [key] : []));
  const message = `is missing: with oidcProviders a role trusts the repository by its ids (${missing.join(', ')}); ${repositoryIdsCommand(String(name))} says them`;
  return missing.length > 0 ? [{ path: `repository.${missing[0]}`, message }] : [];
}

/** One identity provider for each account that has roles, and none for others. */
export function providersAreThere({ answers: { oidcProviders }, subjects }: Draft): Problem[] {
  if (oidcProviders === undefined) {
    return [];
  }
  const providers = looseObject<Record<string, unknown>>(oidcProviders);
  const used = new Map<string, { readonly path: string; readonly region: unknown }>();
  for (const { path, account, region } of placesOfRoles(subjects)) {
    if (typeof account === 'string' && !used.has(account)) used.set(account, { path, region });
  }
  const missing = [...used]
    .filter(([account]) => !Object.hasOwn(providers, account))
    .map(([account, { path }]) => ({
      path: `oidcProviders.${account}`,
      message: `is missing: ${path} is in this account; give {"arn": …} of GitHub's identity provider there, or {"create": true}`,
    }));
  const wrong = Object.entries(providers).flatMap(([account, provider]): Problem[] => {
    const path = `oidcProviders.${account}`;
    const subject = used.get(account);
    if (!subject) {
      return [{ path, message: 'no environment is in this account; remove it' }];
    }
    const { arn } = looseObject<{ arn: string }>(provider);
    const { region } = subject;
    const partition = typeof region === 'string' ? partitionOf(region).id : undefined;
    if (typeof region === 'string' && !partitionOf(region).githubTokens) {
      const message = `must not be given: ${subject.path} is in ${region}, whose partition ${partition} reaches no GitHub; deploy it by hand, and leave oidcProviders out`;
      return [{ path, message }];
    }
    const [, arnPartition, , , arnAccount] = typeof arn === 'string' ? arn.split(':') : [];
    if (arnAccount !== undefined && arnAccount !== account) {
      return [{ path: `${path}.arn`, found: describeValue(arn), message: `must be in the account ${account}` }];
    }
    return arnPartition !== undefined && partition !== undefined && arnPartition !== partition
      ? [{ path: `${path}.arn`, found: describeValue(arn), message: `must be in the AWS partition ${partition}` }]
      : [];
  });
  return [...missing, ...wrong];
}

/** Places that get roles: each environment, and a shared registry, which has the role that publishes. */
function placesOfRoles(subjects: readonly Subject[]): { path: string; account: unknown; region: unknown }[] {
  return subjects.flatMap(({ path, environment }) => {
    const { account, region } = environment;
    const registry = looseObject<{ scope: string; account: string; region: string }>(environment.registry);
    const shared = { path: `${path}.registry`, account: registry.account, region: registry.region };
    return [{ path, account, region }, ...(registry.scope === 'shared' ? [shared] : [])];
  });
}

/** Images are signed by the workflow that publishes, which acts by a role. */
export function signaturesAreMade({ answers, subjects }: Draft): Problem[] {
  if (answers.oidcProviders !== undefined) {
    return [];
  }
  const places = [
    { path: '', delivery: answers.delivery },
    ...subjects.map(({ path, environment }) => ({ path: `${path}.`, delivery: environment.delivery })),
  ];
  return places
    .filter(({ delivery }) => looseObject<{ verifySignature: boolean }>(delivery).verifySignature === true)
    .map(({ path }) => ({
      path: `${path}delivery.verifySignature`,
      found: describeValue(true),
      message:
        'needs oidcProviders: without them the workflow publish-image has no role, so no image is signed, and workflows would refuse every image; give oidcProviders, or leave it out',
    }));
}

/** No environment may be named as the GitHub environment of another one's duty, or of a shared registry's. */
export function rolesAreApart({ answers: { oidcProviders }, subjects }: Draft): Problem[] {
  if (oidcProviders === undefined) {
    return [];
  }
  const shared = areSharing(subjects) ? [{ path: `environments.${SHARED}`, duties: PUBLISHING }] : [];
  const others = [...subjects.map(({ path }) => ({ path, duties: DUTIES })), ...shared];
  return subjects.flatMap(({ path }): Problem[] => {
    const [taken] = others
      .filter((other) => other.path !== path)
      .flatMap((other) =>
        other.duties.map(({ duty, githubEnvironment }) => [githubEnvironment(other.path), duty, other.path]),
      )
      .filter(([githubEnvironment]) => githubEnvironment === path);
    return taken
      ? [
          {
            path,
            message: `cannot have this name with oidcProviders: ${taken[2]} needs a GitHub environment of this name, to ${taken[1]}; take another`,
          },
        ]
      : [];
  });
}

function areSharing(subjects: readonly Subject[]): boolean {
  return subjects.some(({ environment }) => looseObject<{ scope: string }>(environment.registry).scope === 'shared');
}

/** IAM refuses a policy that is too long only when the registry layer is applied. Takes valid answers. */
export function policiesFit(config: Config): Problem[] {
  const place = sharedPlaceOf(config);
  const [sharing] = Object.entries(config.environments).filter(([, { registry }]) => registry.scope === 'shared');
  return [
    ...Object.entries(config.environments).flatMap(([name, environment]) =>
      rolesFit(`environments.${name}`, resolveDelivery(config, name, environment)),
    ),
    ...(place && sharing ? rolesFit(`environments.${sharing[0]}.registry`, resolveSharedDelivery(config, place)) : []),
  ];
}

function rolesFit(path: string, delivery: Delivery | undefined): Problem[] {
  const policies = delivery?.roles.flatMap((role) => role.policies) ?? [];
  const first = policies.find(({ statements }) => policySize(statements) > POLICY_LIMIT);
  if (!first) {
    return [];
  }
  const [longest] = first.statements.flatMap(({ resources }) => resources).sort((a, b) => b.length - a.length);
  const size = policySize(first.statements).toLocaleString('en');
  const message = `makes the policy ${first.name} of a role of workflows ${size} characters long, and IAM takes ${POLICY_LIMIT.toLocaleString('en')}; shorten the names in it, the longest of which has ${longest!.length.toLocaleString('en')}`;
  return [{ path, found: describeValue(longest), message }];
}
