import { type Conventions, LATEST, openStreamOf } from '../../src/conventions';
import { failure, LOG_LINES, OPEN_STREAM, otherHostText } from '../../src/conventions/labels';
import type { Deployment } from '../../src/model/deployment';

/** The first request of a client, which a server that asks for no token answers with 200; any other POST, it may refuse. */
export const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'curl', version: '1' } },
});

/** Context of the repository's conventions for documents. */
export function conventionsContext({ conventions, image: { shim, version } }: Deployment): object {
  const { id, title, support, versions, ranHere, image, endpoint, health } = conventions;
  const { size, timing, sessions, auth, iam, defects, otherHosts, sources } = conventions;
  return {
    id,
    title,
    warning: support.kind === 'unsafe' ? support.warning : null,
    versions: versions !== null,
    ranHere: ranHere.length > 0,
    later: id === LATEST.id ? null : LATEST.id,
    path: endpoint.path,
    otherSlash: endpoint.otherSlash,
    repositories: image.repositories,
    probe: health.probe,
    size: { why: size.why },
    timing: {
      startPeriod: timing.startPeriod,
      openStream: OPEN_STREAM[openStreamOf(conventions, version)],
      why: timing.why,
    },
    sessions: { stateful: sessions.stateful, why: sessions.why, off: sessions.off ?? null },
    auth: { meaning: auth.meaning, anonymous: auth.anonymous, garbage: auth.garbage },
    open: auth.anonymous === 200,
    initialize: INITIALIZE,
    taskRole: iam.why,
    logs: logRows(conventions),
    exit: exitLine(conventions),
    defects: defects.map(({ what, workaround, shim: mending }) => ({
      what,
      workaround: shim ? (mending ?? workaround) : workaround,
    })),
    otherHosts: (otherHosts ?? []).map(otherHostText),
    otherHostsKnown: otherHosts !== undefined,
    sources: sources.map(({ what, at }) => `${what} (${at})`),
  };
}

/** The lines of the server's log, by when they are there. */
export function logRows({ logs }: Conventions): { when: string; lines: readonly string[] }[] {
  return (Object.keys(LOG_LINES) as (keyof typeof LOG_LINES)[])
    .map((kind) => ({ when: LOG_LINES[kind], lines: logs[kind] }))
    .filter(({ lines }) => lines.length > 0);
}

/** A variable with the effect of its absence in words; null if there is none. */
export function withFailure<T extends { readonly without?: Parameters<typeof failure>[0] }>(variable: T) {
  return { ...variable, without: variable.without ? failure(variable.without) : null };
}

/** Log line of a server that ends because a variable is missing, as an example; null if none does, or it is unknown. */
function exitLine({ environment, auth }: Conventions): string | null {
  const all = [
    ...Object.values(environment.fixed),
    ...Object.values(environment.derived),
    ...Object.values(auth.modes).flatMap(({ secret }) => secret ?? []),
  ];
  return all.flatMap(({ without }) => (without?.fails === 'exit' ? without.log : []))[0] ?? null;
}
