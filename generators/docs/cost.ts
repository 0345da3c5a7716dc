import { type Cost, costsOf } from '../../src/cost/cost';
import { moneyOf } from '../../src/cost/money';
import { US_EAST_1 } from '../../src/cost/prices';
import type { Deployment } from '../../src/model/deployment';

/** Monthly costs in README.md, by the prices that are known here. */
export function costContext(deployment: Deployment): object {
  const { dated, source } = US_EAST_1;
  return { dated, source, rows: costsOf(deployment).map(rowOf) };
}

function rowOf({ name, region, total }: Cost): object {
  return { name, region, month: total && moneyOf(total) };
}
