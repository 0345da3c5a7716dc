import { partitionOf } from '../../config/partitions';
import { PSEUDO_PARAMETERS, type Scope, test } from './functions';
import { type Template, TemplateError, type TemplateParameter } from './template';

/** Account, region, name and ID of a stack. */
export interface StackIdentity {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
}

type ParameterValues = Record<string, string | string[]>;

/** Existing resources whose IDs a parameter may hold; the account is asked whether they exist. */
const RESOURCE_TYPES = [
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::VPC::Id',
  'AWS::Route53::HostedZone::Id',
];

const TYPES = [
  'String',
  'Number',
  'CommaDelimitedList',
  'List<Number>',
  ...RESOURCE_TYPES,
  ...RESOURCE_TYPES.map((type) => `List<${type}>`),
];

const ATTRIBUTES = [
  'AllowedPattern',
  'AllowedValues',
  'ConstraintDescription',
  'Default',
  'Description',
  'MaxLength',
  'MaxValue',
  'MinLength',
  'MinValue',
  'NoEcho',
  'Type',
];

export function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

/** The type of the resource that a parameter's value must name, such as AWS::EC2::VPC::Id, if any. */
export function resourceTypeOf({ Type }: TemplateParameter): string | undefined {
  const type = Type.replace(/^List<(.*)>$/, '$1');
  return RESOURCE_TYPES.includes(type) ? type : undefined;
}

/** Problems of a parameter's declaration. */
export function problemsOfParameter(name: string, parameter: TemplateParameter): string[] {
  const problems: string[] = [];
  const unknown = Object.keys(parameter).filter((attribute) => !ATTRIBUTES.includes(attribute));
  if (!/^[A-Za-z0-9]{1,255}$/.test(name)) problems.push('its name is not alphanumeric');
  if (unknown.length > 0) problems.push(`unknown attributes: ${unknown.join(', ')}`);
  if (!TYPES.includes(parameter.Type)) return [...problems, `its type ${parameter.Type} is not known here`];
  const numeric = /Number/.test(parameter.Type);
  const misplaced = numeric ? ['AllowedPattern', 'MinLength', 'MaxLength'] : ['MinValue', 'MaxValue'];
  for (const attribute of misplaced.filter((candidate) => candidate in parameter)) {
    problems.push(`${attribute} has no effect on the type ${parameter.Type}`);
  }
  if ((parameter.Description?.length ?? 0) > 4000) problems.push('its description is longer than 4000 characters');
  if (parameter.Default !== undefined) {
    const problem = problemOfValue(name, parameter, String(parameter.Default));
    if (problem) problems.push(`its default does not fit: ${problem}`);
  }
  return problems;
}

/**
 * The values of a template's parameters, lists as lists. Throws a TemplateError, as CloudFormation says it, for one
 * that is not declared, one without a value, and one that its constraints forbid.
 */
export function resolveParameters(template: Template, given: Readonly<Record<string, string>>): ParameterValues {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    throw new TemplateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const missing = Object.entries(declared).filter(
    ([name, { Default }]) => given[name] === undefined && Default === undefined,
  );
  if (missing.length > 0) {
    throw new TemplateError(`Parameters: [${missing.map(([name]) => name).join(', ')}] must have values`);
  }
  return Object.fromEntries(
    Object.entries(declared).map(([name, parameter]) => {
      const value = given[name] ?? String(parameter.Default);
      const problem = problemOfValue(name, parameter, value);
      if (problem) throw new TemplateError(problem);
      return [name, isListType(parameter.Type) ? members(value) : value];
    }),
  );
}

/** An empty text is a list of one empty member, as in CloudFormation. */
function members(value: string): string[] {
  return value.split(',').map((member) => member.trim());
}

type Constraint = (value: string, parameter: TemplateParameter, name: string) => string | undefined;

const CONSTRAINTS: Constraint[] = [
  (value, { AllowedValues }, name) =>
    AllowedValues && !AllowedValues.map(String).includes(value)
      ? `Parameter '${name}' must be one of AllowedValues`
      : undefined,
  (value, { AllowedPattern }, name) =>
    AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)
      ? `Parameter '${name}' must match pattern ${AllowedPattern}`
      : undefined,
  (value, { MinLength }, name) =>
    MinLength !== undefined && value.length < Number(MinLength)
      ? `Parameter '${name}' must contain at least ${MinLength} characters`
      : undefined,
  (value, { MaxLength }, name) =>
    MaxLength !== undefined && value.length > Number(MaxLength)
      ? `Parameter '${name}' must contain at most ${MaxLength} characters`
      : undefined,
  (value, { Type }, name) =>
    /Number/.test(Type) && !/^[-+]?\d+(\.\d+)?$/.test(value) ? `Parameter '${name}' must be a number` : undefined,
  (value, { MinValue }, name) =>
    MinValue !== undefined && Number(value) < Number(MinValue)
      ? `Parameter '${name}' must be a number not less than ${MinValue}`
      : undefined,
  (value, { MaxValue }, name) =>
    MaxValue !== undefined && Number(value) > Number(MaxValue)
      ? `Parameter '${name}' must be a number not greater than ${MaxValue}`
      : undefined,
  (value, parameter, name) =>
    resourceTypeOf(parameter) && value === ''
      ? `Parameter validation failed: parameter value for parameter name ${name} does not exist`
      : undefined,
];

/** The first constraint that a value breaks. A list's constraints are those of each member. */
function problemOfValue(name: string, parameter: TemplateParameter, value: string): string | undefined {
  if (value.length > 4096) return `Parameter '${name}' must contain at most 4096 characters`;
  for (const part of isListType(parameter.Type) ? members(value) : [value]) {
    for (const constraint of CONSTRAINTS) {
      const problem = constraint(part, parameter, name);
      if (!problem) continue;
      const { ConstraintDescription: why } = parameter;
      return why === undefined ? problem : `Parameter ${name} failed to satisfy constraint: ${why}`;
    }
  }
  return undefined;
}

/** Values of Ref of pseudo parameters; AWS::NoValue has none. */
export function pseudoParameters({ accountId, region, stackName, stackId }: StackIdentity): ParameterValues {
  const { id: partition, dnsSuffix } = partitionOf(region);
  const values: ParameterValues = {
    'AWS::AccountId': accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': stackId,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': dnsSuffix,
  };
  return values;
}

/** Throws a TemplateError with the description of the first assertion that does not hold. */
export function checkRules(template: Template, parameters: ParameterValues): void {
  const scope = scopeOfValues(template, parameters, {});
  for (const [name, { RuleCondition, Assertions }] of Object.entries(template.Rules ?? {})) {
    if (RuleCondition !== undefined && !test(RuleCondition, scope)) continue;
    const broken = Assertions.find(({ Assert }) => !test(Assert, scope));
    if (broken)
      throw new TemplateError(`Template validation error: ${broken.AssertDescription ?? `Rule ${name} failed`}`);
  }
}

/** Each condition's value. Throws a TemplateError if one needs itself. */
export function resolveConditions(template: Template, parameters: ParameterValues): Record<string, boolean> {
  const values: Record<string, boolean> = {};
  const open = new Set<string>();
  const declared = template.Conditions ?? {};
  const visit = (name: string): boolean => {
    if (name in values) return values[name]!;
    if (!Object.hasOwn(declared, name)) {
      throw new TemplateError(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    if (open.has(name)) throw new TemplateError(`Template format error: circular dependency of condition ${name}`);
    open.add(name);
    values[name] = test(declared[name]!, scope);
    return values[name]!;
  };
  const lazy = new Proxy<Record<string, boolean>>({}, { get: (_, name) => visit(name as string) });
  const scope = scopeOfValues(template, parameters, lazy);
  for (const name of Object.keys(declared)) visit(name);
  return values;
}

/** The scope of conditions and rules, which know of no resource. */
function scopeOfValues(template: Template, parameters: ParameterValues, conditions: Record<string, boolean>): Scope {
  const unresolved = (name: string): never => {
    throw new TemplateError(
      `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
    );
  };
  return {
    parameters,
    mappings: template.Mappings ?? {},
    conditions,
    ref: unresolved,
    attribute: unresolved,
    importValue: unresolved,
  };
}

export function isPseudoParameter(name: string): boolean {
  return PSEUDO_PARAMETERS.includes(name);
}
