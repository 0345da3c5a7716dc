import type { Order } from './graph';
import { serveCloudFormation } from './server';

/** The process behind startCloudFormation: prints its URL, and ends when its standard input is closed. */
async function main([url, accountId, order]: string[]): Promise<void> {
  process.stdin.once('close', () => process.exit(0)).resume();
  process.stdout.write(`${await serveCloudFormation({ url: url!, accountId: accountId! }, order as Order)}\n`);
}

void main(process.argv.slice(2));
