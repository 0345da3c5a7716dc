import { isObject } from '../config/paths';
import { ownValue } from '../model/unchecked';
import { type JsonValue, type Resource, referenceTo } from './resource';
import { factsOf, isKnown, type Target } from './types';

/** Actions of a deployment on a resource, with their meaning for the reader of a report. */
export const ACTIONS = {
  create: 'is made',
  update: 'is changed in place',
  revise: 'gets a new revision, which the service moves to; the one before is how to go back',
  replace: 'is replaced by another',
  destroy: 'is destroyed',
  orphan: 'stays in AWS as it is, and nothing here deploys or destroys it any more',
  adopt: 'is there already, and is deployed from here from now on',
} as const;

export type Action = keyof typeof ACTIONS;

/** Fate of a resource that is replaced or destroyed; `refused` if the deployment stops at it. */
export type Fate = 'deleted' | 'kept' | 'refused';

/** A deployment's change of one resource. An unchanged resource has none. */
export interface ResourceChange {
  readonly environment: string;
  readonly layer: Resource['layer'];
  readonly account: string;
  readonly region: string;
  readonly unit: string;
  readonly id: string;
  readonly type: string;
  /** AWS's key of the resource after the change; before it, if it is deleted. */
  readonly key: string;
  /** AWS's key of the resource before, if it was another. */
  readonly formerKey?: string;
  readonly action: Action;
  /** Names of the properties that change, and of the members of those that have names, such as `environment.HOME`. */
  readonly properties: readonly string[];
  /** Whether something is in it that is nowhere else: images, or logs. */
  readonly holdsData: boolean;
  /** Whether requests of clients go through it now, and stop without it. */
  readonly serves: boolean;
  /** Present with `replace` and `destroy`, and with `create` if it is `refused`. */
  readonly fate?: Fate;
  readonly note?: string;
  /** Changed attributes in the engine's words; absent if no engine was asked. */
  readonly attributes?: readonly string[];
}

/** By environment and layer, in the order of promotion. */
export type Impact = readonly ResourceChange[];

export const NAME_TAKEN: Readonly<Record<Target, string>> = {
  terraform: 'the successor is made first, and its name is taken: the apply stops there, and the existing one stays',
  cloudformation: 'the successor is made first, and its name is taken: the stack goes back, and nothing is lost',
  cdk: 'the successor is made first, and its name is taken: the stack goes back, and nothing is lost',
};
const NOT_EMPTY = 'ECR deletes no repository that has images, unless it is told to: the apply stops there';
export const KEPT = 'the old one stays in AWS, with all that is in it; its successor is empty';
export const DESTROYED_BEFORE = 'it is destroyed before its successor is made';
const LAYER_GONE =
  'its whole layer is there no longer, or is another stack, state, account or region: destroy it first, or put the layer back';
const TAKEN_BY_ORPHAN = 'its name is taken by what stays behind: the deployment stops there';
export const RETAINED = 'it is retained';
export const UNKNOWN = 'this version does not know the type, nor what a change does to it';

/** Note on a rule that ECS moves traffic with: any change of it sends its weights, too. */
export const SENDS_WEIGHTS =
  'its weights are sent with it, and ECS may have moved the traffic since: the deploy task keeps it where it is, or says why it cannot. If you deploy without the task, read docs/deployment.md first, "How the traffic moves"';

/** Notes on properties that are changed in place. */
const IN_PLACE: Readonly<Record<string, string>> = {
  'targetGroup.healthCheckPath':
    'the tasks that run are asked by the new path at once, before their successors are there: if they do not answer it, they count as unhealthy',
};

/**
 * Changes of a deployment of `after` where `before` was deployed.
 *
 * A resource is identified by its layer and id, so one whose name changes is replaced. Resources that refer to a
 * replaced one change with it, as the new one has another ARN. In another account or region, a layer is another one.
 */
export function compareResources(before: readonly Resource[], after: readonly Resource[], target: Target): Impact {
  const [old, now] = [byIdentity(before), byIdentity(after)];
  const gone = before.filter((resource) => !now.has(identityOf(resource)));
  const pairs = after.flatMap((resource): Pair[] => {
    const former = old.get(identityOf(resource));
    return former ? [{ before: former, after: resource }] : [];
  });
  const changed = changedProperties(pairs, target);
  const layers = new Set(after.map(layerOf));
  const orphans = gone.filter((resource) => !layers.has(layerOf(resource)));
  return inOrder([...after, ...gone]).flatMap((resource): ResourceChange[] => {
    const [former, successor] = [old.get(identityOf(resource)), now.get(identityOf(resource))];
    if (!former) {
      return [{ ...described(resource), properties: [], serves: false, ...beginning(resource, orphans) }];
    }
    const serves = isServing(former, before);
    if (!successor) {
      return [{ ...described(former), properties: [], serves, ...end(former, layers.has(layerOf(former)), target) }];
    }
    const properties = changed.get(identityOf(resource))!;
    return properties.length === 0
      ? []
      : [
          {
            ...described(successor),
            ...(former.key === successor.key ? {} : { formerKey: former.key }),
            properties,
            serves,
            ...change(former, properties, target),
          },
        ];
  });
}

interface Pair {
  readonly before: Resource;
  readonly after: Resource;
}

export type Outcome = Pick<ResourceChange, 'action' | 'fate' | 'note'>;

export function described({ properties: _properties, ...resource }: Resource) {
  return { ...resource, holdsData: factsOf(resource.type).holdsData === true || !isKnown(resource.type) };
}

/** Outcome for a new resource. */
function beginning({ type, key, account, region }: Resource, orphans: readonly Resource[]): Outcome {
  const isTaken = orphans.some(
    (other) => other.type === type && other.key === key && other.account === account && other.region === region,
  );
  return isTaken && factsOf(type).uniqueBy
    ? { action: 'create', fate: 'refused', note: TAKEN_BY_ORPHAN }
    : { action: 'create' };
}

/** Outcome for a resource that exists before and after. */
function change({ type, properties: before }: Resource, properties: readonly string[], target: Target): Outcome {
  if (!isKnown(type)) {
    return { action: 'update', note: UNKNOWN };
  }
  if (!isMadeAnew(type, properties, target)) {
    const known = properties.map((name) => ownValue(IN_PLACE, `${type}.${name}`)).find((text) => text !== undefined);
    const note = type === 'listenerRule' && before.weighted !== undefined ? SENDS_WEIGHTS : known;
    return { action: 'update', ...(note ? { note } : {}) };
  }
  const { revised, destroyedFirst, uniqueBy: unique } = factsOf(type);
  if (revised) {
    return { action: 'revise' };
  }
  const isDestroyedFirst = target === 'terraform' && destroyedFirst === true;
  if (!isDestroyedFirst && unique && !unique.some((name) => properties.includes(name))) {
    return { action: 'replace', fate: 'refused', note: NAME_TAKEN[target] };
  }
  return replacement(type, before, target);
}

/** Outcome for a resource that another replaces. */
export function replacement(type: string, { retain }: Resource['properties'], target: Target): Outcome {
  const { destroyedFirst, keptBy = [] } = factsOf(type);
  if (retain === true) {
    return keptBy.includes(target)
      ? { action: 'replace', fate: 'kept', note: KEPT }
      : { action: 'replace', fate: 'refused', note: NOT_EMPTY };
  }
  const isDestroyedFirst = target === 'terraform' && destroyedFirst === true;
  return { action: 'replace', fate: 'deleted', ...(isDestroyedFirst ? { note: DESTROYED_BEFORE } : {}) };
}

/** Outcome for a resource that is gone. */
export function end(
  { type, properties }: Pick<Resource, 'type' | 'properties'>,
  isLayerThere: boolean,
  target: Target,
): Outcome {
  if (!isLayerThere) {
    return { action: 'orphan', note: LAYER_GONE };
  }
  if (properties.retain !== true) {
    return { action: 'destroy', fate: 'deleted', ...(isKnown(type) ? {} : { note: UNKNOWN }) };
  }
  return factsOf(type).keptBy?.includes(target)
    ? { action: 'orphan', note: RETAINED }
    : { action: 'destroy', fate: 'refused', note: NOT_EMPTY };
}

function isMadeAnew(type: string, properties: readonly string[], target: Target): boolean {
  const names = properties.map((property) => property.split('.')[0]!);
  const { revised, replaced = {} } = factsOf(type);
  return names.some((name) => (revised ? !revised.includes(name) : ownValue(replaced, name)?.includes(target)));
}

/**
 * Names of the properties that change, by identity. A replacement changes the references to it, so this is repeated
 * until nothing is added.
 */
function changedProperties(pairs: readonly Pair[], target: Target): ReadonlyMap<string, readonly string[]> {
  const changed = new Map(pairs.map(({ before, after }) => [identityOf(after), differences(before, after)]));
  const propertiesOf = ({ after }: Pair) => changed.get(identityOf(after))!;
  for (let isComplete = false; !isComplete; ) {
    isComplete = true;
    const renewed = pairs.filter((pair) => isMadeAnew(pair.after.type, propertiesOf(pair), target));
    for (const pair of pairs) {
      const more = Object.entries(pair.after.properties)
        .filter(([name]) => !propertiesOf(pair).includes(name))
        .filter(([, value]) =>
          renewed.some(({ after }) => layerOf(after) === layerOf(pair.after) && refers(value, after)),
        )
        .map(([name]) => name);
      if (more.length > 0) {
        changed.set(identityOf(pair.after), [...propertiesOf(pair), ...more].sort());
        isComplete = false;
      }
    }
  }
  return changed;
}

/** Whether a value refers to a resource, of any layer. */
function refers(value: JsonValue, resource: Resource): boolean {
  if (typeof value === 'string') {
    return value.startsWith(referenceTo(resource, ''));
  }
  return value !== null && typeof value === 'object' && Object.values(value).some((inner) => refers(inner, resource));
}

function differences({ properties: before }: Resource, { properties: after }: Resource): string[] {
  const names = changedNames(before, after).flatMap((name) => {
    const [a, b] = [ownValue(before, name) ?? {}, ownValue(after, name) ?? {}];
    return isObject(a) && isObject(b) ? changedNames(a, b).map((member) => `${name}.${member}`) : [name];
  });
  return names.sort();
}

type JsonMap = { readonly [name: string]: JsonValue };

function changedNames(before: JsonMap, after: JsonMap): string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (name) => JSON.stringify(ownValue(before, name)) !== JSON.stringify(ownValue(after, name)),
  );
}

/** A target group without tasks behind it answers nobody. */
export function isServing(resource: Resource, all: readonly Resource[]): boolean {
  const service = all.find((other) => other.type === 'service' && layerOf(other) === layerOf(resource));
  return factsOf(resource.type).serves === true && service?.properties.desiredCount !== 0;
}

/** By environment in the given order, then by layer: the registry comes before the service that needs its image. */
function inOrder(resources: readonly Resource[]): Resource[] {
  const environments = [...new Set(resources.map(({ environment }) => environment))];
  const place = ({ environment, layer }: Resource) =>
    2 * environments.indexOf(environment) + (layer === 'registry' ? 0 : 1);
  return [...resources].sort((a, b) => place(a) - place(b));
}

function byIdentity(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  return new Map(resources.map((resource) => [identityOf(resource), resource]));
}

function identityOf(resource: Resource): string {
  return `${layerOf(resource)}\n${resource.type}\n${resource.id}`;
}

/** Account, region and unit that a resource is deployed in. */
export type LayerIdentity = Pick<Resource, 'environment' | 'layer' | 'account' | 'region' | 'unit'>;

/** Identity of a layer. In another place, stack or state, it is another layer: nothing moves there. */
export function layerOf({ environment, layer, account, region, unit }: LayerIdentity): string {
  return [environment, layer, account, region, unit].join('\n');
}
