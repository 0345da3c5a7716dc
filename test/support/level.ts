/** True for `npm run test:exhaustive`, which takes all of what other runs take samples of. */
export const EXHAUSTIVE = process.env.TEST_LEVEL === 'exhaustive';

/** How many cases of a property are tried: `count`, or ten times as many if a run is exhaustive. */
export function runs(count: number): number {
  return EXHAUSTIVE ? 10 * count : count;
}

/** The seed of this run's samples: the global set-up chooses and prints it, TEST_SEED names it. */
export const SEED = Number(process.env.TEST_SEED);
