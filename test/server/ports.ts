import { createServer } from 'node:net';

/**
 * Where the ports of servers begin. It is below what the kernel takes for outgoing connections and for port 0 (Linux: from
 * 32768, macOS: from 49152), so nobody else is given a port between its choice and the moment its server listens, some
 * seconds later.
 */
const FIRST = 20_000;
/** Ports of one worker; each has its own, so two workers never choose the same. */
const PORTS_EACH = 500;
/** Workers that have ports of their own. */
const WORKERS = 24;

const base = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS) * PORTS_EACH;
let chosen = 0;

/**
 * A port of this machine on which nothing listens, and which this worker chose for nothing else lately. A server that found
 * its port taken would end, and the server that has it would answer in its place.
 */
export async function choosePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_EACH; tries++) {
    const port = base + (chosen++ % PORTS_EACH);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${base} to ${base + PORTS_EACH - 1} is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
