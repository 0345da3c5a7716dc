import { PRICED, type PriceName, type Prices } from '../cost/prices';
import type { Aws } from './aws-cli';
import { Failed } from './failed';

/** Region of the API of the price list that has the prices of all regions of the commercial partition. */
export const PRICE_LIST_REGION = 'us-east-1';

/** A product of the price list. Source: AWS Price List Query API, GetProducts, `aws_v1`. */
interface Product {
  readonly product: { readonly attributes: { readonly usagetype?: string } };
  readonly terms: {
    readonly OnDemand?: Readonly<
      Record<
        string,
        {
          readonly priceDimensions: Readonly<
            Record<string, { readonly beginRange?: string; readonly pricePerUnit: { readonly USD?: string } }>
          >;
        }
      >
    >;
  };
}

/**
 * Prices of a region by AWS's price list, one call for each service.
 *
 * @param aws asks in {@link PRICE_LIST_REGION}
 * @throws Failed if the list has no price for something, or several; ProgramFailure if AWS gives no answer
 */
export async function readPrices(aws: Aws, region: string, now: Date): Promise<Prices> {
  const products = new Map<string, readonly Product[]>();
  // One after the other: if one is refused, no other is left running.
  for (const service of new Set(Object.values(PRICED).map((one) => one.service))) {
    products.set(service, await productsOf(aws, service, region));
  }
  const entries = Object.entries(PRICED).map(([name, { service, usage, title }]) => {
    const found = products.get(service)!.filter(({ product }) => usage.test(product.attributes.usagetype ?? ''));
    const prices = [...new Set(found.flatMap(firstPrices))];
    if (prices.length !== 1) {
      const said = prices.length === 0 ? 'no price in US dollars' : `several prices (${prices.join(', ')})`;
      throw new Failed(`AWS's price list (${service}) has ${said} for ${title} in ${region}.`);
    }
    return [name, prices[0]!] as const;
  });
  return {
    region,
    dated: now.toISOString().slice(0, 10),
    source: "AWS's price list",
    ...(Object.fromEntries(entries) as Record<PriceName, number>),
  };
}

async function productsOf(aws: Aws, service: string, region: string): Promise<Product[]> {
  const { PriceList = [] } = await aws<{ PriceList?: readonly string[] }>(
    'pricing',
    'get-products',
    '--service-code',
    service,
    '--filters',
    `Type=TERM_MATCH,Field=regionCode,Value=${region}`,
  );
  return PriceList.map((text) => JSON.parse(text) as Product);
}

/** Prices of the first unit: further ones may be cheaper. */
function firstPrices({ terms: { OnDemand = {} } }: Product): number[] {
  return Object.values(OnDemand)
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .filter(({ beginRange = '0', pricePerUnit }) => Number(beginRange) === 0 && pricePerUnit.USD !== undefined)
    .map(({ pricePerUnit }) => Number(pricePerUnit.USD));
}
