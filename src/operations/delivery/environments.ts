import type { QuiltStack, Runner } from '../../model/deployment';
import { Failed } from '../failed';
import { readJson, type Session } from '../session';

/** File with the data of the delivery, from the repository's root. */
export const ENVIRONMENTS_FILE = 'deploy/environments.json';

/** Data of the environments, which the generator writes for the commands of delivery. */
export interface DeliveryData {
  /** In the order of promotion. */
  readonly environments: readonly DeliveryEnvironment[];
  readonly deployed: DeployedFiles;
  /**
   * The publisher whose signature an image must have: the issuer of its identity and its workflow; the branch is added
   * later.
   */
  readonly publisher: { readonly issuer: string; readonly workflow: string };
  /** Arguments with which the task `plan:ENV` asks nobody and writes nothing. */
  readonly unattendedPlan: readonly string[];
  /** Programs beside Node.js that a runner must have to deploy and verify. */
  readonly runnerTools: readonly string[];
}

/** One environment. */
export interface DeliveryEnvironment {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly registry: { readonly account: string; readonly region: string; readonly uri: string };
  /** ARN of the role of each duty; null if workflows assume none. */
  readonly roles: Readonly<Record<string, string>> | null;
  /** ARN of the cluster, and name of the service. */
  readonly service: { readonly cluster: string; readonly name: string };
  /** Name of the Quilt stack, and the answers about it. */
  readonly quiltStack: { readonly name: string; readonly network: QuiltNetwork };
  readonly drift: DriftCheck;
  readonly actions: ActionQuery;
  /** A request without a token, and the status of its answer. */
  readonly smoke: { readonly url: string; readonly body: string; readonly status: number };
  /** Name of the environment whose role publishes to its registry, if not its own. */
  readonly publishesAs?: string;
  /** Audience of a token for its roles, if not the default. */
  readonly audience?: string;
  /** Session of the role that deploys, if it is not the default. */
  readonly deploySessionSeconds?: number;
  /** Runner of the job that deploys, if it is not GitHub's. */
  readonly runner?: Runner;
  /** `aws` if no request is sent. */
  readonly verify?: 'aws';
  readonly verifySignature?: true;
}

/** The answers about the Quilt stack's network, and the group of the answer `albEgress`. */
export type QuiltNetwork = QuiltStack & { readonly albEgressGroupId?: string };

/** Roots of Terraform, or stacks of CloudFormation, of the layers that are the environment's own. */
export type DriftCheck =
  | { readonly terraform: readonly string[] }
  | { readonly stacks: readonly { readonly name: string; readonly region: string }[] };

/** The deployed unit: a root of Terraform, from the repository's root, or a stack, by its name. */
export type ActionQuery =
  | { readonly terraform: string }
  | { readonly cloudformation: string }
  | { readonly cdk: string };

/** Patterns of paths, as the filter `paths` of a workflow of GitHub takes them. */
export interface DeployedFiles {
  /** Patterns for one environment, with `*` for its name. */
  readonly own: readonly string[];
  /** Patterns for all environments. */
  readonly shared: readonly string[];
  /** Those of these files that a deployment does not read. */
  readonly not: readonly string[];
}

/** The data of the delivery. */
export function deliveryData(session: Pick<Session, 'root'>): DeliveryData {
  return readJson(session, ENVIRONMENTS_FILE);
}

/** The environments, in the order of promotion. */
export function environmentsOf(session: Pick<Session, 'root'>): readonly DeliveryEnvironment[] {
  return deliveryData(session).environments;
}

/**
 * An environment by its name, which may be anything.
 *
 * @throws Failed if there is none
 */
export function findEnvironment(session: Pick<Session, 'root'>, name: string | undefined): DeliveryEnvironment {
  const all = environmentsOf(session);
  const found = all.find((one) => one.name === name);
  if (!found) {
    const names = all.map((one) => one.name).join(', ');
    throw new Failed(`There is no environment ${JSON.stringify(name ?? '')}. There are ${names}.`);
  }
  return found;
}

/**
 * The environment whose image is promoted to another one.
 *
 * @throws Failed if there is none before it
 */
export function environmentBefore(session: Pick<Session, 'root'>, { name }: DeliveryEnvironment): DeliveryEnvironment {
  const all = environmentsOf(session);
  const before = all[all.findIndex((one) => one.name === name) - 1];
  if (!before) throw new Failed(`${name} is the first environment: its image is published, not promoted.`);
  return before;
}
