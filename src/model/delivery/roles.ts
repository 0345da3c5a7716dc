import type { EnvironmentConfig } from '../../config/environment';
import { githubTokensOf, partitionOf } from '../../config/partitions';
import type { Config } from '../../config/repository';
import type { Conditions, Delivery, DeliveryRole, Duty, Environment, Statement } from '../deployment';
import { repositoryArn, upstreamRepositoryArn } from '../image';
import { nameOf, policyNameOf, SHARED, SUFFIXES, suffixedNameOf } from '../names';
import { deploySessionMinutes, USUAL_SESSION } from '../shift-time';
import { deliveryOf, sharedPlaceOf } from './first-layer';
import {
  CHECK,
  DELIVERY_NAMES,
  ENGINES,
  FIND_QUILT_STACK,
  type Grant,
  OIDC_ISSUER,
  OPTIONAL_DELIVERY_NAMES,
  type OptionalName,
  PUBLISH,
  READ_REGISTRY,
  READ_SERVICE,
  READ_SIGNATURE,
  WRITE_SERVICE,
} from './grants';
import { byPolicy } from './policies';

/**
 * The AWS provider asks for one before 5.81, and a template without any would differ from it. AWS trusts GitHub's
 * certificate by its authorities, and does not look at it.
 */
export const OIDC_THUMBPRINT = '6938fd4d98bab03faadb97b34396831e3780aea1';

/** Whether workflows assume roles in any of these environments. */
export function haveRoles(environments: readonly Environment[]): boolean {
  return environments.some((environment) => deliveryOf(environment) !== undefined);
}

/** Whether any of these environments has its roles in a layer without a registry, for it shares one. */
export function haveRolesAlone(environments: readonly Environment[]): boolean {
  return environments.some(({ roles }) => roles !== undefined);
}

interface DutySpec {
  readonly duty: Duty;
  readonly role: 'publishRole' | 'planRole' | 'deployRole';
  /** Name of the GitHub environment that jobs of this duty run in, by the environment's name. */
  readonly githubEnvironment: (name: string) => string;
  /** Branches whose jobs may run there: those that are protected, or any. */
  readonly branches: 'protected' | 'any';
  /** Description of the role, by the service's name. */
  readonly description: (service: string) => string;
  readonly grants: readonly Grant[];
}

/**
 * The duties of workflows in an environment, with their permissions. Each has a GitHub environment of its own, as
 * nothing else in a job's token tells duties apart: a job of one with two duties could assume both roles. A plan runs
 * for pull requests, which do not wait for those who review a deployment; and somebody who approves the publishing of
 * an image has not approved its deployment.
 */
export const DUTIES: readonly DutySpec[] = [
  {
    duty: 'publish',
    role: 'publishRole',
    githubEnvironment: (name) => `${name}${SUFFIXES.publishRole}`,
    branches: 'protected',
    description: (service) => `Pushes images of ${service} from GitHub workflows`,
    grants: PUBLISH,
  },
  {
    duty: 'plan',
    role: 'planRole',
    githubEnvironment: (name) => `${name}${SUFFIXES.planRole}`,
    branches: 'any',
    description: (service) => `Shows in GitHub workflows what a deployment of ${service} would change`,
    grants: [...READ_SERVICE, ...READ_REGISTRY, ...FIND_QUILT_STACK, ...READ_SIGNATURE, ...CHECK],
  },
  {
    duty: 'deploy',
    role: 'deployRole',
    githubEnvironment: (name) => name,
    branches: 'protected',
    description: (service) => `Deploys ${service} from GitHub workflows`,
    grants: [...WRITE_SERVICE, ...CHECK],
  },
];

/** Duties that belong to a registry, whichever environments run its images. */
export const PUBLISHING = DUTIES.filter(({ duty }) => duty === 'publish');

/** The permissions that a target's engine asks for beside those of the resources. */
export function engineGrants(target: Config['target'], duty: Duty): readonly Grant[] {
  return ENGINES[target === 'terraform' ? 'state' : 'stacks'][duty];
}

/** The roles of one environment; none publishes to a shared registry. Undefined if no identity provider is named. */
export function resolveDelivery(config: Config, name: string, answers: EnvironmentConfig): Delivery | undefined {
  const duties = answers.registry.scope === 'shared' ? DUTIES.filter((duty) => !PUBLISHING.includes(duty)) : DUTIES;
  return deliveryIn(config, name, answers, namesOf(config, name, answers), duties);
}

/**
 * The role that publishes to the shared registry, beside it. The registry has no answers of its own: its boundary is that of
 * an environment in the same account, for a boundary is of one account.
 */
export function resolveSharedDelivery(
  config: Config,
  { account, region }: { readonly account: string; readonly region: string },
): Delivery | undefined {
  const beside = Object.values(config.environments).filter((answers) => answers.account === account);
  const deliveryBoundaryArn = beside.flatMap((answers) => answers.deliveryBoundaryArn ?? [])[0];
  const [first] = Object.values(config.environments);
  const none = Object.keys({ ...DELIVERY_NAMES, ...OPTIONAL_DELIVERY_NAMES }).map((key) => [key, '']);
  const names = {
    ...Object.fromEntries(none),
    RepositoryName: nameOf('repository', config.name, SHARED),
    ServiceName: nameOf('service', config.name, SHARED),
    DeliveryBoundaryArn: deliveryBoundaryArn ?? '',
    UpstreamRepositoryArn:
      first!.registry.scope === 'shared' ? (upstreamRepositoryArn(config.image, region) ?? '') : '',
  };
  return deliveryIn(config, SHARED, { account, region, deliveryBoundaryArn }, names, PUBLISHING);
}

/**
 * The layer that makes the identity provider of an account: the shared registry's, or else that of the account's first
 * environment.
 */
function providerMaker(config: Config, account: string): string {
  const [first] = Object.entries(config.environments).filter(([, answers]) => answers.account === account);
  return sharedPlaceOf(config)?.account === account ? SHARED : first![0];
}

function deliveryIn(
  config: Config,
  name: string,
  {
    account,
    region,
    deliveryBoundaryArn,
    deployment,
  }: Pick<EnvironmentConfig, 'account' | 'region' | 'deliveryBoundaryArn'> &
    Partial<Pick<EnvironmentConfig, 'deployment'>>,
  own: Readonly<Record<string, string>> & { readonly ServiceName: string },
  duties: readonly DutySpec[],
): Delivery | undefined {
  const given = config.oidcProviders?.[account];
  if (!given) {
    return undefined;
  }
  const partition = partitionOf(region).id;
  const { audience, knowsRepositoryId } = githubTokensOf(region);
  const create = 'create' in given && providerMaker(config, account) === name;
  const arn = 'arn' in given ? given.arn : `arn:${partition}:iam::${account}:oidc-provider/${OIDC_ISSUER}`;
  const names = { ...own, CreatedProvider: create ? arn : '' };
  const values = {
    ...names,
    ...stateNames(config, name),
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::AccountId': account,
  };
  const session = deployment ? deploySessionMinutes(deployment) : USUAL_SESSION;
  const roles = duties.map(({ duty, role, githubEnvironment, description, grants }): DeliveryRole => {
    const roleName = nameOf(role, config.name, name);
    return {
      duty,
      name: roleName,
      description: description(names.ServiceName),
      permissionsBoundaryArn: deliveryBoundaryArn,
      ...(duty === 'deploy' && session > USUAL_SESSION && { maxSessionDuration: session * 60 }),
      trust: {
        audience,
        subject: subjectOf(config.repository, githubEnvironment(name)),
        ...(knowsRepositoryId && { repositoryId: String(config.repository.repositoryId) }),
      },
      policies: byPolicy(grants, engineGrants(config.target, duty)).map((policy) => ({
        topic: policy.topic,
        name: policyNameOf(roleName, policy.topic),
        statements: resolveGrants(policy.grants, values),
      })),
    };
  });
  return { provider: { arn, create }, roles, names };
}

/**
 * The subject of the tokens of a job that runs in an environment of GitHub.
 * Source: GitHub's documentation, "OpenID Connect reference", subject claims.
 */
export function subjectOf(
  { name, ownerId, repositoryId, subject }: Config['repository'],
  githubEnvironment: string,
): string {
  const [owner, repository] = name.split('/') as [string, string];
  const slug = subject === 'classic' ? name : `${owner}@${ownerId}/${repository}@${repositoryId}`;
  return `repo:${slug}:environment:${githubEnvironment}`;
}

function namesOf({ name: stack, environments, image }: Config, name: string, answers: EnvironmentConfig) {
  const { routing, network, deployment, registry, permissionsBoundaryArn = '', deliveryBoundaryArn = '' } = answers;
  const shares = registry.scope === 'shared';
  const [domain, zone, certificate] =
    routing.mode === 'domain' ? [routing.host, routing.hostedZoneId ?? '', routing.certificateArn] : ['', '', ''];
  return {
    RepositoryName: shares ? '' : nameOf('repository', stack, name),
    SharedRepositoryArn:
      registry.scope === 'shared' ? repositoryArn(nameOf('repository', stack, SHARED), registry) : '',
    ServiceName: nameOf('service', stack, name),
    ClusterName: network.clusterName ?? network.clusterArn!.split(':cluster/')[1]!,
    ListenerPath: network.listenerArn.split(':listener/')[1]!,
    VpcId: network.vpcId,
    TargetGroupName: suffixedNameOf('targetGroup', stack, name, network.nameSuffix),
    AlternateTargetGroupName:
      deployment.strategy === 'rolling' ? '' : suffixedNameOf('alternateTargetGroup', stack, name, network.nameSuffix),
    AlbEgressGroupId: network.albEgress === 'present' ? '' : network.albEgress.create,
    DomainName: domain,
    HostedZoneId: zone,
    IssuedDomain: certificate === undefined ? domain : '',
    PermissionsBoundaryArn: permissionsBoundaryArn,
    DeliveryBoundaryArn: deliveryBoundaryArn,
    // The first environment publishes images; they are promoted to the others.
    UpstreamRepositoryArn:
      !shares && Object.keys(environments)[0] === name ? (upstreamRepositoryArn(image, answers.region) ?? '') : '',
  } satisfies Partial<Record<keyof typeof DELIVERY_NAMES | keyof typeof OPTIONAL_DELIVERY_NAMES, string>>;
}

function stateNames({ state }: Config, name: string): Record<string, string> {
  return {
    StateBucket: state?.bucket ?? '',
    StateKmsKeyArn: state?.kmsKeyArn ?? '',
    ServiceStateKey: `${state?.keyPrefix}/${name}/service.tfstate`,
    RegistryStateKey: `${state?.keyPrefix}/${name}/registry.tfstate`,
  };
}

function resolveGrants(grants: readonly Grant[], values: Readonly<Record<string, string>>): Statement[] {
  const has = (name: OptionalName | undefined) => name === undefined || values[name] !== '';
  const lacks = (name: OptionalName | undefined) => name === undefined || values[name] === '';
  return grants
    .filter(({ when, unless }) => has(when) && lacks(unless))
    .map(
      ({ sid, actions, on, conditions }): Statement => ({
        sid,
        actions,
        resources: on
          .filter((resource) => typeof resource === 'string' || has(resource.when))
          .map((resource) => filled(typeof resource === 'string' ? resource : resource.resource, values)),
        ...(conditions && { conditions: filledConditions(conditions, values) }),
      }),
    );
}

/** Replaces each `${Name}` in a text by its value, in one pass: a `${Name}` within a value stays as it is. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!value) {
      throw new Error(`a permission is about ${name}, which the environment does not have`);
    }
    return value;
  });
}

function filledConditions(conditions: Conditions, values: Readonly<Record<string, string>>): Conditions {
  return mapValues(conditions, (keys) =>
    mapValues(keys, (value) =>
      typeof value === 'string' ? filled(value, values) : value.map((text) => filled(text, values)),
    ),
  );
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
