import { priorityCommand } from '../../generators/docs/load-balancer';
import type { Templates } from '../../generators/templates';
import { SEVERITIES } from '../discovery/findings';
import { actionOf, byPriority, type Rule, targetGroupsOf } from '../discovery/listener-rules';
import { answerName } from '../discovery/proposed-answer';
import { remedyOf } from '../discovery/reader';
import { balancerOf, type Snapshot } from '../discovery/snapshot';
import type { Takeover, Way } from '../discovery/takeover';
import type { Analysis, Assumed } from './analysis';
import { networkMap } from './network-map';

/** The report of an analysis, as Markdown. */
export function analysisReport(analysis: Analysis, templates: Templates): string {
  return templates.render('docs/analysis.md', analysisContext(analysis));
}

/** Context of the report's template. */
export function analysisContext({ snapshot, proposals, verdict, assumed, takeovers }: Analysis): object {
  const { parts, region, taken, calls, catalog, unseen } = snapshot;
  return {
    taken,
    region,
    calls,
    account: parts.identity?.account ?? 'not seen',
    caller: parts.identity?.arn ?? 'not seen',
    stack: parts.stack?.name ?? (parts.stack === null ? 'none found' : 'not seen'),
    platform: catalog?.stackVersion ?? null,
    judged: verdict.judged,
    assumed: assumed ? assumedText(assumed) : null,
    severities: SEVERITIES.map((severity) => ({
      severity,
      title: TITLES[severity],
      findings: verdict.findings.filter((finding) => finding.severity === severity),
    })).filter(({ findings }) => findings.length > 0),
    unknown: verdict.unknown,
    unseen: [...new Set(unseen.map((one) => remedyOf(one)))],
    proposals: proposals.map(({ path, value, candidates = [], evidence }) => ({
      path: answerName({ path }),
      value: value === undefined ? null : valueText(value),
      candidates: candidates.map((one) => ({ value: valueText(one.value), why: one.why })),
      evidence,
    })),
    rules: rulesOf(snapshot),
    integration: integrationOf(snapshot),
    inventory: inventoryOf(snapshot),
    takeovers: takeovers.map((takeover) => takeoverContext(takeover, region)),
    map: parts.subnets && parts.securityGroups ? networkMap(snapshot) : null,
  };
}

function takeoverContext({ way, priorities, ...takeover }: Takeover, region: string): object {
  const command = (moves: Way['after'], to: 'from' | 'to') =>
    moves.length === 0
      ? null
      : priorityCommand(
          region,
          moves.map((move) => ({ arn: move.arn, priority: move[to] })),
        );
  return {
    ...takeover,
    priorities: priorities.map(String),
    way: way
      ? {
          first: way.first ?? null,
          room: command(way.before, 'to'),
          onward: command(way.after, 'to'),
          back: command(way.after, 'from'),
        }
      : null,
  };
}

/** The answer that nobody chose yet, with which the deployment is judged. */
export function assumedText({ path, value, why }: Assumed): string {
  return `The deployment is judged with ${path} ${valueText(value)}, though it is yours to choose: it holds ${why}.`;
}

/** A value of an answer, as one line. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Titles of the findings of each severity. */
export const TITLES = { error: 'Errors', warning: 'Warnings', note: 'Notes' } as const;

/** Rules of the listener, in order. */
function rulesOf({ parts }: Snapshot): object[] {
  const listener = parts.listeners?.find(({ arn }) => arn === parts.listenerArn);
  const names = new Map(parts.targetGroups?.map(({ arn, name }) => [arn, name]));
  return [...(listener?.rules ?? [])].sort(byPriority).map((rule) => {
    const action = actionOf(rule);
    const groups = targetGroupsOf(action ?? {}).map((arn) => names.get(arn) ?? arn);
    return {
      priority: rule.IsDefault ? 'default' : rule.Priority,
      conditions: (rule.Conditions ?? []).map(conditionText).join(' and ') || 'everything',
      action: groups.length > 0 ? `forward to ${groups.join(', ')}` : (action?.Type ?? 'none'),
    };
  });
}

function conditionText(condition: NonNullable<Rule['Conditions']>[number]): string {
  const { Field, Values, HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, HttpRequestMethodConfig } = condition;
  const values =
    HostHeaderConfig?.Values ??
    PathPatternConfig?.Values ??
    HttpHeaderConfig?.Values ??
    HttpRequestMethodConfig?.Values ??
    Values ??
    [];
  return `${HttpHeaderConfig?.HttpHeaderName ?? Field} ${values.join(' or ')}`;
}

/** Resources that a deployment attaches to; absent are those that were not seen. */
function integrationOf(snapshot: Snapshot): { readonly kind: string; readonly found: readonly string[] }[] {
  const { parts } = snapshot;
  const balancer = balancerOf(snapshot);
  const rows: readonly (readonly [kind: string, found: string | undefined | null])[] = [
    ['Listener, which gets its rules', parts.listenerArn],
    ['Load balancer, which clients reach', balancer?.dnsName],
    ['Security groups of the load balancer, which lets it out to the tasks', balancer?.securityGroupIds.join(', ')],
    ['VPC, which gets its security group', balancer?.vpcId ?? parts.stack?.parameters.VPC],
    ['ECS cluster, which runs its service', parts.cluster?.arn],
    ["Subnets of the Quilt stack's services, for its tasks", parts.stack?.parameters.Subnets],
  ];
  return rows.flatMap(([kind, found]) => (found ? [{ kind, found: [found] }] : []));
}

/** Seen resources, by kind. */
function inventoryOf(snapshot: Snapshot): { readonly kind: string; readonly found: readonly string[] }[] {
  const { parts } = snapshot;
  const balancer = balancerOf(snapshot);
  const rows: readonly (readonly [kind: string, found: readonly string[] | undefined])[] = [
    ['Load balancer', balancer && [`${balancer.name} (${balancer.scheme}, ${balancer.ipAddressType})`]],
    ['Idle timeout', parts.idleTimeout === undefined ? undefined : [`${parts.idleTimeout} s`]],
    ['Listeners', parts.listeners?.map(({ protocol, port }) => `${protocol} ${port}`)],
    ['Certificates of the listener', parts.listenerCertificates],
    ['Web ACL', parts.webAcl === undefined ? undefined : parts.webAcl === null ? [] : [parts.webAcl.name]],
    ['ECS cluster', parts.cluster === undefined ? undefined : parts.cluster === null ? [] : [parts.cluster.name]],
    ["Services beside the stack's own", parts.services?.map(({ name }) => name)],
    ['Target groups', parts.targetGroups?.map(({ name }) => name)],
    ['Log groups below /ecs/', parts.logGroups?.map(({ name }) => name)],
    ['Hosted zones', parts.zones?.map(({ name, isPrivate }) => `${name}${isPrivate ? ' (private)' : ''}`)],
    ['ECR repositories', parts.repositories?.map(({ name }) => name)],
    ['Identity providers', parts.oidcProviders],
    ['VPC endpoints', parts.endpoints?.map(({ service }) => service)],
    // Names alone: no call returns a value.
    ['Secrets', parts.secrets?.map(({ name }) => name)],
  ];
  return rows.map(([kind, found]) => ({
    kind,
    found: found === undefined ? ['not seen'] : found.length === 0 ? ['none'] : found,
  }));
}
