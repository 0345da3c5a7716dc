const GIB = 1024;

/** The memory sizes from `first` to `last` GiB in steps of `step` GiB, in MiB. */
function gibibytes(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => (first + index * step) * GIB);
}

/**
 * Task sizes that Fargate offers: CPU units to MiB of memory.
 * Source: Amazon ECS developer guide, "Task CPU and memory" (Linux platform 1.4.0).
 */
export const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: gibibytes(1, 4, 1),
  1024: gibibytes(2, 8, 1),
  2048: gibibytes(4, 16, 1),
  4096: gibibytes(8, 30, 1),
  8192: gibibytes(16, 60, 4),
  16384: gibibytes(32, 120, 8),
};

/** CPU units that Fargate offers, ascending. */
export const FARGATE_CPU: readonly number[] = Object.keys(FARGATE_MEMORY).map(Number);
