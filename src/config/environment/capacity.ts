import * as z from 'zod';

import { oneOf } from '../formats';

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

/** Size and number of the tasks. */
export const capacity = z
  .strictObject({
    cpu: oneOf(FARGATE_CPU, `must be one of ${FARGATE_CPU.join(', ')} CPU units`)
      .default(512)
      .describe('CPU units of a task; 1024 are one vCPU.'),
    memory: z.int('must be a whole number of MiB').default(1024).describe('Memory of a task in MiB.'),
    desired: z
      .int('must be a whole number')
      .min(0, 'must be from 0 to 100')
      .max(100, 'must be from 0 to 100')
      .default(2)
      .describe('Tasks that run at a time.'),
  })
  .superRefine(({ cpu, memory }, context) => {
    const sizes = FARGATE_MEMORY[cpu] ?? [];
    if (!sizes.includes(memory)) {
      const list =
        sizes.length > 6
          ? `${sizes[0]} to ${sizes.at(-1)} MiB in steps of ${sizes[1]! - sizes[0]!}`
          : `${sizes.slice(0, -1).join(', ')} or ${sizes.at(-1)} MiB`;
      context.addIssue({ code: 'custom', path: ['memory'], message: `with ${cpu} CPU units Fargate offers ${list}` });
    }
  });
