import { createTwoFilesPatch } from 'diff';

import { type Change, KINDS } from '../project/changes';
import { readText } from '../project/owners-text';
import { isShown, reportSync, type SyncResult } from '../project/sync';
import { EXIT, type Job } from './commands';
import { optionsHelp, parseOptions } from './options';
import { fromRoot, openRepository, syncRepository } from './repository';
import { UsageError } from './usage-error';

const OPTIONS = {
  json: { type: 'boolean', help: 'one JSON document: what happens to each file' },
  help: { type: 'boolean', help: 'show this' },
} as const;

/**
 * Shows what a sync would change, file by file, and changes nothing.
 *
 * @throws UsageError for a file that no sync writes; see {@link openRepository} and {@link syncRepository}
 */
export const diff: Job = async (args, { stdout }, signal) => {
  const { values, positionals } = parseOptions(args, OPTIONS, 'diff');
  if (values.help) {
    stdout.write(helpText());
    return EXIT.done;
  }
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
function formatChange({ kind, path, before, content }: Change): string[] {
  if (!KINDS[kind].writes) return [];
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

function toJson({ conflicts, from }: SyncResult, changes: readonly Change[]): object {
  return {
    from,
    conflicts,
    changes: changes.map(({ path, kind, movedFrom, reason }) => ({ path, kind, movedFrom, reason })),
  };
}

function helpText(): string {
  return `Usage: create-quilt-mcp-deploy diff [FILE ...] [options]

Shows what a sync of the repository in the working directory would change, and changes
nothing.

${optionsHelp(OPTIONS)}

Exit codes: 0 done, 1 there are conflicts to solve first, 2 wrong input.
`;
}
