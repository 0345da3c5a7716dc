import { parse } from '@cdktf/hcl2json';

/** Resources of a configuration: `type.name` to attributes and blocks, in one form wherever they come from. */
export type Resources = Readonly<Record<string, Attributes>>;
export type Attributes = Record<string, unknown>;

/**
 * The resources of HCL files. What is written as an expression stays its text, but for `jsonencode`, `concat`, `merge`
 * and `for`, whose insides become values, so that policies and container definitions can be compared property by property.
 *
 * @param files names to contents
 */
export async function readHcl(files: Readonly<Record<string, string>>): Promise<Resources> {
  const resources: Record<string, Attributes> = {};
  for (const [name, content] of Object.entries(files)) {
    const { resource = {} } = (await parse(name, content)) as {
      resource?: Record<string, Record<string, [Attributes]>>;
    };
    for (const [type, byName] of Object.entries(resource)) {
      for (const [label, [body]] of Object.entries(byName)) {
        resources[`${type}.${label}`] = normalize(await decode(body)) as Attributes;
      }
    }
  }
  return resources;
}

/** The local values of HCL files, in the same form. */
export async function readLocals(files: Readonly<Record<string, string>>): Promise<Attributes> {
  const values: Attributes = {};
  for (const [name, content] of Object.entries(files)) {
    const { locals = [] } = (await parse(name, content)) as { locals?: Attributes[] };
    for (const block of locals) {
      Object.assign(values, normalize(await decode(block)));
    }
  }
  return values;
}

const CALL = /^\$\{(jsonencode|concat|merge)\(([\s\S]*)\)\}$/;
const FOR = /^\$\{([[{])\s*for\s+([^:]+?)\s+in\s+([\s\S]+?)\s:\s([\s\S]*?)(?:\sif\s([\s\S]+?))?\s*[\]}]\}$/;

/** A value of hcl2json with the insides of known calls and of comprehensions parsed. */
async function decode(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) {
    return Promise.all(value.map(decode));
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await decode(inner)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
  if (typeof value !== 'string') {
    return value;
  }
  const call = CALL.exec(value);
  if (call) {
    return decode(
      call[1] === 'jsonencode' ? await expression(call[2]!) : { [call[1]!]: await expression(`[${call[2]}]`) },
    );
  }
  const comprehension = FOR.exec(value);
  if (comprehension?.[1] === '[') {
    const [, , names, collection, each, condition] = comprehension;
    return {
      for: names,
      in: text(collection!),
      each: await decode(await expression(each!)),
      ...(condition && { if: condition }),
    };
  }
  return value;
}

async function expression(source: string): Promise<unknown> {
  const { locals } = (await parse('expression.tf', `locals {\n  value = ${source}\n}\n`)) as {
    locals: [{ value: unknown }];
  };
  return locals[0].value;
}

/**
 * One form for both sides: a block that may stand once is its body, references to resources are plain, and an
 * expression's text has single spaces.
 */
export function normalize(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalize);
    return items.length === 1 && typeof items[0] === 'object' ? items[0] : items;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, key === 'depends_on' ? references(inner) : normalize(inner)]),
    );
  }
  return typeof value === 'string' ? text(value) : value;
}

function references(value: unknown): string[] {
  return (value as string[]).map((reference) => reference.replace(/^\$\{(.*)\}$/, '$1')).sort();
}

function text(source: string): string {
  return source.replace(/\s+/g, ' ').trim();
}
