import { describe, expect, it } from 'vitest';

import { VERSIONS } from '../../generators/terraform/versions';
import type { RegistryLayer } from '../../src/model/deployment';
import { type Configuration, parseFiles, plain, type SourceFile } from './configuration';
import { PRECONDITIONS, registryDeclarations, resourceNames, serviceDeclarations } from './declarations';
import { differences } from './differences';
import { documents } from './documents';
import type { Value } from './expression';
import { backend, registryRoot, serviceRoot, stateOf } from './roots';
import { byDefault, deployment, moduleSources, otherContract, rootData, rootSources, sharing } from './subject';

type Module = 'mcp_server' | 'registry';

const MODULES: readonly Module[] = ['mcp_server', 'registry'];
const NOT_RESOURCES = /^(?!resource\.|terraform$)/;

/** What the bindings and the model make of a module, without its resources, which `terraform.test.ts` holds against them. */
async function expected(module: Module, of = deployment): Promise<Configuration> {
  const declared = module === 'registry' ? await registryDeclarations() : await serviceDeclarations(of, byDefault);
  const names = module === 'registry' ? {} : resourceNames(deployment.environments[0]!.service);
  return {
    ...declared,
    preconditions: await plain(module === 'registry' ? {} : PRECONDITIONS),
    ...((await plain({ ...documents(of)[module], ...names })) as Configuration),
    terraform: terraformBlock(VERSIONS.terraformModule),
    nulls: [],
  };
}

/** The same of its files: their declarations, and of their resources what is looked at more closely here. */
async function actual(module: Module, files: readonly SourceFile[]): Promise<Configuration> {
  const all = await parseFiles(files);
  const names = module === 'registry' ? {} : resourceNames(deployment.environments[0]!.service);
  const places = Object.keys({ ...documents(deployment)[module], ...names });
  return {
    ...pick(all, NOT_RESOURCES),
    preconditions: preconditions(all),
    ...Object.fromEntries(places.map((place) => [place, at(all, place)])),
    terraform: all.terraform!,
    nulls: Object.entries(pick(all, /^resource\./)).flatMap(([address, body]) => nulls(body, address)),
  };
}

function pick(all: Configuration, addresses: RegExp): Configuration {
  return Object.fromEntries(Object.entries(all).filter(([address]) => addresses.test(address)));
}

function at(all: Configuration, place: string): Value {
  const [type, name, attribute] = place.split('.');
  return (all[`resource.${type}.${name}`] as Record<string, Value> | undefined)?.[attribute!] ?? 'absent';
}

/** Conditions by resource, each of whose preconditions says what is wrong. */
function preconditions(all: Configuration): Value {
  const entries = Object.entries(all).flatMap(([address, body]) => {
    const lifecycle = (body as { lifecycle?: { precondition?: Value } })?.lifecycle;
    const found = [lifecycle?.precondition ?? []].flat() as { condition: Value; error_message: Value }[];
    return found.length > 0 && found.every(({ error_message }) => error_message === 'prose')
      ? [[address, found.map(({ condition }) => condition)]]
      : [];
  });
  return Object.fromEntries(entries);
}

/** Attributes that are written as null, which is to Terraform as though they were not there. */
function nulls(body: Value, place: string): string[] {
  if (body === null) {
    return [place];
  }
  return typeof body === 'object'
    ? Object.entries(body).flatMap(([key, value]) => nulls(value, `${place}.${key}`))
    : [];
}

function terraformBlock(required_version: string): Value {
  return { required_version, required_providers: { aws: { source: 'hashicorp/aws', version: VERSIONS.awsProvider } } };
}

describe('what a module declares besides resources', () => {
  it.each(MODULES)('module %s declares what the typed bindings make of the model', async (module) => {
    expect(differences(await actual(module, moduleSources(module)), await expected(module))).toEqual([]);
  });

  it.each(MODULES)('module %s takes every value of its declarations from the contract', async (module) => {
    const files = moduleSources(module, otherContract);
    expect(files).not.toEqual(moduleSources(module));
    expect(differences(await actual(module, files), await expected(module, otherContract))).toEqual([]);
  });

  it('the typed bindings are of a version of the provider that the modules admit', () => {
    const { terraformGeneratorMetadata } = providerMetadata();
    const [major, minor] = terraformGeneratorMetadata.providerVersion.split('.').map(Number);
    const [, least, below] = /^>= 5\.(\d+), < (\d+)$/.exec(VERSIONS.awsProvider)!.map(Number);
    expect(major).toBe(5);
    expect(minor).toBeGreaterThanOrEqual(least!);
    expect(major).toBeLessThan(below!);
  });
});

describe('drift that is planted into a module', () => {
  const drifts: [string, Module, string, string | RegExp, string, string][] = [
    ['the port', 'mcp_server', 'main.tf', 'container_port = 8000', 'container_port = 8080', 'local.container_port'],
    [
      'a port that is text',
      'mcp_server',
      'main.tf',
      'container_port = 8000',
      'container_port = "8000"',
      'local.container_port',
    ],
    [
      'the health path',
      'mcp_server',
      'variables.tf',
      'default     = "/health"',
      'default     = "/healthz"',
      'variable.health_check_path.default',
    ],
    ['an optional input', 'mcp_server', 'variables.tf', /nullable {4}= false/, 'nullable    = true', 'variable.'],
    ['the type of an input', 'mcp_server', 'variables.tf', '= map(string)', '= map(any)', 'variable.'],
    [
      'open ports by default',
      'mcp_server',
      'variables.tf',
      /(?<=list\(number\)\n +default +=) \[\]/,
      ' [22]',
      'other_egress_ports',
    ],
    ['open egress by default', 'mcp_server', 'variables.tf', '["0.0.0.0/0"]', '["10.0.0.0/8"]', 'egress_cidr_blocks'],
    [
      'trust of anybody by default',
      'mcp_server',
      'variables.tf',
      /(variable "restrict_role_trust" \{[^}]*default +=) true/,
      '$1 false',
      'variable.restrict_role_trust.default',
    ],
    [
      'images that are lost by default',
      'registry',
      'variables.tf',
      /= true/,
      '= false',
      'variable.retain_data.default',
    ],
    ['another service that is trusted', 'mcp_server', 'iam.tf', 'ecs-tasks.', 'ec2.', 'local.trust_policy'],
    [
      'a trust condition upside down',
      'mcp_server',
      'iam.tf',
      'if var.restrict',
      'if !var.restrict',
      'local.trust_policy',
    ],
    ['tasks of any region', 'mcp_server', 'iam.tf', '.name}:${data', '}:${data', 'local.trust_conditions'],
    ['a version of a secret', 'mcp_server', 'iam.tf', '0, 7)', '0, 8)', 'local.secret_arns'],
    ['the place of the refusal', 'mcp_server', 'routing.tf', 'priority + 9', 'priority + 1', 'local.reject_priority'],
    ['the place of the last rule', 'mcp_server', 'routing.tf', '? 10 : 0', '? 2 : 0', 'local.rule_priority'],
    ['a wider path', 'mcp_server', 'routing.tf', '"/mcp/*"', '"/mcp*"', 'local.path_patterns'],
    ['a removed tag', 'mcp_server', 'main.tf', '{ Service = var.name }', '{}', 'local.tags'],
    ['a renamed tag', 'mcp_server', 'main.tf', '{ Service =', '{ service =', 'local.tags'],
    ['a variable of the server', 'mcp_server', 'main.tf', '= "remote"', '= "legacy"', 'local.environment'],
    [
      'a size that Fargate has not',
      'mcp_server',
      'main.tf',
      'range(1024, 4096',
      'range(512, 4096',
      'local.fargate_memory',
    ],
    ['a precondition upside down', 'mcp_server', 'main.tf', 'image != null', 'image == null', 'preconditions.'],
    [
      'a dropped precondition',
      'mcp_server',
      'network.tf',
      /\n {4}precondition \{[\s\S]*?\n {4}\}/,
      '',
      'preconditions.',
    ],
    [
      'containers that are no list',
      'mcp_server',
      'main.tf',
      /jsonencode\(\[\s*(\{[\s\S]*?\n {4}\})\s*\]\)/,
      'jsonencode($1)',
      'container_definitions',
    ],
    [
      'ports that are no list',
      'mcp_server',
      'main.tf',
      /portMappings = \[\s*(\{[^}]*\})\s*\]/,
      'portMappings = $1',
      'portMappings',
    ],
    ['a writable root', 'mcp_server', 'main.tf', /\n *readonlyRootFilesystem = true/, '', 'readonlyRootFilesystem'],
    ['a misspelt property', 'mcp_server', 'main.tf', 'stopTimeout =', 'stopTimeOut =', 'stopTimeOut'],
    ['an action of a statement', 'mcp_server', 'iam.tf', '"logs:PutLogEvents"', '"logs:*"', 'execution.policy'],
    ['the id of a statement', 'mcp_server', 'iam.tf', '"PullImage"', '"Pull"', 'execution.policy'],
    ['an action of an optional one', 'mcp_server', 'iam.tf', '"ssm:GetParameters"', '"ssm:*"', 'execution.policy'],
    ['rules that are no list', 'registry', 'main.tf', /rules = \[\s*(\{[\s\S]*?\n {6}\})\s*\]/, 'rules = $1', 'policy'],
    ['a pull of other actions', 'registry', 'main.tf', '"ecr:BatchGetImage"', '"ecr:PutImage"', 'pull.policy'],
    [
      'a name that the model has not',
      'mcp_server',
      'logs.tf',
      '"/ecs/',
      '"/aws/ecs/',
      'aws_cloudwatch_log_group.mcp.name',
    ],
    [
      'a role of another name',
      'mcp_server',
      'iam.tf',
      '"${var.name}-task"',
      '"${var.name}-tasks"',
      'aws_iam_role.task.name',
    ],
    ['a property without a value', 'mcp_server', 'network.tf', '"ip"', '"ip"\n  slow_start = null', 'nulls'],
    [
      'a data source that is narrowed',
      'mcp_server',
      'main.tf',
      '"aws_region" "current" {',
      '"aws_region" "current" {\n  name = "us-east-1"\n',
      'data.aws_region.current',
    ],
    [
      'swapped outputs',
      'mcp_server',
      'outputs.tf',
      '= aws_iam_role.task.arn',
      '= aws_iam_role.execution.arn',
      'output.task_role_arn',
    ],
    [
      'an output that is gone',
      'registry',
      'outputs.tf',
      /output "repository_url" \{[^}]*\}/,
      '',
      'output.repository_url',
    ],
    ['another provider', 'registry', 'versions.tf', '< 6', '< 7', 'terraform.required_providers'],
  ];

  it.each(drifts)('drift that is planted into a module is caught: %s', async (_, module, file, from, to, place) => {
    const files = moduleSources(module);
    const drifted = files.map(({ path, content }) =>
      path.endsWith(`/${file}`) ? { path, content: content.replace(from, to) } : { path, content },
    );
    expect(drifted).not.toEqual(files);
    const found = differences(await actual(module, drifted), await expected(module));
    expect(found.join('\n')).toContain(place);
  });

  it('a module with a resource that is declared twice, or with a kind of block that nothing here reads, is caught', async () => {
    const files = moduleSources('mcp_server');
    const twice = [...files, { path: 'x.tf', content: 'output "url" {\n  value = 1\n}\n' }];
    await expect(parseFiles(twice)).rejects.toThrow('output.url is declared twice');
    const unknown = [...files, { path: 'x.tf', content: 'removed {\n  from = aws_ecs_service.mcp\n}\n' }];
    await expect(parseFiles(unknown)).rejects.toThrow('Blocks of kind removed');
  });

  it('other spaces, line breaks, comments and quotes in a module are no drift', async () => {
    const rewritten = moduleSources('mcp_server').map(({ path, content }) => ({
      path,
      content: content
        .replace('[for secret in var.secret_arns : ', '[\n    # each\n    for secret in var.secret_arns :\n    ')
        .replace('name      = var.name', 'name = "${var.name}"')
        .replace('var.listener_priority + 9', '(var.listener_priority+9)'),
    }));
    expect(differences(await actual('mcp_server', rewritten), await expected('mcp_server'))).toEqual([]);
  });
});

describe.each([
  ['of its own registry', deployment],
  ['of a shared registry', sharing],
])('the roots of an environment %s', (_, of) => {
  const registries = of.sharedRegistry
    ? [['shared', of.sharedRegistry] as const]
    : of.environments.map(({ name, registry }) => [name, registry as RegistryLayer] as const);
  const settings = { ...(terraformBlock(VERSIONS.terraformRoot) as object), backend: { s3: {} } };

  it.each(registries)('the root of the registry of %s equals its typed bindings', async (name, registry) => {
    const root = await parseFiles(rootSources(of, name, 'registry'));
    const program = await registryRoot();
    expect(differences(root, { ...program, terraform: settings })).toEqual([]);
    expectData(root, rootData(of, name, 'registry', 'terraform.tfvars.json'));
    expect(rootData(of, name, 'registry', 'backend.config.json')).toEqual(await backend(stateOf(registry.state!)));
  });

  it.each(of.environments.map((environment) => [environment.name, environment] as const))(
    'the root of the service of %s equals its typed bindings',
    async (name, environment) => {
      const root = await parseFiles(rootSources(of, name, 'service'));
      const program = await serviceRoot(of, environment, byDefault);
      expect(differences(root, { ...program, terraform: settings })).toEqual([]);
      const data = rootData(of, name, 'service', 'terraform.tfvars.json');
      expectData(root, data);
      expect(data).toMatchObject({ name: environment.service.serviceName });
      expect(rootData(of, name, 'service', 'backend.config.json')).toEqual(
        await backend(stateOf(environment.service.state!)),
      );
    },
  );
});

describe('drift that is planted into a root', () => {
  const drifts: [string, string, string, string, string][] = [
    ['an input that is not passed on', 'main.tf', '  tags = var.tags\n', '', 'module.mcp_server.tags'],
    ['swapped inputs', 'main.tf', '= var.private_subnet_ids', '= var.alb_security_group_ids', 'private_subnet_ids'],
    ['an image by tag', 'main.tf', '@${local.digest}', ':${local.digest}', 'module.mcp_server.container_image'],
    ['an import of any log group', 'main.tf', ', ["/ecs/${var.name}"])', ', ["/ecs/"])', 'import.for_each'],
    ['any account', 'versions.tf', '[var.account_id]', '[]', 'provider.aws.allowed_account_ids'],
    ['a state on disk', 'versions.tf', 'backend "s3" {}', 'backend "local" {}', 'terraform.backend'],
    ['an output of another', 'outputs.tf', '= module.mcp_server.url', '= module.mcp_server.service_name', 'output.url'],
  ];

  it.each(drifts)('drift that is planted into a root is caught: %s', async (_, file, from, to, place) => {
    const [environment] = deployment.environments;
    const files = rootSources(deployment, environment!.name, 'service');
    const drifted = files.map(({ path, content }) => ({
      path,
      content: path.endsWith(`/${file}`) ? content.replace(from, () => to) : content,
    }));
    expect(drifted).not.toEqual(files);
    const program = await serviceRoot(deployment, environment!, byDefault);
    expect(differences(await parseFiles(drifted), program).join('\n')).toContain(place);
  });
});

/** A data file gives every variable that has no default, and none that is not declared. */
function expectData(root: Configuration, data: object): void {
  const variables = Object.entries(pick(root, /^variable\./)).map(([address, body]) => ({
    name: address.slice('variable.'.length),
    isRequired: !('default' in (body as object)),
  }));
  const given = Object.keys(data);
  expect(given.filter((name) => !variables.some((variable) => variable.name === name))).toEqual([]);
  expect(variables.filter(({ name, isRequired }) => isRequired && !given.includes(name))).toEqual([]);
}

function providerMetadata() {
  const { AwsProvider } =
    require('@cdktf/provider-aws/lib/provider') as typeof import('@cdktf/provider-aws/lib/provider');
  const { App, TerraformStack } = require('cdktf') as typeof import('cdktf');
  return new AwsProvider(new TerraformStack(new App(), 'x'), 'aws', {}) as unknown as {
    terraformGeneratorMetadata: { providerVersion: string };
  };
}
