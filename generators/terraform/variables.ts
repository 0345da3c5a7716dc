import { hcl } from '../escape';
import { arranged } from '../inputs';
import type { Input, InputGroup } from '../inputs/input';

/** Names in the order of the files that declare the variables, in the groups in which a root passes these on. */
type BlockOrder = readonly (readonly string[])[];

export const SERVICE_ORDER: BlockOrder = [
  ['name', 'tags'],
  ['vpcId', 'privateSubnetIds', 'egressCidrs', 'otherEgressPorts'],
  [
    'listenerArn',
    'albSecurityGroupIds',
    'albEgressSecurityGroupId',
    'host',
    'port',
    'priority',
    'allowedOrigins',
    'answerOauthProbes',
    'domain',
    'stickiness',
  ],
  ['targetGroupName', 'securityGroupName', 'healthCheckPath'],
  ['clusterArn', 'repositoryArn', 'cpu', 'memory', 'desiredCount', 'deploymentAlarms'],
  ['image', 'environment', 'secrets'],
  ['logRetention', 'logKmsKeyArn', 'retainData'],
  ['permissionsBoundaryArn', 'restrictRoleTrust'],
];

export const REGISTRY_ORDER: BlockOrder = [
  ['repositoryName', 'retainData', 'pullRoleArns', 'tags'],
  ['oidcProviderArn', 'createOidcProvider', 'audience', 'roles'],
];

/** Values that a root passes on, and that are not its variables of the same names; HCL. */
const PASSED: Readonly<Record<string, string>> = {
  image: 'local.digest == null ? null : "${var.repository_url}@${local.digest}"',
};

/** A variable of a module, as its text has it; each value is HCL, and empty if there is none. */
export interface VariableText {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  /** Whether its type takes several lines. */
  readonly isLong: boolean;
  readonly default: string;
  readonly nullable: boolean;
  /** Line above its conditions. */
  readonly comment: string;
  readonly validations: readonly { readonly condition: string; readonly message: string }[];
}

/** Variables of a layer, as the texts of the module and of its roots have them. */
export function variableTexts(groups: readonly InputGroup<never>[], order: BlockOrder) {
  const inputs = terraformInputs(groups, order);
  const [variables, moduleAlone] = [false, true].map((isAlone) =>
    inputs.flat().flatMap((input) => (isAlone === input.name in PASSED ? [variableText(input)] : [])),
  ) as [VariableText[], VariableText[]];
  const passed = inputs.map((group) => {
    const names = group.map(nameOf);
    return {
      names,
      lines: group.map((input) => ({ name: nameOf(input), value: PASSED[input.name] ?? `var.${nameOf(input)}` })),
    };
  });
  const all = [...moduleAlone, ...variables];
  const rows = [...all.filter(isRequired), ...all.filter((variable) => !isRequired(variable))].map((variable) => ({
    ...variable,
    type: variable.type
      .replace(/\{\n\s+/g, '{ ')
      .replace(/\n\s+\}/g, ' }')
      .replace(/\n\s+/g, ', ')
      .replace(/ +/g, ' '),
    description: JSON.parse(variable.description) as string,
  }));
  return { variables, moduleAlone, passed, rows };
}

/** Values of a root's variables, as JSON has them. */
export function variableValues<Layer>(
  layer: Layer,
  groups: readonly InputGroup<Layer>[],
  order: BlockOrder,
): Record<string, unknown> {
  return Object.fromEntries(
    terraformInputs(groups, order)
      .flat()
      .flatMap((input) => {
        const value = input.terraform?.value ?? input.value;
        return value ? [[nameOf(input), value(layer)]] : [];
      }),
  );
}

function terraformInputs<Layer>(groups: readonly InputGroup<Layer>[], order: BlockOrder): Input<Layer>[][] {
  return arranged(
    groups.flatMap(({ inputs }) => inputs).filter(({ terraform }) => terraform),
    order,
  );
}

function nameOf({ name, terraform }: Input<never>): string {
  return terraform?.name ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const TYPES = {
  text: 'string',
  number: 'number',
  boolean: 'bool',
  texts: 'list(string)',
  numbers: 'list(number)',
} as const;

function variableText(input: Input<never>): VariableText {
  const { description, kind = 'text', pattern, terraform = {} } = input;
  const name = nameOf(input);
  const type = terraform.type ?? TYPES[kind];
  const given = terraform.default ?? (input.default === undefined ? '' : hcl(input.default));
  const isOptional = given === 'null';
  const matches = `${isOptional ? `var.${name} == null || ` : ''}can(regex(${hcl(`^${pattern}$`)}, var.${name}))`;
  const rules = [
    ...(pattern && terraform.must ? [[matches, terraform.must] as const] : []),
    ...(terraform.rules ?? []),
  ];
  return {
    name,
    description: hcl(terraform.description ?? description),
    type,
    isLong: type.includes('\n'),
    default: given,
    nullable: isOptional,
    comment: terraform.comment ?? '',
    validations: rules.map(([condition, message]) => ({ condition, message: hcl(message) })),
  };
}

function isRequired(variable: VariableText): boolean {
  return variable.default === '';
}
