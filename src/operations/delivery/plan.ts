import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { actionsFile, deploymentActions } from './actions';
import { digestOf, digestPath } from './digest-file';
import { type DeliveryEnvironment, deliveryData } from './environments';
import { run } from './run';
import { summarise, type WorkingCopy } from './working-copy';

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
  copy: WorkingCopy,
  environment: DeliveryEnvironment,
  { report, actions }: { readonly report?: string; readonly actions?: string },
): Promise<void> {
  if (actions !== undefined) {
    await planToApprove(copy, environment, actions);
    return;
  }
  const text =
    digestOf(copy, environment) === null
      ? `${digestPath(environment)} names no image yet: nothing to plan.`
      : await planOf(copy, environment);
  copy.say(text);
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, `${text}\n`);
  }
}

async function planToApprove(copy: WorkingCopy, environment: DeliveryEnvironment, folder: string): Promise<void> {
  const { name } = environment;
  const actions = await deploymentActions(copy, environment);
  if (actions.length === 0) {
    summarise(
      copy,
      `**${name}**: nothing to change, so it is not deployed. To look at what runs there: \`npm run verify:${name}\``,
    );
  } else {
    const text = await planOf(copy, environment);
    const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… and more: npm run plan:${name}` : text;
    summarise(
      copy,
      [
        `## Plan of ${name}`,
        '',
        'The deployment is refused if it would create, change, replace or remove anything else:',
        '',
        ...shown.split('\n').map((line) => `    ${line}`),
      ].join('\n'),
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(actionsFile(folder, environment), `${JSON.stringify(actions)}\n`);
}

async function planOf(copy: WorkingCopy, { name }: DeliveryEnvironment): Promise<string> {
  const { unattendedPlan } = deliveryData(copy);
  const said = await run(copy, ['npm', 'run', `plan:${name}`, '--silent', '--', ...unattendedPlan]);
  return PROGRESS.reduce((text, progress) => text.replace(progress, ''), said).trim();
}
