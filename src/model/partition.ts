import { PARTITIONS, type Partition } from '../config/partitions';

const MATCHERS = PARTITIONS.map((partition) => ({ partition, pattern: new RegExp(`^${partition.regions}$`) }));

/** The AWS partition of a region. What is no region counts to `aws`: its own place reports it. */
export function partitionOf(region: string): Partition {
  return (MATCHERS.find(({ pattern }) => pattern.test(region)) ?? MATCHERS.at(-1)!).partition;
}
