import type { Order } from './graph';
import { serveCloudFormation } from './server';

/** The process behind startCloudFormation: prints its URL, and ends when its standard input is closed. */
async function main([url, accountId, order, tags]: string[]): Promise<void> {
  process.stdin.once('close', () => process.exit(0)).resume();
  const account = { url: url!, accountId: accountId!, tagsLater: tags === 'later' };
  process.stdout.write(`${await serveCloudFormation(account, order as Order)}\n`);
}

void main(process.argv.slice(2));
