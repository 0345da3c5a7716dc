import { resolve, resolveMembers, type Scope } from '../support/cloudformation/functions';
import {
  checkRules,
  pseudoParameters,
  resolveConditions,
  resolveParameters,
  type StackPlace,
} from '../support/cloudformation/parameters';
import { tagPropertyOf, validateTemplate } from '../support/cloudformation/spec';
import type { JsonObject, Template } from '../support/cloudformation/template';
import { reference, type SourceResource, type Tree } from './graph';

/** What a stack is made from beside its template. */
export interface StackInput {
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly place: StackPlace;
}

/** The resources of a stack whose conditions hold, by their logical ids, with everything resolved that is known before. */
export function resourcesOfTemplate(template: Template, { parameters, tags, place }: StackInput): SourceResource[] {
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
    .map(([name, { Type, Properties = {}, DeletionPolicy = 'Delete' }]): SourceResource => {
      const { Tags, ...properties } = resolveMembers(Properties, scope);
      const own = Object.fromEntries(((Tags ?? []) as Tree[]).map(({ Key, Value }) => [Key as string, Value]));
      const all = Object.entries({ ...tags, ...own }).filter(([key]) => key !== 'ManagedBy');
      return {
        name,
        type: Type,
        values: {
          ...flattened(properties),
          ...(tagPropertyOf(Type) ? { '@Tags': Object.fromEntries(all) } : {}),
          ...(HOLDS_DATA.has(Type) ? { '@Retain': retains(DeletionPolicy) } : {}),
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

const HOLDS_DATA = new Set(['AWS::ECR::Repository', 'AWS::Logs::LogGroup']);

function retains(policy: string): boolean {
  if (policy !== 'Delete' && policy !== 'RetainExceptOnCreate') throw new Error(`DeletionPolicy ${policy}`);
  return policy === 'RetainExceptOnCreate';
}

/** Attributes of a target group are a list of keys and values. */
function flattened({ TargetGroupAttributes, ...properties }: JsonObject): Tree {
  const attributes = ((TargetGroupAttributes ?? []) as Tree[]).map(({ Key, Value }) => [Key as string, Value]);
  return { ...properties, ...(attributes.length > 0 ? { Attributes: Object.fromEntries(attributes) } : {}) };
}
