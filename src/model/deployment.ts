import type { VERIFICATIONS } from '../config/delivery';
import type { EnvironmentConfig } from '../config/environment';
import type { Config, IMAGE_MODES } from '../config/repository';
import type { Deployable } from '../conventions';
import type { PolicyTopic } from './delivery/policy-topics';
import type { Names } from './names';

/**
 * A deployment: the answers and the conventions resolved to the last property. Every target is generated from this and
 * from nothing else. Sizes are MiB, times are seconds, CPU is in CPU units.
 */
export interface Deployment {
  /** The Quilt stack's name. */
  readonly name: string;
  readonly target: Config['target'];
  readonly conventions: Deployable;
  readonly image: ServerImage;
  readonly repository: {
    readonly name: string;
    readonly ownerId: number | null;
    readonly repositoryId: number | null;
    readonly subject: Config['repository']['subject'];
    /** The GitHub App that opens pull requests: names of the variable and the secret that know it. */
    readonly app?: { readonly idVariable: string; readonly keySecret: string };
  };
  /** Properties that the services of all environments share. */
  readonly contract: ServiceContract;
  /** In the order of promotion. */
  readonly environments: readonly Environment[];
  /** The registry layer that environments share; absent if each has its own. */
  readonly sharedRegistry?: RegistryLayer;
}

/** The image that every environment runs: its origin, and how it is made. */
export interface ServerImage {
  readonly mode: (typeof IMAGE_MODES)[number];
  /** Version of the server. */
  readonly version: string;
  /** Upstream's image; without its digest it is not pinned yet. */
  readonly upstream: { readonly registry: string; readonly repository: string; readonly digest: string | null };
  /** Commit of upstream's source, null until it is known; present if the image is built from source. */
  readonly commit?: string | null;
  /** Present if upstream's image gets another entry point. */
  readonly shim?: Shim;
}

/** Settings of the other entry point. None differs by environment: the same image runs in each. */
export interface Shim {
  /** Module whose `main` starts the server. */
  readonly module: string;
  readonly cors: {
    /** Variable of the container that holds the allowed origins, parted by commas. */
    readonly variable: string;
    readonly methods: readonly string[];
    /** Headers that a page may send. */
    readonly headers: readonly string[];
    /** Headers that a page may read, beside those that it always may. */
    readonly exposedHeaders: readonly string[];
  };
  /** Seconds that an idle connection is kept. */
  readonly keepAlive: number;
  /** Seconds from SIGTERM until open connections are closed. */
  readonly gracefulShutdown: number;
}

/** The part of a service that no answer changes: fixed by the conventions and by the house. */
export interface ServiceContract {
  readonly container: {
    readonly port: number;
    /** uid:gid that the server runs as. */
    readonly user: string;
    readonly stopTimeout: number;
    readonly tmpfs: { readonly containerPath: string; readonly size: number };
    readonly environment: Readonly<Record<string, string>>;
    readonly probe: {
      readonly command: readonly string[];
      readonly interval: number;
      readonly timeout: number;
      readonly retries: number;
      readonly startPeriod: number;
    };
  };
  readonly targetGroup: {
    readonly healthCheckPath: string;
    readonly matcher: string;
    readonly interval: number;
    readonly timeout: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly deregistrationDelay: number;
    /** Seconds for which a cookie keeps a client at its task, if stickiness is on. */
    readonly stickinessDuration: number;
  };
  readonly service: {
    readonly minimumHealthyPercent: number;
    readonly maximumPercent: number;
    readonly healthCheckGracePeriod: number;
  };
  readonly routing: {
    /** Path patterns of the listener rules. */
    readonly paths: readonly string[];
    /** Origins that one listener rule has room for, beside its host and paths. */
    readonly originsPerRule: number;
    /** Path patterns by which clients look for OAuth metadata. */
    readonly oauthProbes: readonly string[];
  };
  readonly registry: { readonly expireUntaggedAfterDays: number };
  /** Tags of the task definition and the service alone, for an upgrade changes them. */
  readonly conventionTags: Tags;
  /** Names that no variable of a container may have, with the reason. */
  readonly forbiddenVariables: readonly { readonly why: string; readonly names: readonly string[] }[];
  /** Names that every container's variables must have. */
  readonly requiredVariables: readonly string[];
  /** Names of the variables that every container must have from secrets. */
  readonly requiredSecrets: readonly string[];
}

export interface Environment {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** URL that clients are given. */
  readonly url: string;
  /** URL of Quilt's catalog; not every generation of the server reads it. */
  readonly catalogUrl: string;
  readonly quiltStack: QuiltStack;
  readonly access: Access;
  /** Absent if the environment pulls from the shared registry. */
  readonly registry?: RegistryLayer;
  /** Present if the environment pulls from the shared registry and workflows assume roles. */
  readonly roles?: RolesLayer;
  readonly service: ServiceLayer;
}

/** Settings of the workflows that reach an environment. */
export interface Access {
  /** Runner of the job that deploys and verifies, as `runs-on` takes it; absent, one of GitHub's. */
  readonly runner?: Runner;
  /** Verification of a deployment: by AWS's view of the service, or by a request to its URL as well. */
  readonly verify: (typeof VERIFICATIONS)[number];
  /** Whether an image is refused that the workflow `publish-image` did not sign; absent, it is not. */
  readonly verifySignature?: true;
}

/** One label, all labels that a runner must have, or a group with or without labels. */
export type Runner =
  | string
  | readonly string[]
  | { readonly group: string; readonly labels?: string | readonly string[] };

/**
 * Resources of the Quilt stack that the answers name, and that an update of it may replace; named as in the answer
 * `network`.
 */
export interface QuiltStack {
  readonly vpcId: string;
  readonly listenerArn: string;
  readonly albSecurityGroupIds: readonly string[];
  /** Seconds. */
  readonly albIdleTimeout: number;
  /** Present if the environment has a domain: its record points to the load balancer. */
  readonly albDnsName?: string;
  readonly albHostedZoneId?: string;
  readonly albIpAddressType?: AlbIpAddressType;
  /** One of the two. */
  readonly clusterArn?: string;
  readonly clusterName?: string;
}

/** Location of a layer's Terraform state. */
export interface StateLocation {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  readonly kmsKeyArn?: string;
}

/** A layer that is deployed by hand, before the service. */
interface HandDeployedLayer {
  readonly account: string;
  readonly region: string;
  readonly tags: Tags;
  /** Name of its CloudFormation stack, if the target makes one. */
  readonly stackName: string;
  /** Present with Terraform. */
  readonly state?: StateLocation;
}

/** The layer that must exist before an image can be published. */
export interface RegistryLayer extends HandDeployedLayer {
  readonly repository: ImageRepository;
  /** Present if GitHub workflows assume roles. In the shared registry, it has only the role that publishes. */
  readonly delivery?: Delivery;
}

/** The same for an environment without a repository: roles that plan and deploy. It is in the environment's account. */
export interface RolesLayer extends HandDeployedLayer {
  readonly repository?: undefined;
  readonly delivery: Delivery;
}

/** The roles by which the repository's workflows deliver to an environment. */
export interface Delivery {
  /** GitHub's identity provider of the account. */
  readonly provider: {
    readonly arn: string;
    /** Whether this layer makes it; one layer of an account does. */
    readonly create: boolean;
  };
  /** One for each duty that the layer is for. */
  readonly roles: readonly DeliveryRole[];
  /** Values that permissions refer to, by the names of {@link DELIVERY_NAMES}; empty if the environment lacks one. */
  readonly names: Readonly<Record<string, string>>;
}

export type Duty = 'publish' | 'plan' | 'deploy';

/** A role that jobs of GitHub workflows assume. */
export interface DeliveryRole {
  readonly duty: Duty;
  readonly name: string;
  readonly description: string;
  /** The answer `deliveryBoundaryArn`. */
  readonly permissionsBoundaryArn?: string;
  /** Seconds of its longest session; absent: the hour that AWS gives a role. */
  readonly maxSessionDuration?: number;
  /** Claims that a token must have, each by its whole value. */
  readonly trust: {
    readonly audience: string;
    readonly subject: string;
    /** Absent if STS does not know the claim. */
    readonly repositoryId?: string;
  };
  /** Its customer managed policies. That of the engine is the target's own; the others are the same in every target. */
  readonly policies: readonly DeliveryPolicy[];
}

/** A customer managed policy of a role. */
export interface DeliveryPolicy {
  readonly topic: PolicyTopic;
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface ImageRepository {
  readonly name: string;
  readonly arn: string;
  /** Host and name, as an image reference has them. */
  readonly uri: string;
  /** Whether it outlives a destroy. */
  readonly retain: boolean;
  /** Roles of other accounts that pull from it: execution roles and, to look at signatures, those that plan. */
  readonly pullRoleArns: readonly string[];
}

/** The layer that runs an image behind the load balancer. */
export interface ServiceLayer {
  readonly tags: Tags;
  /** As they are in the table of names, so that a new one reaches the resources at once. */
  readonly names: Names;
  /** Name of its CloudFormation stack, if the target makes one. */
  readonly stackName: string;
  /** Present with Terraform. */
  readonly state?: StateLocation;
  readonly clusterArn: string;
  readonly serviceName: string;
  /** As they are, so that a new one reaches every target at once: for what takes an answer unchanged. */
  readonly answers: EnvironmentConfig;
  readonly rollout: Rollout;
  readonly logGroup: { readonly name: string; readonly retain: boolean };
  readonly executionRole: Role;
  readonly taskRole: Role;
  readonly securityGroup: {
    readonly name: string;
    readonly vpcId: string;
    readonly ingressFrom: readonly string[];
    readonly egressCidrs: readonly string[];
    /** TCP ports beside 443 that tasks may reach there, ascending. */
    readonly otherEgressPorts: readonly number[];
  };
  /** Security group of the load balancer that gets a rule which lets it out to the tasks; absent, it is let out already. */
  readonly albEgressGroupId?: string;
  readonly targetGroupName: string;
  readonly listenerArn: string;
  /** Port that clients connect to: 443 unless the catalog, on the same host, has another. */
  readonly clientPort: number;
  /** The block of priorities that the rules take: its first, and how many. */
  readonly listenerPriority: number;
  readonly listenerPriorities: number;
  /** In ascending priority. */
  readonly listenerRules: readonly ListenerRule[];
  /** Present under domain routing. */
  readonly domain?: Domain;
  readonly taskDefinition: TaskDefinition;
}

/** The way in which a new revision takes over from the old one. */
export interface Rollout {
  /** CloudWatch alarms that stop it and take it back. */
  readonly alarms: readonly string[];
  /** Present if the load balancer moves traffic between two target groups. */
  readonly shift?: TrafficShift;
}

export interface TrafficShift {
  readonly strategy: 'BLUE_GREEN' | 'CANARY' | 'LINEAR';
  /** Minutes that the old tasks stay after all traffic has moved. */
  readonly bakeTimeInMinutes: number;
  /** The part that moves first, or with each step; absent if all moves at once. */
  readonly step?: { readonly percent: number; readonly bakeTimeInMinutes: number };
  readonly alternateTargetGroupName: string;
  /** The role by which ECS moves the traffic. */
  readonly roleName: string;
}

export interface Role {
  readonly name: string;
  readonly permissionsBoundaryArn?: string;
  /** Conditions of the trust policy, beside the principal ecs-tasks.amazonaws.com. */
  readonly trust: { readonly sourceAccount: string; readonly sourceArn: string };
  /** Statements of its one inline policy; none, no policy. */
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By operator and key. */
  readonly conditions?: Conditions;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface ListenerRule {
  readonly priority: number;
  readonly host: string;
  readonly paths: readonly string[];
  /** Values of the Origin header that it matches; absent, any request. */
  readonly origins?: readonly string[];
  /** `forbid` answers with 403, `not-found` with 404. */
  readonly action: 'forward' | 'forbid' | 'not-found';
}

export interface Domain {
  readonly host: string;
  /** Given, or to be issued in the hosted zone. */
  readonly certificateArn?: string;
  /** Present if an alias record is made. */
  readonly hostedZoneId?: string;
  readonly albDnsName: string;
  readonly albHostedZoneId: string;
  /** With `dualstack` there is an AAAA record beside the A record. */
  readonly albIpAddressType: AlbIpAddressType;
}

export type AlbIpAddressType = 'ipv4' | 'dualstack';

export interface TaskDefinition {
  readonly family: string;
  readonly containerName: string;
  /** The image's repository; the digest is not an answer, it is written by publishing. */
  readonly repository: ImageRepository;
  /** Variables that differ by environment: derived ones and the owner's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly { readonly name: string; readonly arn: string }[];
}

export type Tags = Readonly<Record<string, string>>;
