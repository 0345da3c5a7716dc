import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { digestFile } from '../../generators/digest';
import { albEgressCommands } from '../../generators/docs/load-balancer';
import { sharedRegistryTasks } from '../../generators/layers';
import { ANSWERS_FILE } from '../config/answers-file';
import { STANDARD_INPUT } from '../config/parse';
import { isObject, valueAt, withValue } from '../config/paths';
import { AnswersError, type Problem } from '../config/problem';
import type { Answers } from '../config/repository';
import { findDeployable, LATEST } from '../conventions';
import { interview, type Proposal } from '../interview/interview';
import { missingAnswers, wrongAnswers } from '../interview/missing';
import { choosePrompter, type Prompter } from '../interview/prompter';
import { haveRoles } from '../model/delivery/roles';
import type { Deployment } from '../model/deployment';
import { warningsOf } from '../model/warnings';
import { shellPath } from '../operations/shell-word';
import type { WantedFile } from '../project/changes';
import { ownPackage } from '../project/package-root';
import { QuiltMcpDeployProject } from '../project/project';
import { newTree } from '../project/sync';
import { type Kept, planBeside, takeAway } from '../project/take-in';
import { changeTree, createTree } from '../project/writer';
import { type Given, givenAnswers, withExample } from './answers';
import { type Console, whyNobodyAnswers } from './console';
import { type Destination, findDestination } from './destination';
import { formatTree } from './file-tree';
import { type FinishResults, finish, NOTHING_DONE, type StepProblem } from './finish';
import { generatorDependency } from './generator-package';
import { EXIT } from './job';
import { isLeftBehind } from './left-behind';
import { doubleDashHint, npmKeptYes } from './npm-options';
import { lookAround } from './surroundings';
import { UsageError } from './usage-error';

/** Options of the command line. */
export interface CreateOptions extends Given {
  /** Directory to write to, as typed; absent, the command asks for it. */
  readonly directory: string | undefined;
  readonly yes: boolean;
  readonly 'dry-run': boolean;
  readonly 'no-install': boolean;
  readonly 'no-git': boolean;
  readonly json: boolean;
}

/** Result of a run, real or dry: `--json` prints it. */
export interface Summary extends FinishResults {
  readonly directory: string;
  readonly name: string;
  readonly target: string;
  readonly conventions: string;
  readonly environments: readonly string[];
  /** Version of this package in package.json. */
  readonly generator: string;
  readonly dryRun: boolean;
  /** Paths from the directory, sorted. */
  readonly files: readonly string[];
  /** Warnings to read first, one line each. */
  readonly warnings: readonly string[];
  /** Decisions for the user, and kept files of theirs, one line each. */
  readonly notes: readonly string[];
  /** Next steps, as lines for a shell. */
  readonly next: readonly string[];
  readonly exitCode: number;
}

/** Output of `--json` for a run that wrote nothing, or took back its files. */
export interface Failure {
  /** Reason, as printed without `--json`. */
  readonly error: string;
  /** Problems of the answers, if there are any. */
  readonly problems: readonly (Problem | StepProblem)[];
  readonly exitCode: number;
}

/** A repository that is ready to be written. */
interface Rendered {
  readonly deployment: Deployment;
  readonly generator: string;
  /** Sorted by path. */
  readonly files: readonly WantedFile[];
}

/**
 * The main job: answers in, a repository out.
 *
 * @throws UsageError, AnswersError for wrong input, Cancelled, the file system's error; then nothing was written
 */
export async function create(commandLine: CreateOptions, console: Console, signal: AbortSignal): Promise<Summary> {
  const { yes, json, 'dry-run': dryRun } = commandLine;
  const out = json ? console.stderr : console.stdout;
  const say = (text: string) => out.write(`${text}\n`);
  const given = givenAnswers(commandLine);
  const file = commandLine.config === '-' ? STANDARD_INPUT : (commandLine.config ?? 'the answers');
  const source = yes ? `${file}, completed by the example` : file;
  const nobody = whyNobodyAnswers(console, out);
  const prompter = !yes && nobody === undefined ? choosePrompter(console.env, console.stdin, out, signal) : undefined;
  const { name, version } = ownPackage();
  if (prompter) {
    say(`\n  ${name} ${version} · ${describeConventions(given.conventions)}`);
  }

  const destination = findDestination(
    commandLine.directory ?? (dryRun ? 'quilt-mcp-deploy' : await askDirectory(prompter, console)),
  );
  const { shown } = destination;
  const { origin, warnings: around, notes: seen } = await lookAround(destination, signal);
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    say(`- ${text}`);
  };
  const known = prompter ? given : withOrigin(given, origin, note);
  const answers = yes
    ? withExample(known)
    : await completeAnswers(known, prompter, source, remedy(nobody, console), origin);
  const rendered = await renderRepository(answers, source, destination);
  signal.throwIfAborted();
  seen.forEach(note);
  if (yes && isObject(given.environments)) {
    const names = Object.keys(given.environments);
    note(
      `${names.length === 1 ? 'the environment is' : 'the environments are'} ${names.join(', ')}: --yes adds none to those that you give`,
    );
  }
  const warnings = [...warningsOf(rendered.deployment), ...around];
  console.stderr.write(warnings.map((warning) => `! ${warning}\n`).join(''));

  const paths = rendered.files.map(({ path }) => path);
  const results = dryRun ? NOTHING_DONE : await writeAndFinish();
  const next = dryRun ? [] : nextSteps(shown, rendered.deployment, commandLine, results.git !== 'skipped');
  if (dryRun && !json) {
    say(`${formatTree(`${shown}/`, paths)}\n\n${paths.length} files, nothing written`);
  }
  if (!dryRun) {
    say(`\nNext:\n${next.map((line) => `  ${line}`).join('\n')}\n\nREADME.md has the whole way.`);
  }
  return {
    directory: destination.directory,
    name: rendered.deployment.name,
    target: rendered.deployment.target,
    conventions: rendered.deployment.conventions.id,
    environments: rendered.deployment.environments.map((environment) => environment.name),
    generator: rendered.generator,
    dryRun,
    files: paths,
    warnings,
    notes,
    ...results,
    next,
    exitCode: results.problems.length > 0 ? EXIT.failed : EXIT.done,
  };

  async function writeAndFinish(): Promise<FinishResults> {
    const { kept, undo } = write(destination, rendered.files);
    let undoGit = async () => {};
    try {
      say(`✓ ${paths.length} files written to ${shown}`);
      for (const { path, how } of kept) {
        note(`${path} was there: ${how}`);
      }
      return await finish(destination.directory, {
        install: !commandLine['no-install'],
        git: !commandLine['no-git'],
        commitMessage: `Emit with ${name} ${version}`,
        files: paths,
        onGit: (undo) => {
          undoGit = undo;
        },
        out,
        signal,
      });
    } catch (error) {
      await undoGit();
      undo();
      throw error;
    }
  }
}

function remedy(nobody: string | undefined, { env }: Console): string {
  const ways = "Give what is missing with --config FILE or --set path.to.key=value, or take the example's with --yes.";
  return `${nobody} ${ways}${npmKeptYes(env) ? doubleDashHint(env) : ''}`;
}

async function askDirectory(prompter: Prompter | undefined, { env }: Console): Promise<string> {
  if (!prompter) {
    throw new UsageError(
      `name the directory to write to: create-quilt-mcp-deploy my-deploy${npmKeptYes(env) ? doubleDashHint(env) : ''}`,
    );
  }
  return prompter.text({ message: 'Directory', initial: 'quilt-mcp-deploy' });
}

type AnswersDraft = Record<string, unknown>;

async function completeAnswers(
  given: AnswersDraft,
  prompter: Prompter | undefined,
  source: string,
  howElse: string,
  origin: string | undefined,
): Promise<AnswersDraft> {
  if (prompter) {
    return interview(given, prompter, source, undefined, proposals(origin));
  }
  const missing = missingAnswers(given);
  if (missing.length === 0) {
    return given;
  }
  throw new AnswersError(source, [...wrongAnswers(given), ...missing], howElse);
}

function proposals(origin: string | undefined): Readonly<Record<string, Proposal>> {
  return origin === undefined
    ? {}
    : { 'repository.name': { value: origin, source: 'The proposed one is the remote origin.' } };
}

/** Answers with the name of the GitHub repository that the directory is a clone of, if they have none. */
function withOrigin(given: AnswersDraft, origin: string | undefined, note: (text: string) => void): AnswersDraft {
  const path = ['repository', 'name'];
  const { repository = {} } = given;
  if (origin === undefined || !isObject(repository) || valueAt(given, path) !== undefined) {
    return given;
  }
  note(`repository.name is ${origin}, taken from the remote origin`);
  return withValue(given, path, origin);
}

function describeConventions(id: unknown): string {
  const conventions = findDeployable(String(id)) ?? LATEST;
  return `conventions ${conventions.id} (Quilt MCP server ${conventions.image.defaultVersion})`;
}

async function renderRepository(answers: AnswersDraft, source: string, { directory }: Destination): Promise<Rendered> {
  const { specifier, vendored } = await generatorDependency(ownPackage());
  const project = new QuiltMcpDeployProject({
    answers: answers as Answers,
    source,
    repositoryRoot: directory,
    generator: specifier,
  });
  const options = project.syncOptions();
  const files = newTree({ ...options, files: [...options.files, ...(vendored ? [vendored] : [])] });
  return { deployment: project.deployment, generator: specifier, files };
}

/** Files that `npm install` adds to those of a new repository. */
const INSTALLED = ['node_modules', 'package-lock.json'];

interface Written {
  readonly kept: readonly Kept[];
  /** Removes the written files, and nothing else of a directory that existed before. */
  readonly undo: () => void;
}

/** Writes a repository, whole or not at all. */
function write({ directory, exists, isEmpty }: Destination, files: readonly WantedFile[]): Written {
  if (exists) {
    const { writes, kept } = planBeside(directory, files);
    changeTree(directory, writes);
    const undo = () => {
      takeAway(directory, writes);
      // In a directory that was empty, all files are of this run but those that an editor or the desktop left
      // meanwhile.
      const made = isEmpty ? readdirSync(directory).filter((name) => !isLeftBehind(name)) : INSTALLED;
      for (const name of made) {
        remove(join(directory, name));
      }
    };
    return { kept, undo };
  }
  const made = mkdirSync(dirname(directory), { recursive: true });
  try {
    createTree(directory, files);
  } catch (error) {
    if (made) {
      remove(made);
    }
    throw error;
  }
  return { kept: [], undo: () => remove(made ?? directory) };
}

/** Retries: a process that is being ended may still write there. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function nextSteps(
  shown: string,
  deployment: Deployment,
  { yes, 'no-install': installFirst }: CreateOptions,
  isCommitted: boolean,
): string[] {
  const { contract, environments } = deployment;
  const environment = environments[0]!.name;
  const { port } = contract.container;
  return [
    ...(shown === '.' ? [] : [`cd ${shellPath(shown)}`]),
    ...(installFirst ? ['npm install'] : []),
    ...(yes ? [`# put your answers in the place of the example's in ${ANSWERS_FILE}, then: npx projen`] : []),
    ...(isCommitted ? [] : ['# commit the files, with package-lock.json: no commit was made']),
    ...albEgressCommands(environments, port).flatMap((command) => [
      `# before you deploy: if nothing lets the load balancer out to TCP ${port} of the tasks yet, the owner of its groups runs:`,
      command,
    ]),
    ...(haveRoles(environments)
      ? ["# make GitHub's environments first, and protect the default branch: docs/delivery.md, Who may do what"]
      : []),
    ...(environments[0]!.roles ? sharedRegistryTasks(deployment).map(({ name }) => `npm run ${name}`) : []),
    `npm run registry:${environment}`,
    `# publish the image there and name its digest in ${digestFile(environment)}: README.md has the commands`,
    `npm run check:${environment}`,
    `npm run plan:${environment}`,
    `npm run deploy:${environment}`,
  ];
}
