import { filesBelow, readSmall } from './files-below';
import { type OwnersText, readText } from './owners-text';
import { isInside } from './working-tree';

/** The part of a file that must be as generated, for it to be the same file under another name. */
const LEAST_LIKENESS = 0.6;

/** The new place of a file that is gone, as far as it is clear. */
export interface Whereabouts {
  /** Present if just one file is like it, and that file is like no other that is gone. */
  readonly movedTo?: string;
  /** Files that resemble it, if there is more than one. */
  readonly candidates: readonly string[];
}

/**
 * Looks for files that their owner moved.
 *
 * @param gone generated content, by the path where it is missing
 * @param known paths that cannot be the new place of one: a generated file is there, or another one moved there
 */
export function findMoved(
  root: string,
  gone: ReadonlyMap<string, Buffer>,
  known: ReadonlySet<string>,
): Map<string, Whereabouts> {
  if (gone.size === 0) {
    return new Map();
  }
  const texts = [...filesBelow(root)]
    .filter((path) => !known.has(path) && isInside(path))
    .map((path): [string, OwnersText | undefined] => [path, readSmall(root, path)]);
  const likes = [...gone].map(([path, content]): [string, string[]] => {
    const before = readText(content)?.text ?? '';
    return [
      path,
      texts
        .filter(([, candidate]) => candidate !== undefined && likeness(before, candidate.text) >= LEAST_LIKENESS)
        .map(([candidate]) => candidate),
    ];
  });
  const claims = (candidate: string) => likes.filter(([, candidates]) => candidates.includes(candidate)).length;
  return new Map(
    likes.map(([path, candidates]) => {
      const [only] = candidates;
      return candidates.length === 1 && claims(only!) === 1
        ? [path, { movedTo: only, candidates: [] }]
        : [path, { candidates }];
    }),
  );
}

/** The part of two texts that is lines of both, by length: from 0 to 1. */
export function likeness(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) {
    return 0;
  }
  const left = new Map<string, number>();
  for (const line of a.split('\n')) {
    left.set(line, (left.get(line) ?? 0) + 1);
  }
  let common = 0;
  for (const line of b.split('\n')) {
    const count = left.get(line) ?? 0;
    if (count > 0) {
      left.set(line, count - 1);
      common += line.length + 1;
    }
  }
  return common / Math.max(a.length + 1, b.length + 1);
}
