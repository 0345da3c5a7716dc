import { DEPLOYMENT_CHECKS, judge, type Unknown } from '../discovery/findings';
import type { Planned } from '../discovery/planned';
import { ExitError } from '../exit';
import { deliveryOf } from '../model/delivery/first-layer';
import { summarise } from '../operations/delivery/workflow-output';
import { Failed } from '../operations/failed';
import { findingLines } from '../operations/finding-lines';
import type { Session } from '../operations/session';
import { type Out, readByCli } from './account-reading';
import { verdictSummary } from './analysis-text';
import { plannedEnvironment, startByAnswers } from './planned-environment';

/** The result of a look before a deployment, in lines of text. */
interface Look {
  /** A summary, warnings, and what is not known. */
  readonly said: readonly string[];
  /** Reasons why the deployment would fail; empty if it may go on. */
  readonly errors: readonly string[];
}

/**
 * Looks in the account of an environment before a deployment. What cannot be seen is said, and ends nothing.
 *
 * @throws Failed if the deployment would fail, or nobody would reach it
 */
export async function checkBefore(name: string, out: Out, signal: AbortSignal): Promise<void> {
  const { said, errors } = await lookBefore(name, out, signal);
  out.stderr.write(`${said.join('\n')}\n`);
  refuse(name, errors, `To deploy nevertheless: npm run deploy:${name} -- --no-check`);
}

/**
 * The same, in a job of the workflow `deploy`: the summary of the run has it, for those who approve.
 *
 * @throws Failed as {@link checkBefore}
 */
export async function checkBeforeApproval(name: string, session: Session): Promise<void> {
  const { said, errors } = await lookBefore(name, session, session.signal);
  summarise(session, `## Check of ${name}`, [...said, ...errors].join('\n'));
  refuse(name, errors, `To deploy nevertheless: gh workflow run deploy -f environment=${name} -f no-check=true`);
}

/** @throws Failed if there are errors */
function refuse(name: string, errors: readonly string[], otherwise: string): void {
  if (errors.length === 0) return;
  throw new Failed(
    [
      `A deployment of ${name} would fail, or nobody would reach it:`,
      ...errors,
      'Nothing was deployed.',
      otherwise,
    ].join('\n'),
  );
}

async function lookBefore(name: string, out: Out, signal: AbortSignal): Promise<Look> {
  try {
    const { planned } = plannedEnvironment(name);
    const { environment } = planned;
    const snapshot = await readByCli(startByAnswers(planned), { verbose: false }, out, signal);
    const account = snapshot.parts.identity?.account;
    // Terraform may have credentials of its own, and each engine refuses another account itself.
    if (account !== undefined && account !== environment.account) {
      return unseen(`the credentials are for the account ${account}, and ${name} is in ${environment.account}`);
    }
    const verdict = judge(snapshot, planned, DEPLOYMENT_CHECKS, new Date());
    const errors = verdict.findings.filter(({ severity }) => severity === 'error');
    const warnings = verdict.findings.filter(({ severity }) => severity === 'warning');
    return {
      said: [
        `Before the deployment: ${verdictSummary(verdict)}`,
        ...warnings.map(({ text, remedy }) => `! ${text}. ${remedy}`),
        ...unknownLines(verdict.unknown, planned),
      ],
      errors: errors.flatMap(findingLines),
    };
  } catch (error) {
    signal.throwIfAborted();
    // Without the AWS CLI, with none that is new enough, without credentials, or with answers that are not valid.
    if (error instanceof ExitError) return unseen(error.message.split('\n')[0]!);
    throw error;
  }
}

function unseen(why: string): Look {
  return { said: [`! The account was not looked at before the deployment, which goes on: ${why}`], errors: [] };
}

/** Checks without a result, in one line, and the way to give a workflow's role what it lacks. */
function unknownLines(unknown: readonly Unknown[], { environment }: Planned): string[] {
  if (unknown.length === 0) return [];
  const why = [...new Set(unknown.flatMap((one) => one.why))];
  const needed = why.filter((one) => one.startsWith(NEEDS)).map((one) => one.slice(NEEDS.length));
  const needs = needed.length > 0 ? [`${NEEDS}${[...needed].sort().join(', ')}`] : [];
  const which = unknown.length === 1 ? 'one check has' : `${unknown.length} checks have`;
  const isOfRole = needed.length > 0 && deliveryOf(environment) !== undefined;
  return [
    `? ${which} no result: ${[...needs, ...why.filter((one) => !one.startsWith(NEEDS))].join('; ')}`,
    ...(isOfRole ? [`  If the role of a workflow lacks it: npm run registry:${environment.name}, once, by hand.`] : []),
  ];
}

/** Beginning of a reason that permissions mend. */
const NEEDS = 'needs ';
