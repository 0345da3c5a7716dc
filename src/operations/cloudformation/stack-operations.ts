import { existsSync, readFileSync } from 'node:fs';

import { findAlbEgress } from '../alb-egress';
import { type Aws, awsCli } from '../aws-cli';
import { type ChangeSet, type ChangeSetInput, changeSetActions, notPlanned, withChangeSet } from '../change-set';
import { confirm } from '../confirm';
import { Failed } from '../failed';
import {
  findTraffic,
  isTrafficElsewhere,
  liveTargetGroup,
  noteTraffic,
  refuseWhileMoving,
  type Traffic,
  whyTrafficStops,
} from '../live-traffic';
import { type Session, say } from '../session';
import {
  awaitStack,
  describeStack,
  isFailure,
  isThere,
  lastEvent,
  onStack,
  parameterOf,
  type Stack,
  type StackPlace,
} from '../stack';
import { showChanges, showNew } from './show';
import { type DeployedStack, readStackInput, type StackInput } from './stacks';

/** Options of the command line. */
export interface StackOptions {
  /** Whether nobody is asked. */
  readonly yes: boolean;
  /** Whether a plan is for a program. */
  readonly json: boolean;
  /** A file with the actions that a deployment may do, as `actions` says them; absent: it may do anything. */
  readonly approved?: string;
}

/** Plans, deploys or destroys a stack with the AWS CLI, by a change set that is shown first. */
export type StackOperation = (session: Session, stack: DeployedStack, options: StackOptions) => Promise<void>;

/** Operations on a stack. Each throws Failed if it is not possible, or not with these credentials. */
export const STACK_OPERATIONS = {
  plan: inAccount(plan),
  deploy: inAccount(deploy),
  destroy: inAccount(destroy),
} as const satisfies Readonly<Record<string, StackOperation>>;

interface Work extends Session {
  readonly aws: Aws;
}

/** Actions of a deployment on resources, a line each; none if it changes nothing. */
export const stackActions = inAccount(actionsOn);

/** An operation that is refused with credentials of another account. */
function inAccount<Options extends readonly unknown[], Result>(
  operate: (work: Work, stack: DeployedStack, ...options: Options) => Promise<Result>,
): (session: Session, stack: DeployedStack, ...options: Options) => Promise<Result> {
  return async (session, stack, ...options) => {
    const aws = awsCli(session);
    const { Account } = await aws<{ Account: string }>('sts', 'get-caller-identity');
    if (Account !== stack.account) {
      throw new Failed(
        `These are credentials of account ${Account}, and the stack belongs to ${stack.account}: choose its profile.`,
      );
    }
    return operate({ ...session, aws }, stack, ...options);
  };
}

/**
 * Shows the changes of a deployment. For a program, it shows AWS's description of a change set, of a new stack as well:
 * only a role that may delete a stack can make one.
 */
async function plan(work: Work, stack: DeployedStack, { json }: StackOptions): Promise<void> {
  const found = await describeStack(work.aws, stack);
  // A change set would make the stack, and the role that plans may not delete it again.
  if (!json && !isThere(found)) {
    say(work, ...showNew(stack.name, readStackInput(work.root, stack).template));
    return;
  }
  await changing(work, stack, found, 'plan', async (_, described) =>
    say(
      work,
      ...(json
        ? [JSON.stringify({ Changes: described?.Changes ?? [] })]
        : showChanges(stack.name, described, isThere(found))),
    ),
  );
}

async function actionsOn(work: Work, stack: DeployedStack): Promise<string[]> {
  const found = await describeStack(work.aws, stack);
  return isThere(found)
    ? changing(work, stack, found, 'plan', async (_, described) => changeSetActions(described))
    : ofNew(stack);
}

function ofNew({ name }: DeployedStack): string[] {
  return [`Add the stack ${name}`];
}

/** Shows the changes, asks, and waits until they are done. */
async function deploy(work: Work, stack: DeployedStack, { yes, approved }: StackOptions): Promise<void> {
  const planned = approved === undefined ? undefined : readActions(approved);
  const found = await describeStack(work.aws, stack);
  await changing(work, stack, found, 'deploy', async (changeSet, described, parameters) => {
    say(work, ...showChanges(stack.name, described, isThere(found)));
    if (!described) return;
    // Of the change set that is executed: what somebody changed since the review, no look before it could see.
    refuseOthers(stack, planned, isThere(found) ? changeSetActions(described) : ofNew(stack));
    const misplaced = async () =>
      isThere(found) ? misplacedTraffic(work, stack, found, described, parameters) : undefined;
    // A deployment that is refused asks nobody.
    await misplaced();
    await confirm(work, `Deploy ${stack.name} to ${stack.account}, ${stack.region}?`, yes);
    // ECS may have moved the traffic meanwhile.
    const traffic = await misplaced();
    if (!isThere(found) || !traffic) {
      await execute(work, stack, changeSet);
      return;
    }
    await noteTraffic(work, found, traffic, stack.region);
    // The one above was made before that update, and cannot be executed any more.
    const noted = await describeStack(work.aws, stack);
    await changing(work, stack, noted, 'deploy', async (next, left) => {
      if (!left) return;
      refuseOthers(stack, planned, changeSetActions(left));
      await execute(work, stack, next);
    });
  });
}

/** @throws Failed if the file has no list of actions */
function readActions(file: string): readonly string[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const isList = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((one) => typeof one === 'string');
  let actions: unknown;
  try {
    actions = JSON.parse(text);
  } catch {}
  if (!isList(actions)) {
    throw new Failed(
      `${file} has no list of actions in JSON, such as the artifact of a plan of the workflow deploy has.`,
    );
  }
  return actions;
}

/** @throws Failed if an action was not planned */
function refuseOthers(
  { name }: DeployedStack,
  planned: readonly string[] | undefined,
  actions: readonly string[],
): void {
  const others = planned ? notPlanned(planned, actions) : [];
  if (others.length > 0) {
    throw new Failed(
      [
        `A deployment of ${name} would do something else than what was approved:`,
        ...others,
        'Nothing was deployed.',
      ].join('\n'),
    );
  }
}

async function execute(work: Work, stack: DeployedStack, changeSet: string): Promise<void> {
  const { aws } = work;
  const before = await lastEvent(aws, stack);
  await onStack(aws, stack, 'execute-change-set', '--change-set-name', changeSet);
  await settle(work, stack, before);
  const outputs = (await describeStack(aws, stack))?.Outputs ?? [];
  say(work, ...outputs.map(({ OutputKey, OutputValue }) => `  ${OutputKey} = ${OutputValue}`));
}

/**
 * The place of the traffic, if the changes send the weights of the listener rule and the stack has another place.
 *
 * @throws Failed if ECS is moving the traffic, or the rule must not change
 */
async function misplacedTraffic(
  { aws }: Work,
  stack: DeployedStack,
  found: Stack,
  { Changes }: ChangeSet,
  { ClusterArn = '', ServiceName = '', DeploymentStrategy }: StackInput['parameters'],
): Promise<Traffic | undefined> {
  const traffic = await findTraffic(found, stack.region, aws);
  if (!traffic) return undefined;
  const place = { region: stack.region, cluster: ClusterArn, service: ServiceName };
  await refuseWhileMoving(aws, traffic, place);
  const sendsWeights = Changes.some(
    ({ ResourceChange: { LogicalResourceId, Action } }) => LogicalResourceId === 'ListenerRule' && Action === 'Modify',
  );
  if (!sendsWeights) return undefined;
  const refusal = whyTrafficStops(traffic, { ...place, shifts: DeploymentStrategy !== 'ROLLING' });
  if (refusal !== undefined) throw new Failed(refusal);
  return isTrafficElsewhere(traffic) ? traffic : undefined;
}

/** Deletes the stack. Retained resources stay. */
async function destroy(work: Work, stack: DeployedStack, { yes }: StackOptions): Promise<void> {
  const { aws } = work;
  const found = await describeStack(aws, stack);
  if (!found) {
    say(work, `${stack.name} does not exist.`);
    return;
  }
  const { StackResourceSummaries: resources } = await onStack<{
    StackResourceSummaries: readonly Readonly<Record<string, string | undefined>>[];
  }>(aws, stack, 'list-stack-resources');
  say(
    work,
    ...resources.map(
      ({ LogicalResourceId, ResourceType, PhysicalResourceId = '' }) =>
        `  - ${LogicalResourceId}  ${ResourceType}  ${PhysicalResourceId}`,
    ),
  );
  await confirm(work, `Destroy ${stack.name} in ${stack.account}, ${stack.region}?`, yes);
  const before = await lastEvent(aws, stack);
  const itself = { ...stack, name: found.StackId };
  await onStack(aws, itself, 'delete-stack');
  await settle(work, itself, before);
}

/** Makes a change set of a deployment's input, passes it on, and deletes it. */
async function changing<T>(
  work: Work,
  stack: DeployedStack,
  found: Stack | undefined,
  purpose: ChangeSetInput['purpose'],
  use: (arn: string, described: ChangeSet | undefined, parameters: StackInput['parameters']) => Promise<T>,
): Promise<T> {
  if (found?.StackStatus === 'ROLLBACK_COMPLETE') {
    throw new Failed(
      `${stack.name} failed when it was created, and can only be deleted: aws cloudformation delete-stack --region ${stack.region} --stack-name ${stack.name}`,
    );
  }
  const { template, tags, parameters: given } = readStackInput(work.root, stack);
  const parameters = {
    ...given,
    ...(await albEgressParameter(work, stack, given)),
    ...(await liveTargetGroupParameter(work, stack, found)),
  };
  const input = { purpose, template, tags, parameters };
  return withChangeSet(work, stack, found, input, (arn, described) => use(arn, described, parameters));
}

/** The parameter that says if the load balancer's group gets its rule. The owner's setting holds. */
async function albEgressParameter(
  { aws, stderr }: Work,
  { region }: DeployedStack,
  parameters: StackInput['parameters'],
): Promise<Readonly<Record<string, string>>> {
  const { AlbEgress, AlbEgressSecurityGroupId: group, ServiceName: service = '' } = parameters;
  if (!group || AlbEgress !== undefined) return {};
  const groups = Object.entries(parameters).flatMap(([name, value]) =>
    /^AlbSecurityGroupId\d$/.test(name) ? [value] : [],
  );
  const { value, why } = await findAlbEgress({ region, groups, group, service }, aws);
  stderr.write(`AlbEgress ${value}: ${why}.\n`);
  return { AlbEgress: value };
}

/** The parameter that says which target group has the traffic, of a stack that moves it. */
async function liveTargetGroupParameter(
  { aws }: Work,
  { region }: DeployedStack,
  found: Stack | undefined,
): Promise<Readonly<Record<string, string>>> {
  const shifts = found && (parameterOf(found, 'DeploymentStrategy') ?? 'ROLLING') !== 'ROLLING';
  const traffic = shifts ? await findTraffic(found, region, aws) : undefined;
  return traffic ? { LiveTargetGroup: liveTargetGroup(traffic) } : {};
}

/** Waits for the end of the running operation, and reports it. */
async function settle(work: Work, place: StackPlace, before: number | undefined): Promise<void> {
  const { status, failures } = await awaitStack(work.aws, place, before, work.signal);
  if (isFailure(status)) {
    throw new Failed([`${place.name} ended with ${status}`, ...failures.map((line) => `  ${line}`)].join('\n'));
  }
  say(work, `${place.name}: ${status}`);
}
