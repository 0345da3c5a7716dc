import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { DEFAULT_AUDIENCE } from '../../config/partitions';
import { USUAL_SESSION } from '../../model/shift-time';
import { Failed } from '../failed';
import { type Session, say } from '../session';
import { environmentsToChange } from './actions';
import { changedSince, readBy } from './changed';
import { digestOf, digestPath } from './digest-file';
import {
  type DeliveryEnvironment,
  deliveryData,
  environmentBefore,
  environmentsOf,
  findEnvironment,
} from './environments';
import { runTool } from './run-tool';
import { summarise, tellWorkflow } from './workflow-output';

/** The runner of an environment that names none of its own. */
const HOSTED_RUNNER = 'ubuntu-24.04';

const WITHOUT_ROLES =
  'There are no roles for workflows, so they act nowhere: docs/delivery.md says how it is done by hand.';

/** An environment that workflows act in. */
type Assumed = DeliveryEnvironment & { readonly roles: Readonly<Record<string, string>> };

/**
 * Tells a workflow the role of a duty, the audience of a token for it, the seconds of its session, and its region.
 *
 * @throws Failed for an unknown environment or duty; if there are no roles
 */
export function tellContext(session: Session, name: string | undefined, duty = ''): void {
  const environment = withRoles(findEnvironment(session, name));
  const { roles, region, registry, smoke, audience = DEFAULT_AUDIENCE } = environment;
  const role = Object.hasOwn(roles, duty) ? roles[duty] : undefined;
  if (role === undefined) throw new Failed(`A duty is one of ${Object.keys(roles).join(', ')}.`);
  tellWorkflow(session, {
    publisher: publisherOf(environment),
    role,
    audience,
    seconds: String((duty === 'deploy' && environment.deploySessionSeconds) || USUAL_SESSION * 60),
    region: duty === 'publish' ? registry.region : region,
    url: smoke.url,
  });
}

/**
 * Tells a workflow its environments: the first of all, if that is asked for, those that run an image, and the one
 * before another.
 *
 * @param sayLeftOut whether the summary names those without an image
 * @throws Failed for an unknown environment, or one without roles
 */
export function tellEnvironments(session: Session, name: string | undefined, sayLeftOut = false): void {
  const all = environmentsOf(session).filter(({ roles }) => roles);
  if (all.length === 0) say(session, WITHOUT_ROLES);
  const first = environmentsOf(session)[0]!;
  const named = all.filter((one) => digestOf(session, one) !== null);
  if (sayLeftOut) {
    leaveOut(
      session,
      all.filter((one) => !named.includes(one)),
    );
  }
  tellWorkflow(session, {
    first: first.roles ? first.name : '',
    named: JSON.stringify(named.map((one) => one.name)),
  });
  if (name === undefined) {
    tellWorkflow(session, { publisher: publisherOf(first) });
    return;
  }
  const to = withRoles(findEnvironment(session, name));
  const before = withRoles(environmentBefore(session, to));
  const copies = String(before.registry.uri !== to.registry.uri);
  tellWorkflow(session, { before: before.name, puller: publisherOf(before), publisher: publisherOf(to), copies });
}

/**
 * Tells a workflow the environments that may have something to deploy: the named one, or those that the push since the
 * commit BEFORE changed.
 *
 * @throws Failed for an unknown environment, or one without roles or image
 */
export async function tellChanged(session: Session, name: string | undefined): Promise<void> {
  const wanted = name
    ? [withRoles(findEnvironment(session, name))]
    : await changedSince(session, session.env.BEFORE ?? '');
  const isNamed = (one: DeliveryEnvironment) => digestOf(session, one) !== null;
  const [only] = wanted;
  if (name && only && !isNamed(only)) {
    throw new Failed(`${digestPath(only)} names no image yet: there is nothing to deploy.`);
  }
  const deployable = wanted.filter((one) => one.roles && isNamed(one)).map((one) => one.name);
  say(
    session,
    deployable.length === 0
      ? 'Nothing to deploy.'
      : `To plan, and to deploy if that changes anything: ${deployable.join(', ')}`,
  );
  if (wanted.some(({ roles }) => !roles)) say(session, WITHOUT_ROLES);
  leaveOut(
    session,
    wanted.filter((one) => one.roles && !isNamed(one)),
  );
  tellWorkflow(session, { environments: JSON.stringify(deployable) });
}

/**
 * Tells a workflow which of the planned environments, ENVIRONMENTS, have something to change, and the runner of each if
 * any environment names one.
 *
 * @param folder has the actions that were planned for each environment that could be
 * @throws Failed if something is missing, or is no environment
 */
export function tellPlanned(session: Session, folder: string | undefined): void {
  const list = session.env.ENVIRONMENTS;
  if (!folder || !list) {
    throw new Failed('A folder is needed, and ENVIRONMENTS: the names of environments, as a list in JSON.');
  }
  const found = environmentsToChange(session, folder, JSON.parse(list));
  tellWorkflow(session, { environments: JSON.stringify(found.map(({ name }) => name)) });
  if (environmentsOf(session).some(({ runner }) => runner)) {
    const deployments = found.map(({ name, runner = HOSTED_RUNNER }) => ({ environment: name, runner }));
    tellWorkflow(session, { deployments: JSON.stringify(deployments) });
  }
}

/**
 * Looks for the programs that deploying takes beside Node.js: a deployment that ends half-way for want of one is worse than
 * none.
 *
 * @throws Failed with all that are missing
 */
export function checkTools(session: Session): void {
  const path = session.env.PATH ?? '';
  const isThere = (tool: string) =>
    path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, tool)));
  const missing = deliveryData(session).runnerTools.filter((tool) => !isThere(tool));
  if (missing.length > 0) {
    throw new Failed(
      `This runner has no ${missing.join(', no ')} on its PATH. docs/delivery.md, Runners of your own, lists what it needs.`,
    );
  }
}

/**
 * Refuses to deploy what is not the newest: a run that was approved late, or run again, would take an environment back. Only files that the
 * environment's deployment reads count: for a change of others, no later run deploys this environment.
 *
 * @param newest a working copy of the default branch as it is now
 * @throws Failed if the deployed files differ there
 */
export async function checkCurrent(session: Session, name: string | undefined, newest?: string): Promise<void> {
  const isRead = readBy(deliveryData(session), findEnvironment(session, name).name);
  if (!newest) throw new Failed('A folder is needed, with a working copy of the default branch as it is now.');
  const filesOf = async (where: string) => {
    const files = await runTool(session, ['git', '-C', where, 'ls-tree', '-r', '-z', 'HEAD']);
    return files
      .split('\0')
      .filter((file) => isRead(file.split('\t')[1] ?? ''))
      .join('\n');
  };
  if ((await filesOf(session.root)) !== (await filesOf(newest))) {
    throw new Failed(
      `What is deployed to ${name} was changed on the default branch since this run began. Start the workflow deploy again, which takes what is there now.`,
    );
  }
}

/** Name of the environment whose role publishes to an environment's registry: its own, or {@link SHARED}. */
function publisherOf({ name, publishesAs = name }: DeliveryEnvironment): string {
  return publishesAs;
}

/** Names the environments that a workflow skips because they have no image, and the remedy. */
function leaveOut(session: Session, without: readonly DeliveryEnvironment[]): void {
  for (const one of without) {
    summarise(
      session,
      `${one.name} is left out, because ${digestPath(one)} names no image yet. Publish or promote one: docs/delivery.md.`,
    );
  }
}

function withRoles(one: DeliveryEnvironment): Assumed {
  if (!one.roles) throw new Failed(WITHOUT_ROLES);
  return { ...one, roles: one.roles };
}
