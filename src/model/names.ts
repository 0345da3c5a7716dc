import { createHash } from 'node:crypto';

interface NameRule {
  /** The name, of the Quilt stack's name and the environment's. */
  readonly of: (stack: string, environment: string) => string;
  /** Length limit of AWS, in characters. */
  readonly limit: number;
}

const base = (stack: string, environment: string) => `${stack}-mcp-server-${environment}`;

/** Suffixes by which other resources are named after the service. */
export const SUFFIXES = {
  executionRole: '-execution',
  taskRole: '-task',
  trafficRole: '-traffic',
  publishRole: '-publish',
  planRole: '-plan',
  deployRole: '-deploy',
  alternateTargetGroup: '-alternate',
  registryStack: '-registry',
  serviceStack: '-service',
} as const;

/** Beginning of the names of log groups. */
export const LOG_GROUPS = '/ecs/';

const suffixed =
  (kind: keyof typeof SUFFIXES): NameRule['of'] =>
  (stack, environment) =>
    `${base(stack, environment)}${SUFFIXES[kind]}`;

/**
 * The naming rule of each resource, the same in every target. A name over its limit is cut, and ends in a hash of the
 * whole name, so that two that begin alike stay apart.
 */
const NAMES = {
  service: { of: base, limit: 255 },
  taskFamily: { of: base, limit: 255 },
  container: { of: base, limit: 255 },
  logGroup: { of: (stack, environment) => `${LOG_GROUPS}${base(stack, environment)}`, limit: 512 },
  repository: { of: base, limit: 256 },
  executionRole: { of: suffixed('executionRole'), limit: 64 },
  taskRole: { of: suffixed('taskRole'), limit: 64 },
  securityGroup: { of: base, limit: 255 },
  targetGroup: { of: base, limit: 32 },
  alternateTargetGroup: { of: suffixed('alternateTargetGroup'), limit: 32 },
  trafficRole: { of: suffixed('trafficRole'), limit: 64 },
  publishRole: { of: suffixed('publishRole'), limit: 64 },
  planRole: { of: suffixed('planRole'), limit: 64 },
  deployRole: { of: suffixed('deployRole'), limit: 64 },
  registryStack: { of: suffixed('registryStack'), limit: 128 },
  serviceStack: { of: suffixed('serviceStack'), limit: 128 },
} as const satisfies Record<string, NameRule>;

/** The kinds of resources that have a name. */
export type Named = keyof typeof NAMES;

export const NAMED = Object.keys(NAMES) as readonly Named[];

/** The most characters that AWS takes in a name of this kind. */
export function limitOf(kind: Named): number {
  return NAMES[kind].limit;
}

/** The environment's name under which the registry that environments share is kept. */
export const SHARED = 'shared';

/**
 * The name of one resource.
 *
 * @param stack the Quilt stack's name
 * @param environment the environment's name, or {@link SHARED}
 */
export function nameOf(kind: Named, stack: string, environment: string): string {
  const rule: NameRule = NAMES[kind];
  return cut(rule.of(stack, environment), limitOf(kind));
}

/** The pattern of a resource's name in any environment, but for names that are cut. */
export function namePatternOf(kind: Named, stack: string): string {
  return NAMES[kind].of(stack, '*');
}

/** Whether a resource of this name would be a deployment's, in an environment of any name: names that are cut included. */
export function isNameOf(kind: Named, stack: string, name: string): boolean {
  const [beginning = ''] = namePatternOf(kind, stack).split('*');
  if (name.startsWith(beginning)) return true;
  const left = leftOf(beginning, limitOf(kind));
  return left.length < beginning.length && name.startsWith(left) && HASH.test(name.slice(left.length));
}

/** Resources whose VPC or port AWS cannot change, and that CloudFormation does not replace under the same name. */
const SUFFIXED = ['targetGroup', 'alternateTargetGroup', 'securityGroup'] as const satisfies readonly Named[];
type SuffixedName = (typeof SUFFIXED)[number];

function isSuffixed(kind: Named): kind is SuffixedName {
  return SUFFIXED.some((one) => one === kind);
}

/**
 * The name of a resource that another VPC or port replaces: its successor has another suffix. An environment called
 * NAME-SUFFIX would have the same name; the checks of answers refuse it beside this one.
 */
export function suffixedNameOf(
  kind: SuffixedName,
  stack: string,
  environment: string,
  suffix: string | undefined,
): string {
  return nameOf(kind, stack, suffix === undefined ? environment : `${environment}-${suffix}`);
}

/** The names of an environment's resources, of which the conventions or the answers may leave some out. */
export type Names = Readonly<Record<Named, string>>;

/** @param suffix of those that another VPC or port replaces, see {@link suffixedNameOf} */
export function namesOf(stack: string, environment: string, suffix: string | undefined): Names {
  const names = NAMED.map((kind): [Named, string] => [
    kind,
    isSuffixed(kind) ? suffixedNameOf(kind, stack, environment, suffix) : nameOf(kind, stack, environment),
  ]);
  return Object.fromEntries(names) as Names;
}

/** The name itself if it fits; else its beginning and 8 hexadecimal digits of its SHA-256. */
export function cut(name: string, limit: number): string {
  if (name.length <= limit) {
    return name;
  }
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${leftOf(name, limit)}-${hash}`;
}

/** The beginning of a name that is left when it is cut, for a hash behind it. */
function leftOf(name: string, limit: number): string {
  return name.slice(0, limit - 9).replace(/-+$/, '');
}

/** End of a name that is cut. */
const HASH = /^-[0-9a-f]{8}$/;

/** Source: IAM User Guide, "IAM and AWS STS quotas", IAM name limits. */
const POLICY_NAME = 128;

/** The name of a customer managed policy of a role: it begins with the role's, by which permissions are about it. */
export function policyNameOf(roleName: string, topic: string): string {
  return cut(`${roleName}-${topic}`, POLICY_NAME);
}
