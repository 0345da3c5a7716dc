import { NOT_SET } from '../../src/model/checks/limits';
import type {
  Deployment,
  ImageRepository,
  RegistryLayer,
  RolesLayer,
  Rollout,
  ServiceLayer,
} from '../../src/model/deployment';
import { answersOauthProbes } from '../../src/model/routing';
import { deliveryParameters } from './delivery';

/** A variable of the container whose value, or reference to a secret, is a parameter of the template. */
export interface VariableParameter {
  /** Name of the variable. */
  readonly name: string;
  /** Name of the parameter. */
  readonly parameter: string;
  readonly description: string;
  /** Whether an environment may go without. */
  readonly optional: boolean;
}

export interface VariableParameters {
  readonly variables: readonly VariableParameter[];
  readonly secrets: readonly VariableParameter[];
}

/**
 * The parameters of the variables that any environment has. Names are structure, as all environments share one template;
 * values are in the parameter files.
 */
export function variableParameters({ conventions, contract, environments }: Deployment): VariableParameters {
  const { derived, optional } = conventions.environment;
  const tasks = environments.map(({ service }) => service.taskDefinition);
  const variables = tasks.flatMap(({ environment }) => Object.keys(environment));
  const secrets = tasks.flatMap((task) => task.secrets.map(({ name }) => name));
  return {
    variables: named('Variable', [...Object.keys(derived), ...variables]).map((variable) => ({
      ...variable,
      description: JSON.stringify(
        derived[variable.name]?.meaning ?? optional[variable.name]?.meaning ?? `Value of ${variable.name}`,
      ),
      optional: !(variable.name in derived),
    })),
    secrets: named('Secret', [...contract.requiredSecrets, ...secrets]).map((secret) => ({
      ...secret,
      description: '',
      optional: !contract.requiredSecrets.includes(secret.name),
    })),
  };
}

/** Parameters of the template of the registry; every value is text. */
export function registryParameters({ repository, delivery }: RegistryLayer | RolesLayer): Record<string, string> {
  const { name = '', retain = false, pullRoleArns = [] }: Partial<ImageRepository> = repository ?? {};
  const accounts = pullRoleArns.map((arn) => arn.replace(/:role\/.*/, ':root'));
  return {
    RepositoryName: name,
    RetainData: String(retain),
    PullPrincipals: [...new Set(accounts)].join(','),
    PullRoleArns: pullRoleArns.join(','),
    ...(delivery && deliveryParameters(delivery)),
  };
}

/** Parameters of the template of the service, but for the digest; every value is text. */
export function serviceParameters(
  service: ServiceLayer,
  { variables, secrets }: VariableParameters,
  egressSlots: number,
): Record<string, string> {
  const { taskDefinition, securityGroup, listenerRules, domain, logGroup, executionRole } = service;
  const groups = securityGroup.ingressFrom.map((id, index) => [`AlbSecurityGroupId${index + 1}`, id]);
  const origins = listenerRules
    .filter((rule) => rule.action === 'forward' && rule.origins)
    .map((rule, index) => [`AllowedOrigins${index + 1}`, rule.origins!.join(',')]);
  return {
    RepositoryUri: taskDefinition.repository.uri,
    RepositoryArn: taskDefinition.repository.arn,
    ServiceName: service.serviceName,
    ClusterArn: service.clusterArn,
    Cpu: String(taskDefinition.cpu),
    Memory: String(taskDefinition.memory),
    DesiredCount: String(service.desiredCount),
    ...rolloutParameters(service.rollout),
    VpcId: securityGroup.vpcId,
    PrivateSubnetIds: service.subnetIds.join(','),
    ...Object.fromEntries(groups),
    AlbEgressSecurityGroupId: service.albEgressGroupId ?? '',
    EgressCidr: only(securityGroup.egressCidrs),
    // Empty if it has fewer than another one: by hand, CloudFormation would keep the value of a parameter that is left out.
    ...Object.fromEntries(
      Array.from({ length: egressSlots }, (_, index) => [
        `OtherEgressPort${index + 1}`,
        String(securityGroup.otherEgressPorts[index] ?? ''),
      ]),
    ),
    TargetGroupName: service.targetGroupName,
    ...(securityGroup.name === service.serviceName ? {} : { SecurityGroupName: securityGroup.name }),
    Stickiness: String(service.stickiness),
    ListenerArn: service.listenerArn,
    ListenerHost: listenerRules[0]!.host,
    ...(service.clientPort === 443 ? {} : { ClientPort: String(service.clientPort) }),
    ListenerPriorities: priorities(service).join(','),
    ...Object.fromEntries(origins),
    AnswerOauthProbes: String(answersOauthProbes(service)),
    OwnDomain: String(domain !== undefined),
    CertificateArn: domain?.certificateArn ?? '',
    HostedZoneId: domain?.hostedZoneId ?? '',
    AlbDnsName: domain?.albDnsName ?? '',
    AlbHostedZoneId: domain?.albHostedZoneId ?? '',
    AlbIpAddressType: domain?.albIpAddressType ?? 'ipv4',
    LogRetentionInDays: String(logGroup.retentionInDays),
    LogKmsKeyArn: logGroup.kmsKeyArn ?? '',
    RetainData: String(logGroup.retain),
    PermissionsBoundaryArn: executionRole.permissionsBoundaryArn ?? '',
    ...Object.fromEntries(
      variables.map(({ name, parameter }) => [parameter, taskDefinition.environment[name] ?? NOT_SET]),
    ),
    ...Object.fromEntries(
      secrets.map(({ name, parameter }) => [
        parameter,
        taskDefinition.secrets.find((secret) => secret.name === name)?.arn ?? '',
      ]),
    ),
    ...(secrets.length > 0
      ? { SecretArns: resourcesOf(service, 'ReadSecrets'), ParameterArns: resourcesOf(service, 'ReadParameters') }
      : {}),
  };
}

/** Where nothing moves the traffic, how is left to the template's defaults. */
function rolloutParameters({ alarms, shift }: Rollout): Record<string, string> {
  return {
    DeploymentStrategy: shift?.strategy ?? 'ROLLING',
    DeploymentAlarms: alarms.join(','),
    ...(shift && {
      BakeMinutes: String(shift.bakeTimeInMinutes),
      AlternateTargetGroupName: shift.alternateTargetGroupName,
    }),
    ...(shift?.step && {
      StepPercent: String(shift.step.percent),
      StepMinutes: String(shift.step.bakeTimeInMinutes),
    }),
  };
}

/** The block of priorities, ascending. A template cannot add, so it is given each. */
function priorities({ listenerPriority, listenerPriorities }: ServiceLayer): number[] {
  return Array.from({ length: listenerPriorities }, (_, index) => listenerPriority + index);
}

function resourcesOf({ executionRole }: ServiceLayer, sid: string): string {
  return (executionRole.statements.find((statement) => statement.sid === sid)?.resources ?? []).join(',');
}

function only(values: readonly string[]): string {
  if (values.length !== 1) {
    throw new Error(`The template takes one block of addresses, not ${values.length}`);
  }
  return values[0]!;
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
