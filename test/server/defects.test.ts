import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import { claimsOf } from './catalogue';
import type { Subject } from './claims';
import { defectsOf } from './defects';

/** A server of MCP as one would wish for, as far as defects are looked for: every sighting must be able to say no. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { authorization, origin } = request.headers;
  const json = (status: number, body: object, headers = {}) =>
    response
      .writeHead(status, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*', ...headers })
      .end(JSON.stringify(body));
  if (request.method === 'OPTIONS') return void json(200, {});
  if (request.url === '/health') return void json(200, { server: { version: LATEST.image.defaultVersion } });
  if (request.url!.startsWith('/.well-known/')) return void json(200, {});
  if (!authorization) return void json(401, {}, { 'WWW-Authenticate': 'Bearer' });
  if (origin) return void json(403, {});
  json(200, { result: { protocolVersion: '2025-06-18', serverInfo: { version: LATEST.image.defaultVersion } } });
}

const server = createServer({ keepAliveTimeout: 60_000 }, answer);
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

it('defects of a server are not seen if there is none', async () => {
  const { port } = server.address() as { port: number };
  const subject = {
    claims: claimsOf(LATEST.id),
    engine: { version: LATEST.image.defaultVersion },
    server: { port, url: (path: string) => `http://127.0.0.1:${port}${path}` },
  } as unknown as Subject;
  expect(await defectsOf(subject)).toEqual([]);
});
