import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed } from '../failed';
import type { Session } from '../session';
import { plannedActions } from './actions';
import { findEnvironment } from './environments';
import { summarise } from './workflow-output';

/** Texts by the status of an environment's job, as GitHub has it, or for an environment without a job. */
const STATUSES = {
  success: () => 'deployed and verified',
  failure: (name: string) => `failed: the log of the job deploy (${name}) says where`,
  cancelled: () => 'cancelled while it was deployed, by somebody or by the time limit',
  unchanged: () => 'nothing to change',
  unplanned: (name: string) =>
    `not deployed, because it could not be planned: the log of the job plan (${name}) says why`,
};
type DeploymentStatus = keyof typeof STATUSES;

/**
 * Writes the result of each environment into the summary of a run of the workflow `deploy`, in order, with the way to
 * run the rest.
 *
 * @param folder has a file ENVIRONMENT.txt, with the status of its job, for each environment whose job began
 * @param plans has the planned actions of each environment with a plan
 * @param list the names of the environments in the order of promotion, as JSON
 * @throws Failed if any of them is missing
 */
export function sayOutcome(session: Session, folder?: string, plans?: string, list?: string): void {
  if (!folder || !plans || !list) {
    throw new Failed(
      'Two folders are needed, of outcomes and of plans, and ENVIRONMENTS: the names of environments, as a list in JSON.',
    );
  }
  const names = (JSON.parse(list) as string[]).map((name) => findEnvironment(session, name).name);
  const statuses = names.map(
    (name) => statusIn(join(folder, `${name}.txt`)) ?? withoutJob(plannedActions(plans, { name })),
  );
  const firstBroken = statuses.findIndex((status) => !isGood(status));
  const lines = names.map(
    (name, index) =>
      `- **${name}**: ${said(name, statuses[index], index > firstBroken ? names[firstBroken] : undefined)}`,
  );
  summarise(session, lines.join('\n'));
  const left = names.filter((_, index) => !isGood(statuses[index]));
  if (left.length === 0) return;
  summarise(
    session,
    [
      'Mend the cause, then choose "Re-run all jobs", which plans anew and goes on in the same order. If the log says that this run is not of the newest commit, or to deploy one of them by itself:',
      '',
      ...left.map(
        (name) =>
          `- ${name}: \`gh workflow run deploy -f environment=${name}\`, or by hand \`npm run deploy:${name}\` and then \`npm run verify:${name}\``,
      ),
    ].join('\n'),
  );
}

/** Whether the next environment is deployed. */
function isGood(status: DeploymentStatus | undefined): boolean {
  return status === 'success' || status === 'unchanged';
}

function statusIn(file: string): DeploymentStatus | undefined {
  const status = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return Object.hasOwn(STATUSES, status) ? (status as DeploymentStatus) : undefined;
}

function withoutJob(actions: readonly string[] | undefined): DeploymentStatus | undefined {
  if (actions === undefined) return 'unplanned';
  return actions.length === 0 ? 'unchanged' : undefined;
}

function said(name: string, status: DeploymentStatus | undefined, broken: string | undefined): string {
  if (status !== undefined) return STATUSES[status](name);
  return broken === undefined
    ? 'not deployed: nobody let its job begin, no runner took it, or a newer run took its place; if its job did begin, the runner was lost: look at the service'
    : `not deployed, because ${broken} was not: environments are deployed in the order of promotion`;
}
