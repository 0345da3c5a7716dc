/** A partition of AWS: regions that share accounts and names, and reach no other partition. */
export interface Partition {
  readonly id: string;
  /** What every region's name of it matches, from its beginning to its end. */
  readonly regions: string;
  /** The domain of its services' endpoints. */
  readonly dnsSuffix: string;
  /** Whether its networks reach the internet, and with it GitHub. Those of the United States' and others' secrets do not. */
  readonly isOpen: boolean;
}

/**
 * Every partition of AWS. A region that AWS adds to one fits its pattern already.
 * Source: botocore 1.44.8, data/partitions.json (`regionRegex`, `outputs.dnsSuffix`). Its pattern for `aws` lists the
 * prefixes of today; here it is any two letters, so that a region of a new country is taken.
 */
export const PARTITIONS: readonly Partition[] = [
  { id: 'aws-cn', regions: 'cn-[a-z]+-[0-9]+', dnsSuffix: 'amazonaws.com.cn', isOpen: true },
  { id: 'aws-us-gov', regions: 'us-gov-[a-z]+-[0-9]+', dnsSuffix: 'amazonaws.com', isOpen: true },
  { id: 'aws-eusc', regions: 'eusc-[a-z]{2}-[a-z]+-[0-9]+', dnsSuffix: 'amazonaws.eu', isOpen: true },
  { id: 'aws-iso', regions: 'us-iso-[a-z]+-[0-9]+', dnsSuffix: 'c2s.ic.gov', isOpen: false },
  { id: 'aws-iso-b', regions: 'us-isob-[a-z]+-[0-9]+', dnsSuffix: 'sc2s.sgov.gov', isOpen: false },
  { id: 'aws-iso-e', regions: 'eu-isoe-[a-z]+-[0-9]+', dnsSuffix: 'cloud.adc-e.uk', isOpen: false },
  { id: 'aws-iso-f', regions: 'us-isof-[a-z]+-[0-9]+', dnsSuffix: 'csp.hci.ic.gov', isOpen: false },
  // Last, for its pattern takes China's regions, too.
  { id: 'aws', regions: '[a-z]{2}-[a-z]+-[0-9]+', dnsSuffix: 'amazonaws.com', isOpen: true },
];

const MATCHERS = PARTITIONS.map((partition) => ({ partition, pattern: new RegExp(`^${partition.regions}$`) }));

/** The AWS partition of a region. What is no region counts to `aws`: its own place reports it. */
export function partitionOf(region: string): Partition {
  return (MATCHERS.find(({ pattern }) => pattern.test(region)) ?? MATCHERS.at(-1)!).partition;
}
