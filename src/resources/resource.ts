import type { ResourceType } from './types';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** One AWS resource that a deployment describes. */
export interface Resource {
  /** The environment's name, or that of what environments share. */
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  readonly account: string;
  readonly region: string;
  /** What it is deployed as a part of: the name of its stack, or the place of its state. */
  readonly unit: string;
  /** What it is within its layer, whatever AWS calls it: by this it is known again when its name changes. */
  readonly id: string;
  /** A {@link ResourceType}, or one that another version of this program knows. */
  readonly type: string;
  /** What AWS tells it by from others of its type: its name, or the priority of a rule, or a domain. */
  readonly key: string;
  /** By standard name; one that is not set is not there. What refers to another resource is a {@link referenceTo} it. */
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/** What a property is before it is in its final form: what is not set may be there as undefined. */
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

/** @param keyName the property that is its key */
export function part(type: ResourceType, id: string, keyName: string, properties: Properties): Part {
  return { id, type, key: String(properties[keyName]), properties: inOrder(properties) as Resource['properties'] };
}

/** Without what is not set, and with all keys in the same order always: what is equal has the same text. */
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
