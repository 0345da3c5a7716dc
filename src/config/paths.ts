import type { z } from 'zod';

/** Keys that lead to one place of the answers. */
export type Path = readonly string[];

export type PlainObject = Record<string, unknown>;

/** Whether a value has keys of its own to look into. */
export function isObject(value: unknown): value is PlainObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as PlainObject)[key]
        : undefined,
    value,
  );
}

/** A copy with `inner` at a path; everything beside it is kept. */
export function withValue(value: unknown, path: Path, inner: unknown): PlainObject {
  const [key, ...rest] = path;
  const object = isObject(value) ? value : {};
  return { ...object, [key!]: rest.length === 0 ? inner : withValue(valueAt(object, [key!]), rest, inner) };
}

/** A copy without what is at a path; everything beside it is kept. */
export function withoutValue(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (!isObject(value) || !Object.hasOwn(value, key!)) return value;
  const { [key!]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [key!]: withoutValue(inner, rest) };
}

/** The schema at a path. If several variants have it, the first one's; undefined if none has. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  return schemasAt(schema, path)[0];
}

/** Types of JSON that a place takes, in any of its variants; empty if the schema has no such place. */
export function typesAt(schema: z.ZodType, path: Path): ReadonlySet<string> {
  const schemas = schemasAt(schema, path);
  const types = schemas.flatMap(variants).flatMap(typesOf);
  return new Set(schemas.some((one) => one.safeParse(null).success) ? ['null', ...types] : types);
}

/** The keys that an object at a place may have, in any of its variants. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  const shapes = schemasAt(schema, path).flatMap(variants).map(shapeOf);
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
}

/** Whether the schema refuses a value without one at this path: it has no default, nor has any parent. */
export function requires(schema: z.ZodType, value: unknown, path: Path): boolean {
  const places = path.map((_, index) => path.slice(0, index + 1));
  const mayBeAbsent = (place: Path) => schemaAt(schema, place)?.safeParse(undefined).success ?? true;
  return !places.some((place) => valueAt(value, place) === undefined && mayBeAbsent(place));
}

/** The schemas of a place: one for each variant that has it. */
function schemasAt(schema: z.ZodType, path: Path): readonly z.ZodType[] {
  return path.reduce<readonly z.ZodType[]>(innerSchemas, [schema]);
}

/** The schemas of a key, in every variant that has it. */
export function innerSchemas(schemas: readonly z.ZodType[], key: string): readonly z.ZodType[] {
  return schemas.flatMap(variants).flatMap((variant) => {
    const { valueType, element, catchall } = definitionOf(variant);
    const shape = shapeOf(variant);
    return valueType ?? element ?? (Object.hasOwn(shape, key) ? shape[key] : othersOf(catchall)) ?? [];
  });
}

/** The schema of keys that an object does not name; undefined if it takes none. */
function othersOf(catchall: z.ZodType | undefined): z.ZodType | undefined {
  return catchall?.def.type === 'never' ? undefined : catchall;
}

/** A schema without its default, as one schema for each of its variants. */
function variants(schema: z.ZodType): z.ZodType[] {
  const { innerType, options } = definitionOf(schema);
  return innerType ? variants(innerType) : options ? options.flatMap(variants) : [schema];
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  return definitionOf(schema).shape ?? {};
}

const TYPES: Readonly<Record<string, string>> = { enum: 'string', record: 'object', int: 'number' };

function typesOf(schema: z.ZodType): string[] {
  const { type } = schema.def;
  const { values = [] } = definitionOf(schema);
  return type === 'literal' ? values.map((value) => typeof value) : [TYPES[type] ?? type];
}

/** The part of zod's definition of a schema that leads to others: of wrappers, unions, records, arrays, objects. */
function definitionOf(schema: z.ZodType): {
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly values?: readonly unknown[];
  readonly catchall?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
} {
  return schema.def as object;
}
