import type { FileChange, WantedFile } from './changes';
import { type Decision, decideObsolete, decideWanted } from './decisions';
import { type FoundFile, findFiles } from './found-files';
import { type Explain, hasConflict } from './merge';
import type { Base, BaseEntry } from './merge-base';
import { readText } from './owners-text';

/** The outcome of a sync, not yet applied. */
export interface Plan {
  /** Generated files that have marks of a conflict in them; while there are any, the rest is empty. */
  readonly conflicts: readonly string[];
  readonly changes: readonly FileChange[];
  /** Base entries for the next sync. */
  readonly entries: ReadonlyMap<string, BaseEntry>;
}

export interface PlanOptions {
  /** Says who wanted a change that is in conflict with the owner's. */
  readonly explain: Explain;
  /** Paths of files that their owner made theirs. */
  readonly ejected: ReadonlySet<string>;
}

/**
 * Plans a sync: decides about each file by three states (generated before, there now, generated now). Writes nothing.
 */
export function planSync(root: string, wanted: readonly WantedFile[], base: Base, options: PlanOptions): Plan {
  const { explain, ejected } = options;
  const names = new Set(wanted.map(({ path }) => path));
  const obsolete = [...base.entries.keys()].filter((path) => !names.has(path) && !ejected.has(path));
  const places = findFiles(root, wanted, obsolete, base);
  const conflicts = findConflicts(wanted, places);
  if (conflicts.length > 0) {
    return { conflicts, changes: [], entries: new Map() };
  }
  const decisions = [
    ...wanted.map((file): [string, Decision] => {
      return [file.path, decideWanted(file, places.get(file.path)!, explain)];
    }),
    ...obsolete
      .map((path): [string, Decision | undefined] => [path, decideObsolete(path, places.get(path)!)])
      .filter((pair): pair is [string, Decision] => pair[1] !== undefined),
  ];
  return {
    conflicts,
    changes: decisions.map(([, { change }]) => change),
    entries: new Map(decisions.flatMap(([path, { entry }]) => (entry ? [[path, entry]] : []))),
  };
}

function findConflicts(wanted: readonly WantedFile[], places: ReadonlyMap<string, FoundFile>): string[] {
  const files = new Map(wanted.map((file) => [file.path, file]));
  return [...places]
    .filter(([name, { before }]) => {
      const file = files.get(name);
      // An owner's file may have any text, and a rewritten file loses its marks.
      return file ? !file.forced && ['managed', 'merged'].includes(file.ownership) : !before?.owned;
    })
    .filter(([, { standing }]) => standing.kind === 'file' && hasConflict(textOf(standing.content)))
    .map(([, { path }]) => path)
    .sort();
}

/** The generated part of a file, if it is text. */
function textOf(content: Buffer): string {
  return readText(content)?.text ?? content.toString('utf8');
}
