const GIB = 1024;

/** Memory of a task, in MiB, that Fargate offers with some CPU units: from `first` to `last` in steps of `step`, or `only` these. */
export type FargateSizes = { readonly cpu: number } & (
  | { readonly only: readonly number[] }
  | { readonly first: number; readonly last: number; readonly step: number }
);

/**
 * Task sizes that Fargate offers, by ascending CPU units.
 * Source: Amazon ECS developer guide, "Task CPU and memory" (Linux platform 1.4.0).
 */
export const FARGATE_SIZES: readonly FargateSizes[] = [
  { cpu: 256, only: [512, 1024, 2048] },
  { cpu: 512, first: 1 * GIB, last: 4 * GIB, step: GIB },
  { cpu: 1024, first: 2 * GIB, last: 8 * GIB, step: GIB },
  { cpu: 2048, first: 4 * GIB, last: 16 * GIB, step: GIB },
  { cpu: 4096, first: 8 * GIB, last: 30 * GIB, step: GIB },
  { cpu: 8192, first: 16 * GIB, last: 60 * GIB, step: 4 * GIB },
  { cpu: 16384, first: 32 * GIB, last: 120 * GIB, step: 8 * GIB },
];

/** The same as lists: CPU units to MiB of memory. */
export const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = Object.fromEntries(
  FARGATE_SIZES.map((sizes) => [sizes.cpu, memoryOf(sizes)]),
);

/** CPU units that Fargate offers, ascending. */
export const FARGATE_CPU: readonly number[] = FARGATE_SIZES.map(({ cpu }) => cpu);

function memoryOf(sizes: FargateSizes): readonly number[] {
  if ('only' in sizes) return sizes.only;
  const { first, last, step } = sizes;
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
