import type { Deployment } from '../../src/model/deployment';

/** What documents say of the conventions that a repository follows. */
export function conventionsContext({ conventions, image }: Deployment): object {
  const { id, title, support, endpoint, timing, sessions, auth, iam, logs, defects, telemetry, sources } = conventions;
  return {
    id,
    title,
    warning: support.kind === 'unsafe' ? support.warning : null,
    path: endpoint.path,
    otherSlash: endpoint.otherSlash,
    startPeriod: timing.startPeriod,
    sessions: { stateful: sessions.stateful, why: sessions.why },
    auth: { meaning: auth.meaning, anonymous: auth.anonymous },
    taskRole: iam.why,
    logs,
    defects: defects.map(({ what, workaround, shim }) => ({
      what,
      workaround: image.shim ? (shim ?? workaround) : workaround,
    })),
    telemetry: { sends: telemetry.sends, off: telemetry.off ?? null },
    sources: sources.map(({ what, at }) => `${what} (${at})`),
  };
}
