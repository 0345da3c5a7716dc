import { LAST_PRIORITY } from '../config/environment-parts';
import { partitionOf } from '../config/partitions';
import { describeValue, type Problem } from '../config/problem';
import { repositoryIdsCommand } from '../config/repository-ids';
import { type Answers, type EnvironmentAnswers, environmentSchema, IMAGE_MODES, TARGETS } from '../config/schema';
import { validateAnswers } from '../config/validate';
import {
  AUTH_MODES,
  CATALOGUE,
  conventionsOf,
  type Deployable,
  findConventions,
  isDeployable,
  isWithin,
  LATEST,
} from '../conventions';
import { whyNot } from '../conventions/labels';
import { POLICY_LIMIT, policySize } from './delivery/policies';
import { DUTIES, PUBLISHING, resolveDelivery } from './delivery/roles';
import { egressProblems } from './egress';
import { defaultImageMode, ORIGINS_VARIABLE, UPSTREAM_SOURCE } from './image';
import { limitsHold } from './limits';
import { blockOf } from './listener-block';
import { SHARED } from './names';
import { secretByName, secretValues } from './plain-secrets';
import { looseObject, ownValue, type Subject, type Unchecked } from './unchecked';

type Routing = { mode: string; host: string; priority: number; certificateArn: string; hostedZoneId: string };
type Network = EnvironmentAnswers['network'];

/**
 * Checks what only shows when answers are seen together, or against the conventions. Takes answers of any shape:
 * what is not there yet, or of the wrong type, is left to the validation of its own place.
 */
export function checkAnswers(answers: unknown): Problem[] {
  const draft: Unchecked<Answers> = looseObject(answers);
  const { conventions, problems } = chosenConventions(draft.conventions ?? LATEST.id);
  if (!conventions) {
    return problems;
  }
  const subjects = Object.entries(looseObject(draft.environments)).map(([name, environment]) => ({
    path: `environments.${name}`,
    environment: looseObject<EnvironmentAnswers>(environment),
    conventions,
  }));
  const found = [
    ...stateIsTerraforms(draft),
    ...imageVersion(draft, conventions),
    ...imageMode(draft, conventions),
    ...workflowsAreKnown(draft),
    ...providersAreThere(draft, subjects),
    ...rolesAreApart(draft, subjects),
    ...subjects.flatMap((subject) =>
      [
        ...ENVIRONMENT_CHECKS,
        tagKeysDiffer(draft.tags),
        partitionsAgree(draft),
        targetShifts(draft.target),
        shiftsEnd(draft),
        limitsHold(draft),
      ].flatMap((check) => check(subject)),
    ),
    ...registryHostsAreNotRouted(subjects),
    ...aliasCollisions(subjects),
    ...sharedRegistries(subjects),
    ...suffixesDiffer(subjects),
    ...listenerCollisions(subjects),
  ];
  const places = new Set(found.map(({ path }) => path));
  const all = [...found, ...secretValues(draft).filter(({ path }) => !places.has(path))];
  return all.length > 0 ? all : policiesFit(draft);
}

/** IAM refuses a policy that is too long only when the registry layer is applied. */
function policiesFit(draft: Unchecked<Answers>): Problem[] {
  const { config } = validateAnswers(draft);
  return Object.entries(config?.environments ?? {}).flatMap(([name, environment]): Problem[] => {
    const policies = resolveDelivery(config!, name, environment)?.roles.flatMap((role) => role.policies) ?? [];
    const [first] = policies.filter(({ statements }) => policySize(statements) > POLICY_LIMIT);
    if (!first) {
      return [];
    }
    const [longest] = first.statements.flatMap(({ resources }) => resources).sort((a, b) => b.length - a.length);
    const size = policySize(first.statements).toLocaleString('en');
    const message = `makes the policy ${first.name} of a role of workflows ${size} characters long, and IAM takes ${POLICY_LIMIT.toLocaleString('en')}; shorten the names in it, the longest of which has ${longest!.length.toLocaleString('en')}`;
    return [{ path: `environments.${name}`, found: describeValue(longest), message }];
  });
}

function chosenConventions(
  id: unknown,
): { conventions: Deployable; problems?: undefined } | { conventions?: undefined; problems: Problem[] } {
  const refuse = (message: string) => ({ problems: [{ path: 'conventions', found: describeValue(id), message }] });
  const conventions = findConventions(String(id));
  if (!conventions) {
    const known = CATALOGUE.filter(isDeployable).map((entry) => entry.id);
    return refuse(`must be one of ${known.join(', ')}`);
  }
  return isDeployable(conventions) ? { conventions } : refuse(`cannot be deployed: ${whyNot(conventions)}`);
}

const ENVIRONMENT_CHECKS: readonly ((subject: Subject) => Problem[])[] = [
  loadBalancerIsKnown,
  resourcesAreAtHand,
  authModeExists,
  sessionsStay,
  egressIsOfLoadBalancer,
  oneRuleShifts,
  variablesAreAllowed,
  variablesAreThere,
  portsAreLetOut,
];

function imageVersion(draft: Unchecked<Answers>, { id, versions }: Deployable): Problem[] {
  const { version } = looseObject<Answers['image']>(draft.image);
  if (typeof version !== 'string') {
    return [];
  }
  const refuse = (message: string) => [{ path: 'image.version', found: describeValue(version), message }];
  const isPublished = /^\d+\.\d+\.\d+$/.test(version);
  if (versions === null) {
    return isPublished ? refuse(`conventions ${id} are of images that have a tag, and no published version`) : [];
  }
  if (!isPublished) {
    return refuse(`must be a published version, e.g. ${versions.from}`);
  }
  if (isWithin(version, versions)) {
    return [];
  }
  const range =
    versions.below === undefined ? `${versions.from} or later` : `from ${versions.from}, below ${versions.below}`;
  const other = conventionsOf(version);
  const remedy = other ? `; version ${version} has conventions ${other.id}` : '';
  return refuse(`conventions ${id} are for version ${range}${remedy}`);
}

/** A shim needs a server that it fits; source is built at one commit; and neither has a use for what is the other's. */
function imageMode(draft: Unchecked<Answers>, conventions: Deployable): Problem[] {
  const { mode = defaultImageMode(conventions), commit, digest } = looseObject<Answers['image']>(draft.image);
  const problems: Problem[] = [];
  if (mode === 'shim' && !conventions.image.shim) {
    const message = `conventions ${conventions.id} have no shim, for their server is started in another way; take mirror or build`;
    problems.push({ path: 'image.mode', found: describeValue(mode), message });
  }
  if (mode === 'build' && commit === undefined) {
    const message = `is missing: mode build takes upstream's source at one commit; git ls-remote ${UPSTREAM_SOURCE} lists them`;
    problems.push({ path: 'image.commit', message });
  }
  if (mode !== 'build' && IMAGE_MODES.some((known) => known === mode) && commit !== undefined && commit !== null) {
    const message = `mode ${mode} takes upstream's image, not its source; remove it, or take mode build`;
    problems.push({ path: 'image.commit', found: describeValue(commit), message });
  }
  if (mode === 'build' && digest !== undefined && digest !== null) {
    const message = "mode build takes upstream's source, not its image; remove it";
    problems.push({ path: 'image.digest', found: describeValue(digest), message });
  }
  return problems;
}

/** Terraform cannot do without a place for its state; the others would leave it unused. */
function stateIsTerraforms({ target = 'terraform', state }: Unchecked<Answers>): Problem[] {
  if (target === 'terraform') {
    return state === undefined
      ? [{ path: 'state', message: 'is missing: Terraform keeps its state there; give bucket and region' }]
      : [];
  }
  return TARGETS.some((known) => known === target) && state !== undefined
    ? [{ path: 'state', found: describeValue(state), message: 'only Terraform keeps state there; remove it' }]
    : [];
}

/** Roles are for one repository, which GitHub tells by its id. */
function workflowsAreKnown({ oidcProviders, repository }: Unchecked<Answers>): Problem[] {
  if (oidcProviders === undefined) {
    return [];
  }
  const { name, ownerId, repositoryId, subject } = looseObject<Answers['repository']>(repository);
  const needed = { repositoryId, ...(subject === 'classic' ? {} : { ownerId }) };
  const missing = Object.entries(needed).flatMap(([key, value]) => ((value ?? null) === null ? [key] : []));
  const message = `is missing: with oidcProviders a role trusts the repository by its ids (${missing.join(', ')}); ${repositoryIdsCommand(String(name))} says them`;
  return missing.length > 0 ? [{ path: `repository.${missing[0]}`, message }] : [];
}

/** One identity provider for each account that has roles, and none for others. */
function providersAreThere({ oidcProviders }: Unchecked<Answers>, subjects: readonly Subject[]): Problem[] {
  if (oidcProviders === undefined) {
    return [];
  }
  const providers = looseObject<Record<string, unknown>>(oidcProviders);
  const used = new Map<string, { readonly path: string; readonly region: unknown }>();
  for (const { path, account, region } of placesOfRoles(subjects)) {
    if (typeof account === 'string' && !used.has(account)) used.set(account, { path, region });
  }
  const missing = [...used]
    .filter(([account]) => !Object.hasOwn(providers, account))
    .map(([account, { path }]) => ({
      path: `oidcProviders.${account}`,
      message: `is missing: ${path} is in this account; give {"arn": …} of GitHub's identity provider there, or {"create": true}`,
    }));
  const wrong = Object.entries(providers).flatMap(([account, provider]): Problem[] => {
    const path = `oidcProviders.${account}`;
    const subject = used.get(account);
    if (!subject) {
      return [{ path, message: 'no environment is in this account; remove it' }];
    }
    const { arn } = looseObject<{ arn: string }>(provider);
    const { region } = subject;
    const partition = typeof region === 'string' ? partitionOf(region).id : undefined;
    if (typeof region === 'string' && !partitionOf(region).githubTokens) {
      const message = `must not be given: ${subject.path} is in ${region}, whose partition ${partition} reaches no GitHub; deploy it by hand, and leave oidcProviders out`;
      return [{ path, message }];
    }
    const [, arnPartition, , , arnAccount] = typeof arn === 'string' ? arn.split(':') : [];
    if (arnAccount !== undefined && arnAccount !== account) {
      return [{ path: `${path}.arn`, found: describeValue(arn), message: `must be in the account ${account}` }];
    }
    return arnPartition !== undefined && partition !== undefined && arnPartition !== partition
      ? [{ path: `${path}.arn`, found: describeValue(arn), message: `must be in the AWS partition ${partition}` }]
      : [];
  });
  return [...missing, ...wrong];
}

/** Where roles are made: in each environment, and beside a shared registry, which has the one that publishes. */
function placesOfRoles(subjects: readonly Subject[]): { path: string; account: unknown; region: unknown }[] {
  return subjects.flatMap(({ path, environment }) => {
    const { account, region } = environment;
    const registry = looseObject<{ scope: string; account: string; region: string }>(environment.registry);
    const shared = { path: `${path}.registry`, account: registry.account, region: registry.region };
    return [{ path, account, region }, ...(registry.scope === 'shared' ? [shared] : [])];
  });
}

/** Of two environments, and of a shared registry, none may run in what GitHub has for the other's duties. */
function rolesAreApart({ oidcProviders }: Unchecked<Answers>, subjects: readonly Subject[]): Problem[] {
  if (oidcProviders === undefined) {
    return [];
  }
  const shared = areSharing(subjects) ? [{ path: `environments.${SHARED}`, duties: PUBLISHING }] : [];
  const others = [...subjects.map(({ path }) => ({ path, duties: DUTIES })), ...shared];
  return subjects.flatMap(({ path }): Problem[] => {
    const [taken] = others
      .filter((other) => other.path !== path)
      .flatMap((other) =>
        other.duties.map(({ duty, githubEnvironment }) => [githubEnvironment(other.path), duty, other.path]),
      )
      .filter(([githubEnvironment]) => githubEnvironment === path);
    return taken
      ? [{ path, message: `cannot be called so with oidcProviders: it is what GitHub has to ${taken[1]} ${taken[2]}` }]
      : [];
  });
}

function areSharing(subjects: readonly Subject[]): boolean {
  return subjects.some(({ environment }) => looseObject<{ scope: string }>(environment.registry).scope === 'shared');
}

/** On a registry's host, whichever environment's, `/mcp` is not free. */
function registryHostsAreNotRouted(subjects: readonly Subject[]): Problem[] {
  const registryHosts = subjects.flatMap(({ environment }) => hostOf(environment.registryUrl) ?? []);
  return subjects.flatMap(({ path, environment }) => {
    const { host } = looseObject<Routing>(environment.routing);
    return typeof host === 'string' && registryHosts.includes(host)
      ? [
          {
            path: `${path}.routing.host`,
            found: host,
            message: "must not be the registry's host: Quilt 1.68 and later serve /mcp/platform there",
          },
        ]
      : [];
  });
}

function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' ? /^https:\/\/([^:/]+)/.exec(url)?.[1] : undefined;
}

function loadBalancerIsKnown({ path, environment }: Subject): Problem[] {
  const { mode } = looseObject<Routing>(environment.routing);
  const network = looseObject<Network>(environment.network);
  if (mode !== 'domain') {
    return [];
  }
  return (['albDnsName', 'albHostedZoneId'] as const)
    .filter((key) => network[key] === undefined)
    .map((key) => ({
      path: `${path}.network.${key}`,
      message:
        'is missing: domain routing needs it (aws elbv2 describe-load-balancers: DNSName, CanonicalHostedZoneId)',
    }));
}

/** What is elsewhere would only be refused half-way through a deployment, or work for nobody. */
function resourcesAreAtHand({ path, environment }: Subject): Problem[] {
  const { region, account } = environment;
  if (typeof region !== 'string') {
    return [];
  }
  const network = looseObject<Network>(environment.network);
  const place = { partition: partitionOf(region).id, region, account };
  const arns: readonly (readonly [string, unknown, readonly (keyof typeof place)[]])[] = [
    ['network.listenerArn', network.listenerArn, ['partition', 'region', 'account']],
    ['network.clusterArn', network.clusterArn, ['partition', 'region', 'account']],
    [
      'routing.certificateArn',
      looseObject<Routing>(environment.routing).certificateArn,
      ['partition', 'region', 'account'],
    ],
    [
      'auth.secretArn',
      looseObject<{ secretArn: string }>(environment.auth).secretArn,
      ['partition', 'region', 'account'],
    ],
    ['logs.kmsKeyArn', looseObject<{ kmsKeyArn: string }>(environment.logs).kmsKeyArn, ['partition', 'region']],
    ['permissionsBoundaryArn', environment.permissionsBoundaryArn, ['partition', 'account']],
    ['deliveryBoundaryArn', environment.deliveryBoundaryArn, ['partition', 'account']],
    // From another account, a secret needs its own key and policies, which nothing here makes.
    ...Object.entries(looseObject(environment.secrets)).map(
      ([name, arn]) => [`secrets.${name}`, arn, ['partition', 'region', 'account']] as const,
    ),
  ];
  return arns.flatMap(([key, arn, parts]) => {
    if (typeof arn !== 'string' || !arn.startsWith('arn:')) {
      return [];
    }
    const [, partition, service, arnRegion, arnAccount] = arn.split(':');
    const found = { partition, region: arnRegion, account: arnAccount };
    // What is of IAM is in every region, and a policy that AWS manages in every account.
    const isEverywhere = { partition: false, region: service === 'iam', account: arnAccount === 'aws' };
    const wrong = parts.find(
      (part) => typeof place[part] === 'string' && found[part] !== place[part] && !isEverywhere[part],
    );
    return wrong
      ? [
          {
            path: `${path}.${key}`,
            found: describeValue(arn),
            message: `must be in the environment's ${wrong}, ${place[wrong]}`,
          },
        ]
      : [];
  });
}

/** IAM takes tag keys that differ only by case for the same, and refuses both. */
function tagKeysDiffer(tags: unknown): (subject: Subject) => Problem[] {
  return ({ path, environment }) => {
    const all = [...Object.keys(looseObject(tags)), 'Project', 'Owner', 'CostCenter'];
    return Object.keys(looseObject(environment.tags)).flatMap((key) => {
      const same = all.find((other) => other !== key && other.toLowerCase() === key.toLowerCase());
      return same ? [{ path: `${path}.tags.${key}`, message: `differs from ${same} only by case; write ${same}` }] : [];
    });
  };
}

/** Nothing of one AWS partition is reached from another. */
function partitionsAgree(draft: Unchecked<Answers>): (subject: Subject) => Problem[] {
  const state = looseObject<NonNullable<Answers['state']>>(draft.state).region;
  return ({ path, environment }) => {
    const registry = looseObject<{ region: string }>(environment.registry).region;
    const places: readonly [string, unknown][] = [
      [`${path}.registry.region`, registry],
      ['state.region', state],
    ];
    const { region } = environment;
    return places.flatMap(([place, other]) => {
      if (typeof region !== 'string' || typeof other !== 'string' || partitionOf(region).id === partitionOf(other).id) {
        return [];
      }
      return [
        { path: place, found: other, message: `is in another AWS partition than ${path}, which is in ${region}` },
      ];
    });
  };
}

function authModeExists({ path, environment, conventions }: Subject): Problem[] {
  const { mode: given, secretArn } = looseObject<{ mode: string; secretArn: string }>(environment.auth);
  const mode = AUTH_MODES.find((known) => known === (given ?? 'bearer'));
  if (!mode) {
    return [];
  }
  const { modes } = conventions.auth;
  const place = `${path}.auth`;
  if (!modes[mode]) {
    const [[only, { meaning }]] = Object.entries(modes) as [[string, { meaning: string }]];
    const message = `conventions ${conventions.id} have ${Object.keys(modes).join(', ')}: ${meaning}`;
    return [
      { path: `${place}.mode`, found: describeValue(given), message: given ? message : `must be ${only}: ${message}` },
    ];
  }
  const { secret } = modes[mode];
  if (secret && secretArn === undefined) {
    const message = `is missing: ECS fills ${secret.variable} from it (${secret.meaning}); give the ARN of a secret or SSM parameter`;
    return [{ path: `${place}.secretArn`, message }];
  }
  return !secret && secretArn !== undefined
    ? [
        {
          path: `${place}.secretArn`,
          found: describeValue(secretArn),
          message: `mode ${mode} has no secret; remove it`,
        },
      ]
    : [];
}

/** A session in the memory of one task is unknown to the others. */
function sessionsStay({ path, environment, conventions }: Subject): Problem[] {
  const { stateful, off, why } = conventions.sessions;
  const { stickiness } = looseObject<{ stickiness: boolean }>(environment.routing);
  const { desired = 2 } = looseObject<{ desired: number }>(environment.capacity);
  const isOff =
    off !== undefined && looseObject<Record<string, string>>(environment.environment)[off.variable] === off.value;
  if ((!stateful || isOff) && stickiness === true) {
    return [
      { path: `${path}.routing.stickiness`, found: 'true', message: `has no use: ${isOff ? 'sessions are off' : why}` },
    ];
  }
  if (!stateful || isOff || stickiness === true || typeof desired !== 'number' || desired <= 1) {
    return [];
  }
  const remedies = [
    'one task',
    'routing.stickiness',
    ...(off ? [`${off.variable}=${off.value} under environment`] : []),
  ];
  const message = `conventions ${conventions.id} keep sessions: ${why}; take ${remedies.join(', or ')}`;
  return [{ path: `${path}.capacity.desired`, found: String(desired), message }];
}

function variablesAreAllowed(subject: Subject): Problem[] {
  const { path, environment, conventions } = subject;
  const { fixed, derived, dead, dangerous } = conventions.environment;
  const { mode = 'bearer' } = looseObject<{ mode: string }>(environment.auth);
  const secret = AUTH_MODES.map((known) =>
    known === mode ? conventions.auth.modes[known]?.secret?.variable : undefined,
  );
  const reasonAgainst = (name: string, kind: 'environment' | 'secrets'): string | undefined => {
    const source = ownValue(derived, name)?.from;
    const value = ownValue(fixed, name)?.value;
    return (
      ownValue(dangerous, name) ??
      ownValue(dead, name) ??
      (value && `the generator sets it to ${value}`) ??
      (name === ORIGINS_VARIABLE ? 'the generator derives it from cors.allowedOrigins' : undefined) ??
      (secret.includes(name) ? 'it is a secret: give its ARN as auth.secretArn' : undefined) ??
      (source && (source !== 'environment' || kind === 'secrets')
        ? 'the generator derives it from other answers'
        : undefined)
    );
  };
  const refuse = (kind: 'environment' | 'secrets') =>
    Object.keys(looseObject(environment[kind])).flatMap((name): Problem[] => {
      const reason = reasonAgainst(name, kind);
      const secret = kind === 'environment' && reason === undefined ? secretByName(name, subject) : undefined;
      const message = reason === undefined ? secret : `must not be set: ${reason}`;
      return message ? [{ path: `${path}.${kind}.${name}`, message }] : [];
    });
  const both = Object.keys(looseObject(environment.environment))
    .filter((name) => Object.hasOwn(looseObject(environment.secrets), name))
    .map((name) => ({ path: `${path}.secrets.${name}`, message: 'is set by environment too; keep one of the two' }));
  return [...refuse('environment'), ...refuse('secrets'), ...both];
}

/** ECS moves the traffic of one listener rule, and refusing foreign origins takes several that forward. */
function oneRuleShifts({ path, environment }: Subject): Problem[] {
  const { strategy } = looseObject<{ strategy: string }>(environment.deployment);
  const cors = looseObject<{ allowedOrigins: unknown[]; foreignOrigins: string }>(environment.cors);
  const namesOrigins = Array.isArray(cors.allowedOrigins) && cors.allowedOrigins.length > 0;
  // Who names origins means others to be refused: that they are not is to be said.
  const refuses = cors.foreignOrigins === 'refuse' || (cors.foreignOrigins === undefined && namesOrigins);
  if (!isShift(strategy) || !refuses) {
    return [];
  }
  const message =
    'cannot refuse foreign origins: ECS moves the traffic of one listener rule, and that takes several; take rolling, or cors.foreignOrigins forward';
  return [{ path: `${path}.deployment.strategy`, found: strategy, message }];
}

/** A rule of another group would let nothing out of the load balancer. */
function egressIsOfLoadBalancer({ path, environment }: Subject): Problem[] {
  const { albEgress, albSecurityGroupIds } = looseObject<Network>(environment.network);
  const { create } = looseObject<{ create: string }>(albEgress);
  return typeof create === 'string' && Array.isArray(albSecurityGroupIds) && !albSecurityGroupIds.includes(create)
    ? [
        {
          path: `${path}.network.albEgress.create`,
          found: create,
          message: `must be one of the load balancer's groups, network.albSecurityGroupIds: ${albSecurityGroupIds.join(', ')}`,
        },
      ]
    : [];
}

/** In minutes; beyond it CloudFormation rejects a deployment, lest it time out. */
const LONGEST_SHIFT = 33 * 60;

/**
 * In minutes. The job of the workflow `deploy` and the session of its role end after 60; starting tasks, stopping those before
 * and `verify` take the rest. Source of the session's: AWS Security Token Service API Reference, AssumeRoleWithWebIdentity.
 */
export const LONGEST_SHIFT_OF_WORKFLOW = 40;

/**
 * A shift ends while somebody waits for it.
 * Source: AWS CloudFormation Template Reference, AWS::ECS::Service CanaryConfiguration and LinearConfiguration.
 */
function shiftsEnd({ oidcProviders }: Unchecked<Answers>): (subject: Subject) => Problem[] {
  return ({ path, environment }) => {
    const { data } = environmentSchema.shape.deployment.safeParse(environment.deployment);
    if (!data || data.strategy === 'rolling') {
      return [];
    }
    const { bakeMinutes } = data;
    const stepMinutes = data.strategy === 'blue-green' ? 0 : data.stepMinutes;
    // After the last step, which takes all that is left, nothing is waited for but the baking.
    const waits = data.strategy === 'linear' ? Math.ceil(100 / data.percent) - 1 : 1;
    const minutes = bakeMinutes + waits * stepMinutes;
    const longest = oidcProviders === undefined ? LONGEST_SHIFT : LONGEST_SHIFT_OF_WORKFLOW;
    if (minutes <= longest) {
      return [];
    }
    const [key, found] = stepMinutes > 0 ? ['stepMinutes', stepMinutes] : ['bakeMinutes', bakeMinutes];
    const limit =
      oidcProviders === undefined
        ? `CloudFormation takes none longer than ${longest} (33 hours)`
        : `the workflow deploy has room for ${longest}: its job and the session of its role end after 60. Take shorter times, or leave oidcProviders out and deploy by hand`;
    const message = `${key === 'stepMinutes' ? 'with bakeMinutes ' : ''}a deployment takes ${minutes} minutes; ${limit}`;
    return [{ path: `${path}.deployment.${key}`, found: String(found), message }];
  };
}

/** What moves traffic is no part of the AWS provider 5.x of Terraform: `deployment_configuration` came with 6.x. */
function targetShifts(target: unknown = 'terraform'): (subject: Subject) => Problem[] {
  return ({ path, environment }) => {
    const { strategy } = looseObject<{ strategy: string }>(environment.deployment);
    const message = "Terraform's AWS provider 5.x cannot; take rolling, or target cloudformation or cdk";
    return target === 'terraform' && isShift(strategy)
      ? [{ path: `${path}.deployment.strategy`, found: strategy, message }]
      : [];
  };
}

function isShift(strategy: string | unknown): strategy is string {
  return typeof strategy === 'string' && ['blue-green', 'canary', 'linear'].includes(strategy);
}

/** What only its owner knows, and the server does not start without. */
function variablesAreThere({ path, environment, conventions }: Subject): Problem[] {
  return Object.entries(conventions.environment.derived)
    .filter(([name, { from }]) => from === 'environment' && !Object.hasOwn(looseObject(environment.environment), name))
    .map(([name, { meaning }]) => ({
      path: `${path}.environment.${name}`,
      message: `is missing: conventions ${conventions.id} require it: ${meaning}`,
    }));
}

function portsAreLetOut({ path, environment }: Subject): Problem[] {
  return egressProblems(path, environment);
}

/** Target groups and security groups of two environments would have one name. */
function suffixesDiffer(subjects: readonly Subject[]): Problem[] {
  return subjects.flatMap(({ path, environment }): Problem[] => {
    const { nameSuffix: suffix } = looseObject<{ nameSuffix: string }>(environment.network);
    const other = subjects.find((subject) => subject.path === `${path}-${suffix}`);
    return typeof suffix === 'string' && other
      ? [
          {
            path: `${path}.network.nameSuffix`,
            found: suffix,
            message: `gives what is made for it the names of what ${other.path} has; take another text`,
          },
        ]
      : [];
  });
}

/** The registry that environments share is one repository: all who share it name the same place. */
function sharedRegistries(subjects: readonly Subject[]): Problem[] {
  const sharing = subjects.flatMap(({ path, environment }) => {
    const registry = looseObject<{ scope: string; account: string; region: string }>(environment.registry);
    const { scope, account, region } = registry;
    return scope === 'shared' && account && region ? [{ path, place: `${account} ${region}` }] : [];
  });
  return sharing
    .filter(({ place }) => place !== sharing[0]!.place)
    .map(({ path, place }) => ({
      path: `${path}.registry`,
      found: place,
      message: `must be the account and region that ${sharing[0]!.path} shares: ${sharing[0]!.place}`,
    }));
}

/** On one listener, no two environments may take the same host, or overlapping priorities. */
function listenerCollisions(subjects: readonly Subject[]): Problem[] {
  const problems: Problem[] = [];
  subjects.forEach((second, index) => {
    for (const first of subjects.slice(0, index)) {
      const listener = looseObject<Network>(first.environment.network).listenerArn;
      if (typeof listener !== 'string' || listener !== looseObject<Network>(second.environment.network).listenerArn) {
        continue;
      }
      const [a, b] = [
        looseObject<Routing>(first.environment.routing),
        looseObject<Routing>(second.environment.routing),
      ];
      if (typeof a.host === 'string' && a.host === b.host) {
        problems.push({
          path: `${second.path}.routing.host`,
          found: b.host,
          message: `is taken by ${first.path} on the same listener; each needs a host of its own`,
        });
      }
      if (typeof a.certificateArn === 'string' && a.certificateArn === b.certificateArn) {
        problems.push({
          path: `${second.path}.routing.certificateArn`,
          found: describeValue(b.certificateArn),
          message: `is put on the same listener by ${first.path}, whose destroy would take it away from both`,
        });
      }
      const [blockA, blockB] = [blockOf(first.environment), blockOf(second.environment)];
      if (blockA.some((taken) => blockB.includes(taken))) {
        problems.push({
          path: `${second.path}.routing.priority`,
          found: String(b.priority),
          message: `takes ${range(blockB)} on the same listener as ${first.path}, which takes ${range(blockA)}; take another priority, or fewer rules by cors.foreignOrigins forward and routing.answerOauthProbes false`,
        });
      }
    }
  });
  return [...problems, ...subjects.flatMap(blockEndsInRange)];
}

/** One name in one hosted zone is one alias record. */
function aliasCollisions(subjects: readonly Subject[]): Problem[] {
  const aliases = subjects.flatMap(({ path, environment }) => {
    const { host, hostedZoneId } = looseObject<Routing>(environment.routing);
    return typeof host === 'string' && typeof hostedZoneId === 'string'
      ? [{ path, host, name: `${host} ${hostedZoneId}` }]
      : [];
  });
  return aliases.flatMap(({ path, host, name }, index) => {
    const first = aliases.slice(0, index).find((other) => other.name === name);
    return first
      ? [{ path: `${path}.routing.host`, found: host, message: `has its alias record made by ${first.path} already` }]
      : [];
  });
}

function blockEndsInRange({ path, environment }: Subject): Problem[] {
  const block = blockOf(environment);
  const { priority } = looseObject<Routing>(environment.routing);
  return Number(priority) <= LAST_PRIORITY && block.some((taken) => taken > LAST_PRIORITY)
    ? [
        {
          path: `${path}.routing.priority`,
          found: String(priority),
          message: `takes priorities up to ${block.at(-1)}, and the last is ${LAST_PRIORITY}`,
        },
      ]
    : [];
}

function range(block: readonly number[]): string {
  return block.length > 2 ? `${block[0]} to ${block.at(-1)}` : block.join(' and ');
}
