import { withoutHeader } from '../../generators/header';
import { editJson } from '../config/edit';
import { ANSWERS_FILE } from '../config/schema';
import type { Change } from '../project/changes';
import { needsOwner, reportSync } from '../project/sync';
import { readText } from '../project/text';
import { lookAt } from '../project/tree';
import { changeTree } from '../project/writer';
import { EXIT, type Job } from './commands';
import { optionsHelp, parseOptions } from './options';
import { openRepository, syncRepository } from './repository';
import { UsageError } from './usage-error';

const OPTIONS = { help: { type: 'boolean', help: 'show this' } } as const;

/**
 * Makes generated files their owner's: no sync writes them again.
 *
 * @throws UsageError for a file that is not generated; see {@link openRepository} and {@link syncRepository}
 */
export const eject: Job = async (args, { stdout }, signal) => {
  const { values, positionals } = parseOptions(args, OPTIONS, 'eject');
  if (values.help) {
    stdout.write(helpText());
    return EXIT.done;
  }
  if (positionals.length === 0) {
    throw new UsageError('eject takes the files that are to be yours: create-quilt-mcp-deploy eject FILE …');
  }
  const repository = openRepository(process.cwd());
  const { changes } = await syncRepository(repository, { mode: 'preview' }, signal);
  const paths = positionals.map((path) => path.replace(/^\.\//, ''));
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
  const result = await syncRepository(repository, { mode: 'write', answers }, signal);
  takeHeaders(repository.root, result.conflicts.length > 0 ? [] : generated.filter(({ path }) => paths.includes(path)));
  const done = result.conflicts.length > 0 ? [] : [`${ANSWERS_FILE} lists as yours: ${ejected.join(', ')}`];
  stdout.write(`${[...reportSync(result), ...done].join('\n')}\n`);
  return needsOwner(result) ? EXIT.failed : EXIT.done;
};

/** What is its owner's does not say that it is generated. */
function takeHeaders(root: string, files: readonly Change[]): void {
  const writes = files.flatMap(({ path, movedFrom }) => {
    const standing = lookAt(root, path);
    if (standing.kind !== 'file' || !readText(standing.content)) return [];
    const content = Buffer.from(withoutHeader(movedFrom ?? path, standing.content.toString('utf8')));
    return content.equals(standing.content) ? [] : [{ path, before: standing.content, content, mode: standing.mode }];
  });
  if (writes.length > 0) changeTree(root, writes);
}

function helpText(): string {
  return `Usage: create-quilt-mcp-deploy eject FILE ...

Makes generated files yours: ${ANSWERS_FILE} names them, and no sync writes them again.
To have one generated again, run create-quilt-mcp-deploy sync --restore FILE.

${optionsHelp(OPTIONS)}
`;
}
