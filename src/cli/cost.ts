import { ASSUMED, type Cost, costsOf, NOT_COUNTED, totalOf } from '../cost/cost';
import { moneyOf, monthOf } from '../cost/money';
import type { Prices } from '../cost/prices';
import { awsCli } from '../operations/aws-cli';
import { PRICE_LIST_REGION, readPrices } from '../operations/price-list';
import type { Session } from '../operations/session';
import { withProfile } from './account-reading';
import { EXIT, type Job } from './job';
import { noEnvironment, resolvedRepository } from './planned-environment';
import { openSession } from './session';
import { wordsOf } from './typed-words';

interface Options {
  readonly refresh: boolean;
  readonly json: boolean;
  readonly profile?: string;
}

/**
 * Says the monthly cost of an environment, or of all of them and their shared registry.
 *
 * @throws UsageError for wrong words; AnswersError if the answers are not valid; Failed or ProgramFailure if AWS gives no price
 */
export const cost: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name] = wordsOf(positionals, 1);
  const { deployment } = resolvedRepository();
  const names = deployment.environments.map((environment) => environment.name);
  if (name !== undefined && !names.includes(name)) throw noEnvironment(name, names);
  const chosen = (costs: readonly Cost[]) => costs.filter((one) => name === undefined || one.name === name);
  const known = chosen(costsOf(deployment));
  const session = openSession(withProfile(console, values.profile), signal);
  const costs = values.refresh ? chosen(costsOf(deployment, await freshPrices(session, known))) : known;
  console.stdout.write(values.json ? json(costs) : text(costs));
  return EXIT.done;
};

/** Prices of today in the regions of these costs. */
async function freshPrices(session: Session, costs: readonly Cost[]): Promise<(region: string) => Prices | undefined> {
  const aws = awsCli(session, PRICE_LIST_REGION);
  const prices = new Map<string, Prices>();
  for (const region of new Set(costs.map((one) => one.region))) {
    prices.set(region, await readPrices(aws, region, new Date()));
  }
  return (region) => prices.get(region);
}

function json(costs: readonly Cost[]): string {
  const bill = { currency: 'USD', costs, total: totalOf(costs) ?? null, assumed: ASSUMED, notCounted: NOT_COUNTED };
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

function text(costs: readonly Cost[]): string {
  const total = totalOf(costs);
  const of = (sentences: readonly string[]) => sentences.map((sentence) => `- ${sentence}\n`).join('');
  return [
    ...costs.map(costText),
    ...(costs.length > 1 && total ? [`Together ${moneyOf(total)} a month\n`] : []),
    `Assumed:\n${of(ASSUMED)}`,
    `Not counted:\n${of(NOT_COUNTED)}`,
  ].join('\n');
}

function costText(cost: Cost): string {
  const { name, region, prices, lines, total } = cost;
  if (!prices || !total) return `${name}: ${monthOf(cost)}\n`;
  const rows = [
    ...lines.map((line) => [line.title, moneyOf(line)] as const),
    ['together', `${moneyOf(total)} a month`] as const,
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  const table = rows.map(([title, money]) => `  ${title.padEnd(width)}  ${money}\n`).join('');
  return `${name}, ${region} (${prices.source}, ${prices.dated}):\n${table}`;
}
