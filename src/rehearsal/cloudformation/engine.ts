import { randomBytes, randomUUID } from 'node:crypto';
import { DEFAULT_REGION } from '../emulator';
import { type Account, accountOf, type Behaviour, type EmulatedAccount } from './account';
import { resolve, resolveMembers, type Scope } from './functions';
import { inOrder, type Order } from './graph';
import { type Made, Properties } from './handler';
import { type Prepared, prepareRequest } from './prepare';
import { EngineError } from './refusal';
import { HANDLERS } from './resources';
import { coerceProperties, isSame, replacingProperties, tagPropertyOf, validateProperties } from './spec';
import type { Change, Stack, StackOutput, StackRequest, StackResource } from './stack';
import { TemplateError, type TemplateObject, type TemplateValue } from './template';

/**
 * CloudFormation's engine for one region of the emulated account, strict where an emulator's own is lenient: whatever a
 * template says is applied through the AWS SDK, or refused.
 *
 * Where it is simpler than CloudFormation:
 * - An operation ends before its call returns; resources are made one after another, and no `…_IN_PROGRESS` is seen from
 *   outside unless another call comes meanwhile. Nothing is retried.
 * - Types, properties and values are checked before anything is made. CloudFormation finds many of these only when it
 *   comes to the resource, and rolls back.
 * - No transforms, macros, nested stacks, modules, dynamic references, custom resources, stack policies, termination
 *   protection, imports of resources that a request names, drift detection, UpdatePolicy, CreationPolicy, Snapshot policies, rollback triggers,
 *   or parameters of SSM types. Each is refused. Metadata is kept and does nothing.
 * - A rollback of an update sets the resource that failed back with the same calls that an update makes; it is not
 *   continued when it fails (UPDATE_ROLLBACK_FAILED).
 * - A service is updated when its call is answered: no task starts, no circuit breaker opens. If its strategy moves traffic, the
 *   weights of the listener rule have moved by then.
 * - A change of a listener rule that takes the traffic away from the tasks of such a service fails. AWS would make it, and
 *   clients would get 503.
 * - Target group attributes and health check settings that leave a template keep the value that they had.
 * - Changes to DeletionPolicy, UpdateReplacePolicy, Metadata or outputs alone are an update.
 * - Tags `aws:cloudformation:*` are not put on resources, and the target group's attribute LoadBalancerArns is not given.
 * - Who is told (NotificationARNs) and how fast (DeploymentConfig) makes no difference; a role to deploy with is refused.
 * - A change set that failed may be made again under its name.
 */
export class CloudFormation {
  readonly account: Account;
  readonly order: Order;
  /** By name: the one that is there, whatever its status, but for deleted ones. */
  readonly stacks = new Map<string, Stack>();
  readonly deleted: Stack[] = [];

  constructor(
    emulator: EmulatedAccount,
    { region = DEFAULT_REGION, ...behaviour }: Behaviour & { readonly region?: string } = {},
  ) {
    this.account = accountOf(emulator, region, behaviour);
    this.order = behaviour.order ?? 'last';
  }

  /** Makes a stack, or takes back what it made. Rejects for a request that is refused, not for a creation that fails. */
  async create(request: StackRequest): Promise<Stack> {
    const existing = this.stacks.get(request.name);
    if (existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw new EngineError('AlreadyExistsException', `Stack [${request.name}] already exists`);
    }
    const stack = existing ?? this.newStack(request);
    const prepared = await this.prepare(stack, request);
    this.stacks.set(stack.name, stack);
    accept(stack, request, prepared);
    record(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
    try {
      await this.#apply(stack, prepared, []);
      record(stack, 'CREATE_COMPLETE');
    } catch (error) {
      const { onFailure = 'ROLLBACK' } = request;
      if (onFailure === 'DO_NOTHING') {
        record(stack, 'CREATE_FAILED', messageOf(error));
        return stack;
      }
      record(stack, onFailure === 'DELETE' ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', messageOf(error));
      const kept = ({ deletionPolicy, imported }: StackResource) => deletionPolicy === 'Retain' || imported === true;
      const failed = await this.#removeAll(stack, kept);
      stack.outputs.clear();
      stack.imports.clear();
      if (onFailure === 'DELETE' && failed.length === 0) this.#forget(stack);
      else record(stack, failed.length > 0 ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', failure(failed, 'delete'));
    }
    return stack;
  }

  /** Changes a stack, or sets it back to what it was. Rejects for a request that is refused, or that changes nothing. */
  async update(request: StackRequest): Promise<Stack> {
    const stack = this.findToUpdate(request.name);
    this.refuseUnlessUpdatable(stack);
    const prepared = await this.prepare(stack, request);
    if (this.plan(stack, prepared) === undefined) throw new TemplateError('No updates are to be performed.');
    const before = { ...stack, resources: new Map(stack.resources), outputs: new Map(stack.outputs) };
    accept(stack, request, prepared);
    stack.updatedAt = new Date();
    record(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
    const undo: Undo[] = [];
    try {
      await this.#apply(stack, prepared, undo);
    } catch (error) {
      record(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', messageOf(error));
      const { templateText, template, parameters, tags, capabilities, resources, outputs, imports } = before;
      const failed: string[] = [];
      for (const { logicalId, step } of undo.reverse()) {
        try {
          await step();
        } catch (why) {
          record(stack, 'UPDATE_FAILED', messageOf(why), resources.get(logicalId) ?? stack.resources.get(logicalId));
          failed.push(logicalId);
        }
      }
      Object.assign(stack, { templateText, template, parameters, tags, capabilities, resources, outputs, imports });
      record(
        stack,
        failed.length > 0 ? 'UPDATE_ROLLBACK_FAILED' : 'UPDATE_ROLLBACK_COMPLETE',
        failure(failed, 'update'),
      );
      return stack;
    }
    record(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.#cleanUp(stack, prepared, before.resources);
    record(stack, 'UPDATE_COMPLETE');
    return stack;
  }

  /** Deletes a stack; one that is not there is as good as deleted. `retain` names resources to leave. */
  async delete(name: string, retain: readonly string[] = []): Promise<Stack | undefined> {
    const stack = this.stacks.get(name) ?? [...this.stacks.values()].find(({ id }) => id === name);
    if (!stack) return undefined;
    if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
      refuseBusy(stack, 'deleted', []);
    if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw new TemplateError(
        `Invalid operation on stack [${stack.id}]: RetainResources is for a stack that is in DELETE_FAILED`,
      );
    }
    const inUse = [...stack.outputs.values()].flatMap(({ exportName }) => this.#whyInUse(stack, exportName, 'deleted'));
    if (inUse.length > 0) {
      // As CloudFormation: the call is accepted, and the stack keeps its status.
      record(stack, stack.status, inUse[0]);
      return stack;
    }
    record(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
    const kept = ({ logicalId, deletionPolicy }: StackResource) =>
      deletionPolicy !== 'Delete' || retain.includes(logicalId);
    const failed = await this.#removeAll(stack, kept);
    if (failed.length > 0) record(stack, 'DELETE_FAILED', failure(failed, 'delete'));
    else this.#forget(stack);
    return stack;
  }

  /** The stack of a name or an ID. Throws as CloudFormation where there is none. */
  find(name: string): Stack {
    const byId = [...this.stacks.values(), ...this.deleted].find(({ id }) => id === name);
    const stack = this.stacks.get(name) ?? byId;
    if (!stack) throw new TemplateError(`Stack with id ${name} does not exist`);
    return stack;
  }

  /** As {@link find}, with the words that CloudFormation has for an update. */
  findToUpdate(name: string): Stack {
    const stack = this.stacks.get(name) ?? [...this.stacks.values()].find(({ id }) => id === name);
    if (!stack) throw new TemplateError(`Stack [${name}] does not exist`);
    return stack;
  }

  refuseUnlessUpdatable(stack: Stack): void {
    refuseBusy(stack, 'updated', UPDATABLE);
  }

  /** All exports, by name. */
  exports(): Map<string, { readonly value: string; readonly stack: Stack }> {
    const found = new Map<string, { value: string; stack: Stack }>();
    for (const stack of this.stacks.values()) {
      for (const { exportName, value } of stack.outputs.values()) {
        if (exportName !== undefined) found.set(exportName, { value, stack });
      }
    }
    return found;
  }

  newStack({ name, templateText }: StackRequest): Stack {
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
  prepare(stack: Stack, request: StackRequest): Promise<Prepared> {
    return prepareRequest(this.account, this.order, stack, request);
  }

  /**
   * What a prepared request would change, or undefined where it changes nothing. Values that are known only once
   * something is made differ from all that is there.
   */
  plan(stack: Stack, prepared: Prepared): Change[] | undefined {
    const changes: Change[] = [];
    const anew = new Set<string>();
    const scope = this.#scope(stack, prepared, (name) => {
      const known = stack.resources.get(name);
      return anew.has(name) || !known ? undefined : known.made;
    });
    for (const logicalId of prepared.order) {
      const before = stack.resources.get(logicalId);
      const { Type: type, Metadata } = prepared.template.Resources[logicalId]!;
      if (!before) {
        anew.add(logicalId);
        changes.push({ action: prepared.imports.has(logicalId) ? 'Import' : 'Add', logicalId, type, changed: [] });
        continue;
      }
      const properties = this.#foreseen(prepared, before, scope, anew.size > 0);
      const changed = [
        ...differing(before.properties, properties),
        ...(isSame(Metadata, before.metadata) ? [] : ['Metadata']),
        ...differing(policiesIn(before), policiesIn(policiesOf(prepared, logicalId))),
      ];
      if (changed.length === 0) continue;
      const replacement = replacingProperties(type, before.properties, properties).length > 0;
      if (replacement) anew.add(logicalId);
      const { physicalId } = before.made;
      changes.push({ action: 'Modify', logicalId, physicalId, type, replacement, changed });
    }
    for (const [logicalId, { type, made }] of stack.resources) {
      if (!prepared.graph.has(logicalId)) {
        changes.push({ action: 'Remove', logicalId, physicalId: made.physicalId, type, changed: [] });
      }
    }
    const outputs = this.#outputs(prepared, scope);
    const same = isSame([...outputs], [...stack.outputs]) && isSame(prepared.tags, stack.tags);
    return changes.length === 0 && same ? undefined : changes;
  }

  /** A resource's properties, as far as they can be told; what comes of something yet to be made is not what it was. */
  #foreseen(prepared: Prepared, { logicalId, type }: StackResource, scope: Scope, mayFail: boolean): TemplateObject {
    try {
      return coerceProperties(type, this.#properties(prepared, logicalId, scope));
    } catch (error) {
      // A function such as Fn::Select may not work on what is yet to be made.
      if (!mayFail) throw error;
      return {};
    }
  }

  /** Brings every resource of the prepared request about, in order, and notes how to take each step back. */
  async #apply(stack: Stack, prepared: Prepared, undo: Undo[]): Promise<void> {
    const imports = new Set<string>();
    const scope = this.#scope(stack, prepared, (name) => stack.resources.get(name)!.made, imports);
    for (const logicalId of prepared.order) {
      const { Type: type, Metadata: metadata } = prepared.template.Resources[logicalId]!;
      const before = stack.resources.get(logicalId);
      try {
        const resolved = this.#properties(prepared, logicalId, scope);
        const problems = validateProperties(type, resolved, logicalId);
        if (problems.length > 0) throw new Error(`Properties validation failed: ${problems.join('; ')}`);
        const wanted: Wanted = {
          logicalId,
          type,
          metadata,
          properties: coerceProperties(type, resolved),
          dependencies: prepared.graph.get(logicalId)!,
          ...policiesOf(prepared, logicalId),
        };
        const found = prepared.imports.get(logicalId);
        if (found) await this.#import(stack, wanted, found, undo);
        else if (!before) await this.#make(stack, wanted, undo);
        else await this.#change(stack, wanted, before, undo);
      } catch (error) {
        const status = before ? 'UPDATE_FAILED' : 'CREATE_FAILED';
        record(stack, status, messageOf(error), stack.resources.get(logicalId) ?? { logicalId, type });
        throw new Error(`The following resource(s) failed to ${before ? 'update' : 'create'}: [${logicalId}]. `, {
          cause: error,
        });
      }
    }
    const outputs = this.#outputs(prepared, scope);
    this.#checkExports(stack, outputs);
    stack.outputs = outputs;
    stack.imports = imports;
  }

  async #make(stack: Stack, wanted: Wanted, undo: Undo[]): Promise<void> {
    const { logicalId, type } = wanted;
    const suffix = randomBytes(6).toString('hex').toUpperCase();
    const handler = HANDLERS[type]!;
    const request = readRequest(stack, wanted, suffix);
    record(stack, 'CREATE_IN_PROGRESS', undefined, wanted);
    const made = await handler.create(this.account, request);
    const resource: StackResource = { ...wanted, made, suffix, updatedAt: new Date() };
    try {
      await handler.finish?.(this.account, request, made);
    } catch (error) {
      // What remains if that fails is said in an event.
      await this.#remove(stack, resource).catch(() => undefined);
      throw error;
    }
    const old = stack.resources.get(logicalId);
    stack.resources.set(logicalId, resource);
    record(stack, 'CREATE_COMPLETE', undefined, resource);
    undo.push({
      logicalId,
      step: async () => {
        if (old) stack.resources.set(logicalId, old);
        else stack.resources.delete(logicalId);
        // What an operation made and takes back is deleted even where it is to be retained later, but for plain Retain.
        if (wanted.deletionPolicy !== 'Retain') await this.#remove(stack, resource);
      },
    });
  }

  /** Makes what is there already the stack's, and as the template says. It stays where the operation is taken back. */
  async #import(stack: Stack, wanted: Wanted, made: Made, undo: Undo[]): Promise<void> {
    const { logicalId, type, properties } = wanted;
    const owner = [...this.stacks.values()].find(({ resources }) =>
      [...resources.values()].some((other) => other.type === type && other.made.physicalId === made.physicalId),
    );
    if (owner) throw new Error(`${made.physicalId} already exists in stack ${owner.id}`);
    const resource: StackResource = { ...wanted, made, suffix: '', updatedAt: new Date(), imported: true };
    const { [tagPropertyOf(type)?.name ?? '']: _tags, ...untagged } = properties;
    const [request, before] = [properties, untagged].map((each) =>
      readRequest(stack, { ...wanted, properties: each }, ''),
    );
    record(stack, 'IMPORT_IN_PROGRESS', undefined, resource);
    await HANDLERS[type]!.update!(this.account, request, before, made);
    stack.resources.set(logicalId, resource);
    record(stack, 'IMPORT_COMPLETE', undefined, resource);
    undo.push({ logicalId, step: async () => void stack.resources.delete(logicalId) });
  }

  async #change(stack: Stack, wanted: Wanted, before: StackResource, undo: Undo[]): Promise<void> {
    const { logicalId, type } = wanted;
    const replacing = replacingProperties(type, before.properties, wanted.properties);
    if (replacing.length > 0) {
      const { name } = HANDLERS[type]!;
      const given = name === undefined ? undefined : wanted.properties[name];
      if (given !== undefined && given === before.properties[name!]) {
        throw new Error(
          `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${given} and update the stack again.`,
        );
      }
      record(
        stack,
        'UPDATE_IN_PROGRESS',
        'Requested update requires the creation of a new physical resource; hence creating one.',
        before,
      );
      await this.#make(stack, wanted, undo);
      return;
    }
    const after: StackResource = { ...before, ...wanted };
    if (isSame(before.properties, wanted.properties)) {
      stack.resources.set(logicalId, after);
      undo.push({ logicalId, step: async () => void stack.resources.set(logicalId, before) });
      return;
    }
    const handler = HANDLERS[type]!;
    const request = readRequest(stack, wanted, before.suffix);
    const old = readRequest(stack, before, before.suffix);
    if (!handler.update) throw new Error(`An update of ${type} is not applied here`);
    undo.push({
      logicalId,
      step: async () => {
        await handler.update!(this.account, old, request, before.made);
        stack.resources.set(logicalId, before);
        record(stack, 'UPDATE_COMPLETE', undefined, before);
      },
    });
    record(stack, 'UPDATE_IN_PROGRESS', undefined, before);
    await handler.update(this.account, request, old, before.made);
    stack.resources.set(logicalId, { ...after, updatedAt: new Date() });
    record(stack, 'UPDATE_COMPLETE', undefined, after);
  }

  /**
   * Deletes what an update replaced or left out. What can't be deleted is left, and an event says so, as CloudFormation
   * does: the update is complete all the same.
   */
  async #cleanUp(stack: Stack, prepared: Prepared, before: ReadonlyMap<string, StackResource>): Promise<void> {
    const obsolete = [...before.values()].filter(
      ({ logicalId, made }) => !prepared.graph.has(logicalId) || stack.resources.get(logicalId)!.made !== made,
    );
    for (const resource of removalOrder(obsolete, this.order)) {
      const { logicalId, deletionPolicy } = resource;
      const leftOut = !prepared.graph.has(logicalId);
      const policy = leftOut ? deletionPolicy : stack.resources.get(logicalId)!.updateReplacePolicy;
      if (leftOut) stack.resources.delete(logicalId);
      if (policy !== 'Delete') record(stack, 'DELETE_SKIPPED', undefined, resource);
      else await this.#remove(stack, resource).catch(() => undefined);
    }
  }

  /** Deletes all that `kept` doesn't hold for, dependents first; resolves to those that could not be deleted. */
  async #removeAll(stack: Stack, kept: (resource: StackResource) => boolean): Promise<string[]> {
    const failed: string[] = [];
    const blocked = new Set<string>();
    for (const resource of removalOrder([...stack.resources.values()], this.order)) {
      const { logicalId } = resource;
      if (blocked.has(logicalId)) {
        for (const needed of resource.dependencies) blocked.add(needed);
        continue;
      }
      if (kept(resource)) record(stack, 'DELETE_SKIPPED', undefined, resource);
      else {
        try {
          await this.#remove(stack, resource);
        } catch {
          failed.push(logicalId);
          for (const needed of resource.dependencies) blocked.add(needed);
          continue;
        }
      }
      stack.resources.delete(logicalId);
    }
    return failed;
  }

  async #remove(stack: Stack, resource: StackResource): Promise<void> {
    record(stack, 'DELETE_IN_PROGRESS', undefined, resource);
    try {
      await HANDLERS[resource.type]!.remove(this.account, readRequest(stack, resource, resource.suffix), resource.made);
    } catch (error) {
      // What is gone by someone else's hand is deleted.
      if (!/NotFound|NoSuchEntity|NoSuch/i.test((error as Error).name)) {
        record(stack, 'DELETE_FAILED', messageOf(error), resource);
        throw error;
      }
    }
    record(stack, 'DELETE_COMPLETE', undefined, resource);
  }

  #forget(stack: Stack): void {
    record(stack, 'DELETE_COMPLETE');
    stack.deletedAt = new Date();
    stack.outputs.clear();
    stack.imports.clear();
    this.stacks.delete(stack.name);
    this.deleted.push(stack);
  }

  /** Functions' view of the stack; `made` gives undefined for what is yet to be made. */
  #scope(
    stack: Stack,
    prepared: Prepared,
    made: (logicalId: string) => Made | undefined,
    imports = new Set<string>(),
  ): Scope {
    const known = (name: string) => {
      if (!prepared.graph.has(name)) {
        throw new TemplateError(`Template format error: Unresolved resource dependencies [${name}] in the template`);
      }
      return made(name);
    };
    return {
      parameters: prepared.parameters,
      mappings: prepared.template.Mappings ?? {},
      conditions: prepared.conditions,
      ref: (name) => known(name)?.physicalId ?? laterValue(name),
      attribute: (name, attribute) => {
        const there = known(name);
        if (!there) return laterValue(`${name}.${attribute}`);
        const value = there.attributes[attribute];
        if (value === undefined) throw new Error(`The attribute ${attribute} of ${name} is not given here`);
        return value;
      },
      importValue: (name) => {
        const found = this.exports().get(name);
        if (!found || found.stack === stack) throw new TemplateError(`No export named ${name} found.`);
        imports.add(name);
        return found.value;
      },
    };
  }

  /** The resolved properties of a resource, with the stack's tags where the type has tags. */
  #properties(prepared: Prepared, logicalId: string, scope: Scope): TemplateObject {
    const { Type, Properties: written = {} } = prepared.template.Resources[logicalId]!;
    const properties = resolveMembers(written, scope);
    const tagged = tagPropertyOf(Type);
    if (!tagged || Object.keys(prepared.tags).length === 0) return properties;
    if (tagged.variant !== 'standard') throw new Error(`The tags of ${Type} are not applied here`);
    const own = (properties[tagged.name] ?? []) as { Key: string }[];
    const ofStack = Object.entries(prepared.tags)
      .filter(([key]) => !own.some(({ Key }) => Key === key))
      .map(([Key, Value]) => ({ Key, Value }));
    return { ...properties, [tagged.name]: [...(own as TemplateValue[]), ...ofStack] };
  }

  #outputs(prepared: Prepared, scope: Scope): Map<string, StackOutput> {
    const declared = Object.entries(prepared.template.Outputs ?? {});
    const there = declared.filter(([, { Condition }]) => Condition === undefined || prepared.conditions[Condition]);
    return new Map(
      there.map(([name, { Value, Description, Export }]) => [
        name,
        {
          value: outputText(name, resolve(Value, scope)),
          description: Description,
          exportName: Export && outputText(name, resolve(Export.Name, scope)),
        },
      ]),
    );
  }

  /** Throws where an export clashes, or where one that another stack uses would go or change. */
  #checkExports(stack: Stack, outputs: ReadonlyMap<string, StackOutput>): void {
    const others = this.exports();
    const wanted = new Map([...outputs.values()].map(({ exportName, value }) => [exportName, value]));
    for (const name of wanted.keys()) {
      const owner = name === undefined ? undefined : others.get(name)?.stack;
      if (owner && owner !== stack)
        throw new Error(`Export with name ${name} is already exported by stack ${owner.name}`);
    }
    for (const { exportName, value } of stack.outputs.values()) {
      const change = wanted.has(exportName) ? (wanted.get(exportName) === value ? undefined : 'updated') : 'deleted';
      const [why] = change ? this.#whyInUse(stack, exportName, change) : [];
      if (why) throw new Error(why);
    }
  }

  #whyInUse(stack: Stack, exportName: string | undefined, change: 'deleted' | 'updated'): string[] {
    if (exportName === undefined) return [];
    const users = [...this.stacks.values()].filter((other) => other !== stack && other.imports.has(exportName));
    const names = users.map(({ name }) => name).join(' and ');
    return users.length > 0 ? [`Export ${exportName} cannot be ${change} as it is in use by ${names}`] : [];
  }
}

type Wanted = Omit<StackResource, 'made' | 'suffix' | 'updatedAt'>;

interface Undo {
  readonly logicalId: string;
  readonly step: () => Promise<void>;
}

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];
function refuseBusy(stack: Stack, what: string, allowed: readonly string[]): void {
  if (allowed.includes(stack.status)) return;
  throw new TemplateError(`Stack:${stack.id} is in ${stack.status} state and can not be ${what}.`);
}

function accept(stack: Stack, { templateText, capabilities = [] }: StackRequest, prepared: Prepared): void {
  const { template, raw, tags } = prepared;
  Object.assign(stack, { templateText, template, parameters: raw, tags, capabilities });
}

function policiesOf({ template }: Prepared, logicalId: string) {
  const { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' } = template.Resources[logicalId]!;
  return { deletionPolicy: DeletionPolicy, updateReplacePolicy: UpdateReplacePolicy };
}

function policiesIn({
  deletionPolicy,
  updateReplacePolicy,
}: Pick<StackResource, 'deletionPolicy' | 'updateReplacePolicy'>) {
  return { DeletionPolicy: deletionPolicy, UpdateReplacePolicy: updateReplacePolicy };
}

/** The names whose values differ. */
function differing(before: TemplateObject, after: TemplateObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isSame(before[name], after[name]));
}

/** What a handler makes of the properties; throws for one that it leaves. */
function readRequest(stack: Stack, { type, logicalId, properties: values }: Wanted, suffix: string): unknown {
  const properties = new Properties(values);
  const request = HANDLERS[type]!.read(properties, (maximum) => {
    const room = maximum - suffix.length - 1;
    const name = `${stack.name}-${logicalId}`;
    return `${name.slice(0, room).replace(/-+$/, '')}-${suffix}`;
  });
  const [untaken] = properties.untaken();
  if (untaken !== undefined) throw new Error(`property ${untaken} of ${type} is not applied here`);
  return request;
}

function removalOrder(resources: readonly StackResource[], order: Order): StackResource[] {
  const there = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const graph = new Map(
    resources.map(({ logicalId, dependencies: needed }) => [logicalId, needed.filter((name) => there.has(name))]),
  );
  return inOrder(graph, order)
    .reverse()
    .map((name) => there.get(name)!);
}

/** Stands for what is known only once it is made. */
function laterValue(name: string): string {
  return `{{${name} is known once it is made}}`;
}

function outputText(name: string, value: TemplateValue): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(
    `Template format error: Output ${name} is malformed. The Value field of every Outputs member must evaluate to a String.`,
  );
}

function record(
  stack: Stack,
  status: string,
  reason?: string,
  resource?: { readonly logicalId: string; readonly type: string; readonly made?: Made },
): void {
  stack.events.push({
    id: randomUUID(),
    timestamp: new Date(),
    logicalId: resource?.logicalId ?? stack.name,
    physicalId: resource ? (resource.made?.physicalId ?? '') : stack.id,
    type: resource?.type ?? 'AWS::CloudFormation::Stack',
    status,
    reason,
  });
  if (resource) return;
  stack.status = status;
  stack.reason = reason;
}

function failure(names: readonly string[], to: 'delete' | 'update'): string | undefined {
  return names.length > 0 ? `The following resource(s) failed to ${to}: [${names.join(', ')}]. ` : undefined;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}
