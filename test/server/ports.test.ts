import { createServer } from 'node:net';
import { expect, it } from 'vitest';

import { choosePort } from './ports';

it('ports that are chosen before any server listens differ, and the kernel gives them to nobody', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, choosePort));
  expect(new Set(ports).size).toBe(200);
  for (const port of ports) expect(port).toBeLessThan(32_768);
});

it('a port on which something listens is not chosen', async () => {
  const next = (await choosePort()) + 1;
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(next, '0.0.0.0', resolve));
  try {
    expect(await choosePort()).toBe(next + 1);
  } finally {
    server.close();
  }
});
