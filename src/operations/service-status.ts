import { actionOf, byPriority, type Rule, targetGroupsOf } from '../discovery/listener-rules';
import { ownRules } from '../discovery/planned';
import { isoTime } from '../discovery/time';
import type { Environment } from '../model/deployment';
import { type Aws, answerOf } from './aws-cli';
import { imagesOf, targetStates } from './ecs-service';

/** The state of an environment's deployment in AWS, as a person asks for it. `status --json` prints it. */
export interface ServiceStatus {
  readonly environment: string;
  readonly url: string;
  /** Absent if nothing is deployed. */
  readonly service?: {
    readonly name: string;
    readonly running: number;
    readonly pending: number;
    readonly desired: number;
    readonly deployments: readonly {
      readonly status: string;
      readonly rollout?: string;
      readonly reason?: string;
    }[];
    /** The last ones, newest first. */
    readonly events: readonly { readonly at: string; readonly message: string }[];
  };
  /** Images of the service's task definition. */
  readonly images: readonly string[];
  /** Digest that the repository names; null if none is named yet. */
  readonly named: string | null;
  readonly targets: readonly { readonly group: string; readonly states: Readonly<Record<string, number>> }[];
  /** Rules of the listener that are the deployment's own, in order. */
  readonly rules: readonly { readonly priority: string; readonly action: string }[];
  /** Problems, each in one line; none if all is as it should be. */
  readonly problems: readonly string[];
}

interface DescribedService {
  readonly status: string;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly desiredCount: number;
  readonly taskDefinition: string;
  readonly deployments: readonly { status: string; rolloutState?: string; rolloutStateReason?: string }[];
  readonly events?: readonly { createdAt: string | number; message: string }[];
}

const EVENTS = 5;

/**
 * Looks at the service of an environment: its tasks, targets, rules, last events, and its image against the one that the
 * repository names.
 *
 * @param named the digest of deploy/images
 * @throws ProgramFailure if AWS gives no answer
 */
export async function serviceStatus(aws: Aws, environment: Environment, named: string | null): Promise<ServiceStatus> {
  const { name, url, service } = environment;
  const answer = await answerOf(
    aws<{ services?: DescribedService[] }>(
      ...['ecs', 'describe-services', '--cluster', service.clusterArn, '--services', service.serviceName],
    ),
    /ClusterNotFoundException/,
  );
  const found = answer?.services?.find(({ status }) => status === 'ACTIVE');
  const base = { environment: name, url, named, images: [], targets: [], rules: [] };
  if (!found) return { ...base, problems: [`there is no service ${service.serviceName}: nothing is deployed`] };
  const [images, { groups, targets }, rules] = await Promise.all([
    imagesOf(aws, found.taskDefinition),
    targetsOf(aws, environment),
    rulesOf(aws, environment),
  ]);
  const status = {
    ...base,
    service: {
      name: service.serviceName,
      running: found.runningCount,
      pending: found.pendingCount,
      desired: found.desiredCount,
      deployments: found.deployments.map(({ status: state, rolloutState, rolloutStateReason }) => ({
        status: state,
        ...(rolloutState !== undefined && { rollout: rolloutState }),
        ...(rolloutState === 'FAILED' && rolloutStateReason !== undefined && { reason: rolloutStateReason }),
      })),
      events: (found.events ?? []).slice(0, EVENTS).map(({ createdAt, message }) => ({
        at: isoTime(createdAt),
        message,
      })),
    },
    images,
    targets,
    rules: ownRules(rules, groups, service).map((rule) => ({
      priority: rule.Priority ?? 'default',
      action: actionText(rule, groups),
    })),
  };
  return { ...status, problems: problemsOf(status, environment) };
}

type NamedGroups = readonly { readonly arn: string; readonly name: string }[];

/** The target groups of the deployment that are there, and the states of their targets. */
async function targetsOf(aws: Aws, { service }: Environment) {
  const names = [service.targetGroupName, service.rollout.shift?.alternateTargetGroupName].filter(
    (name) => name !== undefined,
  );
  const found = await Promise.all(
    names.map((name) =>
      answerOf(
        aws<{ TargetGroups: readonly { TargetGroupArn: string }[] }>(
          'elbv2',
          'describe-target-groups',
          '--names',
          name,
        ),
        /TargetGroupNotFound/,
      ),
    ),
  );
  const groups = found.flatMap((answer, index) =>
    (answer?.TargetGroups ?? []).map(({ TargetGroupArn }) => ({ arn: TargetGroupArn, name: names[index]! })),
  );
  const targets = await Promise.all(
    groups.map(async ({ arn, name }) => {
      const states: Record<string, number> = {};
      for (const state of await targetStates(aws, arn)) states[state] = (states[state] ?? 0) + 1;
      return { group: name, states };
    }),
  );
  return { groups, targets };
}

async function rulesOf(aws: Aws, { service }: Environment): Promise<readonly Rule[]> {
  const answer = await answerOf(
    aws<{ Rules: readonly Rule[] }>(...['elbv2', 'describe-rules', '--listener-arn', service.listenerArn]),
    /ListenerNotFound/,
  );
  return [...(answer?.Rules ?? [])].sort(byPriority);
}

function actionText(rule: Rule, groups: NamedGroups): string {
  const action = actionOf(rule);
  const names = targetGroupsOf(action ?? {}).map((arn) => groups.find((group) => group.arn === arn)?.name ?? arn);
  if (names.length > 0) return `forward to ${names.join(' and ')}`;
  return action?.FixedResponseConfig?.StatusCode
    ? `answer with ${action.FixedResponseConfig.StatusCode}`
    : (action?.Type ?? 'none');
}

function problemsOf(
  { service, images, named, targets, rules }: Required<Omit<ServiceStatus, 'problems' | 'environment' | 'url'>>,
  environment: Environment,
): string[] {
  const { running, desired, deployments } = service;
  const healthy = targets.reduce((sum, { states }) => sum + (states.healthy ?? 0), 0);
  const failed = deployments.find(({ rollout }) => rollout === 'FAILED');
  const isMoving = deployments.length > 1 || deployments.some(({ rollout }) => rollout === 'IN_PROGRESS');
  const missing = environment.service.listenerRules.filter(
    ({ priority }) => !rules.some((rule) => rule.priority === String(priority)),
  );
  return [
    ...(failed ? [`the last deployment failed: ${failed.reason ?? 'ECS does not say why'}`] : []),
    ...(isMoving ? ['a deployment is in progress'] : []),
    ...(running < desired ? [`${running} of ${desired} tasks run`] : []),
    ...(healthy < desired ? [`${healthy} of ${desired} targets are healthy`] : []),
    ...(named !== null && !images.some((image) => image.endsWith(`@${named}`))
      ? [`it runs ${images.join(', ')}, and the repository names ${named}`]
      : []),
    ...(missing.length > 0
      ? [`the listener has no rule of it at ${missing.map(({ priority }) => priority).join(', ')}`]
      : []),
  ];
}

/** The state for a terminal. */
export function statusText({
  environment,
  url,
  service,
  images,
  named,
  targets,
  rules,
  problems,
}: ServiceStatus): string {
  const row = (name: string, value: string) => `  ${name.padEnd(12)}${value}`;
  return [
    `${environment}  ${url}`,
    ...(service
      ? [
          row(
            'service',
            `${service.name}: ${service.running} of ${service.desired} tasks run${service.pending > 0 ? `, ${service.pending} pending` : ''}`,
          ),
          ...service.deployments.map(({ status, rollout, reason }) =>
            row('deployment', [status, rollout, reason].filter(Boolean).join(', ')),
          ),
        ]
      : []),
    ...images.map((image) => row('image', image)),
    row('named', named ?? 'none yet'),
    ...targets.map(({ group, states }) =>
      row(
        'targets',
        `${group}: ${
          Object.entries(states)
            .map(([state, number]) => `${number} ${state}`)
            .join(', ') || 'none'
        }`,
      ),
    ),
    ...rules.map(({ priority, action }) => row('rule', `${priority}: ${action}`)),
    ...(service?.events ?? []).map(({ at, message }) => row('event', `${at} ${message}`)),
    ...problems.map((problem) => `! ${problem}`),
    ...(problems.length === 0 ? ['✓ nothing is wrong'] : []),
  ].join('\n');
}
