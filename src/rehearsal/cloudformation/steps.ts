import { randomBytes } from 'node:crypto';
import type { Account } from './account';
import { inOrder, type Order } from './graph';
import { type Made, PropertyReader } from './handler';
import type { PreparedRequest } from './prepare';
import { HANDLERS } from './resources';
import { isSame, replacingProperties, tagPropertyOf } from './spec';
import type { EmulatedStack, StackResource } from './stack';
import { messageOf, recordEvent } from './stack-events';

/** One region of the account, as far as steps need it. */
interface RegionOfAccount {
  readonly account: Account;
  readonly order: Order;
  readonly stacks: ReadonlyMap<string, EmulatedStack>;
}

/** A resource as a template wants it. */
export type Wanted = Omit<StackResource, 'made' | 'suffix' | 'updatedAt'>;

/** An undo of a step. */
export interface Undo {
  readonly logicalId: string;
  readonly step: () => Promise<void>;
}

/** Makes a resource. One that cannot be finished is removed again. */
export async function make(region: RegionOfAccount, stack: EmulatedStack, wanted: Wanted, undo: Undo[]): Promise<void> {
  const { logicalId, type } = wanted;
  const suffix = randomBytes(6).toString('hex').toUpperCase();
  const handler = HANDLERS[type]!;
  const request = readRequest(stack, wanted, suffix);
  recordEvent(stack, 'CREATE_IN_PROGRESS', undefined, wanted);
  const made = await handler.create(region.account, request);
  const resource: StackResource = { ...wanted, made, suffix, updatedAt: new Date() };
  try {
    await handler.finish?.(region.account, request, made);
  } catch (error) {
    // If that fails, an event names the remaining resource.
    await remove(region, stack, resource).catch(() => undefined);
    throw error;
  }
  const old = stack.resources.get(logicalId);
  stack.resources.set(logicalId, resource);
  recordEvent(stack, 'CREATE_COMPLETE', undefined, resource);
  undo.push({
    logicalId,
    step: async () => {
      if (old) stack.resources.set(logicalId, old);
      else stack.resources.delete(logicalId);
      // A resource that the operation made is deleted even if it would be retained later, but for plain Retain.
      if (wanted.deletionPolicy !== 'Retain') await remove(region, stack, resource);
    },
  });
}

/** Makes an existing resource the stack's, with the template's properties. It stays if the operation is rolled back. */
export async function importExisting(
  region: RegionOfAccount,
  stack: EmulatedStack,
  wanted: Wanted,
  made: Made,
  undo: Undo[],
): Promise<void> {
  const { logicalId, type, properties } = wanted;
  const owner = [...region.stacks.values()].find(({ resources }) =>
    [...resources.values()].some((other) => other.type === type && other.made.physicalId === made.physicalId),
  );
  if (owner) throw new Error(`${made.physicalId} already exists in stack ${owner.id}`);
  const resource: StackResource = { ...wanted, made, suffix: '', updatedAt: new Date(), imported: true };
  const { [tagPropertyOf(type)?.name ?? '']: _tags, ...untagged } = properties;
  const [request, before] = [properties, untagged].map((each) =>
    readRequest(stack, { ...wanted, properties: each }, ''),
  );
  recordEvent(stack, 'IMPORT_IN_PROGRESS', undefined, resource);
  await HANDLERS[type]!.update!(region.account, request, before, made);
  stack.resources.set(logicalId, resource);
  recordEvent(stack, 'IMPORT_COMPLETE', undefined, resource);
  undo.push({ logicalId, step: async () => void stack.resources.delete(logicalId) });
}

/** Changes a resource, or makes another in its place if AWS cannot change it. */
export async function change(
  region: RegionOfAccount,
  stack: EmulatedStack,
  wanted: Wanted,
  before: StackResource,
  undo: Undo[],
): Promise<void> {
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
    recordEvent(
      stack,
      'UPDATE_IN_PROGRESS',
      'Requested update requires the creation of a new physical resource; hence creating one.',
      before,
    );
    await make(region, stack, wanted, undo);
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
      await handler.update!(region.account, old, request, before.made);
      stack.resources.set(logicalId, before);
      recordEvent(stack, 'UPDATE_COMPLETE', undefined, before);
    },
  });
  recordEvent(stack, 'UPDATE_IN_PROGRESS', undefined, before);
  await handler.update(region.account, request, old, before.made);
  stack.resources.set(logicalId, { ...after, updatedAt: new Date() });
  recordEvent(stack, 'UPDATE_COMPLETE', undefined, after);
}

/**
 * Deletes resources that an update replaced or left out. One that can't be deleted stays, and an event says so, as in
 * CloudFormation: the update is complete all the same.
 */
export async function cleanUp(
  region: RegionOfAccount,
  stack: EmulatedStack,
  prepared: PreparedRequest,
  before: ReadonlyMap<string, StackResource>,
): Promise<void> {
  const obsolete = [...before.values()].filter(
    ({ logicalId, made }) => !prepared.graph.has(logicalId) || stack.resources.get(logicalId)!.made !== made,
  );
  for (const resource of removalOrder(obsolete, region.order)) {
    const { logicalId, deletionPolicy } = resource;
    const leftOut = !prepared.graph.has(logicalId);
    const policy = leftOut ? deletionPolicy : stack.resources.get(logicalId)!.updateReplacePolicy;
    if (leftOut) stack.resources.delete(logicalId);
    if (policy !== 'Delete') recordEvent(stack, 'DELETE_SKIPPED', undefined, resource);
    else await remove(region, stack, resource).catch(() => undefined);
  }
}

/** Deletes all that `kept` doesn't hold for, dependents first; resolves to those that could not be deleted. */
export async function removeAll(
  region: RegionOfAccount,
  stack: EmulatedStack,
  kept: (resource: StackResource) => boolean,
): Promise<string[]> {
  const failed: string[] = [];
  const blocked = new Set<string>();
  for (const resource of removalOrder([...stack.resources.values()], region.order)) {
    const { logicalId } = resource;
    if (blocked.has(logicalId)) {
      for (const needed of resource.dependencies) blocked.add(needed);
      continue;
    }
    if (kept(resource)) recordEvent(stack, 'DELETE_SKIPPED', undefined, resource);
    else {
      try {
        await remove(region, stack, resource);
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

/** Deletes a resource; one that somebody else deleted is deleted. */
async function remove(region: RegionOfAccount, stack: EmulatedStack, resource: StackResource): Promise<void> {
  recordEvent(stack, 'DELETE_IN_PROGRESS', undefined, resource);
  try {
    await HANDLERS[resource.type]!.remove(region.account, readRequest(stack, resource, resource.suffix), resource.made);
  } catch (error) {
    // A resource that somebody else removed counts as deleted.
    if (!/NotFound|NoSuchEntity|NoSuch/i.test((error as Error).name)) {
      recordEvent(stack, 'DELETE_FAILED', messageOf(error), resource);
      throw error;
    }
  }
  recordEvent(stack, 'DELETE_COMPLETE', undefined, resource);
}

/** The request that a handler reads from properties; throws if some are left. */
function readRequest(stack: EmulatedStack, { type, logicalId, properties: values }: Wanted, suffix: string): unknown {
  const properties = new PropertyReader(values);
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
