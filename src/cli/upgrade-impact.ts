import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { digestFile } from '../../generators/digest';
import type { PlanQuery, RunCommand } from '../../generators/plan-query';
import { targetGenerator } from '../../generators/targets';
import { OWN_COMMAND } from '../../generators/task';
import { ANSWERS_FILE } from '../config/answers-file';
import { parseAnswers } from '../config/parse';
import { AnswersError } from '../config/problem';
import type { Answers } from '../config/repository';
import type { Deployment } from '../model/deployment';
import { readConfig, resolveDeployment } from '../model/resolve';
import { excerpt } from '../operations/excerpt';
import { Failed } from '../operations/failed';
import { ownCommand } from '../project/package-root';
import { RESOURCES_FILE } from '../project/project';
import { changesAnything, type SyncResult } from '../project/sync';
import { lookAt } from '../project/working-tree';
import { compareResources, type Impact } from '../resources/impact';
import { applyPlans, type PlannedLayer } from '../resources/planned-impact';
import { refusals } from '../resources/refusals';
import type { Resource } from '../resources/resource';
import { resourcesOf } from '../resources/resources';
import { parseResources } from '../resources/stored';
import type { UpgradeReport } from '../upgrade/upgrade-report';
import type { EmittedRepository } from './repository';
import { run } from './run';
import { withUpgradedCopy } from './upgraded-copy';
import { UsageError } from './usage-error';

/** Whether the engine plans the upgrade: it must, it does if it can, or it does not. */
export type Planning = 'required' | 'tried' | 'off';

/** Each makes the SDKs and the AWS CLI find credentials. Those of a machine's role are not visible so. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** Whether the environment variables have credentials for AWS. */
export function hasCredentials(env: NodeJS.ProcessEnv): boolean {
  return CREDENTIALS.some((name) => env[name] !== undefined && env[name] !== '');
}

/**
 * Planning by the options of the command line and the environment of the process.
 *
 * @throws UsageError if both options are given
 */
export function planningOf(
  { plan, 'no-plan': noPlan }: { readonly plan: boolean; readonly 'no-plan': boolean },
  env: NodeJS.ProcessEnv,
): Planning {
  if (plan && noPlan) {
    throw new UsageError('--plan and --no-plan exclude each other');
  }
  return noPlan ? 'off' : plan ? 'required' : hasCredentials(env) ? 'tried' : 'off';
}

/** The changes of an upgrade in AWS, and their source. */
export type UpgradeImpact = Pick<UpgradeReport, 'impact' | 'source' | 'unplanned' | 'disagreements'>;

interface Upgraded {
  readonly repository: EmittedRepository;
  readonly after: Deployment;
  /** The changes of its files. */
  readonly preview: SyncResult;
}

/**
 * The changes of the resources that a repository describes now: as the engine plans them if it is asked and answers,
 * else by the resource graph.
 *
 * @param say takes a line about progress or a failure
 * @throws Failed if planning is required and some environment cannot be planned; the reason of the abort
 */
export async function impactOf(
  { repository, after, preview }: Upgraded,
  planning: Planning,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<UpgradeImpact> {
  const now = resourcesOf(after);
  const before = resourcesBefore(repository);
  const graph = before ? compareResources(before, now, after.target) : null;
  if (planning === 'off' || preview.conflicts.length > 0 || !changesAnything(preview)) {
    return { impact: graph };
  }
  const { layers, unplanned } = await planEach(repository.root, after, preview, say, signal);
  if (planning === 'required' && Object.keys(unplanned).length > 0) {
    const lines = Object.entries(unplanned).map(([place, why]) => `  ${place}: ${why}`);
    throw new Failed(`the deployment of the upgrade cannot be planned; nothing was written\n\n${lines.join('\n')}`);
  }
  const planned = layers.map(({ environment }) => environment);
  const source = Object.fromEntries(planned.map((place) => [place, 'plan' as const]));
  // Without the former resources, only a plan of every environment tells their changes.
  if (!before && Object.keys(unplanned).length > 0) {
    return { impact: null, unplanned };
  }
  const { impact, disagreements } = applyPlans(graph ?? [], before ?? now, now, layers, after.target);
  return { impact, source, unplanned, disagreements: before ? disagreements : [] };
}

/** The resources that a repository described when it was last written; undefined if its record cannot be read. */
export function resourcesRecorded({ root }: EmittedRepository): Resource[] | undefined {
  const stored = lookAt(root, RESOURCES_FILE);
  return stored.kind === 'file' ? parseResources(stored.content.toString('utf8')) : undefined;
}

/** The resources that a repository described before; undefined if that is not known. */
function resourcesBefore(repository: EmittedRepository): Resource[] | undefined {
  try {
    return resourcesRecorded(repository) ?? resourcesOf(deploymentOf(repository.answers));
  } catch (error) {
    // This version may reject the former answers.
    if (error instanceof AnswersError) return undefined;
    throw error;
  }
}

/** @throws AnswersError if the answers cannot be used */
export function deploymentOf(answers: unknown): Deployment {
  const draft = typeof answers === 'string' ? parseAnswers(answers, ANSWERS_FILE) : answers;
  return resolveDeployment(readConfig(draft as Answers, ANSWERS_FILE));
}

/**
 * The planned layers, and the reason for each environment without a plan: an environment is planned completely, or not
 * at all.
 */
interface Plans {
  readonly layers: readonly PlannedLayer[];
  readonly unplanned: Readonly<Record<string, string>>;
}

async function planEach(
  root: string,
  after: Deployment,
  preview: SyncResult,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Plans> {
  const queries = targetGenerator(after.target).plans(after);
  const places = [...new Set(queries.map(({ environment }) => environment))];
  const ask = async (copy: string): Promise<Plans> => {
    const layers: PlannedLayer[] = [];
    const unplanned: Record<string, string> = {};
    for (const place of places) {
      const own = queries.filter(({ environment }) => environment === place);
      const isService = own.some(({ layer }) => layer === 'service');
      if (isService && !hasDigest(copy, place)) {
        unplanned[place] = 'no image is published for it yet';
        continue;
      }
      say(`planning ${place} …`);
      // Both layers at once, each of which mostly waits for AWS.
      const answers = await Promise.all(own.map((query) => planOne(query, copy, signal)));
      signal.throwIfAborted();
      const failed = answers.find((answer) => typeof answer === 'string');
      if (typeof failed === 'string') {
        unplanned[place] = failed.split('\n')[0]!;
        say(`! ${place} is not planned: ${failed}`);
      } else {
        layers.push(...(answers as PlannedLayer[]));
      }
    }
    return { layers, unplanned };
  };
  try {
    return await withUpgradedCopy(root, preview, ask);
  } catch (error) {
    signal.throwIfAborted();
    // An upgrade goes on without a plan, and so without the copy that it is made in.
    const why = `no copy of the repository can be made: ${(error as Error).message.split('\n')[0]}`;
    say(`! nothing is planned: ${why}`);
    return { layers: [], unplanned: Object.fromEntries(places.map((place) => [place, why])) };
  }
}

/** Plan of a layer; a text if there is none: the query in its first line, then the error. */
async function planOne(
  { environment, layer, what, ask }: PlanQuery,
  copy: string,
  signal: AbortSignal,
): Promise<PlannedLayer | string> {
  const command: RunCommand = ([name, ...args], folder = '.', always = false) => {
    // The copy has the packages of before the upgrade: this version is the one that deploys afterwards.
    const words = name === OWN_COMMAND ? [process.execPath, ownCommand(), ...args] : [name, ...args];
    return run(words[0]!, words.slice(1), join(copy, folder), always ? new AbortController().signal : signal);
  };
  try {
    return { environment, layer, changes: await ask(command) };
  } catch (error) {
    return `${what} failed\n${excerpt('plan', (error as Error).message)}`;
  }
}

function hasDigest(root: string, environment: string): boolean {
  try {
    const { digest } = JSON.parse(readFileSync(join(root, digestFile(environment)), 'utf8')) as { digest: unknown };
    return typeof digest === 'string';
  } catch {
    return false;
  }
}

/** @throws Failed if something that holds data, or serves clients, would be replaced or destroyed */
export function refuseLoss(impact: Impact | null, allowed: boolean): void {
  const held = impact === null ? [] : refusals(impact);
  if (held.length > 0 && !allowed) {
    const lines = held.map(
      ({ change: { environment, type, key, action }, reason, way }) =>
        `  ${environment}: ${type} ${key}, ${action}: ${reason}\n    ${way}`,
    );
    throw new Failed(
      `the upgrade would lose data or requests, or its deployment would fail; nothing was written\n\n${lines.join('\n')}\n\nIf you mean it, run it with --allow-loss.`,
    );
  }
}
