import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { whyFailed } from '../operations/program';
import { ownPackage } from '../project/package-root';
import { type GeneratorDependency, generatorDependency, packagedDependency } from './generator-package';
import { expandHome } from './home';
import { type Finished, run } from './run';
import { withTemporaryFolder } from './temporary';
import { UsageError } from './usage-error';

/** The version of this package that an upgrade is done with. */
export interface ChosenGenerator {
  readonly version: string;
  /** Its folder; undefined if it is the one that runs. */
  readonly root?: string;
  /** Entry in the repository's package.json after the upgrade. */
  readonly dependency: GeneratorDependency;
  /** For a person: why it is not the one that they may have expected. */
  readonly note?: string;
}

/**
 * Finds the version of this package to upgrade with, and installs it in a temporary folder: the requested one, or the
 * newest on the registry. If the registry cannot be reached, it is the running one.
 *
 * @param asked a version, or the path of a tarball; undefined for the newest
 * @param use called with the choice; the installation is removed afterwards
 * @throws UsageError if the requested version does not exist; the reason of the abort
 */
export async function withGenerator<T>(
  asked: string | undefined,
  signal: AbortSignal,
  use: (generator: ChosenGenerator) => Promise<T>,
): Promise<T> {
  const own = ownPackage();
  const here = async (note?: string): Promise<ChosenGenerator> => ({
    version: own.version,
    dependency: await generatorDependency(own),
    note,
  });
  if (asked === undefined) {
    const { newest, why } = await newestVersion(signal);
    if (newest === undefined) {
      return use(await here(`${why}: this is done with ${own.name} ${own.version}`));
    }
    return newest === own.version || isOlder(newest, own.version)
      ? use(await here())
      : withInstalled(`${own.name}@${newest}`, { specifier: newest }, signal, use);
  }
  if (/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(asked)) {
    return asked === own.version && asked !== '0.0.0'
      ? use(await here())
      : withInstalled(`${own.name}@${asked}`, { specifier: asked }, signal, use);
  }
  const tarball = resolve(expandHome(asked));
  if (!statSync(tarball, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`--generator ${asked}: neither a version, e.g. 1.2.0, nor a tarball that is there`);
  }
  return withInstalled(tarball, packagedDependency(own.name, readFileSync(tarball)), signal, use);
}

/** The newest version on the registry that npm is configured for, or why there is none. */
async function newestVersion(signal: AbortSignal): Promise<{ readonly newest?: string; readonly why: string }> {
  const ending = await run(
    'npm',
    ['view', `${ownPackage().name}@latest`, 'version', '--fetch-retries=0', '--loglevel=error'],
    process.cwd(),
    signal,
  );
  const { ok, output, exitCode } = ending;
  if (exitCode === undefined) return { why: whyFailed(ending) };
  return {
    newest: ok ? /^\d+\.\d+\.\d+$/m.exec(output)?.[0] : undefined,
    why: /\bE404\b/.test(output) ? 'the registry has no such package' : 'the registry cannot be reached',
  };
}

/** Whether a version, of three numbers, comes before another. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  const differs = a!.findIndex((part, index) => part !== b![index]);
  return differs >= 0 && a![differs]! < b![differs]!;
}

/** @throws UsageError if npm cannot install it, or it is another package */
async function withInstalled<T>(
  what: string,
  dependency: GeneratorDependency,
  signal: AbortSignal,
  use: (generator: ChosenGenerator) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder('generator', async (folder) => {
    const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel=error'];
    const ending = await run('npm', ['install', '--prefix', folder, ...options, what], folder, signal);
    if (!ending.ok) {
      throw new UsageError(`${basename(what)} cannot be installed: ${reasonOf(ending)}`);
    }
    const { name } = ownPackage();
    const root = join(folder, 'node_modules', name);
    if (!existsSync(join(root, 'lib/cli.js'))) {
      throw new UsageError(`${basename(what)} is not ${name}`);
    }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return use({ version, root, dependency });
  });
}

/** The first line of npm's that says more than a code; why npm did not run if there is none. */
function reasonOf(ending: Finished): string {
  const lines = ending.output
    .split('\n')
    .flatMap((line) => /^npm error (?!code |errno |syscall )(.+)/.exec(line)?.[1] ?? []);
  return lines[0] ?? whyFailed(ending);
}
