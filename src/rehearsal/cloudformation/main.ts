import { serveCloudFormation } from './server';

/** The process behind startCloudFormation: prints its URL, and ends when its standard input is closed. */
async function main([url, accountId, behaviour]: string[]): Promise<void> {
  process.stdin.once('close', () => process.exit(0)).resume();
  const emulator = { url: url!, accountId: accountId! };
  process.stdout.write(`${await serveCloudFormation(emulator, JSON.parse(behaviour!))}\n`);
}

void main(process.argv.slice(2));
