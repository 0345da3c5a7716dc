import type { Deployment, Environment, ListenerRule, ServiceContract, ServiceLayer } from '../model/deployment';
import { LONGEST_BLOCK } from '../model/routing';
import type { NetworkFacts, Permission } from './account';
import type { Rule, RuleCondition } from './listener-rules';
import type { ServicePlace } from './reachability';
import type { AllParts, NamedResource } from './snapshot';

/** A deployment that is looked at before it is there: as the model resolves the answers, or proposals for them. */
export interface Planned {
  /** Name of the whole deployment, after which everything in it is named. */
  readonly name: string;
  readonly environment: Environment;
  readonly contract: ServiceContract;
  readonly target: Deployment['target'];
}

/** Resources that the answers of a deployment name, and the names that they come to. */
export interface ResourcesInPlan {
  readonly listenerArn: string;
  readonly vpcId: string;
  readonly cluster: string;
  readonly names: NamesInPlan;
}

export interface NamesInPlan {
  /** Of the whole deployment. */
  readonly deployment: string;
  readonly service: string;
  readonly logGroup: string;
  /** True if the deployment takes over a log group of this name, whoever made it. */
  readonly takesLogGroup?: true;
  /** Absent if the environment pulls from a repository that others share. */
  readonly repository?: string;
  /** Roles that its tasks have from the first deployment on. */
  readonly taskRoles: readonly string[];
  /** Present if the load balancer moves traffic between two target groups. */
  readonly trafficRole?: string;
}

export function resourcesInPlan({ name, environment: { service, registry, quiltStack } }: Planned): ResourcesInPlan {
  return {
    listenerArn: service.listenerArn,
    vpcId: quiltStack.vpcId,
    cluster: service.clusterArn,
    names: {
      deployment: name,
      service: service.serviceName,
      logGroup: service.logGroup.name,
      ...(service.logGroup.retain && { takesLogGroup: true }),
      ...(registry && { repository: registry.repository.name }),
      taskRoles: [service.executionRole.name, service.taskRole.name],
      ...(service.rollout.shift && { trafficRole: service.rollout.shift.roleName }),
    },
  };
}

type PlannedParts = Pick<AllParts, 'loadBalancers' | 'listeners' | 'targetGroups' | 'securityGroups' | 'subnets'> &
  Partial<Pick<AllParts, 'routeTables' | 'natGateways' | 'endpoints'>>;

const HTTPS = 443;

/** The account as it would be with the deployment in it, and the place of its service there. */
export function withDeployment(
  seen: PlannedParts,
  planned: Planned,
): { readonly facts: NetworkFacts; readonly place: ServicePlace } {
  const { service } = planned.environment;
  const { port } = planned.contract.container;
  // The group is there already if the deployment is, and others may have rules for it.
  const { name } = service.securityGroup;
  const tasksGroup = seen.securityGroups.find((group) => group.name === name)?.id ?? name;
  const targetGroupArn = `:targetgroup/${service.targetGroupName}/`;
  const others = othersRules(seen, planned);
  const tcp = (only: number, peer: Partial<Permission>): Permission => ({
    IpProtocol: 'tcp',
    FromPort: only,
    ToPort: only,
    ...peer,
  });
  return {
    facts: {
      loadBalancers: seen.loadBalancers,
      listeners: seen.listeners.map((listener) =>
        listener.arn === service.listenerArn
          ? { ...listener, rules: [...others, ...service.listenerRules.map((rule) => ruleOf(rule, targetGroupArn))] }
          : listener,
      ),
      securityGroups: [
        ...seen.securityGroups
          .filter(({ id }) => id !== tasksGroup)
          .map((group) =>
            group.id === service.albEgressGroupId
              ? { ...group, egress: [...group.egress, tcp(port, { UserIdGroupPairs: [{ GroupId: tasksGroup }] })] }
              : group,
          ),
        {
          id: tasksGroup,
          ingress: service.securityGroup.ingressFrom.map((GroupId) => tcp(port, { UserIdGroupPairs: [{ GroupId }] })),
          egress: service.securityGroup.egressCidrs.map((CidrIp) => tcp(HTTPS, { IpRanges: [{ CidrIp }] })),
        },
      ],
      subnets: seen.subnets,
      routeTables: seen.routeTables ?? [],
      natGateways: seen.natGateways ?? [],
      endpoints: seen.endpoints ?? [],
    },
    place: {
      listenerArn: service.listenerArn,
      targetGroupArns: [targetGroupArn],
      port,
      subnetIds: service.answers.network.privateSubnetIds,
      securityGroupIds: [tasksGroup],
    },
  };
}

/** Rules of the deployment's listener that are not its own: one that is deployed already has its rules there. */
export function othersRules(
  { listeners, targetGroups }: Pick<AllParts, 'listeners' | 'targetGroups'>,
  { environment: { service } }: Pick<Planned, 'environment'>,
): readonly Rule[] {
  const { rules = [] } = listeners.find(({ arn }) => arn === service.listenerArn) ?? {};
  const own = ownRules(rules, targetGroups, service);
  return rules.filter((rule) => !own.includes(rule));
}

/** Those of a listener's rules that are a deployment's own, in the order of the list. */
export function ownRules(
  rules: readonly Rule[],
  targetGroups: AllParts['targetGroups'],
  service: ServiceLayer,
): readonly Rule[] {
  const ownGroups = targetGroups.filter((group) => isOwnGroup(group, service)).map(({ arn }) => arn);
  const forwarding = rules.filter(({ Actions = [] }) => {
    const actions = JSON.stringify(Actions);
    return ownGroups.some((arn) => actions.includes(arn));
  });
  return rules.filter(
    (rule) =>
      forwarding.includes(rule) ||
      isAt(rule, service.listenerRules) ||
      forwarding.some((other) => answersBeside(rule, other)),
  );
}

/** Names of the target groups of a deployment. */
export function targetGroupNames({ targetGroupName, rollout }: ServiceLayer): string[] {
  const alternate = rollout.shift?.alternateTargetGroupName;
  return [targetGroupName, ...(alternate === undefined ? [] : [alternate])];
}

/** True for a target group of the deployment, by its tag: somebody else may have made one of the name. */
function isOwnGroup({ name, service: tag }: NamedResource, service: ServiceLayer): boolean {
  return targetGroupNames(service).includes(name) && (tag === undefined || tag === service.serviceName);
}

/** Whether a rule is at one of the planned priorities, for just the same requests. */
function isAt(rule: Rule, planned: readonly ListenerRule[]): boolean {
  return planned.some(
    (own) => String(own.priority) === rule.Priority && conditionsKey(ruleOf(own, '')) === conditionsKey(rule),
  );
}

/**
 * Whether a rule answers requests itself in the block of priorities of a rule that forwards, for the same host: another
 * priority or host in the answers moves both, and the block is that of the deployment as it is.
 */
function answersBeside(rule: Rule, forwarding: Rule): boolean {
  const [answer] = rule.Actions ?? [];
  const codes = Object.values(ANSWERS);
  return (
    answer?.Type === 'fixed-response' &&
    codes.includes(answer.FixedResponseConfig?.StatusCode ?? '') &&
    Math.abs(Number(rule.Priority) - Number(forwarding.Priority)) < LONGEST_BLOCK &&
    hostOf(rule) !== undefined &&
    hostOf(rule) === hostOf(forwarding)
  );
}

function hostOf({ Conditions = [] }: Rule): string | undefined {
  const found = Conditions.find(({ Field }) => Field === 'host-header');
  return (found?.HostHeaderConfig?.Values ?? found?.Values)?.join(' ').toLowerCase();
}

/** Status of the answers that the load balancer gives itself, by the action of the rule. */
const ANSWERS: Readonly<Record<Exclude<ListenerRule['action'], 'forward'>, string>> = {
  forbid: '403',
  'not-found': '404',
};

function conditionsKey({ Conditions = [] }: Rule): string {
  return JSON.stringify(
    Conditions.map(({ Field, Values, HostHeaderConfig, PathPatternConfig, HttpHeaderConfig }) => [
      Field,
      HttpHeaderConfig?.HttpHeaderName?.toLowerCase(),
      [...(HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? HttpHeaderConfig?.Values ?? Values ?? [])].sort(),
    ]).sort(),
  );
}

function ruleOf({ priority, host, paths, origins, action }: ListenerRule, targetGroupArn: string): Rule {
  const Conditions: RuleCondition[] = [
    { Field: 'host-header', HostHeaderConfig: { Values: [host] } },
    { Field: 'path-pattern', PathPatternConfig: { Values: paths } },
    ...(origins ? [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'Origin', Values: origins } }] : []),
  ];
  const Action =
    action === 'forward'
      ? { Type: 'forward', TargetGroupArn: targetGroupArn }
      : { Type: 'fixed-response', FixedResponseConfig: { StatusCode: ANSWERS[action] } };
  return { Priority: String(priority), Conditions, Actions: [Action] };
}
