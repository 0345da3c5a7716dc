import type { Scope } from './functions';
import { type PreparedRequest, removalPoliciesOf } from './prepare';
import { outputsOf, propertiesOf, scopeOf } from './resolution';
import { coerceProperties, isSame, replacingProperties } from './spec';
import type { EmulatedStack, PlannedResourceChange, StackResource } from './stack';
import type { TemplateObject } from './template';

/**
 * The changes of a prepared request, or undefined if there are none. A value that is known only after creation differs
 * from any other.
 */
export function planChanges(
  stacks: ReadonlyMap<string, EmulatedStack>,
  stack: EmulatedStack,
  prepared: PreparedRequest,
): PlannedResourceChange[] | undefined {
  const changes: PlannedResourceChange[] = [];
  const anew = new Set<string>();
  const scope = scopeOf(stacks, stack, prepared, (name) => {
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
    const properties = foreseen(prepared, before, scope, anew.size > 0);
    const changed = [
      ...differing(before.properties, properties),
      ...(isSame(Metadata, before.metadata) ? [] : ['Metadata']),
      ...differing(policiesIn(before), policiesIn(removalPoliciesOf(prepared, logicalId))),
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
  const outputs = outputsOf(prepared, scope);
  const same = isSame([...outputs], [...stack.outputs]) && isSame(prepared.tags, stack.tags);
  return changes.length === 0 && same ? undefined : changes;
}

/** A resource's properties, as far as they are known; values of resources yet to be made count as changed. */
function foreseen(
  prepared: PreparedRequest,
  { logicalId, type }: StackResource,
  scope: Scope,
  mayFail: boolean,
): TemplateObject {
  try {
    return coerceProperties(type, propertiesOf(prepared, logicalId, scope));
  } catch (error) {
    // A function such as Fn::Select may fail on a value that is not known yet.
    if (!mayFail) throw error;
    return {};
  }
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
