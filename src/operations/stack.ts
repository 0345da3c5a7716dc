import type { Aws } from './aws-cli';
import { pause } from './pause';

/** A stack of CloudFormation, by its name or ARN, and its region. */
export interface StackPlace {
  readonly name: string;
  readonly region: string;
}

/** A stack as AWS describes it. Source: API reference of CloudFormation, "Stack". */
export interface Stack {
  readonly StackId: string;
  readonly StackName: string;
  readonly StackStatus: string;
  readonly Parameters?: readonly { readonly ParameterKey: string; readonly ParameterValue: string }[];
  readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

interface StackEvent {
  readonly EventId?: string;
  readonly Timestamp: string;
  readonly LogicalResourceId: string;
  readonly ResourceStatus?: string;
  readonly ResourceStatusReason?: string;
}

/**
 * The answer to an operation of CloudFormation on a stack.
 *
 * @throws Failed, see {@link Aws}
 */
export function onStack<T>(aws: Aws, { name, region }: StackPlace, operation: string, ...words: readonly string[]) {
  return aws<T>('cloudformation', operation, '--region', region, '--stack-name', name, ...words);
}

/** The stack; undefined if there is none. */
export async function describeStack(aws: Aws, place: StackPlace): Promise<Stack | undefined> {
  try {
    return (await onStack<{ Stacks: readonly Stack[] }>(aws, place, 'describe-stacks')).Stacks[0];
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** Whether there is more of a stack than its name, which its first change set takes. */
export function isThere(found: Stack | undefined): found is Stack {
  return found !== undefined && found.StackStatus !== 'REVIEW_IN_PROGRESS';
}

/** The value of a parameter that a stack has; undefined if it has no such parameter. */
export function parameterOf({ Parameters = [] }: Pick<Stack, 'Parameters'>, key: string): string | undefined {
  return Parameters.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue;
}

/** The end of an update, a creation or a deletion. */
export interface StackEnding {
  readonly status: string;
  /** Failures meanwhile, a line each, in the order of time. */
  readonly failures: readonly string[];
}

/**
 * Waits for the end of an operation on a stack.
 *
 * @param before time of its last event before the operation, in milliseconds; undefined if it had none
 * @throws Failed if the signal ends the waiting
 */
export async function awaitStack(
  aws: Aws,
  place: StackPlace,
  before: number | undefined,
  signal: AbortSignal,
): Promise<StackEnding> {
  for (;;) {
    const status = (await describeStack(aws, place))?.StackStatus ?? 'DELETE_COMPLETE';
    if (!status.endsWith('_IN_PROGRESS')) {
      return { status, failures: isFailure(status) ? failuresIn(await eventsOf(aws, place), before) : [] };
    }
    await pause(signal, `${place.name} is ${status}, and goes on without this.`);
  }
}

/** Whether a status of a stack says that its operation failed. */
export function isFailure(status: string): boolean {
  return /ROLLBACK|FAILED/.test(status);
}

/** The failures among events, which are given newest first; a line each, oldest first. */
export function failuresIn(events: readonly StackEvent[], before: number | undefined): string[] {
  return events
    .filter(({ EventId, ResourceStatus }) => EventId && ResourceStatus?.endsWith('_FAILED'))
    .filter(({ Timestamp }) => before === undefined || Date.parse(Timestamp) > before)
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`)
    .reverse();
}

/** The time of a stack's last event, in milliseconds; undefined if it has none. */
export async function lastEvent(aws: Aws, place: StackPlace): Promise<number | undefined> {
  const [last] = await eventsOf(aws, place);
  return last && Date.parse(last.Timestamp);
}

async function eventsOf(aws: Aws, place: StackPlace): Promise<readonly StackEvent[]> {
  const asked = onStack<{ StackEvents?: readonly StackEvent[] }>(
    aws,
    place,
    'describe-stack-events',
    '--max-items',
    '100',
  );
  return (await asked.catch(() => undefined))?.StackEvents ?? [];
}
