import type { Range } from './bills';
import type { Cost } from './cost';

/** An amount of US dollars: whole ones from ten on, for an estimate is no more exact. */
function dollars(amount: number): string {
  return `$${amount < 10 ? amount.toFixed(2) : Math.round(amount)}`;
}

/** A range of US dollars: `$36`, or `$37 to $42`. */
export function moneyOf({ least, most }: Range): string {
  const [low, high] = [dollars(least), dollars(most)];
  return low === high ? low : `${low} to ${high}`;
}

/** The monthly cost of an environment in a line. */
export function monthOf({ region, prices, total }: Cost): string {
  return prices && total
    ? `${moneyOf(total)} a month (${region}, ${prices.dated})`
    : `not known for ${region}; npm run cost -- --refresh asks AWS`;
}
