import type { z } from 'zod';

/** Keys that lead to one place of the answers. */
export type Path = readonly string[];

export type Json = Record<string, unknown>;

/** Whether a value has keys of its own to look into. */
export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What stands at a place; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key) ? (inner as Json)[key] : undefined,
    value,
  );
}

/** A copy in which `inner` stands at a place; what is beside it is kept. */
export function withValue(value: unknown, path: Path, inner: unknown): Json {
  const [key, ...rest] = path;
  const object = isObject(value) ? value : {};
  return { ...object, [key!]: rest.length === 0 ? inner : withValue(valueAt(object, [key!]), rest, inner) };
}

/** The schema of a place. Where several variants have it, the first one's; undefined where none has. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  const [key, ...rest] = path;
  if (key === undefined) {
    return schema;
  }
  const definition = schema.def as unknown as Json & { type: string };
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return schemaAt(definition.innerType as z.ZodType, path);
    case 'union':
      return (definition.options as z.ZodType[]).map((option) => schemaAt(option, path)).find(Boolean);
    case 'record':
      return schemaAt(definition.valueType as z.ZodType, rest);
    case 'object': {
      const shape = definition.shape as Record<string, z.ZodType>;
      return Object.hasOwn(shape, key) ? schemaAt(shape[key]!, rest) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether the schema refuses a value that has nothing at a place: no default stands in for it, nor for what holds it. */
export function requires(schema: z.ZodType, value: unknown, path: Path): boolean {
  const places = path.map((_, index) => path.slice(0, index + 1));
  const mayBeAbsent = (place: Path) => schemaAt(schema, place)?.safeParse(undefined).success ?? true;
  return !places.some((place) => valueAt(value, place) === undefined && mayBeAbsent(place));
}
