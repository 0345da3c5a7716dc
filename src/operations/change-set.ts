import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Aws } from './aws-cli';
import { Failed } from './failed';
import { pause } from './pause';
import { describeStack, isThere, onStack, type Stack, type StackPlace } from './stack';

/** A change of a resource in a change set. Source: API reference of CloudFormation, "ResourceChange". */
export interface ChangeSetChange {
  readonly Action: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: string;
  readonly PolicyAction?: string;
  readonly Details?: readonly { readonly Target?: { readonly Name?: string; readonly Attribute?: string } }[];
}

/** A change set as AWS describes it. Source: API reference of CloudFormation, "DescribeChangeSet". */
export interface ChangeSet {
  readonly Status: string;
  readonly StatusReason?: string;
  readonly Changes: readonly { readonly ResourceChange: ChangeSetChange }[];
}

/** The input of a change set. */
export interface ChangeSetInput {
  /** First word of its name. The role that plans may make those of `plan` alone. */
  readonly purpose: 'plan' | 'deploy' | 'traffic';
  /** Absent: the template that the stack has. */
  readonly template?: string;
  /** By name; `undefined`: the stack's current value. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Absent: those that the stack has. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Makes a change set, passes it on, and deletes it, with the record of a stack that did not exist. It imports resources
 * of the template that an earlier stack kept.
 *
 * @param found the stack as it is; undefined if there is none
 * @param use takes the ARN of the change set, and its description: undefined if it changes nothing
 * @throws Failed if CloudFormation refuses the change, or the signal ends the waiting
 */
export async function withChangeSet<T>(
  { aws, signal }: { readonly aws: Aws; readonly signal: AbortSignal },
  place: StackPlace,
  found: Stack | undefined,
  { purpose, template, parameters, tags }: ChangeSetInput,
  use: (arn: string, described: ChangeSet | undefined) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'change-set-'));
  const given = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return `file://${file}`;
  };
  const name = `${purpose}-${Date.now()}`;
  let changeSet = name;
  try {
    const list = Object.entries(parameters).map(([ParameterKey, value]) =>
      value === undefined ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue: value },
    );
    const tagList = tags && Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Id } = await onStack<{ Id: string }>(
      aws,
      place,
      'create-change-set',
      ...['--change-set-name', name],
      ...['--change-set-type', isThere(found) ? 'UPDATE' : 'CREATE'],
      ...(template === undefined
        ? ['--use-previous-template']
        : ['--template-body', given('template.yaml', template), '--import-existing-resources']),
      ...['--parameters', given('parameters.json', JSON.stringify(list))],
      ...(tagList ? ['--tags', given('tags.json', JSON.stringify(tagList))] : []),
      ...['--capabilities', 'CAPABILITY_NAMED_IAM'],
    );
    // From here on by its ARN: somebody else may have made another one of its name meanwhile.
    changeSet = Id;
    return await use(changeSet, await describedChangeSet(aws, place, changeSet, signal));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await onStack(aws, place, 'delete-change-set', '--change-set-name', changeSet).catch(() => {});
    if (!isThere(found) && (await describeStack(aws, place))?.StackStatus === 'REVIEW_IN_PROGRESS') {
      await onStack(aws, place, 'delete-stack');
    }
  }
}

/** The change set once it is made; undefined if it changes nothing. */
async function describedChangeSet(
  aws: Aws,
  place: StackPlace,
  changeSet: string,
  signal: AbortSignal,
): Promise<ChangeSet | undefined> {
  for (;;) {
    const described = await onStack<ChangeSet>(aws, place, 'describe-change-set', '--change-set-name', changeSet);
    const { Status, StatusReason = '' } = described;
    if (Status === 'CREATE_COMPLETE') return described;
    if (Status === 'FAILED') {
      if (/didn't contain changes|No updates are to be performed/.test(StatusReason)) return undefined;
      throw new Failed(`CloudFormation refuses the change: ${StatusReason}`);
    }
    await pause(signal, 'Nothing was changed.');
  }
}

/** A change and its resource, as one line. */
export function actionOn({
  Action,
  Replacement,
  PolicyAction,
  LogicalResourceId,
  ResourceType,
}: ChangeSetChange): string {
  const more = [Replacement && Replacement !== 'False' && `Replacement ${Replacement}`, PolicyAction].filter(Boolean);
  return `${[Action, ...more].join(', ')}: ${LogicalResourceId} (${ResourceType})`;
}

/** The actions that were not planned, a line each. */
export function notPlanned(planned: readonly string[], actions: readonly string[]): string[] {
  return actions.filter((action) => !planned.includes(action)).map((action) => `  not in the plan: ${action}`);
}

/** The actions of a deployment, by its change set: a line each; none if it changes nothing. */
export function changeSetActions(changeSet: ChangeSet | undefined): string[] {
  return (changeSet?.Changes ?? []).map(({ ResourceChange }) => actionOn(ResourceChange));
}
