import type { Ownership } from '../../generators/file';
import { type Base, type BaseEntry, newEntry, sha256 } from './base';
import { type Explain, hasConflict, mergeTexts } from './merge';
import { findMoved } from './renames';
import { readText } from './text';
import { lookAt, type Standing } from './tree';

/** What a sync wants a file to be. */
export interface WantedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /** `internal`: the tool's own books, rewritten without asking. */
  readonly ownership: Ownership | 'internal';
  /** What an owner does rather than edit it, as a clause; absent where editing is what one does. */
  readonly instead?: string;
  /** Written though it is its owner's, for the owner asked for it. */
  readonly forced?: boolean;
}

/** What a sync does to a file, or leaves to its owner. */
export const KINDS = {
  create: { writes: true, needsOwner: false },
  update: { writes: true, needsOwner: false },
  /** What its owner made of it and what is new upstream, together. */
  merge: { writes: true, needsOwner: false },
  /** The same, and some places are marked for the owner to decide. */
  conflict: { writes: true, needsOwner: true },
  delete: { writes: true, needsOwner: false },
  unchanged: { writes: false, needsOwner: false },
  /** Its owner's version stands, and nothing upstream wants a change. */
  yours: { writes: false, needsOwner: false },
  /** Its owner deleted it, and it stays so. */
  gone: { writes: false, needsOwner: false },
  /** Its owner's version stands, and something must be decided first. */
  edited: { writes: false, needsOwner: true },
} as const;

export interface Change {
  /** Where the file stands. */
  readonly path: string;
  readonly kind: keyof typeof KINDS;
  /** What stands there now; absent where nothing does. */
  readonly before?: Buffer;
  /** What is to stand there; absent for a deletion, and where nothing is written. */
  readonly content?: Buffer;
  /** Permission bits of a file that stands there already. */
  readonly mode?: number;
  readonly executable?: boolean;
  /** Where it is generated, where its owner moved it. */
  readonly movedFrom?: string;
  /** For its owner: why it was left alone, and what to do. */
  readonly reason?: string;
  /** Whether it is one of the tool's own books. */
  readonly internal?: boolean;
}

/** What a sync comes to. */
export interface Plan {
  readonly changes: readonly Change[];
  /** What the next sync compares with. */
  readonly entries: ReadonlyMap<string, BaseEntry>;
}

export interface PlanOptions {
  /** Says who wanted a change that is in conflict with the owner's. */
  readonly explain: Explain;
  /** Paths of files that their owner made theirs. */
  readonly ejected: ReadonlySet<string>;
}

/** One file's part of a plan: what the next sync compares it with is absent where it forgets the file. */
interface Decision {
  readonly change: Change;
  readonly entry?: BaseEntry;
}

/** The paths of generated files that have marks of a conflict in them. */
export function findConflicts(root: string, wanted: readonly WantedFile[], base: Base): string[] {
  const merged = wanted.filter(({ ownership }) => ownership === 'merged' || ownership === 'managed');
  const paths = new Set(merged.map(({ path }) => path));
  for (const [path, entries] of base.entries) {
    if (entries.some(({ owned }) => !owned)) paths.add(path);
    for (const { movedTo } of entries) if (movedTo !== undefined) paths.add(movedTo);
  }
  for (const { path, ownership } of wanted) if (ownership === 'owned') paths.delete(path);
  return [...paths].sort().filter((path) => {
    const standing = lookAt(root, path);
    return standing.kind === 'file' && hasConflict(standing.content.toString('utf8'));
  });
}

/**
 * What a sync does to each file, decided from three states: what was generated before, what stands there now, what is
 * generated now. Writes nothing.
 *
 */
export function planSync(root: string, wanted: readonly WantedFile[], base: Base, options: PlanOptions): Plan {
  const { explain, ejected } = options;
  const places = findPlaces(root, wanted, base);
  const names = new Set(wanted.map(({ path }) => path));
  const decisions = [
    ...wanted.map((file): [string, Decision] => [file.path, decide(file, places.get(file.path)!)]),
    ...[...base.entries]
      .filter(([path]) => !names.has(path) && !ejected.has(path))
      .map(([path, entries]): [string, Decision | undefined] => [path, decideObsolete(root, path, entries)])
      .filter((pair): pair is [string, Decision] => pair[1] !== undefined),
  ];
  return {
    changes: decisions.map(([, { change }]) => change),
    entries: new Map(decisions.flatMap(([path, { entry }]) => (entry ? [[path, entry]] : []))),
  };

  function decide(file: WantedFile, place: Place): Decision {
    const known = place.entries.length === 0 ? [undefined] : place.entries;
    // Where git merged two bases, either may be right: the one by which the least is left to the owner.
    return known
      .map((entry) => decideFile(file, entry, place, explain))
      .reduce((best, next) => (effort(next) < effort(best) ? next : best));
  }
}

function effort({ change }: Decision): number {
  return KINDS[change.kind].needsOwner ? 1 : 0;
}

/** Where a generated file stands, and what was generated for it before. */
interface Place {
  readonly path: string;
  readonly standing: Standing;
  readonly entries: readonly BaseEntry[];
  /** Files that it may have become, where its owner moved it and that is not clear. */
  readonly candidates: readonly string[];
}

function findPlaces(root: string, wanted: readonly WantedFile[], base: Base): Map<string, Place> {
  const places = new Map<string, Place>();
  const lost = new Map<string, Buffer>();
  for (const { path, ownership } of wanted) {
    const entries = base.entries.get(path) ?? [];
    const options = [path, ...entries.flatMap(({ movedTo }) => movedTo ?? [])];
    const found =
      options
        .map((option) => ({ path: option, standing: lookAt(root, option) }))
        .find(({ standing }) => standing.kind !== 'absent') ?? ({ path, standing: { kind: 'absent' } } as const);
    places.set(path, { ...found, entries, candidates: [] });
    const content = entries[0]?.content;
    if (found.standing.kind === 'absent' && ownership === 'merged' && content) {
      lost.set(path, content);
    }
  }
  const known = new Set([...places.values()].map(({ path }) => path).concat(wanted.map(({ path }) => path)));
  for (const path of base.entries.keys()) known.add(path);
  for (const [path, { movedTo, candidates }] of findMoved(root, lost, known)) {
    const place = places.get(path)!;
    places.set(
      path,
      movedTo === undefined
        ? { ...place, candidates }
        : { ...place, path: movedTo, standing: lookAt(root, movedTo), candidates: [] },
    );
  }
  return places;
}

function decideFile(file: WantedFile, before: BaseEntry | undefined, place: Place, explain: Explain): Decision {
  const { content: now, ownership, executable } = file;
  const { path, standing } = place;
  const internal = ownership === 'internal' ? { internal: true } : {};
  const moved = path === file.path ? {} : { movedFrom: file.path };
  const current = standing.kind === 'file' ? { before: standing.content, mode: standing.mode } : {};
  const here = { path, executable, ...moved, ...current, ...internal };
  const owned = ownership === 'owned';
  const hash = sha256(now);
  const next: BaseEntry | undefined =
    ownership === 'internal'
      ? undefined
      : { ...newEntry(now, owned), ...(path === file.path ? {} : { movedTo: path }) };
  const leave = (reason: string): Decision => ({
    change: { ...here, kind: 'edited', reason },
    entry: before && { ...before, ...(path === file.path ? {} : { movedTo: path }) },
  });

  if (standing.kind === 'absent') {
    return before === undefined || file.forced
      ? { change: { ...here, kind: 'create', content: now }, entry: next }
      : {
          change: { ...here, kind: 'gone', ...explainGone(place, before.hash !== hash) },
          entry: owned ? before : next,
        };
  }
  if (file.forced && standing.kind === 'file') {
    const entry = owned ? (before ?? next) : next;
    return standing.content.equals(now)
      ? { change: { ...here, kind: 'unchanged' }, entry }
      : { change: { ...here, kind: 'update', content: now }, entry };
  }
  if (owned) {
    return { change: { ...here, kind: 'yours' }, entry: before?.owned ? before : next };
  }
  if (standing.kind === 'other') {
    return before?.hash === hash && ownership === 'merged'
      ? { change: { ...here, kind: 'yours' }, entry: next }
      : leave(`${standing.what}, and that is never written to`);
  }
  if (ownership === 'internal') {
    return standing.content.equals(now)
      ? { change: { ...here, kind: 'unchanged' } }
      : { change: { ...here, kind: 'update', content: now } };
  }

  const yours = readText(standing.content);
  const nowText = readText(now)?.text ?? '';
  const beforeText = before?.content && readText(before.content)?.text;
  if (yours?.text === nowText) {
    return { change: { ...here, kind: 'unchanged' }, entry: next };
  }
  const unedited = sha256(standing.content) === before?.hash || (yours !== undefined && yours.text === beforeText);
  if (unedited && yours) {
    return { change: { ...here, kind: 'update', content: yours.rewrite(nowText) }, entry: next };
  }
  if (before === undefined) {
    return leave(
      'it was there before, or .projen/base was lost: bring that back with git, make this file yours, or delete it',
    );
  }
  if (ownership === 'managed') {
    return leave(file.instead ?? 'undo the edit, or make the file yours');
  }
  if (before.hash === hash) {
    return { change: { ...here, kind: 'yours' }, entry: next };
  }
  if (!yours) {
    return leave('it is not UTF-8, and never merged');
  }
  if (beforeText === undefined) {
    return leave('what was generated before cannot be read: bring .projen/base back with git, or make this file yours');
  }
  const merge = mergeTexts(path, beforeText, yours.text, nowText, explain);
  const content = yours.rewrite(merge.text);
  return { change: { ...here, kind: merge.conflicts > 0 ? 'conflict' : 'merge', content }, entry: next };
}

function explainGone({ candidates }: Place, news: boolean): { readonly reason?: string } {
  if (candidates.length > 0) {
    return { reason: `you deleted it, or moved it; more than one file may be it: ${candidates.join(', ')}` };
  }
  return { reason: news ? 'you deleted it; what is new in it is passed over' : 'you deleted it' };
}

/** A file that is generated no longer goes, unless its owner made it their own. */
function decideObsolete(root: string, path: string, entries: readonly BaseEntry[]): Decision | undefined {
  const entry = entries[0]!;
  const place = entry.movedTo ?? path;
  const standing = lookAt(root, place);
  if (entry.owned || standing.kind === 'absent') {
    return undefined;
  }
  const moved = place === path ? {} : { movedFrom: path };
  if (standing.kind === 'file') {
    const here = { path: place, before: standing.content, ...moved };
    const text = readText(standing.content)?.text;
    const isUnedited = (known: BaseEntry) =>
      sha256(standing.content) === known.hash ||
      (text !== undefined && known.content !== undefined && readText(known.content)?.text === text);
    if (entries.some(isUnedited)) {
      return { change: { ...here, kind: 'delete' } };
    }
    return {
      change: {
        ...here,
        kind: 'edited',
        reason: 'it is generated no longer, and you edited it: delete it, or make it yours',
      },
      entry,
    };
  }
  return {
    change: {
      path: place,
      ...moved,
      kind: 'edited',
      reason: `it is generated no longer; ${standing.what}: delete it, or make it yours`,
    },
    entry,
  };
}
