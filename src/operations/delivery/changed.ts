import { type DeliveryEnvironment, deliveryData } from './environments';
import { run, runAccepting } from './run';
import type { WorkingCopy } from './working-copy';

/**
 * The environments of which something was changed since a commit; none if there was no commit, and all if it is known no more, as after a
 * forced push: their plans say whether there is anything to change.
 */
export async function changedSince(copy: WorkingCopy, before: string): Promise<DeliveryEnvironment[]> {
  // A new branch has no commit before, and GitHub then says 0000….
  if (!/^[0-9a-f]{40,64}$/.test(before) || /^0+$/.test(before)) return [];
  const known = await runAccepting(copy, [0, 1, 128], ['git', 'cat-file', '-e', `${before}^{commit}`]);
  if (known.exitCode !== 0) return [...deliveryData(copy).environments];
  // Both paths of a moved file.
  const paths = await run(copy, ['git', 'diff', '--name-only', '--no-renames', '--relative', '-z', before, 'HEAD']);
  return readersOf(copy, paths.split('\0'));
}

/** The environments whose deployments read any of these files. */
export function readersOf(copy: WorkingCopy, paths: readonly string[]): DeliveryEnvironment[] {
  const { environments, deployed } = deliveryData(copy);
  const { own, shared, not } = deployed;
  const read = paths.filter((path) => !isAny(not, path));
  return environments.filter(({ name }) => {
    const patterns = [...own.map((pattern) => pattern.replace(NAME, () => name)), ...shared];
    return read.some((path) => isAny(patterns, path));
  });
}

/** The * in a pattern of an environment's own files that stands for its name. */
const NAME = /(?<!\*)\*(?!\*)/;

/** Wildcards in a pattern of paths, as in GitHub's filters. */
const WILDCARDS: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' };

function isAny(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => expression(pattern).test(path));
}

function expression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*)/);
  return new RegExp(`^${parts.map((part) => WILDCARDS[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('')}$`);
}
