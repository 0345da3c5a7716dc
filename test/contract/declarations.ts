import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import {
  TerraformLocal,
  TerraformOutput,
  type TerraformStack,
  TerraformVariable,
  type TerraformVariableConfig,
  Testing,
  Token,
  VariableType,
} from 'cdktf';

import { expect } from 'vitest';

import { serviceInputs } from '../../generators/inputs';
import { FARGATE_MEMORY } from '../../src/config/fargate';
import type { Deployment, Environment, ServiceContract, ServiceLayer } from '../../src/model/deployment';
import { type Configuration, parseSynthesised } from './configuration';
import { withNames } from './documents';

// What resources refer to, said a second time: the variables, local values, data sources and outputs of the modules,
// with every number, path and name from the model.

const { STRING, NUMBER, BOOL, LIST_STRING, MAP_STRING } = VariableType;

type Variables = Readonly<Record<string, TerraformVariableConfig>>;

const required = (type: string): TerraformVariableConfig => ({ type, nullable: false });
const defaulting = (type: string, value: unknown): TerraformVariableConfig => ({
  type,
  nullable: false,
  default: value,
});
const optional = (type: string): TerraformVariableConfig => ({ type, nullable: true, default: Token.nullValue() });

/** Variables of module registry. */
export const REGISTRY_VARIABLES: Variables = {
  name: required(STRING),
  // Whoever uses the module by itself keeps the images, unless they say otherwise.
  retain_data: defaulting(BOOL, true),
  pull_role_arns: defaulting(LIST_STRING, []),
  tags: defaulting(MAP_STRING, {}),
};

/**
 * Variables of module mcp_server that an environment's root takes too, by what is declared of them: all, but for the image. What has
 * a default is left to it by answers that say nothing of it.
 */
export function serviceVariables(deployment: Deployment, byDefault: ServiceLayer): Variables {
  const { image: _image, ...others } = declaredVariables(deployment, byDefault);
  return Object.fromEntries(Object.values(others));
}

/** Variables of module mcp_server. */
export function moduleVariables(deployment: Deployment, byDefault: ServiceLayer): Variables {
  return Object.fromEntries(Object.values(declaredVariables(deployment, byDefault)));
}

const TYPES = {
  text: STRING,
  number: NUMBER,
  boolean: BOOL,
  texts: LIST_STRING,
  numbers: VariableType.LIST_NUMBER,
} as const;

/** Types that no kind of input has. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  tags: MAP_STRING,
  environment: MAP_STRING,
  secrets: VariableType.list(VariableType.object({ name: STRING, arn: STRING })),
  domain: VariableType.object({
    hosted_zone_id: 'optional(string)',
    certificate_arn: 'optional(string)',
    alb_dns_name: STRING,
    alb_zone_id: STRING,
    alb_ip_address_type: 'optional(string, "ipv4")',
  }),
};

/** Inputs whose value comes of others: with the answers of an environment there always is one. */
const DERIVED = ['tags', 'allowedOrigins', 'answerOauthProbes'];

/** Each by the name of its input. */
function declaredVariables(deployment: Deployment, byDefault: ServiceLayer) {
  const inputs = serviceInputs(deployment).flatMap((group) => group.inputs);
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const { name, kind, terraform } = input;
      if (!terraform) return [];
      const type = kind ? TYPES[kind] : OTHER_TYPES[name]!;
      const variable = terraform.name ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const own: unknown = terraform.default === undefined ? input.default : JSON.parse(terraform.default);
      const left = own === null || DERIVED.includes(name) ? undefined : input.value?.(byDefault);
      if (own !== undefined && left !== undefined && terraform.default === undefined) {
        expect(left, `the default of ${variable} is that of the answer`).toEqual(own);
      }
      const declared = own === undefined ? required(type) : own === null ? optional(type) : defaulting(type, own);
      return [[name, [variable, declared] as const]];
    }),
  );
}

/** The URL that clients are given: with a port unless that is the scheme's own. */
function clientUrl(path: string): string {
  return `https://\${var.listener_host}\${var.client_port == 443 ? "" : ":\${var.client_port}"}${path}`;
}

/** Outputs of module mcp_server; the URL is the conventions' own. */
export const SERVICE_OUTPUTS: Readonly<Record<string, string>> = {
  url: clientUrl('/mcp'),
  service_name: '${aws_ecs_service.mcp.name}',
  task_definition_arn: '${aws_ecs_task_definition.mcp.arn}',
  task_role_arn: '${aws_iam_role.task.arn}',
  execution_role_arn: '${aws_iam_role.execution.arn}',
  execution_role_name: '${aws_iam_role.execution.name}',
  security_group_id: '${aws_security_group.mcp.id}',
  target_group_arn: '${aws_lb_target_group.mcp.arn}',
  listener_rule_arn: '${aws_lb_listener_rule.mcp.arn}',
  log_group_name: '${aws_cloudwatch_log_group.mcp.name}',
};

export const REGISTRY_OUTPUTS = {
  repository_name: '${aws_ecr_repository.mcp.name}',
  repository_arn: '${aws_ecr_repository.mcp.arn}',
  repository_url: '${aws_ecr_repository.mcp.repository_url}',
};

/** What module mcp_server declares besides resources. */
export function serviceDeclarations(deployment: Deployment, byDefault: ServiceLayer) {
  const { contract, conventions, environments } = deployment;
  return synthesize((stack) => {
    declare(stack, moduleVariables(deployment, byDefault), {
      ...SERVICE_OUTPUTS,
      url: clientUrl(conventions.endpoint.path),
    });
    new DataAwsCallerIdentity(stack, 'identity').overrideLogicalId('current');
    new DataAwsPartition(stack, 'partition').overrideLogicalId('current');
    new DataAwsRegion(stack, 'region').overrideLogicalId('current');
    const locals = {
      ...contractLocals(contract, environments[0]!.service),
      ...trustLocals(environments[0]!),
      ...secretLocals(environments[0]!.service),
      ...routingLocals(contract, environments[0]!.service),
      ...DOMAIN_LOCALS,
    };
    for (const [name, value] of Object.entries(locals)) {
      new TerraformLocal(stack, `local_${name}`, value).overrideLogicalId(name);
    }
  });
}

/** What module registry declares besides resources. */
export function registryDeclarations() {
  return synthesize((stack) => declare(stack, REGISTRY_VARIABLES, REGISTRY_OUTPUTS));
}

/** Declares variables and outputs; the latter share names with the former, and have other ids. */
export function declare(stack: TerraformStack, variables: Variables, outputs: Readonly<Record<string, string>>): void {
  for (const [name, config] of Object.entries(variables)) {
    new TerraformVariable(stack, name, config);
  }
  for (const [name, value] of Object.entries(outputs)) {
    new TerraformOutput(stack, `output_${name}`, { value }).overrideLogicalId(name);
  }
}

/** The configuration that a program makes. */
export function synthesize(program: (stack: TerraformStack) => void): Promise<Configuration> {
  return parseSynthesised(Testing.synthScope((scope) => program(scope as TerraformStack)));
}

function contractLocals({ container, conventionTags, forbiddenVariables }: ServiceContract, service: ServiceLayer) {
  // The tags that say which service a resource is of: those that an owner need not give.
  const own = Object.entries(service.tags).filter(([, value]) => value === service.serviceName);
  return {
    tags: `\${merge({ ${own.map(([key]) => `${key} = var.name`).join(', ')} }, var.tags)}`,
    convention_tags: `\${merge(local.tags, ${JSON.stringify(conventionTags)})}`,
    container_port: container.port,
    environment: container.environment,
    forbidden_variables: forbiddenVariables.flatMap(({ names }) => names),
    variable_names: '${concat(keys(local.environment), keys(var.environment_variables), var.secret_arns[*].name)}',
    fargate_memory: FARGATE_MEMORY,
  };
}

function trustLocals({ account, region, service }: Environment) {
  const { trust } = service.executionRole;
  return {
    trust_conditions: {
      Condition: {
        StringEquals: { 'aws:SourceAccount': inPlace(trust.sourceAccount, account, region) },
        ArnLike: { 'aws:SourceArn': inPlace(trust.sourceArn, account, region) },
      },
    },
    trust_policy: `\${jsonencode({
      Version = "2012-10-17"
      Statement = [merge(
        { Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" },
        { for key, value in local.trust_conditions : key => value if var.restrict_role_trust }
      )]
    })}`,
  };
}

/** A value of the model, with the expressions of the place that the module is applied in. */
function inPlace(value: string, account: string, region: string): string {
  return value
    .replace('arn:aws:', 'arn:${data.aws_partition.current.partition}:')
    .replace(region, '${data.aws_region.current.name}')
    .replace(account, '${data.aws_caller_identity.current.account_id}');
}

function secretLocals({ executionRole }: ServiceLayer) {
  // As many parts of a reference to a secret as the model lets IAM have.
  const [arn] = executionRole.statements.find(({ sid }) => sid === 'ReadSecrets')!.resources;
  const parts = arn!.split(':').length;
  return {
    secret_arns: `\${distinct([for secret in var.secret_arns : join(":", slice(split(":", secret.arn), 0, ${parts})) if strcontains(secret.arn, ":secretsmanager:")])}`,
    parameter_arns: '${distinct([for secret in var.secret_arns : secret.arn if strcontains(secret.arn, ":ssm:")])}',
  };
}

function routingLocals({ routing }: ServiceContract, { listenerRules, listenerPriority }: ServiceLayer) {
  const place = (rule: ServiceLayer['listenerRules'][number] | undefined) => rule!.priority - listenerPriority;
  const first = place(listenerRules.find(({ action, origins }) => action === 'forward' && origins));
  const reject = place(listenerRules.find(({ action }) => action === 'forbid'));
  const plain = place(listenerRules.find(({ action, origins }) => action === 'forward' && !origins));
  return {
    path_patterns: routing.paths,
    origin_chunks: `\${chunklist(var.allowed_origins, ${routing.originsPerRule})}`,
    origin_priority: `\${var.listener_priority + ${first}}`,
    reject_priority: `\${var.listener_priority + ${reject}}`,
    rule_priority: `\${var.listener_priority + (length(var.allowed_origins) > 0 ? ${plain} : 0)}`,
    probe_priority: `\${var.listener_priority + ${place(listenerRules.find(({ action }) => action === 'not-found'))}}`,
  };
}

const DOMAIN_LOCALS = {
  hosted_zone_id: '${try(var.domain.hosted_zone_id, null)}',
  certificate_arn: '${try(var.domain.certificate_arn, null)}',
  has_ipv6_alias: '${local.hosted_zone_id != null && try(var.domain.alb_ip_address_type, null) == "dualstack"}',
  issue_certificate: '${var.domain != null && local.certificate_arn == null}',
};

/** The names that the model gives resources, as the module makes them of its own name. */
export function resourceNames(service: ServiceLayer): Readonly<Record<string, string>> {
  const named = withNames(service.serviceName);
  return {
    'aws_ecs_service.mcp.name': named(service.serviceName),
    'aws_ecs_task_definition.mcp.family': named(service.taskDefinition.family),
    'aws_cloudwatch_log_group.mcp.name': named(service.logGroup.name),
    'aws_iam_role.execution.name': named(service.executionRole.name),
    'aws_iam_role.task.name': named(service.taskRole.name),
  };
}

/** Conditions of the preconditions, by resource: CDKTF has them as text, and the model has none. */
export const PRECONDITIONS: Readonly<Record<string, readonly string[]>> = {
  'resource.aws_ecs_task_definition.mcp': [
    '${var.container_image != null}',
    '${contains(local.fargate_memory[var.cpu], var.memory)}',
    '${length(setintersection(local.variable_names, local.forbidden_variables)) == 0}',
    '${length(distinct(local.variable_names)) == length(local.variable_names)}',
  ],
  'resource.aws_lb_target_group.mcp': ['${length(coalesce(var.target_group_name, var.name)) <= 32}'],
  'resource.aws_lb_listener_rule.mcp': ['${local.rule_priority <= 50000}'],
  'resource.aws_lb_listener_rule.oauth_probe': ['${local.probe_priority <= 50000}'],
  'resource.aws_vpc_security_group_egress_rule.alb': [
    '${contains(var.alb_security_group_ids, var.alb_egress_security_group_id)}',
  ],
};
