import { enumerate } from '../../src/conventions/labels';
import { NOT_SET } from '../../src/model/checks/limits';
import type { Deployment, ServiceLayer } from '../../src/model/deployment';
import { hcl } from '../escape';
import type { Input, Parameter } from './input';

/** A variable of the container whose value, or reference to a secret, is a parameter of CloudFormation's template. */
export interface VariableParameter {
  /** Name of the variable. */
  readonly name: string;
  /** Name of the parameter. */
  readonly parameter: string;
  /** Whether an environment may go without. */
  readonly optional: boolean;
}

/** The parameters of the variables that any environment has. Names are structure, as all environments share one template. */
export function variableParameters({ conventions, environments }: Deployment): VariableParameter[] {
  const { derived } = conventions.environment;
  const variables = environments.flatMap(({ service }) => Object.keys(service.taskDefinition.environment));
  return named('Variable', [...Object.keys(derived), ...variables]).map((variable) => ({
    ...variable,
    optional: !(variable.name in derived),
  }));
}

/** The same of variables from secrets. */
export function secretParameters({ contract, environments }: Deployment): VariableParameter[] {
  const names = environments.flatMap(({ service }) => service.taskDefinition.secrets.map(({ name }) => name));
  return named('Secret', [...contract.requiredSecrets, ...names]).map((secret) => ({
    ...secret,
    optional: !contract.requiredSecrets.includes(secret.name),
  }));
}

const SECRET_ARN =
  'arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+-[a-zA-Z0-9]{6}(:[^:]*:[^:]*:[^:]*)?|ssm:[a-z0-9-]+:[0-9]{12}:parameter/[a-zA-Z0-9_./-]+)';
const VARIABLE_NAME = '^[A-Za-z_][A-Za-z0-9_]*$';

export function variables({ conventions, contract, ...deployment }: Deployment): Input[] {
  const { derived, optional } = conventions.environment;
  const { requiredVariables } = contract;
  return [
    {
      name: 'environment',
      description: 'Environment variables of the server, beside those that the module sets',
      value: ({ taskDefinition }) => taskDefinition.environment,
      terraform: {
        name: 'environment_variables',
        type: 'map(string)',
        rules: [
          [
            `alltrue([for name, value in var.environment_variables : can(regex("${VARIABLE_NAME}", name)) && value != null])`,
            'The name of an environment variable has letters, digits and underscores, and does not begin with a digit; its value is a string.',
          ],
          ...needed('keys(var.environment_variables)', requiredVariables),
        ],
      },
      cloudformation: variableParameters({ conventions, contract, ...deployment }).map(
        ({ name, parameter, optional: isOptional }): Parameter => ({
          name: parameter,
          description: JSON.stringify(derived[name]?.meaning ?? optional[name]?.meaning ?? `Value of ${name}`),
          default: isOptional ? NOT_SET : null,
          value: ({ taskDefinition }) => taskDefinition.environment[name] ?? NOT_SET,
        }),
      ),
      cdk: {
        type: 'Readonly<Record<string, string>>',
        optional: true,
        doc: 'Environment variables of the server, beside those that all deployments have in common. No secrets.',
      },
    },
  ];
}

export function secrets(deployment: Deployment): Input[] {
  const { requiredSecrets } = deployment.contract;
  const parameters = secretParameters(deployment);
  return [
    {
      name: 'secrets',
      description:
        "Secrets that ECS puts into environment variables: the variable's name, and the ARN of a Secrets Manager secret (a :json-key:version-stage:version-id may follow) or an SSM parameter",
      ...(requiredSecrets.length > 0 ? {} : { default: [] }),
      terraform: {
        name: 'secret_arns',
        type: 'list(object({\n    name = string\n    arn  = string\n  }))',
        rules: [
          ...needed('var.secret_arns[*].name', requiredSecrets),
          [
            `alltrue([for secret in var.secret_arns : can(regex("${VARIABLE_NAME}", secret.name))])`,
            'The name of an environment variable has letters, digits and underscores, and does not begin with a digit.',
          ],
          [
            `alltrue([for secret in var.secret_arns : can(regex("^${SECRET_ARN}$", secret.arn))])`,
            'A secret is given by its full ARN: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-6CHARS, with nothing or :JSON-KEY:VERSION-STAGE:VERSION-ID after it, or arn:aws:ssm:REGION:ACCOUNT:parameter/NAME.',
          ],
        ],
        value: ({ taskDefinition }) => taskDefinition.secrets,
      },
      cloudformation: [
        ...parameters.map(
          ({ name, parameter, optional }): Parameter => ({
            name: parameter,
            description: `ARN of the secret or SSM parameter behind ${name}${optional ? '; empty, the variable is not set' : ''}`,
            default: optional ? "''" : null,
            pattern: optional ? `'^(${SECRET_ARN})?$'` : `'^${SECRET_ARN}$'`,
            must: "A secret's full ARN, with nothing or :JSON-KEY:VERSION-STAGE:VERSION-ID after it, or the ARN of an SSM parameter.",
            value: ({ taskDefinition }) => taskDefinition.secrets.find((secret) => secret.name === name)?.arn ?? '',
          }),
        ),
        ...(parameters.length > 0 ? READ_BY_ROLE : []),
      ],
      cdk: {
        type: 'Readonly<Record<string, string>>',
        default: '- none',
        doc: 'Environment variables that ECS fills when a task starts, each by the ARN of a secret, to which\n`:JSON-KEY:VERSION-STAGE:VERSION-ID` may be added, or of an SSM parameter. As text: what is known at deployment only\ncannot be told apart.',
        value: ({ taskDefinition }) => Object.fromEntries(taskDefinition.secrets.map(({ name, arn }) => [name, arn])),
      },
    },
  ];
}

const READ_BY_ROLE: readonly Parameter[] = [
  {
    name: 'SecretArns',
    description: 'Secrets of Secrets Manager that the execution role may read, without JSON key and version',
    type: 'CommaDelimitedList',
    default: "''",
    value: (service) => resourcesOf(service, 'ReadSecrets'),
  },
  {
    name: 'ParameterArns',
    description: 'SSM parameters that the execution role may read',
    type: 'CommaDelimitedList',
    default: "''",
    value: (service) => resourcesOf(service, 'ReadParameters'),
  },
];

/** The condition that a list of names, in HCL, has those without which the server does not start. */
function needed(names: string, required: readonly string[]): [string, string][] {
  return required.length > 0
    ? [[`length(setsubtract(${hcl(required)}, ${names})) == 0`, `The server needs ${enumerate(required)}.`]]
    : [];
}

function resourcesOf({ executionRole }: ServiceLayer, sid: string): readonly string[] {
  return executionRole.statements.find((statement) => statement.sid === sid)?.resources ?? [];
}

/** Each variable once, with a parameter's name, which has letters and digits only; two never have the same. */
function named(prefix: string, names: readonly string[]): { name: string; parameter: string }[] {
  const taken = new Set<string>();
  return [...new Set(names)].map((name) => {
    const words = name.split('_').filter(Boolean);
    const base = prefix + words.map((word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()).join('');
    let parameter = base;
    for (let number = 2; taken.has(parameter); number++) {
      parameter = `${base}${number}`;
    }
    taken.add(parameter);
    return { name, parameter };
  });
}
