import { githubEnvironmentCommandsOf } from '../../generators/github-environments';
import { targetGenerator } from '../../generators/targets';
import { ANSWERS_FILE } from '../config/answers-file';
import { editJson } from '../config/edit';
import { parseAnswers } from '../config/parse';
import { isObject, type PlainObject, valueAt } from '../config/paths';
import { AnswersError } from '../config/problem';
import { conversation } from '../interview/conversation';
import { answersWithoutQuestions } from '../interview/interview';
import { missingAnswers, wrongAnswers } from '../interview/missing';
import { choosePrompter } from '../interview/prompter';
import { objectionToNames } from '../interview/typed-answer';
import { haveRoles } from '../model/delivery/roles';
import type { Deployment, Environment } from '../model/deployment';
import { readConfig, resolveDeployment } from '../model/resolve';
import { warningsOf } from '../model/warnings';
import { excerpt } from '../operations/excerpt';
import { Failed } from '../operations/failed';
import { whyFailed } from '../operations/program';
import { needsOwner, reportSync } from '../project/sync';
import { assignAnswer } from './assign';
import { type Console, whyNobodyAnswers } from './console';
import { EXIT, type Job } from './job';
import { lookups } from './lookups';
import { type EmittedRepository, openRepository, syncRepository } from './repository';
import { type Finished, run } from './run';
import { UsageError } from './usage-error';

interface Options {
  /** For add: answers, from the environment on. */
  readonly set: readonly string[];
  /** For add: profile of the AWS CLI that the account is read by. */
  readonly profile?: string;
  readonly 'keep-resources': boolean;
}

const SUBCOMMANDS: Readonly<Record<string, typeof add>> = { add, remove };

/**
 * Adds an environment to an emitted repository, or removes one.
 *
 * @throws UsageError, AnswersError for wrong input; Failed if AWS cannot be asked, or has something left; Cancelled;
 * see {@link openRepository} and {@link syncRepository}. Then nothing was written
 */
export const env: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name = '', environment, ...more] = positionals;
  const action = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!action || environment === undefined || more.length > 0) {
    throw new UsageError('env takes add or remove, and the name of one environment: env add staging');
  }
  const repository = openRepository(process.cwd());
  const answers = await action(repository, environment, values, signal, console);
  const follows = name === 'add' ? nextSteps(environment, answers) : resourcesThatStay(environment, values);
  const result = await syncRepository(repository, { mode: 'write', answers }, signal);
  console.stdout.write(`${[...reportSync(result), ...(result.conflicts.length === 0 ? follows : [])].join('\n')}\n`);
  return needsOwner(result) ? EXIT.failed : EXIT.done;
};

async function add(
  { answers, answersText }: EmittedRepository,
  name: string,
  { set, profile }: Options,
  signal: AbortSignal,
  console: Console,
): Promise<string> {
  if (valueAt(answers, ['environments', name]) !== undefined) {
    throw new UsageError(`there is an environment ${name} already: change it in ${ANSWERS_FILE}`);
  }
  const objection = objectionToNames([name]);
  if (objection !== undefined) {
    throw new UsageError(`no environment can be called ${name}: ${objection}`);
  }
  const given = structuredClone(answers);
  given.environments = { ...(isObject(answers.environments) ? answers.environments : {}), [name]: {} };
  for (const assignment of set) {
    assignAnswer(given, assignment, ['environments', name]);
  }
  const complete = await completeAnswers(given, name, profile, console, signal);
  return editJson(answersText, [{ path: ['environments', name], value: valueAt(complete, ['environments', name]) }]);
}

/** Warnings and next steps for a new environment, in this order: no role before GitHub's environments. */
function nextSteps(name: string, answersText: string): string[] {
  const deployment = resolveDeployment(readConfig(parseAnswers(answersText, ANSWERS_FILE), ANSWERS_FILE));
  const environments = deployment.environments.filter((one) => one.name === name);
  const steps = [
    ...(haveRoles(environments)
      ? [
          "# before its roles, make GitHub's environments for it: one that nobody made is open to every branch",
          ...githubEnvironmentCommandsOf(name, deployment),
          '# add their reviewers: Settings, Environments; docs/delivery.md says who may do what',
        ]
      : []),
    ...['registry', 'promote', 'plan', 'deploy'].map((task) => `npm run ${task}:${name}`),
  ];
  return [
    ...warningsOf({ ...deployment, environments }).map((warning) => `! ${warning}`),
    '',
    'Next:',
    ...steps.map((step) => `  ${step}`),
    '',
    'docs/deployment.md, Add an environment, has the whole way.',
  ];
}

function resourcesThatStay(name: string, { 'keep-resources': keep }: Options): string[] {
  return keep ? [`! the deployment of ${name} stays in AWS, and nothing here deploys or destroys it any more`] : [];
}

async function completeAnswers(
  given: PlainObject,
  name: string,
  profile: string | undefined,
  console: Console,
  signal: AbortSignal,
): Promise<PlainObject> {
  const { stdin, stdout, env: variables } = console;
  const nobody = whyNobodyAnswers(console, stdout);
  if (nobody === undefined) {
    const prompter = choosePrompter(variables, stdin, stdout, signal);
    const ways = lookups(console, profile, (line) => prompter.say(line), signal, true);
    prompter.say(prompter.keys);
    const { complete } = await conversation(
      { given, source: ANSWERS_FILE, prompter, only: name, lookups: ways },
      undefined,
      async (complete) => ({ complete, deployment: resolveDeployment(readConfig(complete as never, ANSWERS_FILE)) }),
      ({ deployment }) => ({
        write: `add ${name} to ${ANSWERS_FILE}`,
        warnings: ways.warningsOf(deployment),
        costs: [],
      }),
    );
    return complete;
  }
  const ways =
    profile === undefined ? undefined : lookups(console, profile, (line) => stdout.write(`${line}\n`), signal, false);
  const answers = await answersWithoutQuestions({ given, only: name, lookups: ways });
  const missing = missingAnswers(answers);
  const problems = [...wrongAnswers(answers), ...missing];
  const remedy = `${nobody} Give what is missing with --set key=value, from the environment on, or read facts of the AWS account with --profile.`;
  if (problems.length > 0) {
    throw new AnswersError(ANSWERS_FILE, problems, missing.length > 0 ? remedy : undefined);
  }
  return answers;
}

async function remove(
  { root, answers, answersText }: EmittedRepository,
  name: string,
  options: Options,
  signal: AbortSignal,
): Promise<string> {
  const deployment = resolveDeployment(readConfig(answers as never, ANSWERS_FILE));
  const environment = deployment.environments.find((one) => one.name === name);
  if (!environment) {
    const names = deployment.environments.map((one) => one.name).join(', ');
    throw new UsageError(`there is no environment ${name}; there are ${names}`);
  }
  if (deployment.environments.length === 1) {
    throw new UsageError(`${name} is the only environment; a repository has at least one`);
  }
  if (!options['keep-resources']) {
    await refuseLeftovers(root, deployment, environment, signal);
  }
  return editJson(answersText, [{ path: ['environments', name], value: undefined }]);
}

/** @throws Failed if anything of an environment is deployed, or that cannot be found out */
async function refuseLeftovers(
  root: string,
  deployment: Deployment,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const { name } = environment;
  const remedy = `; npm run destroy:${name} removes it, and env remove ${name} --keep-resources leaves it there`;
  for (const { what, commands, isEmpty } of targetGenerator(deployment.target).deployedChecks(environment)) {
    let answer: Finished | undefined;
    for (const [command, ...args] of commands) {
      answer = await run(command, args, root, signal);
      if (!answer.ok) break;
    }
    const empty = answer && isEmpty(answer.output, answer.exitCode);
    if (empty === undefined) {
      const why = answer && (excerpt('leftovers', answer.output) || whyFailed(answer));
      throw new Failed(`${what} cannot be looked at${remedy}\n${why}`);
    }
    if (!empty) {
      throw new Failed(`${what} is not empty${remedy}`);
    }
  }
}
