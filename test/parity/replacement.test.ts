import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import { RESOURCE_TYPES, type ResourceType } from '../../src/resources/types';
import { lacks } from '../support/engines';
import { TERRAFORM_CLI, terraformCliConfig } from '../support/engines/terraform';
import { argumentsOf } from '../support/provider-schema';
import { planJson, terraform } from '../support/terraform';
import type { Tree } from './graph';
import { MODEL_VALUES, RESOURCES } from './properties';
import { replacedIn } from './replaced';

describe.skipIf(await lacks(TERRAFORM_CLI))('the table of replacements, for Terraform', () => {
  let replaced: string[];
  let planned: string[];

  beforeAll(async () => {
    const plan = await planOfChanges();
    const changes = plan.resource_changes as readonly {
      readonly name: string;
      readonly change: {
        readonly actions: readonly string[];
        readonly replace_paths?: readonly (readonly unknown[])[];
      };
    }[];
    planned = changes.filter(({ change }) => !change.actions.includes('no-op')).map(({ name }) => name);
    replaced = changes
      .filter(({ name, change }) => {
        const attribute = CHANGES[name]!.path.split('.')[0]!.replace('containers', 'container_definitions');
        return change.replace_paths?.some(([first]) => first === attribute);
      })
      .map(({ name }) => CHANGES[name]!.property);
  });

  it('the table of replacements for Terraform is of changes that a plan sees', () => {
    expect(Object.keys(CHANGES).filter((name) => !planned.includes(name))).toEqual([]);
  });

  it('the table of replacements for Terraform says what the AWS provider plans, changed property by property', () => {
    expect(replacedIn('terraform')).toEqual([...new Set(replaced)].sort());
  });
});

/**
 * A resource of each type, as the provider has it, as far as it takes no value of the model; `containers` are those of a task
 * definition before they are text. What is not here has the model's value.
 */
const BEFORE: Readonly<Partial<Record<ResourceType, Tree>>> = {
  repository: {
    name: 'a',
    force_delete: false,
    image_tag_mutability: 'IMMUTABLE',
    image_scanning_configuration: [{ scan_on_push: true }],
    encryption_configuration: [{ encryption_type: 'AES256' }],
    tags: { A: 'a' },
  },
  taskDefinition: {
    family: 'a',
    cpu: '512',
    memory: '1024',
    network_mode: 'awsvpc',
    requires_compatibilities: ['FARGATE'],
    runtime_platform: [{ operating_system_family: 'LINUX', cpu_architecture: 'X86_64' }],
    execution_role_arn: 'arn:aws:iam::111122223333:role/a',
    task_role_arn: 'arn:aws:iam::111122223333:role/b',
    containers: [
      {
        name: 'a',
        image: 'a',
        essential: true,
        user: '1:1',
        readonlyRootFilesystem: true,
        linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 16 }] },
        portMappings: [{ containerPort: 8000, hostPort: 8000, protocol: 'tcp' }],
        environment: [{ name: 'A', value: 'a' }],
        secrets: [{ name: 'B', valueFrom: 'arn:aws:ssm:us-east-1:111122223333:parameter/b' }],
        healthCheck: { command: ['CMD', 'a'], interval: 30, timeout: 5, retries: 3, startPeriod: 10 },
        stopTimeout: 60,
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': 'a', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'a' },
        },
      },
    ],
    tags: { A: 'a' },
  },
  service: {
    name: 'a',
    cluster: 'arn:aws:ecs:us-east-1:111122223333:cluster/a',
    task_definition: 'arn:aws:ecs:us-east-1:111122223333:task-definition/a:1',
    desired_count: 1,
    launch_type: 'FARGATE',
    platform_version: 'LATEST',
    scheduling_strategy: 'REPLICA',
    network_configuration: [{ subnets: ['subnet-a'], security_groups: ['sg-a'], assign_public_ip: false }],
    load_balancer: [
      {
        container_name: 'a',
        container_port: 8000,
        target_group_arn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/0123456789abcdef',
      },
    ],
    health_check_grace_period_seconds: 10,
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    deployment_circuit_breaker: [{ enable: true, rollback: true }],
    alarms: [{ alarm_names: ['a'], enable: true, rollback: true }],
    availability_zone_rebalancing: 'ENABLED',
    propagate_tags: 'SERVICE',
    enable_ecs_managed_tags: true,
    tags: { A: 'a' },
  },
  securityGroup: { name: 'a', description: 'a', vpc_id: 'vpc-a', tags: { A: 'a' } },
  securityGroupEgress: {
    security_group_id: 'sg-a',
    description: 'a',
    referenced_security_group_id: 'sg-b',
    ip_protocol: 'tcp',
    from_port: 8000,
    to_port: 8000,
  },
  targetGroup: {
    name: 'a',
    target_type: 'ip',
    vpc_id: 'vpc-a',
    protocol: 'HTTP',
    port: 8000,
    health_check: [
      {
        enabled: true,
        path: '/a',
        protocol: 'HTTP',
        interval: 30,
        timeout: 5,
        healthy_threshold: 3,
        unhealthy_threshold: 3,
        matcher: '200',
      },
    ],
    deregistration_delay: '30',
    stickiness: [{ enabled: false, type: 'lb_cookie', cookie_duration: 60 }],
    tags: { A: 'a' },
  },
  listenerRule: {
    listener_arn:
      'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/a/0123456789abcdef/0123456789abcdef',
    priority: 1,
    condition: [{ host_header: [{ values: ['a.example.com'] }] }],
    action: [
      {
        type: 'fixed-response',
        fixed_response: [{ status_code: '403', content_type: 'text/plain', message_body: 'a' }],
      },
    ],
    tags: { A: 'a' },
  },
  listenerCertificate: {
    listener_arn:
      'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/a/0123456789abcdef/0123456789abcdef',
    certificate_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/a',
  },
  certificate: { domain_name: 'a.example.com', validation_method: 'DNS', tags: { A: 'a' } },
  aliasRecord: {
    name: 'a.example.com',
    zone_id: 'ZA',
    type: 'A',
    alias: [{ name: 'b.example.com', zone_id: 'ZB', evaluate_target_health: false }],
  },
  logGroup: {
    name: 'a',
    retention_in_days: 30,
    kms_key_id: 'arn:aws:kms:us-east-1:111122223333:key/a',
    skip_destroy: false,
    tags: { A: 'a' },
  },
  role: {
    name: 'a',
    description: 'a',
    assume_role_policy: '{"Version":"2012-10-17","Statement":[]}',
    permissions_boundary: 'arn:aws:iam::111122223333:policy/a',
    tags: { A: 'a' },
  },
  policy: { name: 'a', policy: '{"Version":"2012-10-17","Statement":[]}', tags: { A: 'a' } },
  oidcProvider: {
    url: 'https://a.example.com',
    client_id_list: ['a'],
    thumbprint_list: ['0123456789abcdef0123456789abcdef01234567'],
    tags: { A: 'a' },
  },
};

/** What a property is changed to where adding to what was there makes nothing that the provider takes. */
const AFTER: Readonly<Record<string, unknown>> = {
  'repository.image_tag_mutability': 'MUTABLE',
  'repository.encryption_configuration.0.encryption_type': 'KMS',
  'taskDefinition.network_mode': 'bridge',
  'taskDefinition.requires_compatibilities': ['EC2'],
  'taskDefinition.runtime_platform.0.operating_system_family': 'WINDOWS_SERVER_2022_CORE',
  'taskDefinition.runtime_platform.0.cpu_architecture': 'ARM64',
  'service.availability_zone_rebalancing': 'DISABLED',
  'service.launch_type': 'EC2',
  'service.propagate_tags': 'TASK_DEFINITION',
  'targetGroup.target_type': 'instance',
  'targetGroup.protocol': 'HTTPS',
  'targetGroup.health_check.0.protocol': 'HTTPS',
  'targetGroup.deregistration_delay': '31',
  'targetGroup.stickiness.0.type': 'app_cookie',
  'listenerRule.action.0.fixed_response.0.status_code': '404',
  'listenerRule.action.0.fixed_response.0.content_type': 'text/html',
  'certificate.validation_method': 'EMAIL',
  'aliasRecord.type': 'AAAA',
  'logGroup.retention_in_days': 60,
  'oidcProvider.thumbprint_list': ['1123456789abcdef0123456789abcdef01234567'],
  'role.assume_role_policy': '{"Version":"2012-10-17","Statement":[{}]}',
  'policy.policy': '{"Version":"2012-10-17","Statement":[{}]}',
};

const FORWARD = [
  {
    type: 'forward',
    target_group_arn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/0123456789abcdef',
  },
];

/** What the whole attribute is changed to where one of its parts does not go without another. */
const WHOLE: Readonly<Record<string, unknown>> = {
  'listenerRule.action.0.type': FORWARD,
  'listenerRule.action.0.target_group_arn': FORWARD,
};

interface PropertyChange {
  /** The type and the name of a property, as the table has them. */
  readonly property: string;
  readonly type: ResourceType;
  /** Its place in a resource of the provider. */
  readonly path: string;
}

/** Arguments of the provider that the modules have as resources of their own, all the same. */
const APART = ['role.managedPolicies'];

/** One change each, by the name of its resource. What Terraform has as a resource of its own replaces no other. */
const CHANGES: Readonly<Record<string, PropertyChange>> = Object.fromEntries(
  RESOURCE_TYPES.flatMap((type) =>
    Object.entries(RESOURCES[type]!.properties).flatMap(([name, { plan }]) => {
      const path = plan === '@Retain' ? 'force_delete' : plan;
      const property = `${type}.${name}`;
      return path !== null && isArgument(RESOURCES[type]!.plan, path) && !APART.includes(property)
        ? [[`${type}_${name}`, { property, type, path }] as const]
        : [];
    }),
  ),
);

/** Whether a resource of the provider has it, and not another resource. */
function isArgument(type: string, path: string): boolean {
  const [attribute = ''] = path.split('.');
  return attribute === 'containers' || argumentsOf(type).includes(attribute);
}

/** A resource of this type, with every property of the model that is an argument of it. */
function before(type: ResourceType): Tree {
  const resource: Tree = structuredClone(BEFORE[type] ?? {});
  for (const { property, path } of Object.values(CHANGES).filter((change) => change.type === type)) {
    if (`${type}.${path}` in WHOLE) continue;
    setIfAbsent(resource, path.split('.'), MODEL_VALUES[type][property.split('.')[1]!]);
  }
  return resource;
}

function setIfAbsent(resource: Tree, keys: readonly string[], value: unknown): void {
  let place = resource;
  keys.slice(0, -1).forEach((key, index) => {
    place[key] ??= /^\d+$/.test(keys[index + 1]!) ? [] : {};
    place = place[key] as Tree;
  });
  place[keys.at(-1)!] ??= value;
}

/** What Terraform plans where each resource differs from its state in one property. It talks to nobody. */
async function planOfChanges() {
  const folder = mkdtempSync(join(tmpdir(), 'replacement-'));
  try {
    const resource: Record<string, Tree> = {};
    const resources: Tree[] = [];
    for (const [name, { type, path }] of Object.entries(CHANGES)) {
      const { plan } = RESOURCES[type]!;
      const after = changedAt(before(type), `${type}.${path}`, path);
      resource[plan] = { ...resource[plan], [name]: encoded(after) };
      resources.push({
        mode: 'managed',
        type: plan,
        name,
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [{ schema_version: SCHEMA_VERSIONS[plan] ?? 0, attributes: { ...encoded(before(type)), id: 'a' } }],
      });
    }
    const provider = {
      region: 'us-east-1',
      access_key: 'none',
      secret_key: 'none',
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
    };
    const required_providers = { aws: { source: 'hashicorp/aws', version: '5.100.0' } };
    const state = {
      version: 4,
      terraform_version: '1.11.0',
      serial: 1,
      lineage: 'replacement',
      outputs: {},
      resources,
    };
    writeFileSync(
      join(folder, 'main.tf.json'),
      JSON.stringify({ terraform: { required_providers }, provider: { aws: provider }, resource }, undefined, 1),
    );
    writeFileSync(join(folder, 'terraform.tfstate'), JSON.stringify(state));
    const env = { TF_CLI_CONFIG_FILE: terraformCliConfig(), CHECKPOINT_DISABLE: '1' };
    const { exitCode, output } = await terraform(folder, ['init'], env);
    if (exitCode !== 0) throw new Error(output);
    return await planJson(folder, env, { args: ['-refresh=false'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Versions of the provider's schemas, where they are not 0. */
const SCHEMA_VERSIONS: Readonly<Record<string, number>> = {
  aws_ecs_service: 1,
  aws_ecs_task_definition: 1,
  aws_route53_record: 2,
  aws_security_group: 1,
};

function encoded({ containers, ...resource }: Tree): Tree {
  return containers === undefined ? resource : { ...resource, container_definitions: JSON.stringify(containers) };
}

function changedAt(resource: Tree, name: string, path: string): Tree {
  const keys = path.split('.');
  if (name in WHOLE) return { ...resource, [keys[0]!]: WHOLE[name] };
  const last = keys.pop()!;
  const place = keys.reduce<unknown>((inner, key) => (inner as Tree)[key], resource) as Tree;
  place[last] = name in AFTER ? AFTER[name] : other(place[last]);
  return resource;
}

function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...value.slice(0, -1), other(value.at(-1))];
  if (value !== null && typeof value === 'object') return mapLast(value as Tree);
  return `${value}b`;
}

function mapLast(value: Tree): Tree {
  const last = Object.keys(value).at(-1)!;
  return { ...value, [last]: other(value[last]) };
}
