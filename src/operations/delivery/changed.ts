import type { Session } from '../session';
import { type DeliveryData, type DeliveryEnvironment, deliveryData } from './environments';
import { runTool, runToolAccepting } from './run-tool';

/**
 * The environments of which something was changed since a commit; none if there was no commit, and all if it is known no more, as after a
 * forced push: their plans say whether there is anything to change.
 */
export async function changedSince(session: Session, before: string): Promise<DeliveryEnvironment[]> {
  // A new branch has no commit before, and GitHub then says 0000….
  if (!/^[0-9a-f]{40,64}$/.test(before) || /^0+$/.test(before)) return [];
  const known = await runToolAccepting(session, [0, 1, 128], ['git', 'cat-file', '-e', `${before}^{commit}`]);
  if (known.exitCode !== 0) return [...deliveryData(session).environments];
  // Of a file that was moved, both paths.
  const paths = await runTool(session, [
    'git',
    'diff',
    '--name-only',
    '--no-renames',
    '--relative',
    '-z',
    before,
    'HEAD',
  ]);
  return readersOf(session, paths.split('\0'));
}

/** The environments whose deployments read any of these files. */
export function readersOf(session: Pick<Session, 'root'>, paths: readonly string[]): DeliveryEnvironment[] {
  const data = deliveryData(session);
  return data.environments.filter(({ name }) => paths.some(readBy(data, name)));
}

/** The test whether the deployment of an environment reads a file, by its path. */
export function readBy({ deployed }: Pick<DeliveryData, 'deployed'>, name: string): (path: string) => boolean {
  const own = deployed.own.map((pattern) => pattern.replace(NAME, () => name));
  const read = [...own, ...deployed.shared].map(expression);
  const not = deployed.not.map(expression);
  return (path) => read.some((one) => one.test(path)) && !not.some((one) => one.test(path));
}

/** The * in a pattern of an environment's own files that stands for its name. */
const NAME = /(?<!\*)\*(?!\*)/;

/** Wildcards in a pattern of paths, as in GitHub's filters. */
const WILDCARDS: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' };

function expression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*)/);
  return new RegExp(`^${parts.map((part) => WILDCARDS[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('')}$`);
}
