import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ownPackage } from '../project/package-root';
import type { Console } from './console';
import { isOlder, withGenerator } from './generator-choice';
import type { GeneratorDependency } from './generator-package';
import { EXIT, type Job } from './job';
import { type EmittedRepository, openRepository } from './repository';
import { run } from './run';
import { withTemporaryFolder } from './temporary';
import { type Chosen, upgradeHere } from './upgrade-here';
import { planningOf } from './upgrade-impact';
import { UsageError } from './usage-error';

interface Options {
  readonly to: string | undefined;
  readonly generator: string | undefined;
  readonly 'dry-run': boolean;
  readonly plan: boolean;
  readonly 'no-plan': boolean;
  readonly 'allow-loss': boolean;
  readonly 'no-install': boolean;
}

/** Tells a generator that another one chose it: path of a file with a {@link Chosen}. */
const CHOSEN_VARIABLE = 'QUILT_MCP_DEPLOY_CHOSEN';

/**
 * Moves an emitted repository to newer conventions, a newer version of this package, or both.
 *
 * @throws UsageError if there is no way there; see {@link openRepository} and {@link upgradeHere}
 */
export const upgrade: Job<Options> = async ({ values, positionals, args }, console, signal) => {
  if (positionals.length > 0) {
    throw new UsageError(`upgrade takes no ${positionals[0]}; did you mean upgrade --to ${positionals[0]}?`);
  }
  const options = { ...values, planning: planningOf(values, process.env) };
  const repository = openRepository(process.cwd());
  const chosen = process.env[CHOSEN_VARIABLE];
  if (chosen !== undefined) {
    const read = JSON.parse(readFileSync(chosen, 'utf8')) as Chosen;
    return upgradeHere(repository, options, read, console, signal);
  }
  return withGenerator(values.generator, signal, async ({ version, root, dependency, note }) => {
    if (values.generator === undefined) refuseOlder(version, repository);
    if (note) console.stderr.write(`! ${note}\n`);
    const { specifier, vendored } = root === undefined && isInstalledIn(repository) ? pinned(repository) : dependency;
    const files = vendored ? { [vendored.path]: vendored.content.toString('base64') } : {};
    return root === undefined
      ? upgradeHere(repository, options, { specifier, files }, console, signal)
      : handOver(root, repository, args, { specifier, files }, console, signal);
  });
};

/** @throws UsageError if a repository is of a later version than an upgrade would be done with */
function refuseOlder(version: string, { generator }: EmittedRepository): void {
  const { name } = ownPackage();
  if (
    generator !== undefined &&
    /^\d+\.\d+\.\d+$/.test(generator) &&
    version !== '0.0.0' &&
    isOlder(version, generator)
  ) {
    throw new UsageError(
      `this repository uses ${name} ${generator}, and the newest version available here is ${version}: run npm ci, or name a version with --generator`,
    );
  }
}

/** Whether a repository has installed the running version: then its dependency stays the same. */
function isInstalledIn({ root, generator }: EmittedRepository): boolean {
  const installed = join(root, 'node_modules', ownPackage().name);
  return (
    generator !== undefined && existsSync(installed) && realpathSync(installed) === realpathSync(ownPackage().root)
  );
}

function pinned({ generator }: EmittedRepository): GeneratorDependency {
  return { specifier: generator! };
}

/** Runs the upgrade by another version of this package. */
async function handOver(
  root: string,
  repository: EmittedRepository,
  args: readonly string[],
  chosen: Chosen,
  to: Console,
  signal: AbortSignal,
): Promise<number> {
  return withTemporaryFolder('chosen', async (folder) => {
    const file = join(folder, 'chosen.json');
    writeFileSync(file, JSON.stringify(chosen));
    const env = { [CHOSEN_VARIABLE]: file };
    const { exitCode } = await run(
      process.execPath,
      [join(root, 'lib/cli.js'), 'upgrade', ...args],
      repository.root,
      signal,
      { env, to },
    );
    return exitCode ?? EXIT.failed;
  });
}
