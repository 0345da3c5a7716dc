import { compareVersions } from '../conventions';

/** A step of a workflow that runs an action, pinned by commit with its version beside it. */
const PIN = /(\buses: +)([\w.-]+\/[\w./-]+)@([0-9a-f]{40}) # v(\d+(?:\.\d+){0,2})(?=[ \t]*$)/gm;

interface Pin {
  readonly commit: string;
  readonly version: string;
}

/** Whether a file has pins that something else than this tool moves on. */
export function hasPins(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
}

/**
 * A workflow with later pins of actions taken from another text of it: an update by Renovate or the owner is no edit,
 * and no sync takes it back. Of several pins of an action the earliest counts.
 */
export function withLaterPins(text: string, other: string): string {
  const later = pinsOf(other);
  return text.replace(PIN, (pin, uses: string, action: string, _commit, version: string) => {
    const found = later.get(action);
    return found && compareVersions(found.version, version) > 0
      ? `${uses}${action}@${found.commit} # v${found.version}`
      : pin;
  });
}

function pinsOf(text: string): ReadonlyMap<string, Pin> {
  const pins = new Map<string, Pin>();
  for (const [, , action, commit, version] of text.matchAll(PIN) as Iterable<string[]>) {
    const known = pins.get(action!);
    if (!known || compareVersions(version!, known.version) < 0) {
      pins.set(action!, { commit: commit!, version: version! });
    }
  }
  return pins;
}
