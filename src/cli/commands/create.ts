import { didYouMean } from '../../config/did-you-mean';
import { TARGETS } from '../../config/repository';
import { ownPackage } from '../../project/package-root';
import { command } from '../command';
import { COMMANDS, findCommand } from '../commands';
import { EXIT } from '../job';
import { doubleDashHint } from '../npm-options';
import { UsageError } from '../usage-error';

/** The main job: no word names it. */
export const create = command({
  name: '',
  group: 'repository',
  usage: '[directory]',
  help: 'emit a repository',
  about:
    'Emits a repository that deploys the Quilt MCP server on ECS Fargate behind the load balancer of an existing Quilt stack. Asks for the answers that you do not give.',
  options: {
    config: {
      type: 'string',
      value: 'FILE',
      variable: 'QUILT_MCP_DEPLOY_CONFIG',
      help: 'take answers from a JSON or YAML file',
    },
    set: { type: 'string', multiple: true, value: 'path.to.key=VALUE', help: 'give one answer; may be repeated' },
    target: {
      type: 'string',
      value: TARGETS.join('|'),
      variable: 'QUILT_MCP_DEPLOY_TARGET',
      help: 'the tool that the repository deploys with',
    },
    profile: {
      type: 'string',
      value: 'PROFILE',
      variable: 'QUILT_MCP_DEPLOY_PROFILE',
      help: 'read the AWS account of each catalog by this profile of the AWS CLI, and take its facts as answers',
    },
    yes: {
      type: 'boolean',
      variable: 'QUILT_MCP_DEPLOY_YES',
      help: 'ask nothing; take missing answers from the example',
    },
    resume: { type: 'boolean', help: 'go on with the interview that was interrupted last' },
    'dry-run': { type: 'boolean', help: 'show what would be written, and write nothing' },
    'no-install': { type: 'boolean', help: 'leave out npm install, and the tests that need it' },
    'no-git': { type: 'boolean', help: 'make no git repository' },
    json: { type: 'boolean', help: 'one JSON summary on standard output; progress on standard error' },
    version: { type: 'boolean', help: 'show the version' },
    all: { type: 'boolean', help: "with --help: also show the commands of GitHub's workflows" },
  },
  run: async ({ values, positionals }, console, signal) => {
    if (values.version) {
      console.stdout.write(`${ownPackage().version}\n`);
      return EXIT.done;
    }
    const directory = oneDirectory(positionals, console.env);
    const { isEmitted, offerCommands } = await import('../menu');
    if (isEmitted()) {
      if (directory === undefined) return offerCommands(console, signal);
      refuseMistyped(directory);
    } else if (directory !== undefined) {
      // Names such as `dev` are two letters from a command.
      refuseMistyped(directory, 1);
    }
    const summary = await (await import('../create')).create({ ...values, directory }, console, signal);
    if (values.json) {
      console.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    }
    return summary.exitCode;
  },
});

function oneDirectory(words: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const misplaced = words.find((word) => findCommand(word));
  if (misplaced !== undefined) {
    throw new UsageError(
      `${misplaced} is a command, and comes first; write ./${misplaced} for a directory of this name`,
    );
  }
  if (words.length > 1) {
    throw new UsageError(`one directory at most, not ${words.length}: ${words.join(', ')}${doubleDashHint(env)}`);
  }
  return words[0];
}

/**
 * In an emitted repository, a word like a command is hardly the name of a new one.
 *
 * @throws UsageError if the word is a command but for that many letters; absent, for few
 */
function refuseMistyped(directory: string, letters?: number): void {
  const meant = didYouMean(
    directory,
    COMMANDS.map(({ name }) => name),
    letters,
  );
  if (meant !== undefined) {
    throw new UsageError(
      `there is no command ${directory}; did you mean ${meant}? For a new repository in a directory of that name: ./${directory}`,
    );
  }
}
