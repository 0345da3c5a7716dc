import { STANDARD_INPUT } from '../config/parse';
import { isObject, valueAt, withValue } from '../config/paths';
import { AnswersError, type Problem } from '../config/problem';
import { findDeployable, LATEST } from '../conventions';
import { answersWithoutQuestions } from '../interview/interview';
import { missingAnswers, wrongAnswers } from '../interview/missing';
import { choosePrompter, type Prompter } from '../interview/prompter';
import { warningsOf } from '../model/warnings';
import { ownPackage } from '../project/package-root';
import { givenAnswers, withExample } from './answers';
import { type Console, whyNobodyAnswers } from './console';
import type { CreateOptions } from './create-options';
import { findDestination } from './destination';
import { formatTree } from './file-tree';
import { type FinishResults, finish, NOTHING_DONE, type StepProblem } from './finish';
import { interviewedRepository } from './interviewed-repository';
import { EXIT } from './job';
import { describeKept, findKeptInterview, forgetInterview, type KeptInterview, resumedOptions } from './kept-interview';
import { lookups } from './lookups';
import { nextSteps } from './next-steps';
import { doubleDashHint, npmKeptYes } from './npm-options';
import { type Rendered, renderRepository } from './rendered-repository';
import { lookAround } from './surroundings';
import { UsageError } from './usage-error';
import { writeRepository } from './write-repository';

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

/**
 * The main job: answers in, a repository out.
 *
 * @throws UsageError, AnswersError for wrong input, Cancelled, the file system's error; then nothing was written
 */
export async function create(typed: CreateOptions, console: Console, signal: AbortSignal): Promise<Summary> {
  const { yes, json, 'dry-run': dryRun } = typed;
  const out = json ? console.stderr : console.stdout;
  const say = (text: string) => out.write(`${text}\n`);
  const given = givenAnswers(typed);
  const file = typed.config === '-' ? STANDARD_INPUT : (typed.config ?? 'the answers');
  const source = yes ? `${file}, completed by the example` : file;
  const nobody = whyNobodyAnswers(console, out);
  const prompter = !yes && nobody === undefined ? choosePrompter(console.env, console.stdin, out, signal) : undefined;
  const { name, version } = ownPackage();
  const kept = keptInterview(typed, console, nobody);
  const commandLine = kept && typed.resume ? resumedOptions(typed, kept) : typed;
  if (prompter) {
    say(`\n  ${name} ${version} · ${describeConventions(given.conventions)}\n`);
    prompter.say(prompter.keys);
    if (kept && !commandLine.resume) {
      prompter.say(
        `An interview was interrupted on ${kept.kept.slice(0, 10)}: --resume goes on with it, and a new one takes its place.`,
      );
    }
    if (kept && typed.resume) for (const line of describeKept(kept, typed)) prompter.say(line);
  }

  const destination = findDestination(
    commandLine.directory ??
      (commandLine.resume ? kept!.directory : dryRun ? 'quilt-mcp-deploy' : await askDirectory(prompter, console)),
  );
  const { shown } = destination;
  const { origin, warnings: around, notes: seen } = await lookAround(destination, signal);
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    say(`- ${text}`);
  };
  const allWarnings = ({ deployment }: Rendered) => [...warningsOf(deployment), ...around];
  const resumed = commandLine.resume ? kept : undefined;
  const { rendered, isReviewed, isKept } = prompter
    ? await interviewedRepository({
        ...{ given, source, prompter, commandLine, kept: resumed, destination, origin, console, signal },
        warningsOf: allWarnings,
      })
    : {
        rendered: await renderRepository(await complete(), source, destination),
        isReviewed: false,
        isKept: false,
      };
  signal.throwIfAborted();
  seen.forEach(note);
  if (yes && isObject(given.environments)) {
    const names = Object.keys(given.environments);
    note(
      `${names.length === 1 ? 'the environment is' : 'the environments are'} ${names.join(', ')}: --yes adds none to those that you give`,
    );
  }
  const warnings = allWarnings(rendered);
  if (!isReviewed) console.stderr.write(warnings.map((warning) => `! ${warning}\n`).join(''));

  const paths = rendered.files.map(({ path }) => path);
  const results = dryRun ? NOTHING_DONE : await writeAndFinish();
  if (isKept || commandLine.resume) forgetInterview(console.env);
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

  /** Answers without a person: of the account, if a profile for it is named, and with --yes of the example. */
  async function complete(): Promise<AnswersDraft> {
    const known = withOrigin(given, origin, note);
    const { profile } = commandLine;
    const found =
      profile === undefined
        ? known
        : await answersWithoutQuestions({ given: known, lookups: lookups(console, profile, say, signal, false) });
    if (yes) return withExample(found);
    const missing = missingAnswers(found);
    if (missing.length === 0) return found;
    throw new AnswersError(source, [...wrongAnswers(found), ...missing], remedy(nobody, console));
  }

  async function writeAndFinish(): Promise<FinishResults> {
    const { kept, undo } = writeRepository(destination, rendered.files);
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
  const ways =
    "Give what is missing with --config FILE or --set path.to.key=value, read facts of the AWS account with --profile, or take the example's with --yes.";
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

/**
 * The interview that was interrupted.
 *
 * @throws UsageError if it is to be resumed, and there is none, or nobody answers
 */
function keptInterview(
  { resume, yes }: CreateOptions,
  { env }: Console,
  nobody: string | undefined,
): KeptInterview | undefined {
  const kept = findKeptInterview(env);
  if (!resume) return kept;
  if (yes) throw new UsageError('--resume goes on with an interview, and --yes asks nothing: give one of them');
  if (nobody !== undefined) throw new UsageError(`--resume goes on with an interview. ${nobody}`);
  if (!kept) throw new UsageError('no interview was interrupted: start one without --resume');
  return kept;
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
