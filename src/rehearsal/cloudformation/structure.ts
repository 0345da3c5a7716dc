import type { Position } from './functions';
import { inspect, type References } from './inspect';
import { isPseudoParameter, problemsOfParameter } from './parameters';
import { isTemplateObject, type Template, type TemplateValue } from './template';

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
];
const RESOURCE_ATTRIBUTES = [
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
];
const DELETION_POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate'];
const UPDATE_REPLACE_POLICIES = ['Delete', 'Retain'];
const OUTPUT_ATTRIBUTES = ['Condition', 'Description', 'Export', 'Value'];
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;
const LIMITS = { Parameters: 200, Resources: 500, Outputs: 200, Mappings: 200 } as const;
const MAX_DESCRIPTION = 1024;

/**
 * Problems of a template, without its resources' properties: unknown sections, attributes and functions, references
 * that lead nowhere, quotas. Each begins with its place.
 */
export function problemsOfStructure(template: Template): string[] {
  const { problems, at } = collector();
  const { Parameters = {}, Rules = {}, Mappings = {}, Conditions = {}, Resources, Outputs = {} } = template;
  at('template', onlyKnown(template, SECTIONS, 'sections'));
  if (!isTemplateObject(Resources) || Object.keys(Resources).length === 0) {
    return [...problems, 'template: at least one Resources member must be defined'];
  }
  const version = template.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09') at('AWSTemplateFormatVersion', ['only 2010-09-09 is known']);
  if (Buffer.byteLength(template.Description ?? '') > MAX_DESCRIPTION) {
    at('Description', [`longer than ${MAX_DESCRIPTION} bytes`]);
  }
  for (const [section, limit] of Object.entries(LIMITS)) {
    const size = Object.keys(template[section as keyof typeof LIMITS] ?? {}).length;
    if (size > limit) at(section, [`${size} members, and ${limit} are allowed`]);
  }
  for (const [name, parameter] of Object.entries(Parameters)) {
    at(`Parameters.${name}`, problemsOfParameter(name, parameter));
    if (name in Resources) at(`Parameters.${name}`, ['a resource has this name, too']);
  }
  for (const [name, map] of Object.entries(Mappings)) at(`Mappings.${name}`, problemsOfMapping(map));
  for (const [name, condition] of Object.entries(Conditions)) {
    at(`Conditions.${name}`, problemsOfReferences(template, condition, 'condition'));
  }
  for (const [name, rule] of Object.entries(Rules)) {
    at(`Rules.${name}`, onlyKnown(rule, ['RuleCondition', 'Assertions'], 'attributes'));
    if (!Array.isArray(rule.Assertions) || rule.Assertions.length === 0) at(`Rules.${name}`, ['it asserts nothing']);
    const tested = [rule.RuleCondition ?? [], ...(rule.Assertions ?? []).map(({ Assert }) => Assert)];
    at(`Rules.${name}`, problemsOfReferences(template, tested, 'rule'));
  }
  for (const [name, resource] of Object.entries(Resources))
    at(`Resources.${name}`, problemsOfResource(template, name, resource));
  for (const [name, output] of Object.entries(Outputs)) {
    at(`Outputs.${name}`, onlyKnown(output, OUTPUT_ATTRIBUTES, 'attributes'));
    if (!LOGICAL_ID.test(name)) at(`Outputs.${name}`, ['its name is not alphanumeric']);
    if (output.Value === undefined) at(`Outputs.${name}`, ['it has no Value']);
    if (output.Export) at(`Outputs.${name}.Export`, onlyKnown(output.Export, ['Name'], 'attributes'));
    at(`Outputs.${name}`, problemsOfCondition(template, output.Condition));
    at(`Outputs.${name}`, problemsOfReferences(template, [output.Value ?? '', output.Export?.Name ?? ''], 'value'));
  }
  return problems;
}

function problemsOfResource(template: Template, name: string, resource: Template['Resources'][string]): string[] {
  const { Type, Properties = {}, DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete', DependsOn = [] } = resource;
  const { problems, at } = collector();
  at('', onlyKnown(resource, RESOURCE_ATTRIBUTES, 'attributes'));
  if (!LOGICAL_ID.test(name)) at('', ['its logical ID is not alphanumeric']);
  if (typeof Type !== 'string') at('', ['it has no Type']);
  if (!isTemplateObject(Properties)) at('Properties', ['it is no map']);
  if (!DELETION_POLICIES.includes(DeletionPolicy)) {
    at('DeletionPolicy', [`${JSON.stringify(DeletionPolicy)} is none of ${DELETION_POLICIES.join(', ')}`]);
  }
  if (!UPDATE_REPLACE_POLICIES.includes(UpdateReplacePolicy)) {
    at('UpdateReplacePolicy', [
      `${JSON.stringify(UpdateReplacePolicy)} is none of ${UPDATE_REPLACE_POLICIES.join(', ')}`,
    ]);
  }
  const unknown = [DependsOn].flat().filter((other) => !Object.hasOwn(template.Resources, other));
  if (unknown.length > 0) at('DependsOn', [`no such resource: ${unknown.join(', ')}`]);
  if ([DependsOn].flat().includes(name)) at('DependsOn', ['it depends on itself']);
  at('', problemsOfCondition(template, resource.Condition));
  at('Properties', problemsOfReferences(template, Properties, 'value'));
  return problems;
}

function problemsOfMapping(map: TemplateValue): string[] {
  const flat =
    isTemplateObject(map) &&
    Object.values(map).every((second) => isTemplateObject(second) && Object.values(second).every(isMapped));
  return flat ? [] : ['it is no map of maps of strings or lists of strings'];
}

function isMapped(value: TemplateValue): boolean {
  return Array.isArray(value)
    ? value.every((member) => typeof member === 'string')
    : !isTemplateObject(value) && value !== null;
}

function problemsOfCondition({ Conditions = {} }: Template, name: unknown): string[] {
  if (name === undefined || (typeof name === 'string' && Object.hasOwn(Conditions, name))) return [];
  return [`no such condition: ${JSON.stringify(name)}`];
}

function problemsOfReferences(template: Template, value: TemplateValue, place: Position): string[] {
  const found = inspect(value, place);
  return [
    ...found.problems,
    ...found.conditions.flatMap((name) => problemsOfCondition(template, name)),
    ...problemsOfMappings(template, value),
    ...unresolved(template, found, place),
  ];
}

function unresolved({ Parameters = {}, Resources }: Template, found: References, place: Position): string[] {
  const known = (name: string) =>
    Object.hasOwn(Parameters, name) || isPseudoParameter(name) || (place === 'value' && Object.hasOwn(Resources, name));
  const refs = found.refs.filter((name) => !known(name));
  const attributes = found.attributes
    .filter(([resource]) => place !== 'value' || !Object.hasOwn(Resources, resource))
    .map((attribute) => attribute.join('.'));
  return [...refs, ...attributes].map((name) => `it refers to ${name}, which is not there`);
}

/** A map that is named literally must be there, and its keys too as far as they are literal. */
function problemsOfMappings(template: Template, value: TemplateValue): string[] {
  if (Array.isArray(value)) return value.flatMap((member) => problemsOfMappings(template, member));
  if (!isTemplateObject(value)) return [];
  const argument = value['Fn::FindInMap'];
  if (!Array.isArray(argument)) return problemsOfMappings(template, Object.values(value));
  const [map, first, second] = argument;
  if (typeof map !== 'string') return [];
  const mapping = template.Mappings?.[map];
  if (!mapping) return [`no such mapping: ${map}`];
  const rows: unknown[] = typeof first === 'string' ? [mapping[first]] : Object.values(mapping);
  if (rows.includes(undefined)) return [`no such key in mapping ${map}: ${first}`];
  if (typeof second === 'string' && !rows.every((row) => isTemplateObject(row) && second in row)) {
    return [`no such second key in mapping ${map}: ${second}`];
  }
  return [];
}

function onlyKnown(value: unknown, known: readonly string[], what: string): string[] {
  if (!isTemplateObject(value)) return ['it is no map'];
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  return unknown.length > 0 ? [`unknown ${what}: ${unknown.join(', ')}`] : [];
}

function collector() {
  const problems: string[] = [];
  const at = (place: string, found: readonly string[]) => {
    problems.push(...found.map((problem) => (place ? `${place}: ${problem}` : problem)));
  };
  return { problems, at };
}
