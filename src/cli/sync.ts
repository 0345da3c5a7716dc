import { changesAnything, needsOwner, reportSync } from '../project/sync';
import { EXIT, type Job } from './commands';
import { optionsHelp, parseOptions } from './options';
import { openRepository, syncRepository } from './repository';
import { UsageError } from './usage-error';

const OPTIONS = {
  check: { type: 'boolean', help: 'write nothing; exit code 1 where there is anything to write' },
  restore: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'make a file what is generated, and drop what you made of it; may be repeated',
  },
  help: { type: 'boolean', help: 'show this' },
} as const;

/**
 * Brings an emitted repository up to date with its answers.
 *
 * @throws see {@link openRepository} and {@link syncRepository}
 */
export const sync: Job = async (args, { stdout }, signal) => {
  const { values, positionals } = parseOptions(args, OPTIONS, 'sync');
  if (values.help) {
    stdout.write(helpText());
    return EXIT.done;
  }
  if (positionals.length > 0) {
    throw new UsageError(`sync takes no file; did you mean sync --restore ${positionals[0]}?`);
  }
  const repository = openRepository(process.cwd());
  const result = await syncRepository(
    repository,
    { mode: values.check ? 'preview' : 'write', restore: [...values.restore] },
    signal,
  );
  stdout.write(`${reportSync(result, values.check ? 'would' : 'did').join('\n')}\n`);
  return needsOwner(result) || (values.check && changesAnything(result)) ? EXIT.failed : EXIT.done;
};

function helpText(): string {
  return `Usage: create-quilt-mcp-deploy sync [options]

Brings the repository in the working directory up to date with mcp-deploy.json, as
npx projen does. It also works where .projen/ is broken or gone.

${optionsHelp(OPTIONS)}

Exit codes: 0 done, 1 something needs your hand, 2 wrong input.
`;
}
