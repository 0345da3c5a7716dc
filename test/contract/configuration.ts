import { parse } from '@cdktf/hcl2json';

import { templateValue, type Value } from './expression';

/** A Terraform configuration: what it declares, by address, e.g. `resource.aws_ecs_service.mcp`, `local.tags`. */
export type Configuration = Readonly<Record<string, Value>>;

/** A file as far as it is read here. */
export interface SourceFile {
  readonly path: string;
  readonly content: string;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of either tool, whose shape is what this module deals with
type Json = any;
type Body = (body: Json) => Promise<Value>;

const documents = new Map<string, Promise<Json>>();

/** The configuration that `.tf` files of one folder make. */
export async function parseFiles(files: readonly SourceFile[]): Promise<Configuration> {
  const each = await Promise.all(files.map(async ({ path, content }) => readDocument(await parseFile(path, content))));
  return each.reduce(merge, {});
}

/** The configuration of a synthesised CDKTF stack. */
export function parseSynthesised(json: string): Promise<Configuration> {
  return readDocument(JSON.parse(json));
}

function parseFile(path: string, content: string): Promise<Json> {
  const known = documents.get(content) ?? parse(path, content);
  documents.set(content, known);
  return known;
}

function merge(one: Configuration, other: Configuration): Configuration {
  for (const address of Object.keys(other)) {
    if (address in one) {
      throw new Error(`${address} is declared twice`);
    }
  }
  return { ...one, ...other };
}

/** @throws Error for a kind of block that it does not know, so that none is left out silently */
async function readDocument(document: Json): Promise<Configuration> {
  const found: [string, Value][] = [];
  for (const [kind, content] of Object.entries<Json>(document)) {
    const reader = READERS[kind];
    if (!reader) {
      throw new Error(`Blocks of kind ${kind} are not compared`);
    }
    found.push(...(await reader(content)));
  }
  return Object.fromEntries(found);
}

const READERS: Readonly<Record<string, (content: Json) => Promise<[string, Value][]>>> = {
  resource: (content) => twoLabels('resource', content),
  data: (content) => twoLabels('data', content),
  locals: (content) => labelled('local', single(content), plain),
  variable: (content) => labelled('variable', content, variable),
  output: (content) => labelled('output', content, async (body) => plain(without(single(body), 'description'))),
  module: (content) => labelled('module', content, async (body) => plain(single(body))),
  provider: (content) => labelled('provider', content, block),
  terraform: async (content) => [['terraform', await block(content)]],
  import: async (content) => [['import', await block(content)]],
};

async function twoLabels(kind: string, content: Json): Promise<[string, Value][]> {
  const each = Object.entries<Json>(content).map(([type, named]) => labelled(`${kind}.${type}`, named, block));
  return (await Promise.all(each)).flat();
}

function labelled(prefix: string, content: Json, body: Body): Promise<[string, Value][]> {
  return Promise.all(
    Object.entries<Json>(content).map(
      async ([name, json]) => [`${prefix}.${name}`, await body(json)] as [string, Value],
    ),
  );
}

/** A variable's description and validations are not compared: they are prose, and regular expressions for it. */
async function variable(json: Json): Promise<Value> {
  const { type, ...rest } = without(single(json), 'description', 'validation');
  return { ...((await plain(rest)) as object), type: await templateValue(type.replace(/^(?!\$\{)(.*)$/s, '${$1}')) };
}

/** The body of a block: a block in it is an object or a list of one, by tool; an attribute is a value. */
async function block(json: Json): Promise<Value> {
  const body = single(json);
  if (Array.isArray(body) && body.length > 0 && body.every(isObject)) {
    return Promise.all(body.map(block));
  }
  if (!isObject(body)) {
    return plain(body);
  }
  const entries = Object.entries<Json>(body).map(async ([name, value]) => [name, await attribute(name, value)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function attribute(name: string, value: Json): Promise<Value> {
  if (name === 'depends_on') {
    return value.map((address: string) => address.replace(/^\$\{(.*)\}$/, '$1')).sort();
  }
  // What a failing precondition says is prose; that it says something is compared.
  return name === 'error_message' && value ? 'prose' : block(value);
}

/** A JSON value whose strings are read as configuration syntax has them: text, or what is an expression. */
export async function plain(json: Json): Promise<Value> {
  if (typeof json === 'string') {
    return templateValue(json);
  }
  if (Array.isArray(json)) {
    return Promise.all(json.map(plain));
  }
  if (!isObject(json)) {
    return json;
  }
  const entries = Object.entries(json).map(async ([key, value]) => [key, await plain(value)]);
  return Object.fromEntries(await Promise.all(entries));
}

function single(json: Json): Json {
  return Array.isArray(json) && json.length === 1 && isObject(json[0]) ? json[0] : json;
}

function isObject(json: Json): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function without(body: Json, ...names: string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
