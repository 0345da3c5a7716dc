import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { quoted } from '../github/markdown';
import { type Session, say } from '../session';
import { actionsFile, deploymentActions } from './actions';
import { digestOf, digestPath } from './digest-file';
import { type DeliveryEnvironment, deliveryData } from './environments';
import { runTool } from './run-tool';
import { summarise } from './workflow-output';

/** Terraform's progress before a plan; other engines print nothing like it. */
const PROGRESS = [
  /^[\s\S]*^Terraform has been successfully initialized!\n/m,
  /^.*: (Refreshing state\.\.\.|Reading\.\.\.|Still reading\.\.\.|Read complete after ).*\n/gm,
];

/** GitHub takes 1 MiB for the summary of a step. */
const LONGEST = 500_000;

/**
 * Reports the changes of a deployment, for those who look at a pull request or approve a deployment.
 *
 * @param report a file that gets the text, too; there is none if planning fails
 * @param actions a folder that gets the actions as a file; then the summary of the run has the plan
 */
export async function reportPlan(
  session: Session,
  environment: DeliveryEnvironment,
  { report, actions }: { readonly report?: string; readonly actions?: string },
): Promise<void> {
  if (actions !== undefined) {
    await planToApprove(session, environment, actions);
    return;
  }
  const text =
    digestOf(session, environment) === null
      ? `${digestPath(environment)} names no image yet: nothing to plan.`
      : await planOf(session, environment);
  say(session, text);
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, `${text}\n`);
  }
}

async function planToApprove(session: Session, environment: DeliveryEnvironment, folder: string): Promise<void> {
  const { name } = environment;
  const actions = await deploymentActions(session, environment);
  if (actions.length === 0) {
    summarise(
      session,
      `**${name}**: nothing to change, so it is not deployed. To look at what runs there: \`npm run verify:${name}\``,
    );
  } else {
    const text = await planOf(session, environment);
    const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… and more: npm run plan:${name}` : text;
    summarise(
      session,
      [
        `## Plan of ${name}`,
        '',
        'The deployment is refused if it would create, change, replace or remove anything else:',
        '',
        quoted(shown).trimEnd(),
      ].join('\n'),
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(actionsFile(folder, environment), `${JSON.stringify(actions)}\n`);
}

async function planOf(session: Session, { name }: DeliveryEnvironment): Promise<string> {
  const { unattendedPlan } = deliveryData(session);
  const said = await runTool(session, ['npm', 'run', `plan:${name}`, '--silent', '--', ...unattendedPlan]);
  return PROGRESS.reduce((text, progress) => text.replace(progress, ''), said).trim();
}
