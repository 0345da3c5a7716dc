import type { Ownership } from '../../generators/file';
import { type Explain, hasConflict, mergeTexts } from './merge';
import { type Base, type BaseEntry, newEntry, sha256 } from './merge-base';
import { movedTo } from './moved-programs';
import { readText } from './owners-text';
import { hasPins, withLaterPins } from './pins';
import { findMoved, likeness } from './renames';
import { lookAt, type Standing } from './working-tree';

/** What a sync wants a file to be. */
export interface WantedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /**
   * `internal`: the tool's own books, rewritten without asking. `shared`: merged with what stands there before it came
   * here.
   */
  readonly ownership: Ownership | 'internal' | 'shared';
  /** What the base keeps of a shared file: what is the tool's in it. */
  readonly part?: Buffer;
  /** For the owner of a shared file: which of their edits it takes back. */
  readonly reason?: string;
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
  /** It is generated no longer, and its owner had edited it: it is theirs now. */
  kept: { writes: false, needsOwner: false },
  /** It is not there because git never had it. */
  missing: { writes: false, needsOwner: true },
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
  /** For its owner: why it was left alone, and what to do; or what a rewrite takes back. */
  readonly reason?: string;
  /** Whether it is one of the tool's own books. */
  readonly internal?: boolean;
  /** Whether it is merged by key: it can be neither ejected nor restored. */
  readonly shared?: boolean;
  /** Whether it is its owner's, and generated no more. */
  readonly owned?: boolean;
}

/** What a sync comes to. */
export interface Plan {
  /** Generated files that have marks of a conflict in them; while there are any, the rest is empty. */
  readonly conflicts: readonly string[];
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

/**
 * What a sync does to each file, decided from three states: what was generated before, what stands there now, what is
 * generated now. Writes nothing.
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
      const decide = hasPins(file.path) ? decideBesidePins : decideFile;
      return [file.path, decide(file, places.get(file.path)!, explain)];
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
      // What is its owner's may say what it likes, and what is written anew loses its marks.
      return file ? !file.forced && ['managed', 'merged'].includes(file.ownership) : !before?.owned;
    })
    .filter(([, { standing }]) => standing.kind === 'file' && hasConflict(textOf(standing.content)))
    .map(([, { path }]) => path)
    .sort();
}

/** What of a file is generated, as far as it is text. */
function textOf(content: Buffer): string {
  return readText(content)?.text ?? content.toString('utf8');
}

/** Where a generated file stands, and what was generated for it before. */
interface FoundFile {
  readonly path: string;
  readonly standing: Standing;
  readonly before?: BaseEntry;
  /** Files that it may have become, where its owner moved it and that is not clear. */
  readonly candidates: readonly string[];
}

/** No two files have the same place: a file that is generated there now, or was before, has it rather than one that moved. */
function findFiles(
  root: string,
  wanted: readonly WantedFile[],
  obsolete: readonly string[],
  base: Base,
): Map<string, FoundFile> {
  const places = new Map<string, FoundFile>();
  const taken = new Set([...wanted.map(({ path }) => path), ...base.entries.keys()]);
  const lost = new Map<string, Buffer>();
  const find = (path: string, entries: readonly BaseEntry[]): FoundFile => {
    const moves = entries.flatMap(({ movedTo }) => (movedTo === undefined || taken.has(movedTo) ? [] : [movedTo]));
    const found = [path, ...moves]
      .map((place) => ({ path: place, standing: lookAt(root, place) }))
      .find(({ standing }) => standing.kind !== 'absent');
    const { standing, ...place } = found ?? { path, standing: { kind: 'absent' } as const };
    taken.add(place.path);
    places.set(path, { ...place, standing, before: originOf(standing, entries), candidates: [] });
    return places.get(path)!;
  };
  for (const { path, ownership } of wanted) {
    // The tool's own books are never merged, whatever the base says of them; what is shared was merged already.
    const { standing, before } = find(path, isRewritten(ownership) ? [] : (base.entries.get(path) ?? []));
    if (standing.kind === 'absent' && ownership === 'merged' && before?.content) {
      lost.set(path, before.content);
    }
  }
  for (const path of obsolete) {
    find(path, base.entries.get(path)!);
  }
  for (const [path, { movedTo, candidates }] of findMoved(root, lost, taken)) {
    const place = { ...places.get(path)!, candidates };
    places.set(path, movedTo === undefined ? place : { ...place, path: movedTo, standing: lookAt(root, movedTo) });
  }
  return places;
}

/** What a file comes from. Where git merged two bases, either may be it: the one that the file is most like. */
function originOf(standing: Standing, entries: readonly BaseEntry[]): BaseEntry | undefined {
  const [first] = entries;
  if (entries.length < 2 || standing.kind !== 'file') {
    return first;
  }
  const rank = (entry: BaseEntry) => {
    if (isUnedited(standing.content, entry)) return 1;
    const [yours, before] = [readText(standing.content)?.text, entry.content && readText(entry.content)?.text];
    return yours === undefined || before === undefined ? -1 : likeness(yours, before);
  };
  return entries.reduce((best, next) => (rank(next) > rank(best) ? next : best));
}

/**
 * As if the pins that were moved on had always been generated so. The base keeps what was generated: a pin that is moved on
 * leaves nothing for a sync to write.
 */
function decideBesidePins(file: WantedFile, place: FoundFile, explain: Explain): Decision {
  const { standing, before } = place;
  const yours = standing.kind === 'file' ? readText(standing.content)?.text : undefined;
  if (yours === undefined) {
    return decideFile(file, place, explain);
  }
  const moved = (content: Buffer) => Buffer.from(withLaterPins(content.toString('utf8'), yours));
  const movedBefore = before?.content && { ...before, ...newEntry(moved(before.content), false) };
  const { change, entry } = decideFile(
    { ...file, content: moved(file.content) },
    { ...place, before: movedBefore ?? before },
    explain,
  );
  const generated = [file.content, before?.content].find((one) => one && sha256(moved(one)) === entry?.hash);
  return { change, entry: entry && generated ? { ...entry, ...newEntry(generated, entry.owned) } : entry };
}

/** Whether a file becomes what is generated, whatever stands there. */
function isRewritten(ownership: WantedFile['ownership']): boolean {
  return ownership === 'internal' || ownership === 'shared';
}

function decideFile(file: WantedFile, place: FoundFile, explain: Explain): Decision {
  const { content: now, ownership, executable, forced, part, reason } = file;
  const { path, standing, before } = place;
  const internal = ownership === 'internal';
  const owned = ownership === 'owned';
  const moved = path === file.path ? {} : { movedFrom: file.path };
  const current = standing.kind === 'file' ? { before: standing.content, mode: standing.mode } : {};
  const here = {
    path,
    executable,
    ...moved,
    ...current,
    ...(internal ? { internal } : {}),
    ...(ownership === 'shared' ? { shared: true } : {}),
    ...(owned ? { owned } : {}),
  };
  const followed = path === file.path ? {} : { movedTo: path };
  const next: BaseEntry | undefined = internal ? undefined : { ...newEntry(part ?? now, owned), ...followed };
  const isNews = before?.hash !== sha256(now);
  const leave = (reason: string): Decision => ({
    change: { ...here, kind: 'edited', reason },
    entry: before && { ...before, movedTo: undefined, ...followed },
  });

  if (standing.kind === 'absent') {
    return before === undefined || forced
      ? { change: { ...here, kind: 'create', content: now }, entry: next }
      : // What it was stays what it is compared with: what is generated now may be like a file that is not it.
        {
          change: { ...here, kind: 'gone', ...explainGone(place, isNews) },
          entry: owned ? before : { ...before, movedTo: undefined },
        };
  }
  if (owned && !forced) {
    return { change: { ...here, kind: 'yours' }, entry: before?.owned ? before : next };
  }
  if (standing.kind === 'other') {
    return !isNews && ownership === 'merged' && !forced
      ? { change: { ...here, kind: 'yours' }, entry: next }
      : leave(
          `${standing.what}, and that is never written to${isRewritten(ownership) ? ': put a plain file there' : ''}`,
        );
  }
  const yours = readText(standing.content);
  const nowText = readText(now)?.text;
  const content = yours && nowText !== undefined && ownership !== 'shared' ? yours.rewrite(nowText) : now;
  if (content.equals(standing.content)) {
    return { change: { ...here, kind: 'unchanged' }, entry: owned ? (before ?? next) : next };
  }
  if (ownership === 'shared') {
    return { change: { ...here, kind: 'update', content, ...(reason === undefined ? {} : { reason }) }, entry: next };
  }
  if (forced || internal || (before && isUnedited(standing.content, before))) {
    return { change: { ...here, kind: 'update', content }, entry: owned && before?.owned ? before : next };
  }
  if (before === undefined) {
    return leave(
      'it was there before, or .projen/base was lost: bring that back with git, make this file yours, or delete it',
    );
  }
  if (ownership === 'managed') {
    return leave(file.instead ?? 'undo the edit, or make the file yours');
  }
  if (!isNews) {
    return { change: { ...here, kind: 'yours' }, entry: next };
  }
  if (!yours) {
    return leave('it is not UTF-8, and never merged');
  }
  const beforeText = before.content && readText(before.content)?.text;
  if (beforeText === undefined || nowText === undefined) {
    return leave('what was generated before cannot be read: bring .projen/base back with git, or make this file yours');
  }
  const merge = mergeTexts(path, beforeText, yours.text, nowText, explain);
  const merged = yours.rewrite(merge.text);
  if (merged.equals(standing.content)) {
    return { change: { ...here, kind: 'yours' }, entry: next };
  }
  return { change: { ...here, kind: merge.conflicts > 0 ? 'conflict' : 'merge', content: merged }, entry: next };
}

/** Whether a file is as it was generated, but for the ends of its lines and what is below its owner's line. */
function isUnedited(content: Buffer, { hash, content: before }: BaseEntry): boolean {
  const text = readText(content)?.text;
  return sha256(content) === hash || (text !== undefined && before !== undefined && readText(before)?.text === text);
}

/** What its owner wrote below the line. */
function belowIn(content: Buffer | undefined): string | undefined {
  return content && readText(content)?.below;
}

function explainGone({ candidates }: FoundFile, news: boolean): { readonly reason?: string } {
  if (candidates.length > 0) {
    return { reason: `you deleted it, or moved it, and it is not clear where to: ${candidates.join(', ')}` };
  }
  return { reason: news ? 'you deleted it; what is new in it is passed over' : 'you deleted it' };
}

/** A file that is generated no longer goes, unless its owner made it their own. */
function decideObsolete(name: string, { path, standing, before }: FoundFile): Decision | undefined {
  if (before === undefined || before.owned || standing.kind === 'absent') {
    return undefined;
  }
  const here = { path, ...(path === name ? {} : { movedFrom: name }) };
  const leave = (what: string): Decision => ({
    change: { ...here, kind: 'edited', reason: `it is generated no longer, and ${what}: delete it, or make it yours` },
    entry: before,
  });
  if (standing.kind === 'other') {
    return leave(standing.what);
  }
  if (isUnedited(standing.content, before) && belowIn(standing.content) === belowIn(before.content)) {
    return { change: { ...here, before: standing.content, kind: 'delete' } };
  }
  const command = movedTo(name);
  if (command === undefined) return leave('you edited it');
  const reason = `you edited it, so it is yours now, and nothing that is generated runs it any more. Instead: ${command}`;
  return { change: { ...here, before: standing.content, kind: 'kept', reason } };
}
