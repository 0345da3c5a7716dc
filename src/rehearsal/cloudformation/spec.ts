import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource as ResourceSpec, SpecDatabase } from '@aws-cdk/service-spec-types';

import { callIn } from './calls';
import { inspect } from './inspect';
import { isListType } from './parameters';
import { problemsOfStructure } from './structure';
import { isTemplateObject, type Template, type TemplateObject, type TemplateValue } from './template';

type PropertyTypes = Readonly<Record<string, Property>>;

let loaded: SpecDatabase | undefined;

/** The specification is 3 MB and takes half a second. */
function database(): SpecDatabase {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
}

/** CloudFormation's schema of a resource type, or undefined if it has none. */
export function specOf(type: string): ResourceSpec | undefined {
  return database().lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

/**
 * All that is wrong with a template that can be told without deploying it: its structure, functions and references, and
 * each resource's type, properties (known, required, of the right type, of the allowed values, at any depth) and
 * attributes. Both branches of each Fn::If are looked at. Empty for a template that may be deployed.
 */
export function validateTemplate(template: Template): string[] {
  const structure = problemsOfStructure(template);
  if (structure.length > 0) return structure;
  return [
    ...Object.entries(template.Resources).flatMap(([name, { Type, Properties = {} }]) => {
      const spec = specOf(Type);
      if (!spec) return [`Resources.${name}: CloudFormation has no type ${Type}`];
      return problemsOfObject(Properties, spec.properties, `Resources.${name}.Properties`, template);
    }),
    ...problemsOfAttributes(template),
    ...Object.entries(template.Outputs ?? {}).flatMap(([name, { Value }]) =>
      problemsOf(Value, { type: 'string' }, `Outputs.${name}.Value`, template),
    ),
  ];
}

/** Problems of properties whose functions are resolved, in the form of {@link validateTemplate}. */
export function validateProperties(type: string, properties: TemplateObject, place: string): string[] {
  const spec = specOf(type);
  if (!spec) return [`${place}: CloudFormation has no type ${type}`];
  return problemsOfObject(properties, spec.properties, place, { Resources: {} });
}

/** Resolved properties with each scalar as its type demands: CloudFormation takes "8000" for 8000, and 8000 for "8000". */
export function coerceProperties(type: string, properties: TemplateObject): TemplateObject {
  return coerceObject(properties, specOf(type)!.properties);
}

/** The properties as ECS names them: in lower case at the beginning, at every depth, but for the keys of maps. */
export function lowerCamel(type: string, properties: TemplateObject): TemplateObject {
  return lowerObject(properties, specOf(type)!.properties);
}

function lowerObject(value: TemplateObject, properties: PropertyTypes): TemplateObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      `${name[0]!.toLowerCase()}${name.slice(1)}`,
      lowerValue(member, properties[name]!.type),
    ]),
  );
}

function lowerValue(value: TemplateValue, type: PropertyType): TemplateValue {
  if (type.type === 'array') return (value as TemplateValue[]).map((member) => lowerValue(member, type.element));
  if (type.type !== 'ref') return value;
  return lowerObject(value as TemplateObject, database().get('typeDefinition', type.reference).properties);
}

/** The properties, as paths, that differ and cannot be changed without replacing the resource. */
export function replacingProperties(type: string, before: TemplateObject, after: TemplateObject): string[] {
  const { properties, additionalReplacementProperties = [] } = specOf(type)!;
  return [
    ...replacingIn(properties, before, after),
    ...additionalReplacementProperties
      .filter((path) => !isSame(valueAt(before, path), valueAt(after, path)))
      .map((path) => path.join('.')),
  ];
}

export function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

/** The name and the form of the property that holds the tags of a type, if it has tags. */
export function tagPropertyOf(type: string): { readonly name: string; readonly variant: string } | undefined {
  const { tagInformation } = specOf(type)!;
  return tagInformation && { name: tagInformation.tagPropertyName, variant: tagInformation.variant };
}

export function attributesOf(type: string): string[] {
  return Object.keys(specOf(type)!.attributes);
}

function replacingIn(properties: PropertyTypes, before: TemplateObject, after: TemplateObject): string[] {
  const changed = Object.entries(properties).filter(([name]) => !isSame(before[name], after[name]));
  return changed.flatMap(([name, { causesReplacement = 'no', type }]) => {
    if (causesReplacement !== 'no') return [name];
    const inner = type.type === 'ref' ? database().get('typeDefinition', type.reference).properties : undefined;
    const [left, right] = [before[name], after[name]];
    if (!inner || !isTemplateObject(left) || !isTemplateObject(right)) return [];
    return replacingIn(inner, left, right).map((path) => `${name}.${path}`);
  });
}

function problemsOfObject(
  value: TemplateValue,
  properties: PropertyTypes,
  place: string,
  template: Template,
): string[] {
  const branches = branchesOf(value);
  if (branches) return branches.flatMap((branch) => problemsOfObject(branch, properties, place, template));
  if (isNoValue(value)) return [];
  if (!isTemplateObject(value) || callIn(value)) return [`${place}: a map is needed`];
  const missing = Object.entries(properties).filter(([name, { required }]) => required && !(name in value));
  return [
    ...missing.map(([name]) => `${place}: required property ${name} is missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!property) return [`${place}: no property ${name}`];
      if (property.required && mayBeNoValue(member)) return [`${place}: required property ${name} is missing`];
      return problemsOf(member, property.type, `${place}.${name}`, template);
    }),
  ];
}

const TAG: PropertyTypes = {
  Key: { type: { type: 'string' }, required: true },
  Value: { type: { type: 'string' }, required: true },
};

const INTEGER = /^-?\d+$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Whether a literal is of a scalar type, given as text or not. */
const SCALARS: Record<string, (value: string | number | boolean) => boolean> = {
  string: () => true,
  'date-time': (value) => !Number.isNaN(Date.parse(String(value))),
  integer: (value) => INTEGER.test(String(value)),
  number: (value) => NUMBER.test(String(value)),
  boolean: (value) => ['true', 'false'].includes(String(value)),
};

function problemsOf(value: TemplateValue, type: PropertyType, place: string, template: Template): string[] {
  const branches = branchesOf(value);
  if (branches) return branches.flatMap((branch) => problemsOf(branch, type, place, template));
  if (isNoValue(value)) return [];
  if (type.type === 'union') {
    const each = type.types.map((alternative) => problemsOf(value, alternative, place, template));
    return each.some((problems) => problems.length === 0) ? [] : each[0]!;
  }
  if (type.type === 'ref') {
    return problemsOfObject(value, database().get('typeDefinition', type.reference).properties, place, template);
  }
  if (type.type === 'tag') return problemsOfObject(value, TAG, place, template);
  if (type.type === 'json') return isTemplateObject(value) && !callIn(value) ? [] : problemsOfJson(value, place);
  if (type.type === 'array') return problemsOfList(value, type.element, place, template);
  if (type.type === 'map') {
    if (!isTemplateObject(value) || callIn(value)) return [`${place}: a map is needed`];
    return Object.entries(value).flatMap(([key, member]) =>
      problemsOf(member, type.element, `${place}.${key}`, template),
    );
  }
  return problemsOfScalar(value, type, place, template);
}

/** A document may be given as text, too. */
function problemsOfJson(value: TemplateValue, place: string): string[] {
  if (callIn(value)) return [];
  try {
    if (isTemplateObject(JSON.parse(value as string) as TemplateValue)) return [];
  } catch {}
  return [`${place}: a JSON object is needed`];
}

function problemsOfList(value: TemplateValue, element: PropertyType, place: string, template: Template): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((member, index) => problemsOf(member, element, `${place}[${index}]`, template));
  }
  const call = callIn(value);
  const gives = call && shapeOf(call.name, call.argument, template);
  return gives === 'list' || gives === 'any' ? [] : [`${place}: a list is needed`];
}

function problemsOfScalar(
  value: TemplateValue,
  type: Extract<PropertyType, { type: string }>,
  place: string,
  template: Template,
): string[] {
  const call = callIn(value);
  if (call) {
    return shapeOf(call.name, call.argument, template) === 'list'
      ? [`${place}: ${article(type.type)} is needed, and no list`]
      : [];
  }
  if (value === null || typeof value === 'object') return [`${place}: ${article(type.type)} is needed`];
  if (!SCALARS[type.type]?.(value))
    return [`${place}: ${article(type.type)} is needed, and not ${JSON.stringify(value)}`];
  const allowed = 'allowedValues' in type ? type.allowedValues : undefined;
  if (!allowed || allowed.map(String).includes(String(value))) return [];
  return [`${place}: ${JSON.stringify(value)} is none of ${allowed.join(', ')}`];
}

function article(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** Shape of a function's value, as far as the template tells. */
function shapeOf(name: string, argument: TemplateValue, template: Template): 'list' | 'text' | 'any' {
  if (name === 'Fn::Split') return 'list';
  if (name === 'Fn::Select' || name === 'Fn::FindInMap') return 'any';
  if (name === 'Ref') {
    const parameter = template.Parameters?.[argument as string];
    return argument === 'AWS::NotificationARNs' || (parameter && isListType(parameter.Type)) ? 'list' : 'text';
  }
  if (name === 'Fn::GetAtt') {
    const [resource, ...path] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
    const attribute = specOf(template.Resources[resource!]?.Type ?? '')?.attributes[path.join('.')];
    return attribute?.type.type === 'array' ? 'list' : 'text';
  }
  return 'text';
}

function problemsOfAttributes({ Resources, Outputs = {} }: Template): string[] {
  const places: [string, TemplateValue][] = [
    ...Object.entries(Resources).map(([name, { Properties = {} }]): [string, TemplateValue] => [
      `Resources.${name}`,
      Properties,
    ]),
    ...Object.entries(Outputs).map(([name, { Value, Export }]): [string, TemplateValue] => [
      `Outputs.${name}`,
      [Value, Export?.Name ?? ''],
    ]),
  ];
  return places.flatMap(([place, value]) =>
    inspect(value, 'value')
      .attributes.filter(([resource, attribute]) => !specOf(Resources[resource]!.Type)?.attributes[attribute])
      .map(
        ([resource, attribute]) => `${place}: ${resource} (${Resources[resource]!.Type}) has no attribute ${attribute}`,
      ),
  );
}

function branchesOf(value: TemplateValue): TemplateValue[] | undefined {
  const call = callIn(value);
  return call?.name === 'Fn::If' ? (call.argument as TemplateValue[]).slice(1) : undefined;
}

function mayBeNoValue(value: TemplateValue): boolean {
  return branchesOf(value)?.some(mayBeNoValue) ?? isNoValue(value);
}

function isNoValue(value: TemplateValue): boolean {
  return isTemplateObject(value) && value.Ref === 'AWS::NoValue';
}

function coerceObject(value: TemplateObject, properties: PropertyTypes): TemplateObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, coerce(member, properties[name]?.type)]),
  );
}

function coerce(value: TemplateValue, type: PropertyType | undefined): TemplateValue {
  switch (type?.type) {
    case 'string':
    case 'date-time':
      return String(value);
    case 'integer':
    case 'number':
      return Number(value);
    case 'boolean':
      return String(value) === 'true';
    case 'tag':
      return coerceObject(value as TemplateObject, TAG);
    case 'ref':
      return coerceObject(value as TemplateObject, database().get('typeDefinition', type.reference).properties);
    case 'array':
      return (value as TemplateValue[]).map((member) => coerce(member, type.element));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as TemplateObject).map(([key, member]) => [key, coerce(member, type.element)]),
      );
    case 'json':
      return typeof value === 'string' ? (JSON.parse(value) as TemplateValue) : value;
    case 'union':
      return coerce(
        value,
        type.types.find((alternative) => problemsOf(value, alternative, '', { Resources: {} }).length === 0),
      );
    default:
      return value;
  }
}

function valueAt(value: TemplateObject, path: readonly string[]): TemplateValue | undefined {
  return path.reduce<TemplateValue | undefined>(
    (inner, key) => (isTemplateObject(inner) ? inner[key] : undefined),
    value,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTemplateObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
