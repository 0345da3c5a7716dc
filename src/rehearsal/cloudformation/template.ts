import { type CollectionTag, Pair, parseDocument, Scalar, type ScalarTag, visit, YAMLMap, type YAMLSeq } from 'yaml';

import { isObject as isPlainObject } from '../../config/paths';

export type TemplateValue = string | number | boolean | null | TemplateValue[] | { [key: string]: TemplateValue };
export type TemplateObject = { [key: string]: TemplateValue };

/** A template as written; {@link problemsOfStructure} finds its problems. */
export interface Template {
  AWSTemplateFormatVersion?: string;
  Description?: string;
  Metadata?: TemplateObject;
  Parameters?: Record<string, TemplateParameter>;
  Rules?: Record<string, TemplateRule>;
  Mappings?: Record<string, Record<string, Record<string, string | string[]>>>;
  Conditions?: Record<string, TemplateValue>;
  Resources: Record<string, DeclaredResource>;
  Outputs?: Record<string, TemplateOutput>;
}

export interface TemplateParameter {
  Type: string;
  Default?: string | number | boolean;
  Description?: string;
  AllowedPattern?: string;
  AllowedValues?: (string | number | boolean)[];
  ConstraintDescription?: string;
  MinLength?: number | string;
  MaxLength?: number | string;
  MinValue?: number | string;
  MaxValue?: number | string;
  NoEcho?: boolean | string;
}

export interface TemplateRule {
  RuleCondition?: TemplateValue;
  Assertions: { Assert: TemplateValue; AssertDescription?: string }[];
}

export interface DeclaredResource {
  Type: string;
  Properties?: TemplateObject;
  DependsOn?: string | string[];
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: TemplateObject;
}

export interface TemplateOutput {
  Value: TemplateValue;
  Description?: string;
  Export?: { Name: TemplateValue };
  Condition?: string;
}

/** An error that CloudFormation answers with ValidationError: the message is its own, as far as known. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** Short forms that stand for `Fn::` and their name; `!Ref` and `!Condition` stand for their name alone. */
const SHORT_FORMS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'RefAll',
  'ValueOf',
  'ValueOfAll',
];

/**
 * A template's text, YAML with short forms or JSON, as data. Short forms become long ones. Throws a TemplateError for
 * invalid YAML, an unknown tag, a duplicate key, and a template that is no map; checks nothing else.
 */
export function parseTemplate(text: string): Template {
  const document = parseDocument(text, {
    // As CloudFormation: YAML 1.1, in which `yes` is a boolean, but without its timestamps, binaries and merge keys.
    version: '1.1',
    merge: false,
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag !== 'object' || !/timestamp|binary|omap|pairs|set|merge/.test(tag.tag)),
      ...['Ref', 'Condition', ...SHORT_FORMS].flatMap(tagsOf),
    ],
  });
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong) throw new TemplateError(`Template format error: YAML not well-formed. ${wrong.message}`);
  visit(document, {
    Alias: () => {
      throw new TemplateError('Template error: YAML aliases are not allowed in CloudFormation templates');
    },
  });
  const template = document.toJS({ mapAsMap: false }) as unknown;
  if (!isTemplateObject(template)) throw new TemplateError('Template format error: unsupported structure.');
  return template as unknown as Template;
}

function tagsOf(name: string): (ScalarTag | CollectionTag)[] {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const tag = `!${name}`;
  return [
    { tag, resolve: (value: string) => wrap(key, key === 'Fn::GetAtt' ? splitAttribute(value) : value) },
    { tag, collection: 'seq', resolve: (node) => wrapNode(key, node) },
    { tag, collection: 'map', resolve: (node) => wrapNode(key, node) },
  ] as (ScalarTag | CollectionTag)[];
}

function wrap(key: string, value: TemplateValue) {
  return { [key]: value };
}

/** A collection's own nodes are resolved later, so it is put into a map node and not into an object. */
function wrapNode(key: string, node: YAMLMap | YAMLSeq) {
  node.tag = undefined;
  const outer = new YAMLMap();
  outer.items.push(new Pair(new Scalar(key), node));
  return outer;
}

/** `A.B.C` is the attribute `B.C` of `A`. */
export function splitAttribute(value: string): string[] {
  const dot = value.indexOf('.');
  return dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)];
}

export function isTemplateObject(value: unknown): value is TemplateObject {
  return isPlainObject(value);
}
