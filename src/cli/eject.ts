import { withoutHeader } from '../../generators/header';
import { ANSWERS_FILE } from '../config/answers-file';
import { editJson } from '../config/edit';
import type { FileChange } from '../project/changes';
import { readText } from '../project/owners-text';
import type { SyncRequest } from '../project/request';
import { needsOwner, reportSync } from '../project/sync';
import { EXIT, type Job } from './job';
import { fromRoot, openRepository, syncRepository } from './repository';
import { UsageError } from './usage-error';

/**
 * Makes generated files their owner's: no sync writes them again.
 *
 * @throws UsageError for a file that is not generated; see {@link openRepository} and {@link syncRepository}
 */
export const eject: Job<object> = async ({ positionals }, { stdout }, signal) => {
  if (positionals.length === 0) {
    throw new UsageError('eject takes the files to make yours: create-quilt-mcp-deploy eject FILE …');
  }
  const repository = openRepository(process.cwd());
  const { changes } = await syncRepository(repository, { mode: 'preview' }, signal);
  const paths = fromRoot(repository, positionals);
  const generated = changes.filter(({ internal, shared }) => !internal && !shared);
  const names = generated.flatMap(({ path, movedFrom }) => [[path, movedFrom ?? path] as const]);
  const unknown = paths.filter((path) => !names.some((pair) => pair.includes(path)));
  if (changes.length > 0 && unknown.length > 0) {
    throw new UsageError(`not a generated file: ${unknown.join(', ')}`);
  }
  const owned = generated.filter((change) => change.owned && paths.includes(change.path)).map(({ path }) => path);
  if (owned.length > 0) {
    throw new UsageError(`yours already: ${owned.join(', ')}`);
  }
  const before = Array.isArray(repository.answers.ejected) ? repository.answers.ejected : [];
  const added = paths.map((path) => names.find((pair) => pair.includes(path))?.[1] ?? path);
  const ejected = [...new Set([...before, ...added])].sort();
  const answers = editJson(repository.answersText, [{ path: ['ejected'], value: ejected }]);
  const files = withoutHeaders(
    generated.filter(({ path, movedFrom = path }) => paths.includes(path) || paths.includes(movedFrom)),
  );
  const result = await syncRepository(repository, { mode: 'write', answers, ...files }, signal);
  const done = result.conflicts.length > 0 ? [] : [`${ANSWERS_FILE} lists as yours: ${ejected.join(', ')}`];
  stdout.write(`${[...reportSync(result), ...done].join('\n')}\n`);
  return needsOwner(result) ? EXIT.failed : EXIT.done;
};

/** Files without the header that says that they are generated: they become their owner's. */
function withoutHeaders(files: readonly FileChange[]): Pick<SyncRequest, 'files' | 'basedOn'> {
  const found = files.flatMap(({ path, movedFrom = path, before }) => {
    if (!before || !readText(before)) return [];
    const stripped = Buffer.from(withoutHeader(movedFrom, before.toString('utf8')));
    return stripped.equals(before) ? [] : [{ path, movedFrom, before, stripped }];
  });
  return {
    files: Object.fromEntries(found.map(({ movedFrom, stripped }) => [movedFrom, stripped.toString('base64')])),
    basedOn: Object.fromEntries(found.map(({ path, before }) => [path, before.toString('base64')])),
  };
}
