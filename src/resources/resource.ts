import { type ResourceType, TYPES } from './types';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** One AWS resource that a deployment describes. */
export interface Resource {
  /** The environment's name, or {@link SHARED}. */
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  readonly account: string;
  readonly region: string;
  /** Unit of deployment: the name of its stack, or the place of its state. */
  readonly unit: string;
  /** Id within its layer, whatever its name in AWS: it stays when the name changes. */
  readonly id: string;
  /** A {@link ResourceType}, or one that another version of this program knows. */
  readonly type: string;
  /** AWS's key of the resource among those of its type: its name, the priority of a rule, or a domain. */
  readonly key: string;
  /** By standard name; properties that are not set are absent. References are made by {@link referenceTo}. */
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/** A property before it is in its final form: it may be undefined. */
export type PropertyValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue };

export type Properties = Readonly<Record<string, PropertyValue>>;

export type Part = Pick<Resource, 'id' | 'type' | 'key' | 'properties'>;

export function part(type: ResourceType, id: string, properties: Properties): Part {
  const key = String(properties[TYPES[type].key]);
  return { id, type, key, properties: inOrder(properties) as Resource['properties'] };
}

/** Removes undefined values and sorts keys, so that equal values have the same text. */
function inOrder(value: PropertyValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  if (value === null || typeof value !== 'object') {
    return value ?? null;
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, inOrder(inner)]),
  );
}

/** Text that stands for an attribute that AWS gives to another resource of the same layer. */
export function referenceTo({ type, key }: Pick<Resource, 'type' | 'key'>, attribute: string): string {
  return `${type} ${key}, its ${attribute}`;
}

export function sorted(values: readonly string[]): string[] {
  return [...values].sort();
}
