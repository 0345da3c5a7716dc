import type { CallName } from '../calls';
import type { Planned } from '../planned';
import type { AllParts, Catalog } from '../snapshot';

/**
 * `error`: the deployment fails, or nobody reaches it. `warning`: it works, and something about it is dangerous or breaks some
 * requests. `note`: good to know.
 */
export type Severity = 'error' | 'warning' | 'note';

/** Severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** Something about an account that its owner should know, before a deployment. */
export interface Finding {
  /** Id of the check. */
  readonly check: string;
  readonly severity: Severity;
  /** The fact, in one line. */
  readonly text: string;
  /** Source of the fact: a resource, and the call that shows it. */
  readonly evidence: string;
  /** Effect if nothing is done. */
  readonly effect: string;
  /** The command or the answer that mends it. */
  readonly remedy: string;
}

/** A check that has no result. */
export interface Unknown {
  /** Id of the check. */
  readonly check: string;
  readonly question: string;
  /** Reasons, such as `needs ec2:DescribeSubnets`. */
  readonly why: readonly string[];
}

/** A finding as a check makes it. */
export type Found = Omit<Finding, 'check'>;

/** Data for a check beside the parts of the account. */
export interface CheckContext {
  readonly region: string;
  readonly catalog?: Catalog;
  readonly now: Date;
}

/** A check of an account. */
export interface Check {
  readonly id: string;
  /** A question in one line, whose answer is yes in a healthy account. */
  readonly question: string;
  readonly needs: readonly (keyof AllParts)[];
  readonly judge: (parts: AllParts, planned: Planned, around: CheckContext) => readonly Found[];
  /** True if it is about a planned deployment: without answers for one it has no result. */
  readonly isOfDeployment: boolean;
}

/** A check of a planned deployment. */
export function ofDeployment<Needed extends keyof AllParts>(
  id: string,
  question: string,
  needs: readonly Needed[],
  judge: (parts: Pick<AllParts, Needed>, planned: Planned, around: CheckContext) => readonly Found[],
): Check {
  return { id, question, needs, judge, isOfDeployment: true };
}

/** A check of the account as it is. */
export function ofAccount<Needed extends keyof AllParts>(
  id: string,
  question: string,
  needs: readonly Needed[],
  judge: (parts: Pick<AllParts, Needed>, around: CheckContext) => readonly Found[],
): Check {
  return { id, question, needs, judge: (parts, _, around) => judge(parts, around), isOfDeployment: false };
}

/** Calls that show a part: if one has no answer, the part may be absent. */
export const SHOWN_BY: Readonly<Record<keyof AllParts, readonly CallName[]>> = {
  identity: ['identity'],
  stack: ['stacks', 'stackResources'],
  otherStacks: ['stacks'],
  loadBalancers: ['loadBalancers'],
  listenerArn: ['loadBalancers', 'listeners', 'rules'],
  listeners: ['loadBalancers', 'listeners', 'rules'],
  idleTimeout: ['idleTimeout'],
  targetGroups: ['targetGroups', 'targetGroupTags'],
  limits: ['limits'],
  listenerCertificates: ['listenerCertificates'],
  webAcl: ['webAcl'],
  certificates: ['certificates'],
  securityGroups: ['securityGroups'],
  subnets: ['subnets'],
  routeTables: ['routeTables'],
  natGateways: ['natGateways'],
  endpoints: ['endpoints'],
  cluster: ['cluster'],
  clusters: ['clusters'],
  services: ['cluster', 'serviceNames', 'services'],
  running: ['cluster', 'serviceNames', 'services', 'taskDefinition'],
  zones: ['zones'],
  repositories: ['repositories', 'repositoryTags'],
  oidcProviders: ['oidcProviders'],
  roles: ['role'],
  logGroups: ['logGroups', 'logGroupTags'],
  secrets: ['secrets'],
  buckets: ['buckets'],
};
