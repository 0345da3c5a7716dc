import { chunksOf } from '../../model/chunks';
import { isNameOf, LOG_GROUPS, type Named } from '../../model/names';
import type { NamesInPlan } from '../planned';
import type { Reader } from '../reader';
import type { NamedResource, Parts, Service } from '../snapshot';

type NamedParts = Pick<Parts, 'targetGroups' | 'repositories' | 'logGroups'>;

/** A tag as most services of AWS have it. */
export interface ResourceTag {
  readonly Key: string;
  readonly Value?: string;
}

/** Tag by which each resource of this generator names its service. */
const SERVICE = 'Service';

/** The service that a resource's tag names; null if it has none. */
export function serviceTag(tags: readonly ResourceTag[] | undefined): string | null {
  return tags?.find(({ Key }) => Key === SERVICE)?.Value ?? null;
}

/** ARNs that Elastic Load Balancing takes in a call. Source: Elastic Load Balancing API Reference, DescribeTags. */
const AT_ONCE = 20;

/**
 * Resources whose names a deployment may need. Of those that are named as its own, in any environment, the tag is read that
 * tells this generator's.
 *
 * @param deployment absent if no name is known
 * @param only names that alone are looked for, where AWS can be asked so
 */
export async function readNamed(
  reader: Reader,
  deployment: string | undefined,
  only: NamesInPlan | undefined,
): Promise<NamedParts> {
  const isOwn = (kind: Named, name: string) => deployment !== undefined && isNameOf(kind, deployment, name);
  const [targetGroups, repositories, logGroups] = await Promise.all([
    readTargetGroups(reader, (name) => isOwn('targetGroup', name)),
    // None of its own, if it pulls from a repository that others share.
    only && only.repository === undefined
      ? []
      : readRepositories(reader, (name) => isOwn('repository', name), only?.repository),
    // One that is taken over may be anybody's.
    readLogGroups(reader, (name) => !only?.takesLogGroup && isOwn('logGroup', name), only?.logGroup),
  ]);
  return { targetGroups, repositories, logGroups };
}

/**
 * Target groups, with the service of those that lack the tag: a stack that somebody made without tags of its own has none on them,
 * but its service has the tag of this generator.
 */
export function withServices(
  targetGroups: Parts['targetGroups'],
  services: Parts['services'],
): Parts['targetGroups'] | undefined {
  return targetGroups?.map(({ service, ...group }) => {
    if (service !== null) return { ...group, ...(service !== undefined && { service }) };
    if (!services) return group;
    const own = services.find((one) => one.convention !== undefined && one.targetGroupArns.includes(group.arn));
    return { ...group, service: own?.name ?? null };
  });
}

async function readTargetGroups(
  reader: Reader,
  isOwn: (name: string) => boolean,
): Promise<Parts['targetGroups'] | undefined> {
  const read = await reader.read<{
    TargetGroups: readonly { readonly TargetGroupArn: string; readonly TargetGroupName: string }[];
  }>('targetGroups');
  if (!read) return undefined;
  const groups = read.TargetGroups.map(({ TargetGroupArn, TargetGroupName }) => ({
    arn: TargetGroupArn,
    name: TargetGroupName,
  }));
  const own = groups.filter(({ name }) => isOwn(name)).map(({ arn }) => arn);
  const described = await Promise.all(
    chunksOf(own, AT_ONCE).map((ResourceArns) =>
      reader.read<{
        TagDescriptions: readonly {
          readonly ResourceArn: string;
          readonly Tags?: readonly ResourceTag[];
        }[];
      }>('targetGroupTags', { ResourceArns }),
    ),
  );
  if (described.includes(undefined)) return undefined;
  const tags = described.flatMap((page) => page?.TagDescriptions ?? []);
  return groups.map((group) => {
    const found = tags.find(({ ResourceArn }) => ResourceArn === group.arn);
    if (!found) return group;
    return { ...group, service: serviceTag(found.Tags) };
  });
}

async function readRepositories(
  reader: Reader,
  isOwn: (name: string) => boolean,
  only: string | undefined,
): Promise<readonly NamedResource[] | undefined> {
  const read = await reader.find<{
    repositories: readonly { readonly repositoryName: string; readonly repositoryArn: string }[];
  }>('repositories', only === undefined ? {} : { repositoryNames: [only] });
  return ofEach(
    read === null ? null : read?.repositories,
    async ({ repositoryName: name, repositoryArn: resourceArn }) => {
      if (!isOwn(name)) return { name };
      const tags = await reader.read<{ tags?: readonly ResourceTag[] }>('repositoryTags', { resourceArn });
      return tags && { name, service: serviceTag(tags.tags) };
    },
  );
}

async function readLogGroups(
  reader: Reader,
  isOwn: (name: string) => boolean,
  only: string | undefined,
): Promise<readonly NamedResource[] | undefined> {
  const read = await reader.read<{ logGroups: readonly { readonly logGroupName: string; readonly arn: string }[] }>(
    'logGroups',
    // An account may have thousands of others.
    { logGroupNamePrefix: only ?? LOG_GROUPS },
  );
  const found = read?.logGroups.filter(({ logGroupName }) => only === undefined || logGroupName === only);
  return ofEach(found, async ({ logGroupName: name, arn }) => {
    if (!isOwn(name)) return { name };
    // The ARN of its streams, with which no tags are listed, ends so.
    const tags = await reader.read<{ tags?: Readonly<Record<string, string>> }>('logGroupTags', {
      resourceArn: arn.replace(/:\*$/, ''),
    });
    return tags && { name, service: tags.tags?.[SERVICE] ?? null };
  });
}

/**
 * Roles of the names of a deployment; undefined if one was not seen, or without names. Its service is there with its tasks' roles, so
 * these are asked for only before the first deployment.
 */
export async function readRoles(
  reader: Reader,
  names: Pick<NamesInPlan, 'service' | 'taskRoles' | 'trafficRole'> | undefined,
  services: readonly Service[] | undefined,
): Promise<Parts['roles']> {
  if (!names) return undefined;
  const { service, taskRoles, trafficRole } = names;
  const isDeployed = services?.some(({ name, convention }) => name === service && convention !== undefined) ?? false;
  const asked = [...(isDeployed ? [] : taskRoles), ...(trafficRole === undefined ? [] : [trafficRole])];
  const found = await Promise.all(
    asked.map(async (name) => {
      const role = await reader.find<{ Role: { readonly Tags?: readonly ResourceTag[] } }>('role', { RoleName: name });
      if (!role) return role === null ? { name, isThere: false } : undefined;
      return { name, isThere: true, service: serviceTag(role.Role.Tags) };
    }),
  );
  if (found.includes(undefined)) return undefined;
  return [
    ...(isDeployed ? taskRoles.map((name) => ({ name, isThere: true, service })) : []),
    ...found.filter((role) => role !== undefined),
  ];
}

/** The resources that were found; undefined if one of them was not seen. Null, for an answer that there are none, gives none. */
async function ofEach<Found>(
  found: readonly Found[] | null | undefined,
  read: (one: Found) => Promise<NamedResource | undefined>,
): Promise<readonly NamedResource[] | undefined> {
  if (!found) return found === null ? [] : undefined;
  const all = await Promise.all(found.map(read));
  return all.some((one) => one === undefined) ? undefined : all.filter((one) => one !== undefined);
}
