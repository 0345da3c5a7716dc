import { resolve, resolveMembers, type Scope } from '../../src/rehearsal/cloudformation/functions';
import { dependencies } from '../../src/rehearsal/cloudformation/graph';
import {
  checkRules,
  pseudoParameters,
  resolveConditions,
  resolveParameters,
  type StackIdentity,
} from '../../src/rehearsal/cloudformation/parameters';
import { tagPropertyOf, validateTemplate } from '../../src/rehearsal/cloudformation/spec';
import { tagsByKey } from '../../src/rehearsal/cloudformation/tags';
import type { DeclaredResource, Template, TemplateObject } from '../../src/rehearsal/cloudformation/template';
import { type GraphNode, normalise, reference, type SourceResource, type Tree, withoutTarget } from './graph';

/** What a stack is made from. */
export interface Stack {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly place: StackIdentity;
}

/** The graph of a stack: its resources, see {@link resourcesOfStack}. */
export function graphOfStack(stack: Stack): GraphNode[] {
  return normalise('template', resourcesOfStack(stack));
}

/** The resources of a stack whose conditions hold, by their logical ids, with everything resolved that is known before. */
export function resourcesOfStack({ template, parameters, tags, place }: Stack): SourceResource[] {
  const problems = validateTemplate(template);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const values = { ...resolveParameters(template, parameters), ...pseudoParameters(place) };
  checkRules(template, values);
  const conditions = resolveConditions(template, values);
  const scope: Scope = {
    parameters: values,
    mappings: template.Mappings ?? {},
    conditions,
    ref: (id) => nameOf(id) ?? reference(id, 'Ref'),
    attribute: (id, attribute) => {
      const name = nameOf(id);
      return name !== undefined && attribute === 'Arn' ? logGroupArn(name) : reference(id, attribute);
    },
    importValue: (name) => {
      throw new Error(`${name} would be imported`);
    },
  };
  return Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || conditions[Condition])
    .map(([name, { Type, Properties = {}, ...resource }]): SourceResource => {
      const tagged = tagPropertyOf(Type);
      const { [tagged?.name ?? '']: own, ...properties } = resolveMembers(Properties, scope);
      return {
        name,
        type: Type,
        values: {
          ...flattened(properties),
          ...(tagged ? { '@Tags': withoutTarget({ ...tags, ...tagsByKey(own) }) } : {}),
          ...(HOLDS_DATA.has(Type) ? { '@Retain': retains(resource) } : {}),
        },
      };
    });

  /** What Ref of a log group gives, which is its name, is known before the log group is there. */
  function nameOf(id: string): string | undefined {
    const { Type, Properties } = template.Resources[id]!;
    return Type === 'AWS::Logs::LogGroup' ? (resolve(Properties!.LogGroupName!, scope) as string) : undefined;
  }

  function logGroupArn(name: string): string {
    const { 'AWS::Partition': partition, 'AWS::Region': region, 'AWS::AccountId': account } = values;
    return `arn:${partition}:logs:${region}:${account}:log-group:${name}:*`;
  }
}

/** The resources of a stack that CloudFormation may still change once it has changed this one. */
export function lateResources({ template, parameters, place }: Stack, id: string): string[] {
  const values = { ...resolveParameters(template, parameters), ...pseudoParameters(place) };
  const needs = dependencies(template, resolveConditions(template, values));
  const early = new Set([id]);
  for (const one of early) for (const needed of needs.get(one)!) early.add(needed);
  return [...needs.keys()].filter((one) => !early.has(one));
}

const HOLDS_DATA = new Set(['AWS::ECR::Repository', 'AWS::Logs::LogGroup']);

/** Whether it outlives its stack, and what replaces it there: one without the other is not known. */
function retains({
  DeletionPolicy = 'Delete',
  UpdateReplacePolicy = 'Delete',
}: Pick<DeclaredResource, 'DeletionPolicy' | 'UpdateReplacePolicy'>): boolean {
  const retained = RETAINED.get(`${DeletionPolicy} ${UpdateReplacePolicy}`);
  if (retained === undefined) {
    throw new Error(`DeletionPolicy ${DeletionPolicy} with UpdateReplacePolicy ${UpdateReplacePolicy}`);
  }
  return retained;
}

const RETAINED = new Map([
  ['RetainExceptOnCreate Retain', true],
  ['Delete Delete', false],
]);

/** Attributes of a target group are a list of keys and values. */
function flattened({ TargetGroupAttributes, ...properties }: TemplateObject): Tree {
  const attributes = ((TargetGroupAttributes ?? []) as Tree[]).map(({ Key, Value }) => [Key as string, Value]);
  return { ...properties, ...(attributes.length > 0 ? { Attributes: Object.fromEntries(attributes) } : {}) };
}
