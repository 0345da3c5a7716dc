import { CATALOGUE, type Conventions, LATEST, STEPS, type Step } from '../../src/conventions';
import { inventAfter } from './inventions';

/** What follows the newest generation that there is. */
export const { near: FUTURE, far: FAR_FUTURE, steps: FUTURE_STEPS } = inventAfter(LATEST);

/** Has the catalogue of this process know them, with their steps. */
export function inventFuture(): void {
  (CATALOGUE as Conventions[]).push(FUTURE, FAR_FUTURE);
  (STEPS as Step[]).push(...FUTURE_STEPS);
}
