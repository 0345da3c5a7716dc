import type { Account } from './account';
import type { TemplateObject, TemplateValue } from './template';

/** A resource as it was made. */
export interface Made {
  /** Value of Ref, and AWS's id. */
  readonly physicalId: string;
  readonly attributes: TemplateObject;
}

/**
 * Applies one type of resource. `Request` is the result of reading its properties: that calls nothing, so that an
 * unsupported property is refused before anything is made.
 */
export interface Handler<Request = unknown> {
  /** The property that names the resource, if its name must be unique. */
  readonly name?: string;
  /** Takes every property. `generatedName` is the one for a resource that is given none. */
  read(properties: PropertyReader, generatedName: (maximum: number) => string): Request;
  /** Makes the resource, with one call. */
  create(account: Account, request: Request): Promise<Made>;
  /** Completes the creation with further calls; if they fail, the resource is removed. */
  finish?(account: Account, request: Request, made: Made): Promise<void>;
  /** Changes it in place; absent for one that has nothing to change. */
  update?(account: Account, request: Request, before: Request, made: Made): Promise<void>;
  remove(account: Account, request: Request, made: Made): Promise<void>;
  /** An existing resource of a name, if there is one; absent for a type that is not imported here. */
  find?(account: Account, name: string): Promise<Made | undefined>;
}

/** The resolved properties of a resource, or of a part of it, that record which were taken. */
export class PropertyReader {
  readonly #left: Set<string>;
  readonly #parts: PropertyReader[] = [];

  constructor(
    readonly values: TemplateObject,
    private readonly place = '',
  ) {
    this.#left = new Set(Object.keys(values));
  }

  /** A property's value, of the type that the specification says, or undefined if it is not given. */
  take<T = TemplateValue>(name: string): T | undefined {
    this.#left.delete(name);
    return this.values[name] as T | undefined;
  }

  takeText(name: string): string | undefined {
    return this.take<string>(name);
  }

  /** Those of `names` that are set. */
  takeAll(names: readonly string[]): TemplateObject {
    const given = names.filter((name) => name in this.values);
    return Object.fromEntries(given.map((name) => [name, this.take(name)!]));
  }

  takePart(name: string): PropertyReader | undefined {
    const value = this.take<TemplateObject>(name);
    return value && this.#part(value, name);
  }

  takeParts(name: string): PropertyReader[] | undefined {
    const values = this.take<TemplateObject[]>(name);
    return values?.map((value, index) => this.#part(value, `${name}[${index}]`));
  }

  /** Properties that nobody took. */
  untaken(): string[] {
    const own = [...this.#left].map((name) => (this.place ? `${this.place}.${name}` : name));
    return [...own, ...this.#parts.flatMap((part) => part.untaken())];
  }

  #part(value: TemplateObject, name: string): PropertyReader {
    const part = new PropertyReader(value, this.place ? `${this.place}.${name}` : name);
    this.#parts.push(part);
    return part;
  }
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags, also of a type that writes them as a map. */
export function takeTags(properties: PropertyReader): Tag[] {
  const tags = properties.take<Tag[] | Record<string, string>>('Tags') ?? [];
  return Array.isArray(tags) ? tags : Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** As the services that write them `key` and `value`. */
export function lowerTags(tags: readonly Tag[]): { key: string; value: string }[] {
  return tags.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

export function tagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Calls `set` and `remove` for the tags that differ, each only if there are any. */
export async function changeTags(
  tags: readonly Tag[],
  before: readonly Tag[],
  set: (tags: Tag[]) => Promise<unknown>,
  remove: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  const old = tagMap(before);
  const changed = tags.filter(({ Key, Value }) => old[Key] !== Value);
  const removed = Object.keys(old).filter((key) => !tags.some(({ Key }) => Key === key));
  if (changed.length > 0) await set(changed);
  if (removed.length > 0) await remove(removed);
}

/** The members of `left` that `right` has no equal of. */
export function without<T>(left: readonly T[], right: readonly T[]): T[] {
  const there = new Set(right.map((member) => JSON.stringify(member)));
  return left.filter((member) => !there.has(JSON.stringify(member)));
}

/** Ignores that the resource is gone already: a rollback begins wherever an update stopped. */
export async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!/NotFound|NoSuchEntity/i.test((error as Error).name)) throw error;
  }
}

/** Ignores that the thing exists already, for the same reason. */
export async function unlessThere(addition: Promise<unknown>): Promise<void> {
  try {
    await addition;
  } catch (error) {
    if (!/Duplicate|AlreadyExists/i.test((error as Error).name)) throw error;
  }
}
