import { TARGETS } from '../../src/config/repository';
import { type Form, type PropertySpec, RESOURCES, type ResourceSpec } from './properties';

/** A resource, by the written list: its properties as they are compared. */
export interface GraphNode {
  readonly type: string;
  readonly key: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A resource as a source has it, its properties a tree; what refers to another resource is a {@link reference}. */
export interface SourceResource {
  /** What other resources call it. */
  readonly name: string;
  /** The source's own type. */
  readonly type: string;
  readonly values: Tree;
}

export type Tree = { [key: string]: unknown };
export type Source = 'plan' | 'template';

const REFERENCE = /⟨([^⟨⟩]+)\.(\w+)⟩/g;

/** Text that stands for an attribute of another resource until {@link normalise} knows which one that is. */
export function reference(name: string, attribute: string): string {
  return `⟨${name}.${attribute}⟩`;
}

/**
 * The graph of a source: every resource by type and key, every property by the written list.
 *
 * @throws Error with every type and every property that the list does not have
 */
export function normalise(source: Source, resources: readonly SourceResource[]): GraphNode[] {
  const problems: string[] = [];
  const read = resources.flatMap((resource) => {
    const entry = Object.entries(RESOURCES).find(([, spec]) => spec[source] === resource.type);
    if (!entry) {
      problems.push(`${resource.name}: type ${resource.type} is not in the list: src/resources/types.ts`);
      return [];
    }
    const [type, spec] = entry;
    const { properties, unknown } = readProperties(source, spec, resource.values);
    problems.push(
      ...unknown.map(
        (path) =>
          `${resource.name}: property ${path} of ${resource.type} is not in the list: the resource in src/resources has it, or test/parity/properties.ts`,
      ),
    );
    return [{ name: resource.name, type, spec, key: keyOf(spec, properties), properties }];
  });
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replace(REFERENCE, (whole, name: string, attribute: string) => {
        const target = read.find((resource) => resource.name === name);
        const known = Object.entries(target?.spec.attributes ?? {}).find(([, names]) => names[source] === attribute);
        if (!target || !known) {
          problems.push(
            `${whole} refers to nothing that is known: is it in the attributes of its type in test/parity/properties.ts?`,
          );
          return whole;
        }
        return `${target.type} ${target.key}, its ${known[0]}`;
      });
    }
    if (Array.isArray(value)) return value.map(resolve);
    return isTree(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]))
      : value;
  };
  const nodes = read.map(({ type, key, properties }) => ({ type, key, properties: resolve(properties) as Tree }));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return nodes.sort((a, b) => (id(a) < id(b) ? -1 : 1));
}

/** The model adds the type of a record that is not an A record: a name has several. */
function keyOf({ key }: ResourceSpec, properties: Tree): string {
  return [properties[key], properties.type === 'AAAA' ? 'AAAA' : []].flat().join(' ');
}

/** Tags but for the one that names the target. */
export function withoutTarget({ ManagedBy, ...tags }: Tree): Tree {
  return TARGETS.some((target) => target === ManagedBy) ? tags : { ...tags, ManagedBy };
}

/** A graph without what differs by engine: which permissions a role has for it, and whether a policy has tags. */
export function withoutEngine(nodes: readonly GraphNode[]): GraphNode[] {
  return nodes.map(({ properties, ...node }) => {
    if (node.type !== 'policy') return { ...node, properties };
    const { document, tags: _tags, ...others } = properties;
    return { ...node, properties: node.key.endsWith(ENGINE) ? others : { ...others, document } };
  });
}

/** What the name of a policy ends with that is for the engine. */
export const ENGINE = '-engine';

/** How two graphs differ, a line each; none, they are equal. */
export function differences(a: readonly GraphNode[], b: readonly GraphNode[]): string[] {
  const [left, right] = [byId(a), byId(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (!one || !other) return [`${name}: only ${one ? 'the first' : 'the second'} has it`];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])]
      .filter((property) => JSON.stringify(one[property]) !== JSON.stringify(other[property]))
      .map(
        (property) => `${name}: ${property} is ${JSON.stringify(one[property])} and ${JSON.stringify(other[property])}`,
      );
  });
}

/** The properties of the list that these graphs have, as `type.property`. */
export function seenProperties(nodes: readonly GraphNode[]): Set<string> {
  return new Set(
    nodes.flatMap(({ type, properties }) =>
      Object.keys(properties)
        .filter((property) => properties[property] !== undefined)
        .map((property) => `${type}.${property}`),
    ),
  );
}

function id({ type, key }: GraphNode): string {
  return `${type} ${key}`;
}

function byId(nodes: readonly GraphNode[]): Map<string, Readonly<Record<string, unknown>>> {
  const map = new Map(nodes.map((node) => [id(node), node.properties]));
  if (map.size !== nodes.length) throw new Error('Two resources have the same type and key');
  return map;
}

function readProperties(source: Source, spec: ResourceSpec, values: Tree): { properties: Tree; unknown: string[] } {
  const rest = structuredClone(values);
  const properties: Tree = {};
  for (const [name, property] of Object.entries(spec.properties)) {
    const found = take(rest, property[source]);
    properties[name] = found === undefined ? property.absent : inForm(property, found);
  }
  for (const [path, value] of Object.entries((source === 'plan' && spec.planDefaults) || {})) {
    const found = take(rest, path);
    if (found !== undefined && JSON.stringify(found) !== JSON.stringify(value)) {
      return { properties, unknown: [`${path}, which is ${JSON.stringify(found)} and not ${JSON.stringify(value)}`] };
    }
  }
  return { properties, unknown: leaves(rest) };
}

/** Takes what stands at a path out of a tree. What is empty is not there. */
function take(tree: Tree, path: string | null): unknown {
  if (path === null) return undefined;
  const keys = path.split(/(?<!\\)\./).map((key) => key.replace(/\\\./g, '.'));
  let place: unknown = tree;
  for (const key of keys.slice(0, -1)) {
    if (place === null || typeof place !== 'object') return undefined;
    place = (place as Tree)[key];
  }
  if (place === null || typeof place !== 'object') return undefined;
  const last = keys.at(-1)!;
  const value = (place as Tree)[last];
  delete (place as Tree)[last];
  return isEmpty(value) ? undefined : value;
}

/** Paths of all values that are left. */
function leaves(value: unknown, path = ''): string[] {
  if (isEmpty(value)) return [];
  if (typeof value !== 'object') return [path];
  return Object.entries(value as Tree).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

const FORMS: Readonly<Record<Form, (value: unknown) => unknown>> = {
  text: String,
  number: Number,
  flag: (value) => flag(String(value)),
  // A plan knows a list that is to come as one value.
  set: (value) => [value].flat().sort(),
  json: (value) => sortKeys(typeof value === 'string' && /^[{[]/.test(value) ? JSON.parse(value) : value),
  variables: (value) => variables(value as Tree[]),
  policy: (value) => statements(typeof value === 'string' ? JSON.parse(value) : value),
  conditions: (value) => conditions(value as Tree[]),
  rules: (value) => rules(value as Tree[]),
};

/** Rules of a security group, which have no order: by their peers, HTTPS first. A port that a parameter holds is text. */
function rules(list: readonly Tree[]): unknown[] {
  const ofPort = ({ FromPort }: Tree) => (FromPort === 443 ? 0 : Number(FromPort));
  const inOrder = list
    .map(({ FromPort, ToPort, ...rule }): Tree => ({ ...rule, FromPort: Number(FromPort), ToPort: Number(ToPort) }))
    .sort((a, b) => ofPort(a) - ofPort(b));
  const peerOf = ({ CidrIp, SourceSecurityGroupId }: Tree) => String(CidrIp ?? SourceSecurityGroupId);
  return inOrder.sort((a, b) => (peerOf(a) < peerOf(b) ? -1 : peerOf(a) > peerOf(b) ? 1 : 0)).map(sortKeys);
}

function inForm({ form }: PropertySpec, value: unknown): unknown {
  return FORMS[form](value);
}

function flag(text: string): boolean {
  const value = { true: true, false: false, ENABLED: true, DISABLED: false }[text];
  if (value === undefined) throw new Error(`Neither on nor off: ${text}`);
  return value;
}

/** Variables by name: a list of them has no order that matters. */
function variables(list: readonly Tree[]): Tree {
  const entries = list.map((entry): [string, unknown] => {
    const { name, Name, value, Value, valueFrom, ValueFrom, ...others } = entry;
    if (Object.keys(others).length > 0) throw new Error(`A variable has ${Object.keys(others).join(', ')}`);
    return [String(name ?? Name), value ?? Value ?? valueFrom ?? ValueFrom];
  });
  if (new Set(entries.map(([name]) => name)).size !== entries.length) throw new Error('A variable is set twice');
  return sortKeys(Object.fromEntries(entries)) as Tree;
}

/** The statements of a policy: a list of one is its element, actions and resources are sets. */
function statements(policy: Tree): unknown {
  const { Version, Statement, ...others } = policy;
  if (Version !== '2012-10-17' || Object.keys(others).length > 0)
    throw new Error(`Not a policy: ${JSON.stringify(policy)}`);
  return (Statement as Tree[]).map((statement) => sortKeys(mapTree(statement, oneOrMany)));
}

function oneOrMany(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? value[0] : [...value].sort();
  return isTree(value) ? mapTree(value, oneOrMany) : value;
}

/** Conditions of a listener rule, in no order: each its subject and its values. */
function conditions(list: readonly Tree[]): string[] {
  return list.map(condition).sort();
}

function condition(tree: Tree): string {
  const rest = structuredClone(tree);
  const subjects: readonly (readonly [string, string, string, string])[] = [
    ['host', 'host_header.0.values', 'HostHeaderConfig.Values', 'host-header'],
    ['path', 'path_pattern.0.values', 'PathPatternConfig.Values', 'path-pattern'],
    ['header', 'http_header.0.values', 'HttpHeaderConfig.Values', 'http-header'],
  ];
  const header = take(rest, 'http_header.0.http_header_name') ?? take(rest, 'HttpHeaderConfig.HttpHeaderName');
  const field = take(rest, 'Field');
  const found = subjects.flatMap(([subject, plan, template, own]) => {
    const values = (take(rest, plan) ?? (field === own ? take(rest, template) : undefined)) as string[] | undefined;
    return values ? [`${subject === 'header' ? header : subject}: ${[...values].sort().join(', ')}`] : [];
  });
  if (found.length !== 1 || leaves(rest).length > 0) throw new Error(`Not a known condition: ${JSON.stringify(tree)}`);
  return found[0]!;
}

function mapTree(tree: Tree, change: (value: unknown) => unknown): Tree {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, change(value)]));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
