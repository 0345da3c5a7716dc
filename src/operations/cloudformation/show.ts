import type { ChangeSet } from '../change-set';
import { templateResources } from './template';

const SIGNS: Readonly<Record<string, string>> = { Add: '+', Modify: '~', Remove: '-', Import: '=', Dynamic: '?' };
const REPLACED: Readonly<Record<string, string>> = { True: '  replaced', Conditional: '  perhaps replaced' };

/**
 * The changes of a change set, for people, as lines.
 *
 * @param exists whether the stack exists already
 */
export function showChanges(stack: string, changeSet: ChangeSet | undefined, exists: boolean): string[] {
  if (!changeSet) return [`${stack}: no changes.`];
  const lines = changeSet.Changes.map(({ ResourceChange: change }) => {
    const { Action, LogicalResourceId, ResourceType, Replacement = '', Details = [] } = change;
    const names = Details.map(({ Target }) => Target?.Name ?? Target?.Attribute).filter(Boolean);
    const properties = names.length > 0 ? `  (${[...new Set(names)].join(', ')})` : '';
    const replaced = Object.hasOwn(REPLACED, Replacement) ? REPLACED[Replacement] : '';
    const sign = Object.hasOwn(SIGNS, Action) ? SIGNS[Action] : Action;
    return `  ${sign} ${LogicalResourceId}  ${ResourceType}${replaced}${properties}`;
  });
  return [`${stack}: ${exists ? 'changes' : 'will be created'}`, ...lines];
}

/** The resources in the template of a new stack, for people, as lines. */
export function showNew(stack: string, template: string): string[] {
  const lines = templateResources(template).map(
    ({ id, type, condition }) => `  + ${id}  ${type}${condition ? `  (if ${condition})` : ''}`,
  );
  return [
    `${stack} does not exist: it will be created`,
    ...lines,
    'A resource with a condition is created only if that is met. Resources that an earlier stack kept are taken over.',
  ];
}
