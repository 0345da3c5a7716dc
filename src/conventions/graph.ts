import type { Conventions, Deployable, Step } from './schema';

/** The catalogue is a graph: generations, and steps that lead from one to another. */

/** The steps of the shortest way from one generation to another, in order; none if there is no way, or they are the same. */
export function shortestWay(steps: readonly Step[], from: string, to: string): readonly Step[] {
  const ways = new Map<string, readonly Step[]>([[from, []]]);
  for (const [place, way] of ways) {
    if (place === to) return way;
    for (const step of steps) {
      if (step.from === place && !ways.has(step.to)) ways.set(step.to, [...way, step]);
    }
  }
  return [];
}

/** The newest generation: one that is emitted, and that no emitted one follows, with any others between. */
export function newestOf(catalogue: readonly Conventions[], steps: readonly Step[]): Deployable {
  const emitted = catalogue.filter(isDeployable).filter(({ support }) => support.kind === 'emitted');
  const ends = emitted.filter(({ id }) => emitted.every((other) => shortestWay(steps, id, other.id).length === 0));
  return ends.reduce((newest, end) => (end.dates.from < newest.dates.from ? newest : end));
}

/** The generations, in which an open range of versions ends where the successor's begins. */
export function closeVersions(generations: readonly Conventions[], steps: readonly Step[]): readonly Conventions[] {
  const successorOf = ({ id }: Conventions) => {
    const to = steps.find(({ from }) => from === id)?.to;
    return generations.find((other) => other.id === to);
  };
  return generations.map((generation) => {
    const { versions } = generation;
    const below = successorOf(generation)?.versions?.from;
    return versions && versions.below === undefined && below !== undefined
      ? { ...generation, versions: { ...versions, below } }
      : generation;
  });
}

/** Whether a repository can be emitted for a generation. */
export function isDeployable(conventions: Conventions): conventions is Deployable {
  return conventions.support.kind === 'emitted' || conventions.support.kind === 'unsafe';
}

/** Whether a version of three numbers is within a range: `from`, inclusive, and `below`, exclusive. */
export function isWithin(
  version: string,
  { from, below }: { readonly from: string; readonly below?: string },
): boolean {
  return compareVersions(version, from) >= 0 && (below === undefined || compareVersions(version, below) < 0);
}

/** Compares two versions of up to three numbers, of which one that is missing is 0: negative, zero or positive. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differences = [0, 1, 2].map((part) => (left[part] ?? 0) - (right[part] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
