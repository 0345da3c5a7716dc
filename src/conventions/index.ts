import { g0 } from './g0';
import { g1a } from './g1a';
import { g1b } from './g1b';
import { g2a } from './g2a';
import { g2b } from './g2b';
import { g2c } from './g2c';
import { g2d } from './g2d';
import { g3a } from './g3a';
import { g3b } from './g3b';
import { g3c } from './g3c';
import { g4 } from './g4';
import { gap } from './gap';
import type { Conventions, Deployable, Step } from './schema';
import { g0ToG1a } from './steps/g0-to-g1a';
import { g1aToG1b } from './steps/g1a-to-g1b';
import { g1bToGap } from './steps/g1b-to-gap';
import { g2aToG2b } from './steps/g2a-to-g2b';
import { g2bToG2c } from './steps/g2b-to-g2c';
import { g2cToG2d } from './steps/g2c-to-g2d';
import { g2dToG3a } from './steps/g2d-to-g3a';
import { g3aToG3b } from './steps/g3a-to-g3b';
import { g3bToG3c } from './steps/g3b-to-g3c';
import { g3cToG4 } from './steps/g3c-to-g4';
import { gapToG2a } from './steps/gap-to-g2a';

export type { AuthMode, Change, Conventions, Deployable, Failure, SeenDefect, Step, VariableSource } from './schema';
export { AUTH_MODES, SEEN_DEFECTS } from './schema';

/** Every generation that the tool knows, oldest first. */
export const CATALOGUE: readonly Conventions[] = [g0, g1a, g1b, gap, g2a, g2b, g2c, g2d, g3a, g3b, g3c, g4];

/** The steps from each generation to the next, oldest first. */
export const STEPS: readonly Step[] = [
  g0ToG1a,
  g1aToG1b,
  g1bToGap,
  gapToG2a,
  g2aToG2b,
  g2bToG2c,
  g2cToG2d,
  g2dToG3a,
  g3aToG3b,
  g3bToG3c,
  g3cToG4,
];

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

/** The repository of a generation's images in upstream's registry, e.g. `quiltdata/mcp`; documents name several registries. */
export function upstreamRepository({ image }: Deployable): string {
  const [, ...path] = image.repositories[0]!.split('/');
  return path.join('/');
}

/** The host names of the registries that upstream's documents of a generation name. */
export function upstreamRegistries({ image }: Deployable): string[] {
  return image.repositories.map((repository) => repository.split('/')[0]!);
}

/** The steps from one generation to a later one, in order; none where they are the same. */
export function stepsBetween(from: string, to: string): readonly Step[] {
  const ids = CATALOGUE.map(({ id }) => id);
  const [first, last] = [ids.indexOf(from), ids.indexOf(to)];
  return STEPS.filter((step) => ids.indexOf(step.from) >= first && ids.indexOf(step.to) <= last);
}

/** Compares two versions of up to three numbers, of which one that is missing is 0: negative, zero or positive. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differences = [0, 1, 2].map((part) => (left[part] ?? 0) - (right[part] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
