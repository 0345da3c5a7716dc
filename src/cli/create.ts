import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { digestFile } from '../../generators/digest';
import { AnswersError } from '../config/problem';
import { ANSWERS_FILE, type Answers } from '../config/schema';
import { findDeployable, LATEST } from '../conventions';
import { interview } from '../interview/interview';
import { missingAnswers, wrongAnswers } from '../interview/missing';
import { choosePrompter, type Prompter } from '../interview/prompter';
import { haveRoles } from '../model/delivery-roles';
import type { Deployment } from '../model/deployment';
import { warningsOf } from '../model/warnings';
import type { WantedFile } from '../project/changes';
import { ownPackage } from '../project/package-root';
import { QuiltMcpDeployProject } from '../project/project';
import { newTree, type SyncOptions, syncTree } from '../project/sync';
import { createTree } from '../project/writer';
import { givenAnswers, withExample } from './answers';
import { type Console, isInteractive } from './console';
import { type Destination, findDestination } from './destination';
import { type FinishResults, finish, NOTHING_DONE } from './finish';
import { generatorDependency } from './generator-package';
import type { CommandLine } from './options';
import { formatTree } from './tree';
import { UsageError } from './usage-error';

/** What a run did, or would do: what `--json` prints. */
export interface Summary extends FinishResults {
  readonly directory: string;
  readonly name: string;
  readonly target: string;
  readonly conventions: string;
  readonly environments: readonly string[];
  /** What package.json depends on for this package. */
  readonly generator: string;
  readonly dryRun: boolean;
  /** Paths from the directory, sorted. */
  readonly files: readonly string[];
  /** What to know before that, one line each. */
  readonly warnings: readonly string[];
  /** What to do next, as lines for a shell. */
  readonly next: readonly string[];
}

/** A repository that is ready to be written. */
interface Rendered {
  readonly deployment: Deployment;
  readonly generator: string;
  readonly sync: SyncOptions;
  /** Sorted by path. */
  readonly files: readonly WantedFile[];
}

/**
 * The main job: answers in, a repository out.
 *
 * @throws UsageError, AnswersError for wrong input, Cancelled, the file system's error; then nothing was written
 */
export async function create(commandLine: CommandLine, console: Console, signal: AbortSignal): Promise<Summary> {
  const { yes, json, 'dry-run': dryRun } = commandLine;
  const out = json ? console.stderr : console.stdout;
  const say = (text: string) => out.write(`${text}\n`);
  const given = givenAnswers(commandLine);
  const source = commandLine.config ?? 'the answers';
  const prompter =
    !yes && isInteractive(console, out) ? choosePrompter(console.env, console.stdin, out, signal) : undefined;
  const { name, version } = ownPackage();
  if (prompter) {
    say(`\n  ${name} ${version} · ${describeConventions(given.conventions)}`);
  }

  const shown = commandLine.directory ?? (dryRun ? 'quilt-mcp-deploy' : await askDirectory(prompter));
  const destination = findDestination(shown);
  const answers = yes ? withExample(given) : await completeAnswers(given, prompter, source);
  const rendered = await renderRepository(answers, source, destination);
  signal.throwIfAborted();
  const warnings = warningsOf(rendered.deployment);
  console.stderr.write(warnings.map((warning) => `! ${warning}\n`).join(''));

  const paths = rendered.files.map(({ path }) => path);
  const next = dryRun ? [] : nextSteps(shown, rendered.deployment, commandLine);
  const results = dryRun ? NOTHING_DONE : await writeAndFinish();
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
    ...results,
    next,
  };

  async function writeAndFinish(): Promise<FinishResults> {
    const undo = write(destination, rendered);
    try {
      say(`✓ ${paths.length} files written to ${shown}`);
      return await finish(destination.directory, {
        install: !commandLine['no-install'],
        git: !commandLine['no-git'],
        commitMessage: `Emit with ${name} ${version}`,
        out,
        signal,
      });
    } catch (error) {
      undo();
      throw error;
    }
  }
}

async function askDirectory(prompter: Prompter | undefined): Promise<string> {
  if (!prompter) {
    throw new UsageError('name the directory to write to: create-quilt-mcp-deploy my-deploy');
  }
  return prompter.text({ message: 'Directory', initial: 'quilt-mcp-deploy' });
}

type AnswersDraft = Record<string, unknown>;

async function completeAnswers(
  given: AnswersDraft,
  prompter: Prompter | undefined,
  source: string,
): Promise<AnswersDraft> {
  if (prompter) {
    return interview(given, prompter, source);
  }
  const missing = missingAnswers(given);
  if (missing.length === 0) {
    return given;
  }
  throw new AnswersError(
    source,
    [...wrongAnswers(given), ...missing],
    "There is no terminal to ask in. Give what is missing with --config FILE or --set path.to.key=value, or take the example's with --yes.",
  );
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
  const sync = { ...options, files: [...options.files, ...(vendored ? [vendored] : [])] };
  return { deployment: project.deployment, generator: specifier, sync, files: newTree(sync) };
}

/** Writes a repository, whole or not at all. Returns what takes it away again. */
function write({ directory, exists }: Destination, { sync, files }: Rendered): () => void {
  if (exists) {
    syncTree(sync);
    return () => {
      for (const entry of readdirSync(directory)) {
        remove(join(directory, entry));
      }
    };
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
  return () => remove(made ?? directory);
}

/** What is being ended may still write there: tries again. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function nextSteps(
  shown: string,
  { environments }: Deployment,
  { yes, 'no-install': installFirst }: CommandLine,
): string[] {
  const environment = environments[0]!.name;
  return [
    ...(shown === '.' ? [] : [`cd ${/^[\w./-]+$/.test(shown) ? shown : `'${shown.replace(/'/g, "'\\''")}'`}`]),
    ...(installFirst ? ['npm install'] : []),
    ...(yes ? [`# put your answers in the place of the example's in ${ANSWERS_FILE}, then: npx projen`] : []),
    ...(haveRoles(environments)
      ? ["# make GitHub's environments first, and protect the default branch: docs/delivery.md, Who may do what"]
      : []),
    `npm run registry:${environment}`,
    `# publish the image there and name its digest in ${digestFile(environment)}: README.md has the commands`,
    `npm run plan:${environment}`,
    `npm run deploy:${environment}`,
  ];
}
