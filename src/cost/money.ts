import type { Range } from './bills';

/** An amount of US dollars: whole ones from ten on, for an estimate is no more exact. */
function dollars(amount: number): string {
  return `$${amount < 10 ? amount.toFixed(2) : Math.round(amount)}`;
}

/** A range of US dollars: `$36`, or `$37 to $42`. */
export function moneyOf({ least, most }: Range): string {
  const [low, high] = [dollars(least), dollars(most)];
  return low === high ? low : `${low} to ${high}`;
}
