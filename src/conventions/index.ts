import { closeVersions, compareVersions, isDeployable, isWithin, newestOf, shortestWay } from './graph';
import { ALTERNATIVES, GENERATIONS } from './register';
import type { Conventions, Deployable, Step } from './schema';

export { compareVersions, isDeployable, isWithin } from './graph';
export type {
  AuthMode,
  Change,
  Conventions,
  Deployable,
  SeenDefect,
  Step,
  VariableSource,
  WithoutVariable,
} from './schema';
export { AUTH_MODES, SEEN_DEFECTS } from './schema';

const SUCCESSORS = GENERATIONS.flatMap(([, step]) => step ?? []);

/** Every generation that the tool knows, oldest first, and after these the alternatives. */
export const CATALOGUE: readonly Conventions[] = [
  ...closeVersions(
    GENERATIONS.map(([generation]) => generation),
    SUCCESSORS,
  ),
  ...ALTERNATIVES.map(([generation]) => generation),
];

/** The generation of a new deployment that names none: the newest that is emitted, and that nothing emitted follows. */
export const LATEST: Deployable = newestOf(CATALOGUE, SUCCESSORS);

/** The steps from each generation to the one that follows it, oldest first, and those from the newest to an alternative. */
export const STEPS: readonly Step[] = [...SUCCESSORS, ...ALTERNATIVES.map(([, stepFrom]) => stepFrom(LATEST))];

/** The generation of this id, or undefined if the catalogue has none. */
export function findConventions(id: string): Conventions | undefined {
  return CATALOGUE.find((conventions) => conventions.id === id);
}

/** The generation of this id that a repository can be emitted for, or undefined. */
export function findDeployable(id: string): Deployable | undefined {
  const conventions = findConventions(id);
  return conventions && isDeployable(conventions) ? conventions : undefined;
}

/** The generation that a published version of the server belongs to; every version belongs to one. */
export function conventionsOf(version: string): Conventions | undefined {
  return CATALOGUE.find(({ versions }) => versions !== null && isWithin(version, versions));
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

/** The steps from one generation to another, in order, the shortest way; none if no way leads there, or they are the same. */
export function stepsBetween(from: string, to: string): readonly Step[] {
  return shortestWay(STEPS, from, to);
}

/** Whether a generation is an alternative to a deployment of ours. */
export function isAlternative(id: string): boolean {
  return findConventions(id)?.support.kind === 'alternative';
}

/** Effect of SIGTERM on a server of this version while a client listens. */
export function openStreamOf({ timing }: Deployable, version: string): Deployable['timing']['openStream'] {
  const { openStream, earlier } = timing;
  return earlier && compareVersions(version, earlier.below) < 0 ? earlier.openStream : openStream;
}
