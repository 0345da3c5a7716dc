import { editJson } from '../config/edit';
import { shellPath } from '../operations/shell-word';
import type { SyncRequest } from '../project/request';
import { changesAnything, needsOwner, reportSync } from '../project/sync';
import { EXIT, type Job } from './job';
import { type EmittedRepository, fromRoot, openRepository, syncRepository } from './repository';
import { UsageError } from './usage-error';

interface Options {
  readonly check: boolean;
  /** Files to reset to their generated content. */
  readonly restore: readonly string[];
}

/**
 * Brings an emitted repository up to date with its answers.
 *
 * @throws see {@link openRepository} and {@link syncRepository}
 */
export const sync: Job<Options> = async ({ values, positionals }, { stdout }, signal) => {
  if (positionals.length > 0) {
    throw new UsageError(`sync takes no file; did you mean sync --restore ${positionals[0]}?`);
  }
  const repository = openRepository(process.cwd());
  const restored = values.restore.length === 0 ? {} : await restoring(repository, values.restore, signal);
  const result = await syncRepository(repository, { mode: values.check ? 'preview' : 'write', ...restored }, signal);
  const remedy =
    values.check && changesAnything(result)
      ? [`Nothing was written. To write it: ${toWrite(values.restore)}. Then look at it with git diff, and commit.`]
      : [];
  stdout.write(`${[...reportSync(result, values.check ? 'would' : 'did'), ...remedy].join('\n')}\n`);
  return needsOwner(result) || (values.check && changesAnything(result)) ? EXIT.failed : EXIT.done;
};

/**
 * Request for a sync that resets files to their generated content. An ejected file is the tool's again.
 *
 * @throws UsageError for a file that is not generated, or is its owner's
 */
async function restoring(
  repository: EmittedRepository,
  files: readonly string[],
  signal: AbortSignal,
): Promise<Partial<SyncRequest>> {
  const names = fromRoot(repository, files);
  const listed = repository.answers.ejected;
  const ejected: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const kept = ejected.filter((path) => !names.includes(String(path)));
  const answers =
    kept.length === ejected.length
      ? {}
      : {
          answers: editJson(repository.answersText, [
            { path: ['ejected'], value: kept.length === 0 ? undefined : kept },
          ]),
        };
  const { changes, conflicts } = await syncRepository(
    repository,
    { mode: 'preview', restore: names, ...answers },
    signal,
  );
  const restore = names.map((name) => {
    const change = changes.find(
      ({ path, movedFrom, internal, shared }) => !internal && !shared && (path === name || movedFrom === name),
    );
    if (change?.owned || (!change && conflicts.length === 0)) {
      throw new UsageError(change ? `${name} is yours: it is not generated again` : `${name} is not a generated file`);
    }
    return change?.movedFrom ?? name;
  });
  return { restore, ...answers };
}

/** The command that applies the output of `--check`. */
function toWrite(restored: readonly string[]): string {
  const words = restored.flatMap((file) => ['--restore', shellPath(file)]);
  return words.length === 0 ? 'npx projen' : ['npx create-quilt-mcp-deploy sync', ...words].join(' ');
}
