import { createTwoFilesPatch } from 'diff';

import { CHANGE_KINDS, type FileChange } from '../project/changes';
import { readText } from '../project/owners-text';
import { isShown, reportSync, type SyncResult } from '../project/sync';
import { EXIT, type Job } from './job';
import { fromRoot, openRepository, syncRepository } from './repository';
import { UsageError } from './usage-error';

/**
 * Shows what a sync would change, file by file, and changes nothing.
 *
 * @throws UsageError for a file that no sync writes; see {@link openRepository} and {@link syncRepository}
 */
export const diff: Job<{ readonly json: boolean }> = async ({ values, positionals }, { stdout }, signal) => {
  const repository = openRepository(process.cwd());
  const result = await syncRepository(repository, { mode: 'preview' }, signal);
  const asked = fromRoot(repository, positionals);
  const changes = result.changes.filter(isShown);
  const unknown = asked.find((path) => !changes.some((change) => change.path === path));
  if (unknown !== undefined) {
    throw new UsageError(`${unknown} is not a generated file`);
  }
  const shown = changes.filter(({ path }) => asked.length === 0 || asked.includes(path));
  stdout.write(
    values.json
      ? `${JSON.stringify(toJson(result, shown), undefined, 2)}\n`
      : [...shown.flatMap(formatChange), ...reportSync({ ...result, changes: shown }, 'would'), ''].join('\n'),
  );
  return result.conflicts.length > 0 ? EXIT.failed : EXIT.done;
};

/** A change as `git diff` shows it; nothing for one that writes nothing. */
function formatChange({ kind, path, before, content }: FileChange): string[] {
  if (!CHANGE_KINDS[kind].writes) return [];
  const [old, next] = [before && readText(before), content && readText(content)];
  if ((before && !old) || (content && !next)) return [`Binary file ${path} differs\n`];
  const patch = createTwoFilesPatch(
    before ? `a/${path}` : '/dev/null',
    content ? `b/${path}` : '/dev/null',
    old?.text ?? '',
    next?.text ?? '',
    undefined,
    undefined,
    { headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } },
  );
  return [patch];
}

function toJson({ conflicts, from }: SyncResult, changes: readonly FileChange[]): object {
  return {
    from,
    conflicts,
    changes: changes.map(({ path, kind, movedFrom, reason }) => ({ path, kind, movedFrom, reason })),
  };
}
