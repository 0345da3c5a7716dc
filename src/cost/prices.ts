/** Region whose prices are known here; those of another one are asked of AWS. */
export const KNOWN_REGION = 'us-east-1';

/** A price of AWS's price list: the service that lists it, and the usage types that it is for, whatever prefix a region has. */
interface Priced {
  readonly title: string;
  /** Code of the service in the price list. */
  readonly service: string;
  readonly usage: RegExp;
}

/** Prices that a deployment depends on. Source of the usage types: AWS Price List, offers AmazonECS, AmazonCloudWatch and AmazonECR. */
export const PRICED = {
  vcpuHour: {
    title: 'one vCPU of Fargate for an hour',
    service: 'AmazonECS',
    usage: usage('Fargate-vCPU-Hours:perCPU'),
  },
  memoryHour: {
    title: '1 GB of memory of Fargate for an hour',
    service: 'AmazonECS',
    usage: usage('Fargate-GB-Hours'),
  },
  logsWritten: { title: '1 GB written to a log', service: 'AmazonCloudWatch', usage: usage('DataProcessing-Bytes') },
  logsKept: {
    title: '1 GB of logs kept for a month',
    service: 'AmazonCloudWatch',
    usage: usage('TimedStorage-ByteHrs'),
  },
  imagesKept: { title: '1 GB of images kept for a month', service: 'AmazonECR', usage: usage('TimedStorage-ByteHrs') },
} as const satisfies Readonly<Record<string, Priced>>;

export type PriceName = keyof typeof PRICED;

/** Prices of a region, in US dollars. */
export interface Prices extends Readonly<Record<PriceName, number>> {
  readonly region: string;
  /** Day or month of the prices. */
  readonly dated: string;
  readonly source: string;
}

/** A region may have a prefix such as `USE1-`; another word in front is another product, e.g. `SpotUsage-`. */
function usage(type: string): RegExp {
  return new RegExp(`^([A-Z]{2,4}\\d*-)?${type}$`);
}

/** Source: pricing pages of AWS Fargate (Linux, x86), Amazon CloudWatch and Amazon ECR, US East (N. Virginia). */
export const US_EAST_1: Prices = {
  region: KNOWN_REGION,
  dated: '2026-11',
  source: "AWS's pricing pages",
  vcpuHour: 0.04048,
  memoryHour: 0.004445,
  logsWritten: 0.5,
  logsKept: 0.03,
  imagesKept: 0.1,
};

/** Prices of a region, if they are known here. */
export function knownPrices(region: string): Prices | undefined {
  return region === KNOWN_REGION ? US_EAST_1 : undefined;
}
