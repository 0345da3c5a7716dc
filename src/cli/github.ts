import { githubEnvironmentCommands, protectionCommands } from '../../generators/github-environments';
import { ANSWERS_FILE } from '../config/answers-file';
import { githubEnvironmentsOf } from '../model/delivery/github-environments';
import type { Deployment } from '../model/deployment';
import { confirm } from '../operations/confirm';
import { GhIsMissing, githubApi } from '../operations/github/github-api';
import { applySetup, planSetup, type SetupPlan, type WantedSettings } from '../operations/github/setup';
import { EXIT, type Job } from './job';
import { resolvedRepository } from './planned-environment';
import { openSession } from './session';
import { wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options {
  readonly reviewer: readonly string[];
  readonly 'app-client-id'?: string;
  readonly 'dry-run': boolean;
  readonly yes: boolean;
}

const REVIEWER = /^[\w-]+(\/[\w.-]+)?$/;

/**
 * Makes the settings of the GitHub repository that its workflows rest on.
 *
 * @throws UsageError for wrong words; AnswersError if the answers are not valid; Failed if GitHub refuses, or nobody consents
 */
export const github: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [word] = wordsOf(positionals, 1);
  if (word !== 'setup') throw new UsageError('github takes a word: setup');
  const wrong = values.reviewer.filter((name) => !REVIEWER.test(name));
  if (wrong.length > 0)
    throw new UsageError(`--reviewer takes a user, or ORGANIZATION/TEAM, and not ${wrong.join(', ')}`);
  const { deployment } = resolvedRepository();
  if (values['app-client-id'] !== undefined && !deployment.repository.app) {
    throw new UsageError(
      `${ANSWERS_FILE} names no GitHub App (repository.app), so there is no variable for --app-client-id`,
    );
  }
  const session = openSession(console, signal);
  const api = githubApi(session);
  const say = (line: string) => console.stdout.write(`${line}\n`);
  try {
    const plan = await planSetup(api, settingsFor(deployment, values));
    show(plan, deployment.repository.name, say);
    if (plan.changes.length === 0 || values['dry-run']) return EXIT.done;
    await confirm(session, `Make ${plan.changes.length} change${plan.changes.length === 1 ? '' : 's'}?`, values.yes);
    await applySetup(api, plan.changes, say);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof GhIsMissing)) throw error;
    console.stderr.write(`! ${error.message} These commands do the same where it is:\n`);
    say([...githubEnvironmentCommands(deployment), '', ...protectionCommands(deployment)].join('\n'));
    return EXIT.failed;
  }
};

function settingsFor(deployment: Deployment, options: Options): WantedSettings {
  const { name, ownerId, repositoryId, app } = deployment.repository;
  return {
    repository: name,
    ids: { ownerId, repositoryId },
    environments: githubEnvironmentsOf(deployment),
    reviewers: options.reviewer,
    ...(app && { variable: { name: app.idVariable, value: options['app-client-id'] } }),
  };
}

function show({ same, changes, notes }: SetupPlan, repository: string, say: (line: string) => void): void {
  say(`GitHub repository ${repository}:`);
  for (const title of same) say(`  = ${title}: as it should be`);
  for (const { title } of changes) say(`  + ${title}`);
  for (const note of notes) say(`! ${note}`);
  if (changes.length === 0) say('Nothing to change.');
}
