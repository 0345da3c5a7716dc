import { randomUUID } from 'node:crypto';

import type { CloudFormation } from './engine';
import { EngineError } from './refusal';
import type { ChangeSet, EmulatedStack, StackRequest } from './stack';
import { TemplateError } from './template';

/** CloudFormation's message about a change set without changes; the AWS CLI looks for these words. */
export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Makes a change set; for a new stack, makes its record, too. Rejects a request that is refused. */
export async function createChangeSet(
  engine: CloudFormation,
  name: string,
  type: ChangeSet['type'],
  request: StackRequest,
): Promise<{ readonly changeSet: ChangeSet; readonly stack: EmulatedStack }> {
  const existing = engine.stacks.get(request.name);
  if (type === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
    throw new TemplateError(
      `Stack [${request.name}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  const stack = type === 'UPDATE' ? engine.findToUpdate(request.name) : (existing ?? engine.newStack(request));
  if (type === 'UPDATE') engine.refuseUnlessUpdatable(stack);
  // One that failed may be made again under its name: the AWS CLI names them by the second, and comes sooner than to AWS.
  if (stack.changeSets.get(name)?.status === 'CREATE_COMPLETE') {
    throw new EngineError('AlreadyExistsException', `ChangeSet ${name} already exists`);
  }
  const prepared = await engine.prepare(stack, request);
  const changes = engine.plan(stack, prepared);
  const { partition, region, accountId } = engine.account;
  const changeSet: ChangeSet = {
    name,
    id: `arn:${partition}:cloudformation:${region}:${accountId}:changeSet/${name}/${randomUUID()}`,
    type,
    createdAt: new Date(),
    request,
    changes: changes ?? [],
    status: changes ? 'CREATE_COMPLETE' : 'FAILED',
    reason: changes ? undefined : NO_CHANGES,
    executionStatus: changes ? 'AVAILABLE' : 'UNAVAILABLE',
  };
  stack.changeSets.set(name, changeSet);
  engine.stacks.set(stack.name, stack);
  return { changeSet, stack };
}

/** A change set by its ARN, or by its name and its stack's. */
export function findChangeSet(
  engine: CloudFormation,
  name: string,
  stackName: string | undefined,
): { readonly changeSet: ChangeSet; readonly stack: EmulatedStack } {
  const stacks = stackName === undefined ? [...engine.stacks.values()] : [engine.find(stackName)];
  for (const stack of stacks) {
    const changeSet = [...stack.changeSets.values()].find(
      (candidate) => candidate.id === name || (stackName !== undefined && candidate.name === name),
    );
    if (changeSet) return { changeSet, stack };
  }
  throw new EngineError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`);
}

/** Brings a change set about, which ends all other change sets of the stack. */
export async function executeChangeSet(engine: CloudFormation, { changeSet, stack }: ReturnType<typeof findChangeSet>) {
  if (changeSet.executionStatus !== 'AVAILABLE') {
    throw new EngineError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
    );
  }
  stack.changeSets.clear();
  changeSet.executionStatus = 'EXECUTE_COMPLETE';
  await (changeSet.type === 'CREATE' ? engine.create(changeSet.request) : engine.update(changeSet.request));
}
