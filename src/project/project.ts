import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Project } from 'projen/lib/project';

import { generateFiles, generateTasks } from '../../generators';
import type { GeneratedFile } from '../../generators/file';
import { targetGenerator } from '../../generators/targets';
import { projenStep } from '../../generators/task';
import { loadTemplates } from '../../generators/templates';
import { ANSWERS_FILE } from '../config/answers-file';
import { parseAnswers, readAnswers } from '../config/parse';
import { type Answers, type Config, TARGETS } from '../config/repository';
import { explain } from '../exit';
import type { Deployment } from '../model/deployment';
import { readConfig, resolveDeployment } from '../model/resolve';
import { standingWarnings } from '../model/warnings';
import { neverCommitted } from '../operations/never-committed';
import { resourcesOf } from '../resources/resources';
import { formatResources } from '../resources/stored';
import type { WantedFile } from './changes';
import { EmittedFile } from './emitted-file';
import { explainChanges } from './explain';
import { configureGit, GIT_FILES, gitFile } from './git-files';
import { warnOfLoss } from './lossy-changes';
import { generateManifest, nextPin, pinIn } from './manifest';
import { BASE_FILE, type Base, type BaseEntry, type Origin, parseBase } from './merge-base';
import { formatKept, mergePackageJson, PACKAGE_JSON, parseKept } from './package-json';
import { OtherGenerator, ownPackage } from './package-root';
import { readRequest, type SyncRequest, writeResult } from './request';
import {
  applyPreview,
  needsOwner,
  previewSync,
  refuseOtherTarget,
  reportRepair,
  reportSync,
  type SyncOptions,
  type SyncResult,
} from './sync';
import { lookAt } from './working-tree';
import { repairTree } from './writer';

/** File in which an emitted repository lists its AWS resources. */
export const RESOURCES_FILE = '.projen/resources.json';

/** projen's own tasks that mean nothing in a repository without anything to build. */
const UNUSED_TASKS = ['build', 'pre-compile', 'compile', 'post-compile', 'package', 'eject'];

export interface QuiltMcpDeployProjectOptions {
  /** The answers, as `mcp-deploy.schema.json` describes them. */
  readonly answers: Answers;
  /** Name of the answers in an error. Default: `mcp-deploy.json`. */
  readonly source?: string;
  /** Root of the repository that {@link QuiltMcpDeployProject.synth} brings up to date. Default: the working directory. */
  readonly repositoryRoot?: string;
  /**
   * Version of this package in package.json, as npm writes it. Default: its own exact version; the current one if this
   * version was never released, or if the current one is a file.
   */
  readonly generator?: string;
  /** The command's request. Default: the one named by the environment, if the command started `.projenrc.js`. */
  readonly request?: SyncRequest;
}

/**
 * A repository that deploys the Quilt MCP server. projen renders it into a temporary folder, its own files included;
 * the differences are then applied to the tree at once, and the owner's edits stay.
 */
export class QuiltMcpDeployProject extends Project {
  /**
   * The project of the answers in a file, for `.projenrc.js`. If they are not valid, says why and ends the process with
   * exit code 2.
   */
  static fromAnswers(file: string = ANSWERS_FILE): QuiltMcpDeployProject {
    return exitWithMessage(() => {
      // Before anything is read: an interrupted run may have written the answers, too.
      say(reportRepair(repairTree(resolve('.'))));
      const text = readRequest(process.env)?.answers;
      const answers = text === undefined ? readAnswers(file) : parseAnswers(text, file);
      return new QuiltMcpDeployProject({ answers: answers as Answers, source: file });
    });
  }

  readonly deployment: Deployment;
  readonly repositoryRoot: string;
  private readonly ownedPaths: readonly string[];
  private readonly sources = new Map<string, Pick<GeneratedFile, 'ownership' | 'instead' | 'forced'>>();
  private readonly request: SyncRequest | undefined;
  private readonly generator: string | undefined;
  /** Version of this package in package.json, before the sync. */
  private pin: string | undefined;
  private shared: Pick<WantedFile, 'part' | 'reason'> = {};

  /** @throws AnswersError if the answers, or the package.json that is there, cannot be used */
  constructor(options: QuiltMcpDeployProjectOptions) {
    // Before anything else that may be wrong with them, which may only follow from it.
    const base = readBase(resolve(options.repositoryRoot ?? '.'));
    refuseChangedTarget(base, options.answers);
    const config = readConfig(options.answers, options.source ?? ANSWERS_FILE);
    super({
      name: config.name,
      // Made as it is rendered: a project that is never rendered leaves nothing behind.
      outdir: join(realpathSync(tmpdir()), `create-quilt-mcp-deploy-${randomUUID()}`),
      gitIgnoreOptions: { filterCommentLines: false, filterEmptyLines: false },
    });
    this.deployment = resolveDeployment(config);
    this.request = options.request ?? readRequest(process.env);
    this.ownedPaths = config.ejected ?? [];
    this.repositoryRoot = resolve(options.repositoryRoot ?? '.');
    this.addGitFiles();
    this.addTasks();
    this.addFiles(config);
    this.generator = options.generator ?? this.request?.generator;
    this.addPackageJson(base.entries.get(PACKAGE_JSON));
  }

  /** Renders every file, in a temporary folder that is gone afterwards. */
  render(): WantedFile[] {
    mkdirSync(this.outdir, { mode: 0o700 });
    try {
      super.synth();
      const files = readdirSync(this.outdir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const paths = [...files.map((file) => this.pathOf(file)), BASE_FILE, RESOURCES_FILE];
      const rendered = files.map((file) => this.toWanted(file, paths));
      const others = this.requestedFiles().filter(({ path }) => !rendered.some((file) => file.path === path));
      return rendered.concat(this.resourcesFile(), others).sort((a, b) => (a.path < b.path ? -1 : 1));
    } finally {
      rmSync(this.outdir, { recursive: true, force: true });
    }
  }

  /** Brings the repository up to date, reports it, and sets exit code 1 if something needs the owner. */
  override synth(): void {
    const result = exitWithMessage(() => this.bringUpToDate());
    if (this.request) {
      writeResult(this.request.result, result);
      return;
    }
    say(reportSync(result));
    if (needsOwner(result)) {
      process.exitCode = 1;
    }
  }

  /**
   * Does what the request says; without one, brings the repository up to date.
   *
   * @throws AnswersError if the target is another than before; OtherGenerator; Busy if a file that the request was made
   * from has changed; Unwritable, the file system's error
   */
  bringUpToDate(): SyncResult {
    const { mode, basedOn = {} } = this.request ?? {};
    if (this.generator === undefined) {
      refuseOtherGenerator(this.pin);
    }
    // Before the sync writes what is recorded next.
    const loss = warnOfLoss(this.deployment, readIfThere(join(this.repositoryRoot, RESOURCES_FILE)));
    const result = previewSync(this.syncOptions());
    if (mode !== 'preview') {
      const seen = Object.entries(basedOn).map(([path, before]) => ({ path, before: Buffer.from(before, 'base64') }));
      applyPreview(this.repositoryRoot, result, seen);
    }
    const warnings = [...(result.warnings ?? []), ...loss, ...standingWarnings(this.deployment)];
    return warnings.length > 0 ? { ...result, warnings } : result;
  }

  /** The input of a sync of this repository. */
  syncOptions(): SyncOptions {
    const { conventions, target } = this.deployment;
    const origin: Origin = { conventions: conventions.id, target, generator: ownPackage().version };
    return {
      root: this.repositoryRoot,
      files: this.render(),
      origin,
      explain: explainChanges(origin),
      ejected: this.ownedPaths,
      neverCommitted: (missing) => neverCommitted(this.repositoryRoot, missing, BASE_FILE),
      remove: this.request?.remove,
    };
  }

  /** Generated files are taken in by {@link gitFile}, so none needs a pattern of its own. */
  override addGitIgnore(pattern: string): void {
    if (!pattern.startsWith('!')) {
      super.addGitIgnore(pattern);
    }
  }

  /** The resources of this deployment: an upgrade compares with them, to report the changes. */
  private resourcesFile(): WantedFile {
    const content = Buffer.from(formatResources(resourcesOf(this.deployment)));
    return { path: RESOURCES_FILE, content, executable: false, ownership: 'internal' };
  }

  private requestedFiles(): WantedFile[] {
    return Object.entries(this.request?.files ?? {}).map(([path, content]) => ({
      path,
      content: Buffer.from(content, 'base64'),
      executable: false,
      ownership: 'internal',
    }));
  }

  private addGitFiles(): void {
    configureGit(this.gitignore, this.gitattributes, targetGenerator(this.deployment.target), [
      BASE_FILE,
      RESOURCES_FILE,
    ]);
    for (const path of GIT_FILES) {
      this.sources.set(path, { ownership: 'merged' });
    }
  }

  private addTasks(): void {
    for (const name of UNUSED_TASKS) {
      this.removeTask(name);
    }
    this.defaultTask?.exec('node .projenrc.js');
    // With a pattern: without, Node.js 22.18 and later would also run the tests of a CDK app, and as ES modules, which
    // they are not.
    this.testTask.exec('node --test $@ test/**/*.*js', { receiveArgs: true });
    for (const { name, description, steps } of generateTasks(this.deployment)) {
      this.addTask(name, { description, steps: steps.map(projenStep) });
    }
  }

  private addFiles(config: Config): void {
    const templates = loadTemplates(join(ownPackage().root, 'templates'));
    const given = this.request?.answers;
    const answers: GeneratedFile = {
      path: ANSWERS_FILE,
      content: given ?? `${JSON.stringify(config, undefined, 2)}\n`,
      ownership: 'owned',
      forced: given !== undefined,
    };
    for (const file of [
      answers,
      ...generateFiles(this.deployment, templates, (path) => readIfThere(join(this.repositoryRoot, path))),
    ]) {
      this.addFile(file);
    }
  }

  private addFile(file: GeneratedFile): void {
    new EmittedFile(this, file);
    this.sources.set(file.path, file);
  }

  private addPackageJson(made: readonly BaseEntry[] | undefined): void {
    const current = readIfThere(join(this.repositoryRoot, PACKAGE_JSON));
    this.pin = pinIn(current);
    const { initial, kept, yielding } = generateManifest(this.deployment, nextPin(this.generator, this.pin));
    const { text, reason } = mergePackageJson(current, initial, kept, yielding, parseKept(made));
    this.shared = { part: Buffer.from(formatKept(kept)), reason };
    this.addFile({ path: PACKAGE_JSON, content: text, ownership: 'managed' });
  }

  private pathOf(file: string): string {
    return file.slice(this.outdir.length + 1).replace(/\\/g, '/');
  }

  /** @param paths every generated file */
  private toWanted(file: string, paths: readonly string[]): WantedFile {
    const path = this.pathOf(file);
    const given = this.request?.files?.[path];
    const content = GIT_FILES.includes(path)
      ? gitFile(path, readFileSync(file, 'utf8'), paths, targetGenerator(this.deployment.target))
      : readFileSync(file);
    const written = {
      path,
      content: given === undefined ? content : Buffer.from(given, 'base64'),
      executable: (statSync(file).mode & 0o100) !== 0,
    };
    if (path === PACKAGE_JSON) {
      return { ...written, ownership: 'shared', ...this.shared };
    }
    // Only projen and this package write to .projen/.
    const internal = path.startsWith('.projen/');
    const { ownership, instead, forced } = this.sources.get(path) ?? { ownership: 'managed' };
    return {
      ...written,
      ownership: internal ? 'internal' : this.ownedPaths.includes(path) ? 'owned' : ownership,
      ...(instead === undefined ? {} : { instead }),
      ...(forced || given !== undefined || this.request?.restore?.includes(path) ? { forced: true } : {}),
    };
  }
}

/** @throws AnswersError if answers name another target than a repository was generated for */
function refuseChangedTarget({ origin }: Base, { target = TARGETS[0] }: Answers): void {
  if (TARGETS.includes(target)) {
    refuseOtherTarget(origin, target);
  }
}

function readBase(root: string): Base {
  const standing = lookAt(root, BASE_FILE);
  return parseBase(standing.kind === 'file' ? standing.content.toString('utf8') : '');
}

/**
 * Another version may know less than the repository needs.
 *
 * @throws OtherGenerator if package.json names another exact version than the one that runs
 */
function refuseOtherGenerator(pin: string | undefined): void {
  const { name, version } = ownPackage();
  if (pin !== undefined && /^\d/.test(pin) && pin !== version) {
    throw new OtherGenerator(
      `this repository uses ${name} ${pin}, and this is ${version}: run npm ci and then npx projen, or move it with npx ${name}@latest upgrade`,
    );
  }
}

/** Runs an action; if its error is one that a person can mend, says so and ends the process. */
function exitWithMessage<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const known = explain(error);
    if (!known) throw error;
    process.stderr.write(`✗ ${known.message}\n\n`);
    process.exit(known.exitCode);
  }
}

function say(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
