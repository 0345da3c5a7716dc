import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { notPlanned } from '../change-set';
import { Failed } from '../failed';
import { type Session, say } from '../session';
import { initIn, terraformIn } from '../terraform-root';
import { type DeliveryEnvironment, findEnvironment } from './environments';
import { runTool } from './run-tool';

/**
 * The actions of a deployment: what it does to which resource, a line each. None if there is nothing to change. Takes no
 * more than planning may do.
 *
 * @param keep a file that keeps the plan of Terraform, which applies it
 * @throws Failed if it cannot be said
 */
export async function deploymentActions(
  session: Session,
  { actions }: DeliveryEnvironment,
  keep?: string,
): Promise<string[]> {
  return (await actionsOf(session, actions, keep)).sort();
}

/** Each engine is loaded if it is asked. */
async function actionsOf(
  session: Session,
  actions: DeliveryEnvironment['actions'],
  keep: string | undefined,
): Promise<string[]> {
  if ('terraform' in actions) return ofTerraform(session, actions.terraform, keep);
  if ('cdk' in actions) {
    const [{ readConfigs }, { cdkActions }] = await Promise.all([
      import('../cdk/config'),
      import('../cdk/cdk-operations'),
    ]);
    return cdkActions(session, readConfigs(session.root) ?? [], [actions.cdk]);
  }
  const [{ findStack }, { stackActions }] = await Promise.all([
    import('../cloudformation/stacks'),
    import('../cloudformation/stack-operations'),
  ]);
  return stackActions(session, findStack(session.root, actions.cloudformation));
}

/** Actions in a plan of Terraform that change nothing. */
const NOTHING = ['no-op', 'read'];

/** Output of `terraform show -json` for a plan. Source: Terraform, "JSON Output Format", Plan Representation. */
interface TerraformPlan {
  readonly resource_changes?: readonly TerraformChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

interface TerraformChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: string;
  readonly deposed?: string;
  readonly change: { readonly actions: readonly string[]; readonly importing?: object };
}

async function ofTerraform(session: Session, root: string, keep: string | undefined): Promise<string[]> {
  const path = join(session.root, root);
  const folder = mkdtempSync(join(tmpdir(), 'actions-'));
  const file = keep ?? join(folder, 'plan');
  try {
    await runTool(session, initIn(path));
    await runTool(session, terraformIn(path, 'plan', '-input=false', '-no-color', '-lock=false', `-out=${file}`));
    const shown = await runTool(session, terraformIn(path, 'show', '-json', file));
    const { resource_changes: resources = [], output_changes: outputs = {} } = JSON.parse(shown) as TerraformPlan;
    return [
      ...resources.filter(({ mode }) => mode === 'managed').flatMap(actionsOnResource),
      ...Object.entries(outputs).flatMap(([name, { actions }]) =>
        isNothing(actions) ? [] : [`${actions.join(', ')} output.${name}`],
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function actionsOnResource({ address, previous_address: from, deposed, change }: TerraformChange): string[] {
  const { actions, importing } = change;
  const what = deposed === undefined ? address : `${address} (deposed ${deposed})`;
  const words = [...(isNothing(actions) ? [] : actions), ...(importing ? ['import'] : [])];
  return [...(words.length > 0 ? [`${words.join(', ')} ${what}`] : []), ...(from ? [`move ${from} to ${what}`] : [])];
}

function isNothing(actions: readonly string[]): boolean {
  return NOTHING.includes(actions.join(' '));
}

/** The file in which a workflow's jobs pass on the actions of an environment. */
export function actionsFile(folder: string, { name }: Pick<DeliveryEnvironment, 'name'>): string {
  return join(folder, `${name}.json`);
}

/** The file that keeps the plan of Terraform that is as approved: the deployment applies it, and nothing else. */
function planFile(folder: string, { name }: Pick<DeliveryEnvironment, 'name'>): string {
  return join(folder, `${name}.tfplan`);
}

/** The actions that were planned; undefined if the environment could not be planned. */
export function plannedActions(folder: string, one: Pick<DeliveryEnvironment, 'name'>): string[] | undefined {
  const file = actionsFile(folder, one);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * The environments that have something to change. Those after one that could not be planned are left out, as if it had
 * failed.
 *
 * @throws Failed for a name that is none
 */
export function environmentsToChange(
  session: Session,
  folder: string,
  names: readonly string[],
): DeliveryEnvironment[] {
  const plans = names.map((name) => {
    const environment = findEnvironment(session, name);
    return { environment, actions: plannedActions(folder, environment) };
  });
  const end = plans.findIndex(({ actions }) => actions === undefined);
  return plans
    .slice(0, end < 0 ? plans.length : end)
    .filter(({ actions = [] }) => actions.length > 0)
    .map(({ environment }) => environment);
}

/**
 * Compares what a deployment would do now with what was planned. In the folder it keeps the plan of Terraform that it
 * compared.
 *
 * @throws Failed if a deployment would now do anything else than what was planned; that nothing is left to do is fine
 */
export async function checkApproved(session: Session, one: DeliveryEnvironment, folder?: string): Promise<void> {
  const planned = folder === undefined ? undefined : plannedActions(folder, one);
  if (folder === undefined || !planned) {
    throw new Failed(`A folder is needed, with the actions that were planned for ${one.name}.`);
  }
  const now = await deploymentActions(session, one, planFile(folder, one));
  if (now.length === 0) {
    say(session, `${one.name}: nothing is left to change.`);
    return;
  }
  const lines = [
    ...notPlanned(planned, now),
    ...planned.filter((action) => !now.includes(action)).map((action) => `  only in the plan: ${action}`),
  ];
  if (lines.length > 0) {
    const refusal = `A deployment of ${one.name} would now do something else than the plan in the summary of this run:`;
    throw new Failed(
      [refusal, ...lines, 'Nothing was deployed. Choose "Re-run all jobs", which plans anew.'].join('\n'),
    );
  }
  say(session, `${one.name}: ${now.length === 1 ? 'one action' : `${now.length} actions`}, as planned.`);
}
