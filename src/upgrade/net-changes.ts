import type { Change, Step } from '../conventions';

/** A change, and the steps that it comes from, each as `g1a → g1b`. */
export interface NetChange {
  readonly change: Change;
  readonly steps: readonly string[];
}

type ChangeKind = Change['kind'];
type MergeChanges = (before: Change, after: Change) => Change | null;

const keepBefore: MergeChanges = (before) => before;
const keepAfter: MergeChanges = (_, after) => after;

/**
 * Sums of two changes of one thing in sequence; null if they cancel out. The table has them by kind; a pair that is not
 * in it stays as two.
 */
const MERGES: Readonly<Partial<Record<`${ChangeKind} ${ChangeKind}`, MergeChanges>>> = {
  'add change': keepBefore,
  'add rename': (before, after) => ({ ...before, name: (after as Of<'rename'>).to }),
  'add remove': () => null,
  'change change': (before, after) => ({ ...(after as Of<'change'>), from: (before as Of<'change'>).from }),
  'change remove': keepAfter,
  'rotate rotate': keepAfter,
  'rotate remove': keepAfter,
  'rename rename': (before, after) => ({ ...(after as Of<'rename'>), name: before.name }),
  'rename remove': (before, after) => ({ ...after, name: before.name }),
  'remove add': keepAfter,
};

type Of<K extends ChangeKind> = Extract<Change, { kind: K }>;

/**
 * The sum of steps that are taken at once: a thing that one adds and a later one removes is left out, and one that
 * changes twice changes from the first to the last.
 */
export function netChanges(steps: readonly Step[]): NetChange[] {
  const net: NetChange[] = [];
  for (const { from, to, changes } of steps) {
    for (const change of changes) {
      add(net, { change, steps: [`${from} → ${to}`] });
    }
  }
  return net;
}

/** Adds a change, merged with earlier changes of the same thing. */
function add(net: NetChange[], next: NetChange): void {
  const index = net.findLastIndex(
    ({ change }) => change.what === next.change.what && nameAfter(change) === next.change.name,
  );
  const before = net[index];
  const merge = before && MERGES[`${before.change.kind} ${next.change.kind}`];
  if (!merge) {
    net.push(next);
    return;
  }
  net.splice(index, 1);
  const change = merge(before.change, next.change);
  if (change) {
    add(net, { change, steps: [...new Set([...before.steps, ...next.steps])] });
  }
}

/** Name of a thing after a change. */
function nameAfter(change: Change): string {
  return change.kind === 'rename' ? change.to : change.name;
}
