import type { NetworkFacts } from './account';
import type { Unseen } from './reader';

/**
 * An account as a reading saw it, for a program: findings and proposals are made of it alone, also later and offline. A
 * part that is absent was not seen. It has no value of a secret, and of variables their names alone.
 */
export interface Snapshot {
  readonly format: typeof FORMAT;
  /** Time of the reading, as ISO 8601. */
  readonly taken: string;
  readonly region: string;
  readonly catalog?: Catalog;
  readonly parts: Parts;
  readonly unseen: readonly Unseen[];
  /** Number of calls of AWS. */
  readonly calls: number;
}

/** Version of the snapshot's shape. */
export const FORMAT = 2;

/** The catalog's `config.json`, as far as it matters. */
export interface Catalog {
  /** Source of these facts: a URL, or a file. */
  readonly source: string;
  /** Without a path. */
  readonly url: string;
  readonly host: string;
  readonly region: string;
  /** Absent if config.json was not read. */
  readonly registryUrl?: string;
  /** Version of the platform. */
  readonly stackVersion?: string;
}

/** Parts of an account, each by the call that shows it. */
export type Parts = Partial<AllParts>;

export interface AllParts {
  readonly identity: { readonly account: string; readonly arn: string };
  /** Null if there is none for the catalog. */
  readonly stack: SeenStack | null;
  /** Names of stacks that are for the catalog, too. */
  readonly otherStacks: readonly string[];
  readonly loadBalancers: readonly LoadBalancer[];
  /** ARN of the listener of the deployment; null if it is not there; absent, none can be told. */
  readonly listenerArn: string | null;
  /** Listeners of its load balancer, with all rules. */
  readonly listeners: readonly Listener[];
  /** Seconds. */
  readonly idleTimeout: number;
  /** Those of the region, also of other load balancers: their names are taken. */
  readonly targetGroups: readonly (NamedResource & { readonly arn: string })[];
  readonly limits: { readonly rules?: number; readonly certificates?: number };
  /** ARNs of the certificates of the listener, the default one first. */
  readonly listenerCertificates: readonly string[];
  /** Null if the load balancer has none. */
  readonly webAcl: WebAcl | null;
  readonly certificates: readonly Certificate[];
  readonly securityGroups: readonly (NetworkFacts['securityGroups'][number] & NamedResource)[];
  readonly subnets: readonly (NetworkFacts['subnets'][number] & { readonly zone: string })[];
  readonly routeTables: NetworkFacts['routeTables'];
  readonly natGateways: NetworkFacts['natGateways'];
  readonly endpoints: NetworkFacts['endpoints'];
  /** Null if it is not there; absent, none can be told. */
  readonly cluster: Cluster | null;
  /** Names of active clusters, if none can be told. */
  readonly clusters: readonly string[];
  /** Services of the cluster that are not the stack's own; of a check, the deployment's alone. */
  readonly services: readonly Service[];
  /** Those that run an MCP server. */
  readonly running: readonly Running[];
  readonly zones: readonly { readonly id: string; readonly name: string; readonly isPrivate: boolean }[];
  readonly repositories: readonly NamedResource[];
  readonly oidcProviders: readonly string[];
  /** Those that were asked for by the names of a deployment; without answers, none is. */
  readonly roles: readonly (NamedResource & { readonly isThere: boolean })[];
  /** Those below `/ecs/`. */
  readonly logGroups: readonly NamedResource[];
  readonly secrets: readonly { readonly name: string; readonly arn: string }[];
  readonly buckets: readonly string[];
}

/** A resource that a deployment may have the same name for. */
export interface NamedResource {
  readonly name: string;
  /**
   * Its tag `Service`, by which each resource of this generator names its service, or the service of this generator that
   * registers with it; null if it has none; absent if it was not read, for the name is none of the deployment's.
   */
  readonly service?: string | null;
}

export interface SeenStack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Those of the network alone: another one may be a secret. */
  readonly parameters: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly resources: Readonly<Record<string, { readonly type: string; readonly id: string }>>;
}

export type LoadBalancer = NetworkFacts['loadBalancers'][number] & {
  readonly name: string;
  readonly scheme: string;
  readonly vpcId: string;
  readonly dnsName: string;
  readonly hostedZoneId: string;
  readonly ipAddressType: string;
};

export type Listener = NetworkFacts['listeners'][number] & { readonly protocol: string };

export interface Certificate {
  readonly arn: string;
  /** Host names, with wildcards. */
  readonly names: readonly string[];
  readonly status: string;
  /** As ISO 8601. */
  readonly notAfter?: string;
  /** ACM does not renew it. */
  readonly isImported?: true;
}

/** A web ACL, as far as its rules decide by themselves. */
export interface WebAcl {
  readonly name: string;
  /** Names of its rules that block requests by their country. */
  readonly byCountry: readonly string[];
  /** Names of its rules that block large bodies. */
  readonly bySize: readonly string[];
  /** Reason why its other rules are not judged; absent if all are. */
  readonly undecided?: string;
}

export interface Cluster {
  readonly arn: string;
  readonly name: string;
  readonly capacityProviders: readonly string[];
}

export interface Service {
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly taskDefinition: string;
  /** Target groups that its tasks register with. */
  readonly targetGroupArns: readonly string[];
  /** Tag of this generator: the generation of conventions. */
  readonly convention?: string;
}

/** A service that runs an MCP server. */
export interface Running {
  readonly service: string;
  readonly image: string;
  /** Names of variables that stand in plain text. */
  readonly variables: readonly string[];
  /** Names of variables that are filled from secrets. */
  readonly secrets: readonly string[];
  /** Names of variables in plain text that are secrets, by their name or value. */
  readonly plaintextSecrets: readonly string[];
  readonly taskRoleArn?: string;
  /** Names of the task role's policies; absent if not seen. */
  readonly taskRolePolicies?: readonly string[];
}

/** The load balancer of the listener. */
export function balancerOf({ parts: { loadBalancers, listeners } }: Pick<Snapshot, 'parts'>): LoadBalancer | undefined {
  const arn = listeners?.[0]?.loadBalancerArn;
  return loadBalancers?.find((balancer) => balancer.arn === arn);
}
