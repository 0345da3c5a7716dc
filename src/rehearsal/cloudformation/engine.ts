import { randomUUID } from 'node:crypto';
import { DEFAULT_REGION } from '../emulator';
import { type Account, accountOf, type Behaviour, type EmulatedAccount } from './account';
import { planChanges } from './changes';
import { checkExports, exportsOf, whyInUse } from './exports';
import type { Order } from './graph';
import { type PreparedRequest, prepareRequest, removalPoliciesOf } from './prepare';
import { EngineError } from './refusal';
import { outputsOf, propertiesOf, scopeOf } from './resolution';
import { coerceProperties, validateProperties } from './spec';
import type { EmulatedStack, PlannedResourceChange, StackRequest, StackResource } from './stack';
import { failedOnes, messageOf, recordEvent } from './stack-events';
import { change, cleanUp, importExisting, make, removeAll, type Undo, type Wanted } from './steps';
import { TemplateError } from './template';

/**
 * CloudFormation's engine for one region of the emulated account, strict where an emulator's own is lenient: every part
 * of a template is applied through the AWS SDK, or refused.
 *
 * It is simpler than CloudFormation in this:
 * - An operation ends before its call returns; resources are made one after another, and no `…_IN_PROGRESS` is seen
 * from outside unless another call comes meanwhile. Nothing is retried.
 * - Types, properties and values are checked before anything is made. CloudFormation finds many of these only when it
 * comes to the resource, and rolls back.
 * - No transforms, macros, nested stacks, modules, dynamic references, custom resources, stack policies, termination
 * protection, imports of resources that a request names, drift detection, UpdatePolicy, CreationPolicy, Snapshot
 * policies, rollback triggers, or parameters of SSM types. Each is refused. Metadata is kept and does nothing.
 * - A rollback of an update sets the resource that failed back with the same calls that an update makes; it is not
 * continued when it fails (UPDATE_ROLLBACK_FAILED).
 * - A service is updated when its call is answered: no task starts, no circuit breaker opens. If its strategy moves
 * traffic, the weights of the listener rule have moved by then.
 * - A change of a listener rule that takes the traffic away from the tasks of such a service fails. AWS would make it,
 * and clients would get 503.
 * - Target group attributes and health check settings that leave a template keep the value that they had.
 * - Changes to DeletionPolicy, UpdateReplacePolicy, Metadata or outputs alone are an update.
 * - Tags `aws:cloudformation:*` are not put on resources, and the target group's attribute LoadBalancerArns is not
 * given.
 * - NotificationARNs and DeploymentConfig have no effect; a role to deploy with is refused.
 * - A change set that failed may be made again under its name.
 */
export class CloudFormation {
  readonly account: Account;
  readonly order: Order;
  /** By name, in any status but deleted. */
  readonly stacks = new Map<string, EmulatedStack>();
  readonly deleted: EmulatedStack[] = [];

  constructor(
    emulator: EmulatedAccount,
    { region = DEFAULT_REGION, ...behaviour }: Behaviour & { readonly region?: string } = {},
  ) {
    this.account = accountOf(emulator, region, behaviour);
    this.order = behaviour.order ?? 'last';
  }

  /** Makes a stack, or takes its resources back. Rejects a request that is refused, not a creation that fails. */
  async create(request: StackRequest): Promise<EmulatedStack> {
    const existing = this.stacks.get(request.name);
    if (existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw new EngineError('AlreadyExistsException', `Stack [${request.name}] already exists`);
    }
    const stack = existing ?? this.newStack(request);
    const prepared = await this.prepare(stack, request);
    this.stacks.set(stack.name, stack);
    accept(stack, request, prepared);
    recordEvent(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
    try {
      await this.#apply(stack, prepared, []);
      recordEvent(stack, 'CREATE_COMPLETE');
    } catch (error) {
      const { onFailure = 'ROLLBACK' } = request;
      if (onFailure === 'DO_NOTHING') {
        recordEvent(stack, 'CREATE_FAILED', messageOf(error));
        return stack;
      }
      recordEvent(stack, onFailure === 'DELETE' ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', messageOf(error));
      const kept = ({ deletionPolicy, imported }: StackResource) => deletionPolicy === 'Retain' || imported === true;
      const failed = await removeAll(this, stack, kept);
      stack.outputs.clear();
      stack.imports.clear();
      if (onFailure === 'DELETE' && failed.length === 0) this.#forget(stack);
      else
        recordEvent(stack, failed.length > 0 ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', failedOnes(failed, 'delete'));
    }
    return stack;
  }

  /**
   * Changes a stack, or sets it back to its former state. Rejects a request that is refused, or that changes nothing.
   */
  async update(request: StackRequest): Promise<EmulatedStack> {
    const stack = this.findToUpdate(request.name);
    this.refuseUnlessUpdatable(stack);
    const prepared = await this.prepare(stack, request);
    if (this.plan(stack, prepared) === undefined) throw new TemplateError('No updates are to be performed.');
    const before = { ...stack, resources: new Map(stack.resources), outputs: new Map(stack.outputs) };
    accept(stack, request, prepared);
    stack.updatedAt = new Date();
    recordEvent(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
    const undo: Undo[] = [];
    try {
      await this.#apply(stack, prepared, undo);
    } catch (error) {
      recordEvent(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', messageOf(error));
      const { templateText, template, parameters, tags, capabilities, resources, outputs, imports } = before;
      const failed: string[] = [];
      for (const { logicalId, step } of undo.reverse()) {
        try {
          await step();
        } catch (why) {
          recordEvent(
            stack,
            'UPDATE_FAILED',
            messageOf(why),
            resources.get(logicalId) ?? stack.resources.get(logicalId),
          );
          failed.push(logicalId);
        }
      }
      Object.assign(stack, { templateText, template, parameters, tags, capabilities, resources, outputs, imports });
      recordEvent(
        stack,
        failed.length > 0 ? 'UPDATE_ROLLBACK_FAILED' : 'UPDATE_ROLLBACK_COMPLETE',
        failedOnes(failed, 'update'),
      );
      return stack;
    }
    recordEvent(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await cleanUp(this, stack, prepared, before.resources);
    recordEvent(stack, 'UPDATE_COMPLETE');
    return stack;
  }

  /** Deletes a stack; one that is not there is as good as deleted. `retain` names resources to leave. */
  async delete(name: string, retain: readonly string[] = []): Promise<EmulatedStack | undefined> {
    const stack = this.stacks.get(name) ?? [...this.stacks.values()].find(({ id }) => id === name);
    if (!stack) return undefined;
    if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
      refuseBusy(stack, 'deleted', []);
    if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw new TemplateError(
        `Invalid operation on stack [${stack.id}]: RetainResources is for a stack that is in DELETE_FAILED`,
      );
    }
    const inUse = [...stack.outputs.values()].flatMap(({ exportName }) =>
      whyInUse(this.stacks, stack, exportName, 'deleted'),
    );
    if (inUse.length > 0) {
      // As CloudFormation: the call is accepted, and the stack keeps its status.
      recordEvent(stack, stack.status, inUse[0]);
      return stack;
    }
    recordEvent(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
    const kept = ({ logicalId, deletionPolicy }: StackResource) =>
      deletionPolicy !== 'Delete' || retain.includes(logicalId);
    const failed = await removeAll(this, stack, kept);
    if (failed.length > 0) recordEvent(stack, 'DELETE_FAILED', failedOnes(failed, 'delete'));
    else this.#forget(stack);
    return stack;
  }

  /** The stack of a name or an ID. Throws as CloudFormation if there is none. */
  find(name: string): EmulatedStack {
    const byId = [...this.stacks.values(), ...this.deleted].find(({ id }) => id === name);
    const stack = this.stacks.get(name) ?? byId;
    if (!stack) throw new TemplateError(`Stack with id ${name} does not exist`);
    return stack;
  }

  /** As {@link find}, with the words that CloudFormation has for an update. */
  findToUpdate(name: string): EmulatedStack {
    const stack = this.stacks.get(name) ?? [...this.stacks.values()].find(({ id }) => id === name);
    if (!stack) throw new TemplateError(`Stack [${name}] does not exist`);
    return stack;
  }

  refuseUnlessUpdatable(stack: EmulatedStack): void {
    refuseBusy(stack, 'updated', UPDATABLE);
  }

  /** All exports, by name. */
  exports(): Map<string, { readonly value: string; readonly stack: EmulatedStack }> {
    return exportsOf(this.stacks);
  }

  /** The changes of a prepared request; undefined if there are none. */
  plan(stack: EmulatedStack, prepared: PreparedRequest): PlannedResourceChange[] | undefined {
    return planChanges(this.stacks, stack, prepared);
  }

  newStack({ name, templateText }: StackRequest): EmulatedStack {
    const { partition, region, accountId } = this.account;
    return {
      name,
      id: `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`,
      createdAt: new Date(),
      status: 'REVIEW_IN_PROGRESS',
      templateText,
      template: { Resources: {} },
      parameters: {},
      tags: {},
      capabilities: [],
      resources: new Map(),
      outputs: new Map(),
      imports: new Set(),
      events: [],
      changeSets: new Map(),
    };
  }

  /** As {@link prepareRequest}, for a stack of this engine. */
  prepare(stack: EmulatedStack, request: StackRequest): Promise<PreparedRequest> {
    return prepareRequest(this.account, this.order, stack, request);
  }

  /** Brings every resource of the prepared request about, in order, and notes how to take each step back. */
  async #apply(stack: EmulatedStack, prepared: PreparedRequest, undo: Undo[]): Promise<void> {
    const imports = new Set<string>();
    const scope = scopeOf(this.stacks, stack, prepared, (name) => stack.resources.get(name)!.made, imports);
    for (const logicalId of prepared.order) {
      const { Type: type, Metadata: metadata } = prepared.template.Resources[logicalId]!;
      const before = stack.resources.get(logicalId);
      try {
        const resolved = propertiesOf(prepared, logicalId, scope);
        const problems = validateProperties(type, resolved, logicalId);
        if (problems.length > 0) throw new Error(`Properties validation failed: ${problems.join('; ')}`);
        const wanted: Wanted = {
          logicalId,
          type,
          metadata,
          properties: coerceProperties(type, resolved),
          dependencies: prepared.graph.get(logicalId)!,
          ...removalPoliciesOf(prepared, logicalId),
        };
        const found = prepared.imports.get(logicalId);
        if (found) await importExisting(this, stack, wanted, found, undo);
        else if (!before) await make(this, stack, wanted, undo);
        else await change(this, stack, wanted, before, undo);
      } catch (error) {
        const status = before ? 'UPDATE_FAILED' : 'CREATE_FAILED';
        recordEvent(stack, status, messageOf(error), stack.resources.get(logicalId) ?? { logicalId, type });
        throw new Error(`The following resource(s) failed to ${before ? 'update' : 'create'}: [${logicalId}]. `, {
          cause: error,
        });
      }
    }
    const outputs = outputsOf(prepared, scope);
    checkExports(this.stacks, stack, outputs);
    stack.outputs = outputs;
    stack.imports = imports;
  }

  #forget(stack: EmulatedStack): void {
    recordEvent(stack, 'DELETE_COMPLETE');
    stack.deletedAt = new Date();
    stack.outputs.clear();
    stack.imports.clear();
    this.stacks.delete(stack.name);
    this.deleted.push(stack);
  }
}

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];
function refuseBusy(stack: EmulatedStack, what: string, allowed: readonly string[]): void {
  if (allowed.includes(stack.status)) return;
  throw new TemplateError(`Stack:${stack.id} is in ${stack.status} state and can not be ${what}.`);
}

function accept(
  stack: EmulatedStack,
  { templateText, capabilities = [] }: StackRequest,
  prepared: PreparedRequest,
): void {
  const { template, raw, tags } = prepared;
  Object.assign(stack, { templateText, template, parameters: raw, tags, capabilities });
}
