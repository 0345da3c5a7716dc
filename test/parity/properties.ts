/**
 * Every property that the model sets, by resource, and where each source has it: a plan of Terraform by the provider's
 * names, a template by CloudFormation's, be it emitted or synthesised by the CDK. A property that is called as in AWS needs
 * no line: `stopTimeout` of the model is `stop_timeout` and `StopTimeout`, and the `name` of a role is its `RoleName`. A source that has a type or a property that the
 * model lacks is refused.
 */
import type { Answers } from '../../src/config/repository';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { specOf as cloudFormationSpecOf } from '../../src/rehearsal/cloudformation/spec';
import type { JsonValue } from '../../src/resources/resource';
import { resourcesOf } from '../../src/resources/resources';
import { RESOURCE_TYPES, type ResourceType, TYPES } from '../../src/resources/types';
import { matrix, shiftingCases } from './matrix';

/** What a value is made into before it is compared. */
export type Form = 'text' | 'number' | 'flag' | 'set' | 'variables' | 'policy' | 'conditions' | 'json' | 'rules';

export interface PropertySpec {
  /** Path in a resource of a plan; parts are joined by dots, and a number is an index. Null where Terraform has none. */
  readonly plan: string | null;
  /** Path in the properties of a template's resource; `@` before it, in the resource itself. */
  readonly template: string;
  readonly form: Form;
  /** What it means where a source does not have it. */
  readonly absent?: unknown;
}

export interface ResourceSpec extends OwnSpec {
  readonly plan: string;
  readonly template: string;
  /** The property that tells one resource of a type from another. */
  readonly key: string;
  readonly properties: Readonly<Record<string, PropertySpec>>;
}

/** What no rule says of a type. */
interface OwnSpec {
  /** Properties whose place or form does not follow from their names and values in the model. */
  readonly properties?: Readonly<Record<string, PropertySpec>>;
  /** Where those are that are not listed; absent, in the resource itself. */
  readonly within?: { readonly plan: string; readonly template: string };
  /** What a plan lists though nobody set it: the provider's defaults, each of which must be this. */
  readonly planDefaults?: Readonly<Record<string, unknown>>;
  /** What other resources refer to: an attribute's name in a plan, and in a template (`Ref`, or an attribute of GetAtt). */
  readonly attributes?: Readonly<Record<string, { readonly plan: string; readonly template: string }>>;
}

const text = (plan: string, template: string): PropertySpec => ({ plan, template, form: 'text' });
const number = (plan: string, template: string): PropertySpec => ({ plan, template, form: 'number' });
const flag = (plan: string, template: string): PropertySpec => ({ plan, template, form: 'flag' });
const as = (form: Form, plan: string | null, template: string): PropertySpec => ({ plan, template, form });

/** Tags of the resource: in a template those of its stack, or its own, as the CDK has them. */
const TAGS = as('json', 'tags', '@Tags');

const OWN: Readonly<Partial<Record<ResourceType, OwnSpec>>> = {
  repository: {
    properties: {
      tagMutability: text('image_tag_mutability', 'ImageTagMutability'),
      scanOnPush: flag('image_scanning_configuration.0.scan_on_push', 'ImageScanningConfiguration.ScanOnPush'),
      encryption: text('encryption_configuration.0.encryption_type', 'EncryptionConfiguration.EncryptionType'),
      lifecycle: as('json', 'lifecycle_policy', 'LifecyclePolicy.LifecyclePolicyText'),
      policy: as('policy', 'policy', 'RepositoryPolicyText'),
      retain: flag('@Retain', '@Retain'),
      deletesImages: { ...flag('force_delete', 'EmptyOnDelete'), absent: false },
    },
  },
  taskDefinition: {
    within: { plan: 'containers.0', template: 'ContainerDefinitions.0' },
    attributes: { arn: { plan: 'arn', template: 'Ref' } },
    planDefaults: { skip_destroy: false, track_latest: false },
    properties: {
      family: text('family', 'Family'),
      cpu: text('cpu', 'Cpu'),
      memory: text('memory', 'Memory'),
      networkMode: text('network_mode', 'NetworkMode'),
      compatibilities: as('set', 'requires_compatibilities', 'RequiresCompatibilities'),
      operatingSystem: text('runtime_platform.0.operating_system_family', 'RuntimePlatform.OperatingSystemFamily'),
      architecture: text('runtime_platform.0.cpu_architecture', 'RuntimePlatform.CpuArchitecture'),
      executionRole: text('execution_role_arn', 'ExecutionRoleArn'),
      taskRole: text('task_role_arn', 'TaskRoleArn'),
      container: text('containers.0.name', 'ContainerDefinitions.0.Name'),
      readonlyRoot: flag('containers.0.readonlyRootFilesystem', 'ContainerDefinitions.0.ReadonlyRootFilesystem'),
      init: flag(
        'containers.0.linuxParameters.initProcessEnabled',
        'ContainerDefinitions.0.LinuxParameters.InitProcessEnabled',
      ),
      tmpfsPath: text(
        'containers.0.linuxParameters.tmpfs.0.containerPath',
        'ContainerDefinitions.0.LinuxParameters.Tmpfs.0.ContainerPath',
      ),
      tmpfsSize: number(
        'containers.0.linuxParameters.tmpfs.0.size',
        'ContainerDefinitions.0.LinuxParameters.Tmpfs.0.Size',
      ),
      containerPort: number(
        'containers.0.portMappings.0.containerPort',
        'ContainerDefinitions.0.PortMappings.0.ContainerPort',
      ),
      hostPort: number('containers.0.portMappings.0.hostPort', 'ContainerDefinitions.0.PortMappings.0.HostPort'),
      protocol: text('containers.0.portMappings.0.protocol', 'ContainerDefinitions.0.PortMappings.0.Protocol'),
      environment: as('variables', 'containers.0.environment', 'ContainerDefinitions.0.Environment'),
      secrets: as('variables', 'containers.0.secrets', 'ContainerDefinitions.0.Secrets'),
      probe: as('json', 'containers.0.healthCheck.command', 'ContainerDefinitions.0.HealthCheck.Command'),
      probeInterval: number('containers.0.healthCheck.interval', 'ContainerDefinitions.0.HealthCheck.Interval'),
      probeTimeout: number('containers.0.healthCheck.timeout', 'ContainerDefinitions.0.HealthCheck.Timeout'),
      probeRetries: number('containers.0.healthCheck.retries', 'ContainerDefinitions.0.HealthCheck.Retries'),
      startPeriod: number('containers.0.healthCheck.startPeriod', 'ContainerDefinitions.0.HealthCheck.StartPeriod'),
      logDriver: text('containers.0.logConfiguration.logDriver', 'ContainerDefinitions.0.LogConfiguration.LogDriver'),
      logGroup: text(
        'containers.0.logConfiguration.options.awslogs-group',
        'ContainerDefinitions.0.LogConfiguration.Options.awslogs-group',
      ),
      logRegion: text(
        'containers.0.logConfiguration.options.awslogs-region',
        'ContainerDefinitions.0.LogConfiguration.Options.awslogs-region',
      ),
      logPrefix: text(
        'containers.0.logConfiguration.options.awslogs-stream-prefix',
        'ContainerDefinitions.0.LogConfiguration.Options.awslogs-stream-prefix',
      ),
    },
  },
  service: {
    // What a plan waits for, and what it does not do.
    planDefaults: {
      scheduling_strategy: 'REPLICA',
      wait_for_steady_state: true,
      'load_balancer.0.elb_name': '',
    },
    properties: {
      subnets: as('set', 'network_configuration.0.subnets', 'NetworkConfiguration.AwsvpcConfiguration.Subnets'),
      securityGroups: as(
        'set',
        'network_configuration.0.security_groups',
        'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups',
      ),
      publicIp: flag(
        'network_configuration.0.assign_public_ip',
        'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
      ),
      loadBalancedContainer: text('load_balancer.0.container_name', 'LoadBalancers.0.ContainerName'),
      loadBalancedPort: number('load_balancer.0.container_port', 'LoadBalancers.0.ContainerPort'),
      targetGroup: text('load_balancer.0.target_group_arn', 'LoadBalancers.0.TargetGroupArn'),
      gracePeriod: number('health_check_grace_period_seconds', 'HealthCheckGracePeriodSeconds'),
      minimumHealthy: number('deployment_minimum_healthy_percent', 'DeploymentConfiguration.MinimumHealthyPercent'),
      maximum: number('deployment_maximum_percent', 'DeploymentConfiguration.MaximumPercent'),
      circuitBreaker: flag(
        'deployment_circuit_breaker.0.enable',
        'DeploymentConfiguration.DeploymentCircuitBreaker.Enable',
      ),
      rollback: flag(
        'deployment_circuit_breaker.0.rollback',
        'DeploymentConfiguration.DeploymentCircuitBreaker.Rollback',
      ),
      alarms: as('set', 'alarms.0.alarm_names', 'DeploymentConfiguration.Alarms.AlarmNames'),
      alarmsEnabled: flag('alarms.0.enable', 'DeploymentConfiguration.Alarms.Enable'),
      alarmsRollBack: flag('alarms.0.rollback', 'DeploymentConfiguration.Alarms.Rollback'),
      strategy: as('text', null, 'DeploymentConfiguration.Strategy'),
      bakeTime: as('number', null, 'DeploymentConfiguration.BakeTimeInMinutes'),
      canaryPercent: as('number', null, 'DeploymentConfiguration.CanaryConfiguration.CanaryPercent'),
      canaryTime: as('number', null, 'DeploymentConfiguration.CanaryConfiguration.CanaryBakeTimeInMinutes'),
      stepPercent: as('number', null, 'DeploymentConfiguration.LinearConfiguration.StepPercent'),
      stepTime: as('number', null, 'DeploymentConfiguration.LinearConfiguration.StepBakeTimeInMinutes'),
      alternateTargetGroup: as('text', null, 'LoadBalancers.0.AdvancedConfiguration.AlternateTargetGroupArn'),
      productionRule: as('text', null, 'LoadBalancers.0.AdvancedConfiguration.ProductionListenerRule'),
      trafficRole: as('text', null, 'LoadBalancers.0.AdvancedConfiguration.RoleArn'),
      zoneRebalancing: text('availability_zone_rebalancing', 'AvailabilityZoneRebalancing'),
      managedTags: flag('enable_ecs_managed_tags', 'EnableECSManagedTags'),
      execute: flag('enable_execute_command', 'EnableExecuteCommand'),
    },
  },
  securityGroup: {
    attributes: { id: { plan: 'id', template: 'GroupId' } },
    planDefaults: { revoke_rules_on_delete: false },
    properties: {
      name: text('name', 'GroupName'),
      description: text('description', 'GroupDescription'),
      vpc: text('vpc_id', 'VpcId'),
      ingress: as('rules', 'ingress_rules', 'SecurityGroupIngress'),
      egress: as('rules', 'egress_rules', 'SecurityGroupEgress'),
    },
  },
  securityGroupEgress: {
    properties: {
      group: text('security_group_id', 'GroupId'),
      destination: text('referenced_security_group_id', 'DestinationSecurityGroupId'),
      protocol: text('ip_protocol', 'IpProtocol'),
    },
  },
  targetGroup: {
    attributes: { arn: { plan: 'arn', template: 'Ref' } },
    planDefaults: {
      'health_check.0.port': 'traffic-port',
      lambda_multi_value_headers_enabled: false,
      proxy_protocol_v2: false,
      slow_start: 0,
    },
    properties: {
      vpc: text('vpc_id', 'VpcId'),
      healthCheck: flag('health_check.0.enabled', 'HealthCheckEnabled'),
      healthCheckPath: text('health_check.0.path', 'HealthCheckPath'),
      healthCheckProtocol: text('health_check.0.protocol', 'HealthCheckProtocol'),
      interval: number('health_check.0.interval', 'HealthCheckIntervalSeconds'),
      timeout: number('health_check.0.timeout', 'HealthCheckTimeoutSeconds'),
      healthy: number('health_check.0.healthy_threshold', 'HealthyThresholdCount'),
      unhealthy: number('health_check.0.unhealthy_threshold', 'UnhealthyThresholdCount'),
      matcher: text('health_check.0.matcher', 'Matcher.HttpCode'),
      deregistrationDelay: number('deregistration_delay', 'Attributes.deregistration_delay\\.timeout_seconds'),
      stickiness: flag('stickiness.0.enabled', 'Attributes.stickiness\\.enabled'),
      stickinessType: text('stickiness.0.type', 'Attributes.stickiness\\.type'),
      stickinessDuration: number(
        'stickiness.0.cookie_duration',
        'Attributes.stickiness\\.lb_cookie\\.duration_seconds',
      ),
    },
  },
  listenerRule: {
    attributes: { arn: { plan: 'arn', template: 'Ref' } },
    properties: {
      listener: text('listener_arn', 'ListenerArn'),
      conditions: as('conditions', 'condition', 'Conditions'),
      action: text('action.0.type', 'Actions.0.Type'),
      targetGroup: text('action.0.target_group_arn', 'Actions.0.TargetGroupArn'),
      weighted: as('json', null, 'Actions.0.ForwardConfig.TargetGroups'),
      status: text('action.0.fixed_response.0.status_code', 'Actions.0.FixedResponseConfig.StatusCode'),
      contentType: text('action.0.fixed_response.0.content_type', 'Actions.0.FixedResponseConfig.ContentType'),
      body: text('action.0.fixed_response.0.message_body', 'Actions.0.FixedResponseConfig.MessageBody'),
    },
  },
  listenerCertificate: {
    properties: {
      listener: text('listener_arn', 'ListenerArn'),
      certificate: text('certificate_arn', 'Certificates.0.CertificateArn'),
    },
  },
  certificate: {
    attributes: { arn: { plan: 'arn', template: 'Ref' } },
    planDefaults: { domain_validation_options: 'known after apply', subject_alternative_names: 'the domain' },
    properties: {
      domain: text('domain_name', 'DomainName'),
      validation: text('validation_method', 'ValidationMethod'),
      validatedDomain: text('validated_domain', 'DomainValidationOptions.0.DomainName'),
      validationZone: text('validation_zone', 'DomainValidationOptions.0.HostedZoneId'),
    },
  },
  aliasRecord: {
    properties: {
      zone: text('zone_id', 'HostedZoneId'),
      target: text('alias.0.name', 'AliasTarget.DNSName'),
      targetZone: text('alias.0.zone_id', 'AliasTarget.HostedZoneId'),
      evaluatesHealth: flag('alias.0.evaluate_target_health', 'AliasTarget.EvaluateTargetHealth'),
    },
  },
  logGroup: {
    properties: {
      retention: number('retention_in_days', 'RetentionInDays'),
      key: text('kms_key_id', 'KmsKeyId'),
      retain: flag('skip_destroy', '@Retain'),
    },
  },
  role: {
    attributes: { arn: { plan: 'arn', template: 'Arn' } },
    planDefaults: { force_detach_policies: false, max_session_duration: 3600, path: '/' },
    properties: {
      trust: as('policy', 'assume_role_policy', 'AssumeRolePolicyDocument'),
      managedPolicies: as('set', 'managed_policy_arns', 'ManagedPolicyArns'),
      boundary: text('permissions_boundary', 'PermissionsBoundary'),
      // With Terraform, no deployment takes longer than the default.
      maxSessionDuration: as('number', null, 'MaxSessionDuration'),
      policyName: text('policies.0.name', 'Policies.0.PolicyName'),
      policy: as('policy', 'policies.0.policy', 'Policies.0.PolicyDocument'),
    },
  },
  policy: {
    attributes: { arn: { plan: 'arn', template: 'Ref' } },
    planDefaults: { path: '/' },
    properties: {
      document: as('policy', 'policy', 'PolicyDocument'),
    },
  },
  oidcProvider: {
    properties: {
      audiences: as('set', 'client_id_list', 'ClientIdList'),
      thumbprints: as('set', 'thumbprint_list', 'ThumbprintList'),
    },
  },
};

/** Values in the model of every property that it sets in any case, by type. */
export const MODEL_VALUES: Readonly<Record<ResourceType, Readonly<Record<string, JsonValue>>>> = modelValues();

/** Every type of the model and its properties: those that are listed, and those whose place follows from their name. */
export const RESOURCES: Readonly<Record<string, ResourceSpec>> = Object.fromEntries(
  RESOURCE_TYPES.map((type): [string, ResourceSpec] => {
    const { terraform: plan, cloudformation: template, key } = TYPES[type];
    const { properties: listed = {}, ...own }: OwnSpec = OWN[type] ?? {};
    const others = Object.entries(MODEL_VALUES[type]).filter(([name]) => !(name in listed));
    const derived = others.map(([name, value]) => [name, specOf(type, name, value, own)]);
    return [type, { plan, template, key, ...own, properties: { ...listed, ...Object.fromEntries(derived) } }];
  }),
);

function modelValues(): Record<ResourceType, Record<string, JsonValue>> {
  const answers = [...matrix('111122223333').map((one) => one.answers), ...shiftingCases()];
  const values = Object.fromEntries(RESOURCE_TYPES.map((type) => [type, {}])) as Record<
    ResourceType,
    Record<string, JsonValue>
  >;
  for (const { type, properties } of answers.flatMap(resourcesOfCase)) {
    Object.assign(values[type as ResourceType], properties);
  }
  return values;
}

function resourcesOfCase({ state: _state, ...answers }: Answers) {
  return resourcesOf(resolveDeployment(readConfig({ ...answers, target: 'cloudformation' }, 'the case')));
}

/** Where a property is that is not listed: it is called as AWS's, and its value says its form. */
function specOf(type: ResourceType, name: string, value: JsonValue, { within }: OwnSpec): PropertySpec {
  if (name === 'tags') return TAGS;
  const form = formOf(value);
  if (!form) throw new Error(`${type}.${name} is no simple value: test/parity/properties.ts must say where it is`);
  const inTemplate = name === 'name' ? nameProperty(type) : `${name[0]!.toUpperCase()}${name.slice(1)}`;
  // Terraform takes containers as they are in the API of ECS.
  return within
    ? as(form, `${within.plan}.${name}`, `${within.template}.${inTemplate}`)
    : as(
        form,
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        inTemplate,
      );
}

/** The name of a log group is its `LogGroupName`, that of a target group its `Name`. */
function nameProperty(type: ResourceType): string {
  const { cloudformation } = TYPES[type];
  const long = `${cloudformation.split('::').at(-1)}Name`;
  return long in cloudFormationSpecOf(cloudformation)!.properties ? long : 'Name';
}

function formOf(value: JsonValue): Form | undefined {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? 'set' : undefined;
  return { string: 'text', number: 'number', boolean: 'flag' }[typeof value as string] as Form | undefined;
}

/** Where the sources cannot say the same, and why. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'the tag ManagedBy': 'it names the target',
  'the policy for the engine':
    "Terraform asks for its state, the others for their stacks; each is held against the model's own",
  'tags of policies': 'CloudFormation has none; Terraform has those of the roles',
  'tags of security group rules':
    'CloudFormation has them inline, where a rule has no tags; Terraform has rules of their own, each with the tags',
  wait_for_steady_state: 'CloudFormation always waits for a service; Terraform has to be told',
  'strategies that move traffic': 'the AWS provider 5.x of Terraform has none; answers that ask it for one are refused',
  'the record that validates a certificate': 'CloudFormation makes it itself; Terraform has a resource for it',
};
