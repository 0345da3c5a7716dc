import type { Deployment } from '../model/deployment';
import type { Resource } from '../resources/resource';
import { resourcesOf } from '../resources/resources';
import { isKnown } from '../resources/types';
import { BILLS, type BillLine, HOURS, type Range } from './bills';
import { knownPrices, type Prices } from './prices';

/** The monthly cost of an environment, or of the registry that environments share, in a region. */
export interface Cost {
  /** The environment, or {@link SHARED}. */
  readonly name: string;
  readonly region: string;
  /** Absent if the region's prices are not known: then there are no lines. */
  readonly prices?: Pick<Prices, 'dated' | 'source'>;
  /** The largest first. */
  readonly lines: readonly BillLine[];
  readonly total?: Range;
}

/** The assumptions of an estimate, one sentence each. */
export const ASSUMED: readonly string[] = [
  `A month has ${HOURS} hours, and tasks run in all of them.`,
  'How much is written to logs, and how many images are kept, is an estimate: it depends on your clients, and on how often you publish.',
  'During a deployment, old and new tasks run side by side for some minutes.',
  'Prices are list prices, without taxes, discounts and free tiers.',
];

/** Costs that an estimate leaves out, one sentence each. */
export const NOT_COUNTED: readonly string[] = [
  "The load balancer, NAT gateways and VPC endpoints are the Quilt stack's. They bill this deployment's traffic by the gigabyte.",
  'Athena, S3 and the rest of Quilt bill what clients ask of them.',
  'Secrets, KMS keys and alarms that the answers name are there already.',
];

/** The monthly costs of a deployment: of the shared registry, if there is one, then of each environment. */
export function costsOf(
  deployment: Deployment,
  pricesOf: (region: string) => Prices | undefined = knownPrices,
): Cost[] {
  const groups = new Map<string, Resource[]>();
  for (const resource of resourcesOf(deployment)) {
    // An environment may have its registry in another region.
    const key = JSON.stringify([resource.environment, resource.region]);
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  return [...groups.values()].map((resources) => costOf(resources, pricesOf(resources[0]!.region)));
}

function costOf(resources: readonly Resource[], prices: Prices | undefined): Cost {
  const { environment: name, region } = resources[0]!;
  if (!prices) return { name, region, lines: [] };
  const lines = resources.flatMap((resource) =>
    isKnown(resource.type) ? (BILLS[resource.type]?.(resource, prices, resources) ?? []) : [],
  );
  lines.sort((a, b) => b.most - a.most);
  const { dated, source } = prices;
  return { name, region, prices: { dated, source }, lines, total: sum(lines) };
}

/** The sum of ranges. */
export function sum(ranges: readonly Range[]): Range {
  return ranges.reduce((total, { least, most }) => ({ least: total.least + least, most: total.most + most }), {
    least: 0,
    most: 0,
  });
}

/** The sum of all costs; undefined if the prices of one are not known. */
export function totalOf(costs: readonly Cost[]): Range | undefined {
  const totals = costs.map(({ total }) => total);
  return totals.includes(undefined) ? undefined : sum(totals as readonly Range[]);
}
