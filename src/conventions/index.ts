import type { Conventions } from './conventions';
import { g3c } from './g3c';

export type { Conventions } from './conventions';

/** Every generation that the tool knows, oldest first. */
export const CATALOGUE: readonly Conventions[] = [g3c];

/** What a new deployment gets that names none: the newest that deploys. */
export const LATEST: Conventions = g3c;

/** The generation of this id, or undefined where the catalogue has none. */
export function findConventions(id: string): Conventions | undefined {
  return CATALOGUE.find((conventions) => conventions.id === id);
}
