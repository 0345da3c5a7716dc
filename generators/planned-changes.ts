import * as z from 'zod';

import type { PlannedAction, PlannedChange } from '../src/resources/planned-impact';

const schema = z.object({
  Changes: z.array(
    z.object({
      ResourceChange: z.object({
        Action: z.string(),
        LogicalResourceId: z.string(),
        PhysicalResourceId: z.string().optional(),
        ResourceType: z.string(),
        Replacement: z.string().optional(),
        PolicyAction: z.string().optional(),
        Scope: z.array(z.string()).default([]),
        Details: z
          .array(
            z.object({
              Target: z.object({ Attribute: z.string().optional(), Name: z.string().optional() }).optional(),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

type EngineChange = z.infer<typeof schema>['Changes'][number]['ResourceChange'];

const ACTIONS: Readonly<Record<string, PlannedAction>> = {
  Add: 'create',
  Modify: 'update',
  Remove: 'destroy',
  Import: 'import',
};

const REPLACEMENTS: Readonly<Record<string, PlannedAction>> = { True: 'replace', Conditional: 'perhapsReplace' };

/**
 * The changes of a change set, read from the AWS CLI's description. Source: API reference of CloudFormation,
 * "ResourceChange".
 *
 * @param idOf the model's id of a logical id, or another one if the model does not have the resource
 * @throws Error if it is no change set, or has an action that is unknown to this version
 */
export function readChangeSet(text: string, idOf: (logicalId: string) => string): PlannedChange[] {
  const changes = new Map<string, PlannedChange>();
  for (const { ResourceChange: change } of schema.parse(JSON.parse(text)).Changes) {
    if (isOfMetadataOnly(change)) continue;
    const next = toPlanned(change, idOf(change.LogicalResourceId));
    const other = changes.get(next.id);
    changes.set(next.id, other ? successionOf(other, next) : next);
  }
  return [...changes.values()];
}

/** Whether a change is only of metadata for the reader of a template; nothing in AWS changes with it. */
function isOfMetadataOnly({ Action, Scope }: EngineChange): boolean {
  return Action === 'Modify' && Scope.length > 0 && Scope.every((part) => part === 'Metadata');
}

function toPlanned(change: EngineChange, id: string): PlannedChange {
  const { Action, LogicalResourceId, PhysicalResourceId, ResourceType, Replacement, PolicyAction, Details } = change;
  const action = Object.hasOwn(ACTIONS, Action) ? ACTIONS[Action] : undefined;
  if (!action) {
    throw new Error(`the change set does ${Action} to ${LogicalResourceId}, which this version does not know`);
  }
  const replaces = action === 'update' && Object.hasOwn(REPLACEMENTS, Replacement ?? '');
  const names = Details.map(({ Target }) => Target?.Name ?? Target?.Attribute ?? '').filter((name) => name !== '');
  return {
    id,
    type: ResourceType,
    key: PhysicalResourceId ?? LogicalResourceId,
    action: replaces
      ? REPLACEMENTS[Replacement!]!
      : action === 'destroy' && PolicyAction === 'Retain'
        ? 'leave'
        : action,
    ...(PolicyAction === 'ReplaceAndRetain' ? { keeps: true } : {}),
    attributes: [...new Set(names)].sort(),
  };
}

/** One resource of the model that is two of the template, of which one goes and one comes. */
function successionOf(a: PlannedChange, b: PlannedChange): PlannedChange {
  const [goes, comes] = a.action === 'create' || a.action === 'import' ? [b, a] : [a, b];
  return {
    ...comes,
    action: 'replace',
    ...(goes.action === 'leave' ? { keeps: true } : {}),
    attributes: [],
  };
}
