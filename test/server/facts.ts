import type { Claims } from './claims';

/** A fact of the catalogue that is turned around. */
export interface Flip {
  readonly fact: string;
  readonly claims: (claims: Claims) => Partial<Claims>;
}

export const NOT_WRITTEN = 'a line that no server writes';

/** Facts that a running server refutes as it stands. */
export const FLIPS: readonly Flip[] = [
  { fact: 'the port', claims: ({ port }) => ({ port: port + 1 }) },
  { fact: 'the canonical path', claims: ({ path }) => ({ path: `${path}/v2` }) },
  { fact: 'the health path', claims: ({ path }) => ({ healthPath: `${path}/healthz` }) },
  { fact: 'one health path less', claims: ({ healthPaths }) => ({ healthPaths: healthPaths.slice(1) }) },
  { fact: 'one more', claims: ({ healthPaths, path }) => ({ healthPaths: [...healthPaths, `${path}/healthz`] }) },
  { fact: 'the answer without a token', claims: ({ anonymous }) => ({ anonymous: anonymous === 200 ? 401 : 200 }) },
  { fact: 'the answer to any token', claims: ({ garbage }) => ({ garbage: garbage === 200 ? 401 : 200 }) },
  { fact: 'whether there are sessions', claims: ({ stateful }) => ({ stateful: !stateful }) },
  { fact: 'the newest revision', claims: ({ revisions }) => ({ revisions: revisions.slice(0, -1) }) },
  { fact: 'the oldest revision', claims: ({ revisions }) => ({ revisions: revisions.slice(1) }) },
  { fact: 'a revision that is not spoken', claims: ({ revisions }) => ({ revisions: [...revisions, '2026-07-28'] }) },
  { fact: 'what another revision gets', claims: () => ({ otherRevision: '200, and a list without 2026-07-28' }) },
  { fact: 'what is logged at the start', claims: ({ started }) => ({ started: [...started, NOT_WRITTEN] }) },
  { fact: 'what is logged of who is refused', claims: () => ({ refused: [NOT_WRITTEN] }) },
  { fact: 'what alarms', claims: ({ started }) => ({ alarming: started }) },
  { fact: 'the time to start', claims: ({ startPeriod }) => ({ startPeriod: startPeriod + 1 }) },
  { fact: 'the time to stop', claims: ({ stopTimeout }) => ({ stopTimeout: stopTimeout + 1 }) },
  { fact: 'what is dead', claims: () => ({ dead: ['FASTMCP_TRANSPORT'] }) },
  { fact: 'what is dangerous', claims: () => ({ dangerous: ['FASTMCP_HOST'] }) },
];

/**
 * What a wrong catalogue would have deployments set, variable by variable; undefined is not to set it. Each is a mistake
 * that somebody would make, and leaves a server that its container finds healthy, or one that does not start.
 */
export const WRONG_VALUES: Readonly<Record<string, string | undefined>> = {
  FASTMCP_HOST: '127.0.0.1',
  FASTMCP_PORT: '8001',
  FASTMCP_TRANSPORT: 'sse',
  FORWARDED_ALLOW_IPS: '127.0.0.1',
  HOME: undefined,
  MCP_REQUIRE_JWT: 'false',
  MPLCONFIGDIR: '/mpl',
  QUILT_DEPLOYMENT: 'legacy',
};
