import { connect } from 'node:net';

import type { SeenDefect } from '../../src/conventions';
import { type Subject, welcome } from './claims';
import { send } from './http';
import { ANONYMOUS, initialize, introduce } from './mcp';

const ELSEWHERE = 'https://elsewhere.example';
/**
 * Milliseconds after an answer, in which an idle connection must be closed to count as closed by the server. uvicorn closes
 * after 5 s; the load balancer keeps a connection for 60 s.
 */
const IDLE_MS = 15_000;

/** How each defect is seen: resolves to whether a server has it. */
const SIGHTINGS: Readonly<Record<SeenDefect, (subject: Subject) => Promise<boolean>>> = {
  'preflight-refused': async ({ claims, server }) => {
    const headers = { Origin: ELSEWHERE, 'Access-Control-Request-Method': 'POST' };
    const preflight = await send(server.url(claims.path), { method: 'OPTIONS', headers });
    const refusal = await initialize(server.url(claims.path), ANONYMOUS, { headers: { Origin: ELSEWHERE } });
    return [preflight, refusal].every(
      (answer) => answer.status === 401 && !('access-control-allow-origin' in answer.headers),
    );
  },
  'origin-ignored': async ({ claims, server }) =>
    (await initialize(server.url(claims.path), welcome(claims), { headers: { Origin: ELSEWHERE } })).status === 200,
  'idle-connection-closed': ({ claims, server }) =>
    closesIdle(server.port, `GET ${claims.healthPath} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
  'no-authorization-metadata': async ({ claims, server }) => {
    const { status } = await send(server.url('/.well-known/oauth-protected-resource'));
    const { headers } = await initialize(server.url(claims.path), ANONYMOUS);
    return status !== 200 && !('www-authenticate' in headers);
  },
  'wrong-server-version': async ({ claims, engine, server }) => {
    const { result } = await introduce(server.url(claims.path), welcome(claims));
    const { body } = await send(server.url(claims.healthPath));
    // The way around it: what the health check says is right.
    return result.serverInfo.version !== engine.version && JSON.parse(body).server.version === engine.version;
  },
};

/** The defects that a server has, of those that are looked for. */
export async function defectsOf(subject: Subject): Promise<SeenDefect[]> {
  const sightings = Object.entries(SIGHTINGS) as [SeenDefect, (subject: Subject) => Promise<boolean>][];
  const seen = await Promise.all(sightings.map(async ([name, sees]) => ((await sees(subject)) ? [name] : [])));
  return seen.flat();
}

/** Whether a server closes a connection on its own, some time after it answered on it. */
function closesIdle(port: number, request: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const done = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(closed);
    };
    let timer: NodeJS.Timeout | undefined;
    socket
      .once('error', reject)
      .once('data', () => {
        timer = setTimeout(done, IDLE_MS, false);
      })
      .once('end', () => done(true))
      .resume();
  });
}
