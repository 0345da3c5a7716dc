import type { Deployment } from '../../src/model/deployment';
import { type DeployedLayer, layersOf, outputOf, type PlanQuery, type RunCommand } from '../plan-query';
import { readChangeSet } from '../planned-changes';
import { OWN_COMMAND } from '../task';
import { FOLDER } from './files';

const CDK = ['node', '../../node_modules/aws-cdk/bin/cdk'] as const;
const NOTHING = /didn't contain changes|No updates are to be performed/;
const NOT_THERE = /does not exist/;

/**
 * The change set of each stack, of the template that the app comes to. The CDK's own `diff` has no form for programs, and
 * its `deploy --method=prepare-change-set` does more than prepare: it deletes a stack that failed when it was created,
 * and sets termination protection.
 */
export function cdkPlans(deployment: Deployment): PlanQuery[] {
  return layersOf(deployment).map((layer) => ({
    environment: layer.environment,
    layer: layer.layer,
    what: `the change set of ${layer.resolved.stackName}`,
    ask: (run) => ask(layer, run),
  }));
}

async function ask({ account, region, resolved }: DeployedLayer, run: RunCommand) {
  const { stackName } = resolved;
  const folder = `cdk.out/${stackName}`;
  const at = ['--region', region, '--output', 'json'];
  const command = (operation: string, ...args: string[]) =>
    ['aws', 'cloudformation', ...operation.split(' '), ...at, '--stack-name', stackName, ...args] as const;
  const aws = (...operation: Parameters<typeof command>) => run(command(...operation), FOLDER);
  const caller = JSON.parse(outputOf(await run(['aws', 'sts', 'get-caller-identity', ...at])));
  if (caller.Account !== account) {
    throw new Error(`these are credentials of account ${caller.Account}, and the stack belongs to ${account}`);
  }
  outputOf(await run([...CDK, 'synth', stackName, '--quiet', '--output', folder], FOLDER));
  const found = await aws('describe-stacks');
  if (found.exitCode !== 0 && NOT_THERE.test(found.output)) {
    return 'new' as const;
  }
  if (JSON.parse(outputOf(found)).Stacks[0].StackStatus === 'REVIEW_IN_PROGRESS') {
    return 'new' as const;
  }
  const parameters = await parametersOf(resolved, run);
  const named = ['--change-set-name', `upgrade-${Date.now()}`];
  try {
    outputOf(
      await aws(
        'create-change-set',
        ...named,
        ...['--change-set-type', 'UPDATE'],
        ...['--template-body', `file://${folder}/${stackName}.template.json`],
        ...['--capabilities', 'CAPABILITY_NAMED_IAM'],
        ...parameters,
        '--import-existing-resources',
      ),
    );
    // It fails without changes, too: the description tells.
    await aws('wait change-set-create-complete', ...named);
    return read(outputOf(await aws('describe-change-set', ...named)));
  } finally {
    await run(command('delete-change-set', ...named), FOLDER, true);
  }
}

/** Parameters that the deploy task gives beside the configuration, which only the account can tell; as words for the AWS CLI. */
async function parametersOf(layer: DeployedLayer['resolved'], run: RunCommand): Promise<string[]> {
  if (!('rollout' in layer) || (layer.albEgressGroupId === undefined && layer.rollout.shift === undefined)) {
    return [];
  }
  const said = outputOf(await run([OWN_COMMAND, 'cdk', 'parameters', layer.stackName]));
  const given = [...said.matchAll(/(\w+)=(\w+)/g)].map(
    ([, key, value]) => `ParameterKey=${key},ParameterValue=${value}`,
  );
  return given.length > 0 ? ['--parameters', ...given] : [];
}

function read(text: string) {
  const { Status, StatusReason = '' } = JSON.parse(text);
  if (Status === 'FAILED' && NOTHING.test(StatusReason)) {
    return [];
  }
  if (Status !== 'CREATE_COMPLETE') {
    throw new Error(`the change set is ${Status}: ${StatusReason}`);
  }
  return readChangeSet(text, idOf);
}

/** The model's id of a logical id, which is a path of constructs and a hash of it. */
function idOf(logicalId: string): string {
  const [, name] = /^(?:Registry|Server)([A-Z]\w*)[0-9A-F]{8}$/.exec(logicalId) ?? [];
  return name === undefined ? logicalId : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
