import { DataAwsCloudwatchLogGroups } from '@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  S3Backend,
  TerraformHclModule,
  TerraformLocal,
  type TerraformStack,
  type TerraformVariableConfig,
  Token,
  VariableType,
} from 'cdktf';

import type { Deployment, Environment, ServiceLayer, StateLocation } from '../../src/model/deployment';
import { type Configuration, plain } from './configuration';
import { declare, REGISTRY_VARIABLES, SERVICE_OUTPUTS, serviceVariables, synthesize } from './declarations';
import { withNames } from './documents';

// The roots of an environment, said a second time: they pass on what their data files hold.

const ACCOUNT_VARIABLES = {
  account_id: { type: VariableType.STRING, nullable: false },
  region: { type: VariableType.STRING, nullable: false },
};

const IMAGE_VARIABLES = {
  repository_url: { type: VariableType.STRING, nullable: false },
  image_file: { type: VariableType.STRING, nullable: false },
};

/** Outputs of a service's root: all of the module's but those that nobody needs outside, and the cluster. */
const PASSED_ON = [
  'url',
  'service_name',
  'task_definition_arn',
  'execution_role_name',
  'security_group_id',
  'target_group_arn',
  'log_group_name',
];

/** The root of a registry, with what it may pass on beside; or of roles alone, whose module goes by the same name. */
export function registryRoot(
  more: Readonly<Record<string, TerraformVariableConfig>> = {},
  moreOutputs: readonly string[] = [],
  module: 'registry' | 'roles' = 'registry',
): Promise<Configuration> {
  return synthesize((stack) => {
    provider(stack);
    const hasRepository = module === 'registry';
    const variables = { ...(hasRepository ? REGISTRY_VARIABLES : { tags: REGISTRY_VARIABLES.tags }), ...more };
    const outputs = [...(hasRepository ? ['repository_arn', 'repository_url'] : []), ...moreOutputs];
    declare(stack, { ...ACCOUNT_VARIABLES, ...variables }, outputsOf('registry', outputs));
    callModule(stack, 'registry', references(Object.keys(variables)), module);
  });
}

/** The root of an environment's service. */
export async function serviceRoot(
  deployment: Deployment,
  { service }: Environment,
  byDefault: ServiceLayer,
): Promise<Configuration> {
  const variables = serviceVariables(deployment, byDefault);
  const logGroup = withNames(service.serviceName)(service.logGroup.name);
  const program = await synthesize((stack) => {
    provider(stack);
    declare(
      stack,
      { ...ACCOUNT_VARIABLES, ...IMAGE_VARIABLES, ...variables },
      { ...outputsOf('mcp_server', PASSED_ON), ecs_cluster_arn: '${var.ecs_cluster_arn}' },
    );
    new TerraformLocal(stack, 'digest', '${jsondecode(file("${path.root}/${var.image_file}")).digest}');
    callModule(stack, 'mcp_server', {
      ...references(Object.keys(variables)),
      container_image: '${local.digest == null ? null : "${var.repository_url}@${local.digest}"}',
    });
    new DataAwsCloudwatchLogGroups(stack, 'log_groups', { logGroupNamePrefix: logGroup }).overrideLogicalId('existing');
  });
  return { ...program, import: await plain(takeOver(logGroup)) };
}

/** CDKTF has no import block with for_each, nor one into a module: an explicit table. */
function takeOver(logGroup: string): object {
  return {
    for_each: `\${var.retain_data ? setintersection(data.aws_cloudwatch_log_groups.existing.log_group_names, ["${logGroup}"]) : []}`,
    to: '${module.mcp_server.aws_cloudwatch_log_group.mcp}',
    id: '${each.value}',
  };
}

/** The settings that a layer's state needs; CDKTF 0.21 is older than locking without DynamoDB, so that one is added. */
export async function backend({ bucket, region, key, kmsKeyId }: ReturnType<typeof stateOf>): Promise<object> {
  const { terraform } = await synthesize((stack) => {
    new S3Backend(stack, { bucket, region, key, kmsKeyId, encrypt: true });
  });
  return { ...(terraform as { backend: { s3: object } }).backend.s3, use_lockfile: true };
}

/** Where a layer keeps its state, in the names of Terraform's backend. */
export function stateOf({ bucket, region, key, kmsKeyArn }: StateLocation) {
  return { bucket, region, key, kmsKeyId: kmsKeyArn };
}

function provider(stack: TerraformStack): void {
  new AwsProvider(stack, 'aws', { region: '${var.region}', allowedAccountIds: Token.asList(['${var.account_id}']) });
}

function callModule(stack: TerraformStack, name: string, variables: Record<string, string>, module = name): void {
  new TerraformHclModule(stack, `module_${name}`, {
    source: `../../../modules/${module}`,
    skipAssetCreationFromLocalModules: true,
    variables,
  }).overrideLogicalId(name);
}

function references(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `\${var.${name}}`]));
}

/** Outputs of the same names as the module's. */
function outputsOf(module: string, names: readonly string[]): Record<string, string> {
  for (const name of module === 'mcp_server' ? names : []) {
    if (!(name in SERVICE_OUTPUTS)) {
      throw new Error(`The module has no output ${name}`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, `\${module.${module}.${name}}`]));
}
