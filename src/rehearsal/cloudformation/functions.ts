import { attributeNamed, callIn, isPair, PLACEHOLDER, placeholders, substitution } from './calls';
import {
  isTemplateObject,
  splitAttribute,
  type Template,
  TemplateError,
  type TemplateObject,
  type TemplateValue,
} from './template';

/** Values for the evaluation of functions. */
export interface Scope {
  /** Parameters and pseudo parameters. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly mappings: NonNullable<Template['Mappings']>;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Value of Ref of a resource; throws if there is none. */
  ref(logicalId: string): TemplateValue;
  attribute(logicalId: string, name: string): TemplateValue;
  importValue(name: string): string;
}

/** Value of Ref of AWS::NoValue: the property or list member with it is removed. */
export const NO_VALUE = Symbol('AWS::NoValue');

export const PSEUDO_PARAMETERS = [
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

type Value = TemplateValue | typeof NO_VALUE;

interface IntrinsicFunction {
  /** Problem of its argument as written. */
  problem(argument: TemplateValue): string | undefined;
  evaluate(argument: TemplateValue, scope: Scope): Value;
}

/** Functions for values. Each checks its argument as written, and then its value. */
export const VALUE_FUNCTIONS: Record<string, IntrinsicFunction> = {
  Ref: {
    problem: (argument) => (typeof argument === 'string' ? undefined : 'takes a name'),
    evaluate: (argument, scope) => {
      const name = argument as string;
      if (name === 'AWS::NoValue') return NO_VALUE;
      if (!Object.hasOwn(scope.parameters, name)) return scope.ref(name);
      const value = scope.parameters[name]!;
      return typeof value === 'string' ? value : [...value];
    },
  },
  'Fn::GetAtt': {
    problem: (argument) => (attributeNamed(argument) ? undefined : 'takes a resource and an attribute'),
    evaluate: (argument, scope) => scope.attribute(...attributeNamed(argument)!),
  },
  'Fn::Sub': {
    problem: (argument) => {
      const parts = substitution(argument);
      if (!parts) return 'takes a string, or a string and a map';
      const used = placeholders(parts.text);
      const unused = Object.keys(parts.values).filter((name) => !used.includes(name));
      if (unused.length > 0) return `has a map with names that its string does not use: ${unused.join(', ')}`;
      const odd = used.find((name) => !/^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$|^AWS::[A-Za-z]+$/.test(name));
      return odd === undefined ? undefined : `has \${${odd}}, which is no name`;
    },
    evaluate: (argument, scope) => {
      const { text, values } = substitution(argument)!;
      return text.replace(PLACEHOLDER, (_, name: string) => {
        if (name.startsWith('!')) return `\${${name.slice(1)}}`;
        const key = name.trim();
        const value = Object.hasOwn(values, key)
          ? evaluate(values[key]!, scope)
          : key.includes('.')
            ? scope.attribute(...(splitAttribute(key) as [string, string]))
            : VALUE_FUNCTIONS.Ref!.evaluate(key, scope);
        return textOf(value, `Fn::Sub of \${${key}}`);
      });
    },
  },
  'Fn::Join': {
    problem: (argument) =>
      isPair(argument) && typeof argument[0] === 'string' && mayBeList(argument[1])
        ? undefined
        : 'takes a literal delimiter and a list',
    evaluate: (argument, scope) => {
      const [delimiter, members] = argument as [string, TemplateValue];
      return list(evaluate(members, scope), 'Fn::Join')
        .map((member) => textOf(member, 'Fn::Join'))
        .join(delimiter);
    },
  },
  'Fn::Select': {
    problem: (argument) => (isPair(argument) && mayBeList(argument[1]) ? undefined : 'takes an index and a list'),
    evaluate: (argument, scope) => {
      const [index, members] = argument as [TemplateValue, TemplateValue];
      const at = Number(textOf(evaluate(index, scope), 'Fn::Select'));
      const from = list(evaluate(members, scope), 'Fn::Select');
      if (!Number.isInteger(at) || at < 0 || at >= from.length) {
        throw new TemplateError(`Template error: Fn::Select  cannot select nonexistent value at index ${at}`);
      }
      return from[at]!;
    },
  },
  'Fn::Split': {
    problem: (argument) =>
      isPair(argument) && typeof argument[0] === 'string' && argument[0] !== '' && !Array.isArray(argument[1])
        ? undefined
        : 'takes a literal delimiter and a string',
    evaluate: (argument, scope) => {
      const [delimiter, text] = argument as [string, TemplateValue];
      return textOf(evaluate(text, scope), 'Fn::Split').split(delimiter);
    },
  },
  'Fn::FindInMap': {
    problem: (argument) =>
      Array.isArray(argument) && argument.length === 3 ? undefined : 'takes a map, and a first and a second key',
    evaluate: (argument, scope) => {
      const [map, first, second] = (argument as TemplateValue[]).map((part) =>
        textOf(evaluate(part, scope), 'Fn::FindInMap'),
      );
      const value = scope.mappings[map!]?.[first!]?.[second!];
      if (value === undefined) {
        throw new TemplateError(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
      }
      return value;
    },
  },
  'Fn::If': {
    problem: (argument) =>
      Array.isArray(argument) && argument.length === 3 && typeof argument[0] === 'string'
        ? undefined
        : 'takes the name of a condition and two values',
    evaluate: (argument, scope) => evaluate(branch(argument as TemplateValue[], scope.conditions), scope),
  },
  'Fn::Base64': {
    problem: (argument) => (Array.isArray(argument) ? 'takes a string' : undefined),
    evaluate: (argument, scope) =>
      Buffer.from(textOf(evaluate(argument, scope), 'Fn::Base64'), 'utf8').toString('base64'),
  },
  'Fn::ImportValue': {
    problem: (argument) => (Array.isArray(argument) ? 'takes a string' : undefined),
    evaluate: (argument, scope) => scope.importValue(textOf(evaluate(argument, scope), 'Fn::ImportValue')),
  },
};

/** Functions that return true or false, with values of {@link IN_CONDITIONS}. */
export const CONDITION_FUNCTIONS: Record<string, { problem(argument: TemplateValue): string | undefined; test: Test }> =
  {
    Condition: {
      problem: (argument) => (typeof argument === 'string' ? undefined : 'takes the name of a condition'),
      test: (argument, scope) => {
        const value = scope.conditions[argument as string];
        if (value === undefined) throw new TemplateError(`Template error: Unresolved condition dependency ${argument}`);
        return value;
      },
    },
    'Fn::Equals': {
      problem: (argument) => (isPair(argument) ? undefined : 'takes two values'),
      test: (argument, scope) => {
        const [left, right] = (argument as TemplateValue[]).map((side) => canonical(evaluate(side, scope)));
        return left === right;
      },
    },
    'Fn::Not': {
      problem: (argument) => (Array.isArray(argument) && argument.length === 1 ? undefined : 'takes a list of one'),
      test: (argument, scope) => !test((argument as TemplateValue[])[0]!, scope),
    },
    'Fn::And': {
      problem: severalConditions,
      // Not every(): a problem of a later part shows even if an earlier one decides.
      test: (argument, scope) => (argument as TemplateValue[]).map((part) => test(part, scope)).every(Boolean),
    },
    'Fn::Or': {
      problem: severalConditions,
      test: (argument, scope) => (argument as TemplateValue[]).map((part) => test(part, scope)).some(Boolean),
    },
    'Fn::Contains': {
      problem: (argument) => (isPair(argument) ? undefined : 'takes a list and a value'),
      test: (argument, scope) => {
        const [members, value] = argument as [TemplateValue, TemplateValue];
        return texts(members, scope, 'Fn::Contains').includes(textOf(evaluate(value, scope), 'Fn::Contains'));
      },
    },
    'Fn::EachMemberEquals': {
      problem: (argument) => (isPair(argument) ? undefined : 'takes a list and a value'),
      test: (argument, scope) => {
        const [members, value] = argument as [TemplateValue, TemplateValue];
        const wanted = textOf(evaluate(value, scope), 'Fn::EachMemberEquals');
        return texts(members, scope, 'Fn::EachMemberEquals').every((member) => member === wanted);
      },
    },
    'Fn::EachMemberIn': {
      problem: (argument) => (isPair(argument) ? undefined : 'takes two lists'),
      test: (argument, scope) => {
        const [members, among] = (argument as TemplateValue[]).map((part) => texts(part, scope, 'Fn::EachMemberIn'));
        return members!.every((member) => among!.includes(member));
      },
    },
  };

type Test = (argument: TemplateValue, scope: Scope) => boolean;

const ALSO_IN_CONDITIONS = ['Ref', 'Fn::FindInMap', 'Fn::Sub', 'Fn::Join', 'Fn::Select', 'Fn::Split'];
const OF_RULES_ALONE = ['Fn::Contains', 'Fn::EachMemberEquals', 'Fn::EachMemberIn'];
const LOGICAL = Object.keys(CONDITION_FUNCTIONS).filter((name) => !OF_RULES_ALONE.includes(name));

/** Positions of a value, and the functions that are allowed there. */
export const FUNCTIONS_AT = {
  value: Object.keys(VALUE_FUNCTIONS),
  condition: [...LOGICAL, ...ALSO_IN_CONDITIONS],
  rule: [...LOGICAL.filter((name) => name !== 'Condition'), ...OF_RULES_ALONE, 'Ref'],
} as const satisfies Record<string, string[]>;

export type Position = keyof typeof FUNCTIONS_AT;

/** The value with its functions evaluated. */
export function resolve(value: TemplateValue, scope: Scope): TemplateValue {
  const resolved = evaluate(value, scope);
  if (resolved === NO_VALUE) throw new TemplateError('Template error: AWS::NoValue stands where a value is needed');
  return resolved;
}

/** As {@link resolve}, for a map from which each member without a value is left out. */
export function resolveMembers(value: TemplateObject, scope: Scope): TemplateObject {
  return evaluateMembers(value, scope);
}

function evaluate(value: TemplateValue, scope: Scope): Value {
  if (Array.isArray(value)) {
    return value.map((member) => evaluate(member, scope)).filter((member) => member !== NO_VALUE) as TemplateValue[];
  }
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw new TemplateError(`Dynamic references are not resolved here: ${value}`);
  }
  if (!isTemplateObject(value)) return value;
  const call = callIn(value);
  if (!call) return evaluateMembers(value, scope);
  const intrinsic = VALUE_FUNCTIONS[call.name];
  const problem = intrinsic ? intrinsic.problem(call.argument) : 'is no function that gives a value';
  if (problem) throw new TemplateError(`Template error: ${call.name} ${problem}`);
  return intrinsic!.evaluate(call.argument, scope);
}

function evaluateMembers(value: TemplateObject, scope: Scope): TemplateObject {
  const members = Object.entries(value).map(([key, member]) => [key, evaluate(member, scope)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE)) as TemplateObject;
}

/** Whether a condition or an assertion of a rule holds. */
export function test(value: TemplateValue, scope: Scope): boolean {
  const call = callIn(value, 'Condition');
  const condition = call && CONDITION_FUNCTIONS[call.name];
  if (!condition) throw new TemplateError(`Template error: ${JSON.stringify(value)} is no condition`);
  const problem = condition.problem(call.argument);
  if (problem) throw new TemplateError(`Template error: ${call.name} ${problem}`);
  return condition.test(call.argument, scope);
}

/** The value without Fn::If, once conditions are known. References in the branch not taken are no dependencies. */
export function withoutConditions(value: TemplateValue, conditions: Scope['conditions']): TemplateValue {
  if (Array.isArray(value)) return value.map((member) => withoutConditions(member, conditions));
  if (!isTemplateObject(value)) return value;
  if (callIn(value)?.name === 'Fn::If') {
    return withoutConditions(branch(value['Fn::If'] as TemplateValue[], conditions), conditions);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutConditions(member, conditions)]));
}

function branch([name, yes, no]: TemplateValue[], conditions: Scope['conditions']): TemplateValue {
  const holds = conditions[name as string];
  if (holds === undefined) throw new TemplateError(`Template error: unresolved condition dependency ${name}`);
  return holds ? yes! : no!;
}

function severalConditions(argument: TemplateValue): string | undefined {
  return Array.isArray(argument) && argument.length >= 2 && argument.length <= 10
    ? undefined
    : 'takes a list of 2 to 10 conditions';
}

function mayBeList(value: TemplateValue): boolean {
  return Array.isArray(value) || isTemplateObject(value);
}

function list(value: Value, of: string): TemplateValue[] {
  if (!Array.isArray(value)) throw new TemplateError(`Template error: ${of} needs a list, and got ${show(value)}`);
  return value;
}

/** A string, or a scalar as a string. */
function textOf(value: Value, of: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`Template error: ${of} needs a string, and got ${show(value)}`);
}

function texts(value: TemplateValue, scope: Scope, of: string): string[] {
  return list(evaluate(value, scope), of).map((member) => textOf(member, of));
}

/** Scalars are equal if their texts are. */
function canonical(value: Value): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'number' || typeof part === 'boolean' ? String(part) : part,
  );
}

function show(value: Value): string {
  return value === NO_VALUE ? 'AWS::NoValue' : JSON.stringify(value);
}
