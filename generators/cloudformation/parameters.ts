import type { Input, InputGroup, Parameter } from '../inputs/input';

/** A parameter as a template declares it, in YAML. An attribute that it does not have is not there. */
interface ParameterText {
  readonly name: string;
  readonly comment: readonly string[];
  /** By attribute, in the template's order. */
  readonly attributes: readonly { readonly attribute: string; readonly text: string }[];
}

/** The parameters of a template, which its metadata shows in the same groups. */
export function parameterGroups(
  groups: readonly InputGroup<never>[],
): { label: string; comment: string; parameters: ParameterText[] }[] {
  return groups
    .map(({ label, comment, inputs }) => ({
      label,
      comment: comment ?? label,
      parameters: inputs.flatMap((input) => parametersOf(input).map((parameter) => parameterText(input, parameter))),
    }))
    .filter(({ parameters }) => parameters.length > 0);
}

/** Parameters of a layer's template, but for the digest of an image; every value is text. */
export function parameterValues<Layer>(layer: Layer, groups: readonly InputGroup<Layer>[]): Record<string, string> {
  const inputs = groups.flatMap((group) => group.inputs);
  const entries = inputs.flatMap((input) =>
    parametersOf(input).map((parameter) => {
      const value = parameter.value ?? input.value;
      return [nameOf(input, parameter), value && textOf(value(layer), input, parameter)] as const;
    }),
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function parametersOf<Layer>({ cloudformation }: Input<Layer>): readonly Parameter<Layer>[] {
  return cloudformation === undefined ? [] : [cloudformation].flat();
}

function nameOf({ name }: Input<never>, parameter: Parameter<never>): string {
  return parameter.name ?? `${name[0]!.toUpperCase()}${name.slice(1)}`;
}

const TYPES = {
  text: 'String',
  number: 'Number',
  boolean: 'String',
  texts: 'CommaDelimitedList',
  numbers: 'String',
} as const;

function parameterText(input: Input<never>, parameter: Parameter<never>): ParameterText {
  const { comment = [], range, pattern = patternOf(input, parameter) } = parameter;
  const { kind = 'text' } = input;
  const allowed = parameter.allowed ?? (kind === 'boolean' ? "['true', 'false']" : undefined);
  const attributes = {
    Description: parameter.description ?? yamlText(input.description),
    Type: parameter.type ?? TYPES[kind],
    MaxLength: parameter.maxLength,
    Default: defaultOf(input, parameter),
    AllowedPattern: pattern,
    ConstraintDescription: parameter.must,
    MinValue: range?.[0],
    MaxValue: range?.[1],
    AllowedValues: allowed,
  };
  return {
    name: nameOf(input, parameter),
    comment,
    attributes: Object.entries(attributes).flatMap(([attribute, text]) =>
      text === undefined || text === null ? [] : [{ attribute, text: String(text) }],
    ),
  };
}

/** YAML; null if there is none. */
function defaultOf({ kind, default: value }: Input<never>, parameter: Parameter<never>): string | null {
  if (parameter.default !== undefined) return parameter.default;
  if (value === undefined) return null;
  if (kind === 'boolean') return `'${value}'`;
  return value === null || (Array.isArray(value) && value.length === 0) ? EMPTY : String(value);
}

const EMPTY = "''";

/** CloudFormation's types of AWS resources look at a value themselves. */
function patternOf(input: Input<never>, parameter: Parameter<never>): string | undefined {
  if (input.pattern === undefined || parameter.must === undefined) return undefined;
  return defaultOf(input, parameter) === EMPTY ? `'^(${input.pattern})?$'` : `'^${input.pattern}$'`;
}

/** Text of a value, or of one that there is not; undefined leaves the parameter out. */
function textOf(value: unknown, input: Input<never>, parameter: Parameter<never>): string | undefined {
  if (value !== undefined && value !== null) {
    return Array.isArray(value) ? value.join(',') : String(value);
  }
  if (parameter.leftOut) return undefined;
  if (input.kind === 'boolean') return String(input.default);
  return defaultOf(input, parameter) === EMPTY ? '' : undefined;
}

/** Text as a scalar of YAML, without quotes if it needs none. */
function yamlText(text: string): string {
  return /^[^A-Za-z]|: | #/.test(text) ? JSON.stringify(text) : text;
}
