import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Aws, awsCli } from '../aws-cli';
import { changeSetActions, withChangeSet } from '../change-set';
import { Failed } from '../failed';
import { findTraffic, isTrafficElsewhere, noteTraffic, refuseWhileMoving, whyTrafficStops } from '../live-traffic';
import { type Session, say } from '../session';
import { describeStack, isThere, type Stack, type StackPlace } from '../stack';
import { type ServiceStack, type StackConfig, serviceStacksAmong, stackPlaces } from './config';
import { choosesMethod, diffWords } from './diff-words';
import { parametersOf, parameterWords } from './parameters';
import { runCdk, synthesize } from './program';

/**
 * Does something with the stacks among words of a command line, which may have all that the CDK takes.
 *
 * @returns exit code
 * @throws Failed if it cannot be done
 */
export type CdkOperation = (
  session: Session,
  configs: readonly StackConfig[],
  words: readonly string[],
) => Promise<number>;

/** Operations on stacks of the CDK. */
export const CDK_OPERATIONS = { plan, deploy, destroy, parameters } as const satisfies Readonly<
  Record<string, CdkOperation>
>;

/** Shows the changes of a deployment: `cdk diff`. */
async function plan(session: Session, configs: readonly StackConfig[], given: readonly string[]): Promise<number> {
  const aws = awsCli(session);
  const named = stackPlaces(configs).filter(({ name }) => given.includes(name));
  const isNew =
    !choosesMethod(given) && (await Promise.all(named.map((place) => isMissing(aws, place)))).includes(true);
  const { words, takesParameters } = diffWords(given, isNew);
  const parameters = takesParameters ? await wordsFor(session, aws, configs, given) : [];
  return runCdk(session, ['diff', '--import-existing-resources', ...parameters, ...words]);
}

/**
 * Deploys: `cdk deploy`. Before, each stack notes the place of its traffic; a deployment that would take the traffic
 * away is refused.
 */
async function deploy(session: Session, configs: readonly StackConfig[], words: readonly string[]): Promise<number> {
  const aws = awsCli(session);
  for (const stack of serviceStacksAmong(words, configs)) {
    await keepTraffic({ ...session, aws }, stack);
  }
  const ways = ['--method=change-set', '--import-existing-resources'];
  return runCdk(session, ['deploy', ...ways, ...(await wordsFor(session, aws, configs, words)), ...words]);
}

/** Destroys: `cdk destroy`. */
async function destroy(session: Session, _: readonly StackConfig[], words: readonly string[]): Promise<number> {
  return runCdk(session, ['destroy', ...words]);
}

/** Prints the parameters that only the account can tell, as words for the CDK. */
async function parameters(
  session: Session,
  configs: readonly StackConfig[],
  words: readonly string[],
): Promise<number> {
  say(session, (await wordsFor(session, awsCli(session), configs, words)).join(' '));
  return 0;
}

/**
 * Actions of a deployment of the first stack among words, a line each; none if it changes nothing. `cdk diff` has no
 * form for programs. So this makes a change set of the same template, looks at it and deletes it.
 *
 * @throws Failed if none is the stack of a service, or it cannot be said
 */
export async function cdkActions(
  session: Session,
  configs: readonly StackConfig[],
  words: readonly string[],
): Promise<string[]> {
  const [stack] = serviceStacksAmong(words, configs);
  if (!stack) {
    throw new Failed(`${words.join(' ')} is no stack of a service.`);
  }
  const aws = awsCli(session);
  const found = await describeStack(aws, stack.place);
  return isThere(found) ? actionsOn({ ...session, aws }, stack, found) : [`Add the stack ${stack.place.name}`];
}

interface Work extends Session {
  readonly aws: Aws;
}

async function actionsOn(work: Work, stack: ServiceStack, found: Stack): Promise<string[]> {
  const { name } = stack.place;
  const folder = mkdtempSync(join(tmpdir(), 'actions-'));
  try {
    await synthesize(work, name, folder);
    const template = readFileSync(join(folder, `${name}.template.json`), 'utf8');
    const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as AssemblyManifest;
    const given = await parametersOf(work, [stack], []);
    const input = {
      purpose: 'plan',
      template,
      tags: artifacts[name]?.properties.tags ?? {},
      parameters: Object.fromEntries(given.map(({ name: parameter, value }) => [parameter, value])),
    } as const;
    return await withChangeSet(work, stack.place, found, input, async (_, described) => changeSetActions(described));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The part of the CDK's manifest that is read: tags of the stacks. */
interface AssemblyManifest {
  readonly artifacts: Readonly<
    Record<string, { readonly properties: { readonly tags?: Readonly<Record<string, string>> } }>
  >;
}

/** Lets a stack note the place of its traffic. */
async function keepTraffic(work: Work, { place, server }: ServiceStack): Promise<void> {
  const found = await describeStack(work.aws, place);
  const traffic = found && (await findTraffic(found, place.region, work.aws));
  if (!traffic) return;
  const service = { region: place.region, cluster: server.clusterArn, service: server.name };
  await refuseWhileMoving(work.aws, traffic, service);
  const refusal = whyTrafficStops(traffic, { ...service, shifts: server.trafficShift !== undefined });
  if (refusal !== undefined) throw new Failed(refusal);
  if (isTrafficElsewhere(traffic)) await noteTraffic(work, found, traffic, place.region);
}

async function wordsFor(
  { stderr }: Session,
  aws: Aws,
  configs: readonly StackConfig[],
  words: readonly string[],
): Promise<string[]> {
  return parameterWords(await parametersOf({ aws, stderr }, serviceStacksAmong(words, configs), words));
}

/** Whether a stack does not exist, or only by name. The CDK itself reports other problems. */
async function isMissing(aws: Aws, place: StackPlace): Promise<boolean> {
  return describeStack(aws, place).then(
    (found) => !isThere(found),
    () => false,
  );
}
