import type { WantedFile } from './changes';
import { type Base, type BaseEntry, sha256 } from './merge-base';
import { readText } from './owners-text';
import { findMoved, likeness } from './renames';
import { lookAt, type Standing } from './working-tree';

/** A generated file's place in the tree, and its base entry. */
export interface FoundFile {
  readonly path: string;
  readonly standing: Standing;
  readonly before?: BaseEntry;
  /** Files that it may have become, if its owner seems to have moved it and several are alike. */
  readonly candidates: readonly string[];
}

/** No two files have the same place: a file that is generated there now, or was before, has it rather than one that moved. */
export function findFiles(
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
    // The tool's own books are never merged, even if the base says so; shared files were merged already.
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

/** The base entry that a file comes from. If git merged two bases, it is the one that the file resembles most. */
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

/** Whether a file becomes the generated one, whatever its content. */
export function isRewritten(ownership: WantedFile['ownership']): boolean {
  return ownership === 'internal' || ownership === 'shared';
}

/** Whether a file is as it was generated, but for its line ends and the text below its owner's line. */
export function isUnedited(content: Buffer, { hash, content: before }: BaseEntry): boolean {
  const text = readText(content)?.text;
  return sha256(content) === hash || (text !== undefined && before !== undefined && readText(before)?.text === text);
}
