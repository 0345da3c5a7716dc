import type { RegistryLayer, RolesLayer, ServiceLayer } from '../../src/model/deployment';

/** Value in a target's data file; undefined leaves it out. */
export type InputValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly InputValue[]
  | { readonly [name: string]: InputValue };

/** A layer that is deployed before a service: its registry, or roles alone. */
export type FirstLayer = RegistryLayer | RolesLayer;

export type ValueOf<Layer = ServiceLayer> = (layer: Layer) => unknown;

/** Terraform's types of these are `string`, `number`, `bool`, `list(string)` and `list(number)`. */
export type InputKind = 'text' | 'number' | 'boolean' | 'texts' | 'numbers';

/**
 * Something that a layer is deployed with, said once. Each target's variables, parameters and data files are made of it. What uses
 * the value stands in the target's templates.
 */
export interface Input<Layer = ServiceLayer> {
  /** Name of the property of the CDK's construct. The other names follow from it: `log_kms_key_arn`, `LogKmsKeyArn`. */
  readonly name: string;
  /** Absent if each target has a type of its own for it. */
  readonly kind?: InputKind;
  readonly description: string;
  /** Absent, a value must be given; null, there need be none. */
  readonly default?: InputValue;
  /** Regular expression of the whole value, in the syntax that RE2 and Java have in common. */
  readonly pattern?: string;
  /** Absent if no data file has it, because something else gives it. */
  readonly value?: ValueOf<Layer>;
  /** Absent if the target has it in another form, or not at all; the same for the others. */
  readonly terraform?: TerraformVariable<Layer>;
  /** One, or as many as a list has places. */
  readonly cloudformation?: Parameter<Layer> | readonly Parameter<Layer>[];
  readonly cdk?: Property<Layer>;
}

/** Parts of a variable of the module that differ from the input. */
export interface TerraformVariable<Layer = ServiceLayer> {
  readonly name?: string;
  readonly description?: string;
  /** HCL. */
  readonly type?: string;
  /** HCL. */
  readonly default?: string;
  /** Line above its conditions. */
  readonly comment?: string;
  /** Message for a value that the pattern does not match. */
  readonly must?: string;
  /** Other conditions, in HCL, each with the error message if it does not hold. */
  readonly rules?: readonly (readonly [condition: string, otherwise: string])[];
  readonly value?: ValueOf<Layer>;
}

/** Parts of a parameter of the template that differ from the input. Every value is text. */
export interface Parameter<Layer = ServiceLayer> {
  readonly name?: string;
  /** YAML. */
  readonly description?: string;
  readonly type?: string;
  /** YAML; null, a value must be given. */
  readonly default?: string | null;
  readonly maxLength?: number;
  /** Pattern in apostrophes. */
  readonly pattern?: string;
  /** Message for a value that is not allowed. */
  readonly must?: string;
  readonly range?: readonly [least: number, most: number];
  /** YAML: the only values. */
  readonly allowed?: string;
  /** Lines above it. */
  readonly comment?: readonly string[];
  readonly value?: ValueOf<Layer>;
  /**
   * Whether the data leaves it out if it has no value. Else it is empty then: if deployed by hand, CloudFormation would
   * keep the former value.
   */
  readonly leftOut?: true;
}

/** Parts of a property of the construct that differ from the input. */
export interface Property<Layer = ServiceLayer> {
  /** Lines. */
  readonly doc?: string;
  /** TypeScript. */
  readonly type?: string;
  /** Module that exports the type, if it is of another package. */
  readonly from?: string;
  /** As `@default` has it. */
  readonly default?: string;
  /** Whether it need not be given, though nothing is said of a default. */
  readonly optional?: true;
  readonly value?: ValueOf<Layer>;
}

/** Inputs that the console of CloudFormation shows together. */
export interface InputGroup<Layer = ServiceLayer> {
  readonly label: string;
  /** Comment above them in the template; absent, the label; empty, none. */
  readonly comment?: string;
  readonly inputs: readonly Input<Layer>[];
}

/** One for each place of a list, from 1. */
export function places<T>(count: number, one: (place: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => one(index + 1));
}
