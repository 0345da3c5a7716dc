import { g1b } from './g1b';
import { g3b } from './g3b';
import { g3c } from './g3c';
import type { Conventions, Deployable, Step } from './schema';
import { g3bToG3c } from './steps/g3b-to-g3c';

export type { AuthMode, Change, Conventions, Deployable, Failure, SeenDefect, Step, VariableSource } from './schema';
export { AUTH_MODES, SEEN_DEFECTS } from './schema';

/** Every generation that the tool knows, oldest first. */
export const CATALOGUE: readonly Conventions[] = [g1b, g3b, g3c];

/** The steps from each generation to the next, oldest first. */
export const STEPS: readonly Step[] = [g3bToG3c];

/** What a new deployment gets that names none: the newest that deploys. */
export const LATEST: Deployable = CATALOGUE.filter(isDeployable)
  .filter(({ support }) => support.kind === 'emitted')
  .at(-1)!;

/** The generation of this id, or undefined where the catalogue has none. */
export function findConventions(id: string): Conventions | undefined {
  return CATALOGUE.find((conventions) => conventions.id === id);
}

/** The generation of this id that a repository can be emitted for, or undefined. */
export function findDeployable(id: string): Deployable | undefined {
  const conventions = findConventions(id);
  return conventions && isDeployable(conventions) ? conventions : undefined;
}

/** Whether a repository can be emitted for a generation. */
export function isDeployable(conventions: Conventions): conventions is Deployable {
  return conventions.support.kind !== 'recognised';
}

/** The generation that a published version of the server belongs to; every version belongs to one. */
export function conventionsOf(version: string): Conventions | undefined {
  return CATALOGUE.find(({ versions }) => versions !== null && isWithin(version, versions));
}

/** Whether a version of three numbers is within a range: `from`, inclusive, and `below`, exclusive. */
export function isWithin(
  version: string,
  { from, below }: { readonly from: string; readonly below?: string },
): boolean {
  return compareVersions(version, from) >= 0 && (below === undefined || compareVersions(version, below) < 0);
}

/** The steps from one generation to a later one, in order; none where they are the same. */
export function stepsBetween(from: string, to: string): readonly Step[] {
  const ids = CATALOGUE.map(({ id }) => id);
  const [first, last] = [ids.indexOf(from), ids.indexOf(to)];
  return STEPS.filter((step) => ids.indexOf(step.from) >= first && ids.indexOf(step.to) <= last);
}

/** Compares two versions of three numbers: negative, zero or positive. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs < 0 ? 0 : left[differs]! - right[differs]!;
}
