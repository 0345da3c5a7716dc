import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadTemplates } from '../../generators/templates';
import { editJson } from '../config/edit';
import { parseAnswers } from '../config/parse';
import { type PlainObject, valueAt } from '../config/paths';
import { ANSWERS_FILE } from '../config/schema';
import { type Deployable, findConventions, isDeployable, LATEST, stepsBetween } from '../conventions';
import { enumerate } from '../conventions/labels';
import { warningsOf } from '../model/warnings';
import { KINDS } from '../project/changes';
import { ownPackage } from '../project/package-root';
import type { SyncRequest } from '../project/request';
import { changesAnything, needsOwner, reportSync, reportWarnings, type SyncResult, wordFor } from '../project/sync';
import { upgradeAnswers } from '../upgrade/answers';
import { clientChanges } from '../upgrade/client-changes';
import { reportFiles, type UpgradeReport } from '../upgrade/report';
import type { Console } from './console';
import { isOlder, withGenerator } from './generator-choice';
import type { GeneratorDependency } from './generator-package';
import { EXIT, type Job } from './job';
import { installPackages } from './npm';
import { type EmittedRepository, openRepository, syncRepository } from './repository';
import { run } from './run';
import { withTemporaryFolder } from './temporary';
import { deploymentOf, impactOf, type Planning, planningOf, refuseLoss, resourcesRecorded } from './upgrade-impact';
import { findTarget } from './upgrade-target';
import { UsageError } from './usage-error';

interface Options {
  readonly to: string | undefined;
  readonly generator: string | undefined;
  readonly 'dry-run': boolean;
  readonly plan: boolean;
  readonly 'no-plan': boolean;
  readonly 'allow-loss': boolean;
  readonly 'no-install': boolean;
}

type PlannedOptions = Options & { readonly planning: Planning };

/** Tells a generator that another one chose it: path of a file with a {@link Chosen}. */
const CHOSEN_VARIABLE = 'QUILT_MCP_DEPLOY_CHOSEN';

/**
 * Moves an emitted repository to newer conventions, a newer version of this package, or both.
 *
 * @throws UsageError where there is no way there; see {@link openRepository} and {@link syncRepository}
 */
export const upgrade: Job<Options> = async ({ values, positionals, args }, console, signal) => {
  if (positionals.length > 0) {
    throw new UsageError(`upgrade takes no ${positionals[0]}; did you mean upgrade --to ${positionals[0]}?`);
  }
  const options = { ...values, planning: planningOf(values, process.env) };
  const repository = openRepository(process.cwd());
  const chosen = process.env[CHOSEN_VARIABLE];
  if (chosen !== undefined) {
    const read = JSON.parse(readFileSync(chosen, 'utf8')) as Chosen;
    return upgradeHere(repository, options, read, console, signal);
  }
  return withGenerator(values.generator, signal, async ({ version, root, dependency, note }) => {
    if (values.generator === undefined) refuseOlder(version, repository);
    if (note) console.stderr.write(`! ${note}\n`);
    const { specifier, vendored } = root === undefined && isInstalledIn(repository) ? pinned(repository) : dependency;
    const files = vendored ? { [vendored.path]: vendored.content.toString('base64') } : {};
    return root === undefined
      ? upgradeHere(repository, options, { specifier, files }, console, signal)
      : handOver(root, repository, args, { specifier, files }, console, signal);
  });
};

/** @throws UsageError where a repository is of a later version than an upgrade would be done with */
function refuseOlder(version: string, { generator }: EmittedRepository): void {
  const { name } = ownPackage();
  if (
    generator !== undefined &&
    /^\d+\.\d+\.\d+$/.test(generator) &&
    version !== '0.0.0' &&
    isOlder(version, generator)
  ) {
    throw new UsageError(
      `this repository uses ${name} ${generator}, and the newest to be had here is ${version}: run npm ci, or name a version with --generator`,
    );
  }
}

/** Whether the version that runs is the one that a repository has installed: then it stays what it depends on. */
function isInstalledIn({ root, generator }: EmittedRepository): boolean {
  const installed = join(root, 'node_modules', ownPackage().name);
  return (
    generator !== undefined && existsSync(installed) && realpathSync(installed) === realpathSync(ownPackage().root)
  );
}

function pinned({ generator }: EmittedRepository): GeneratorDependency {
  return { specifier: generator! };
}

/** What was chosen to upgrade with, for the process that does it. */
interface Chosen {
  /** What package.json is to depend on for this package. */
  readonly specifier: string;
  /** Files that this takes: path to content, in base64. */
  readonly files: Readonly<Record<string, string>>;
}

/** Runs the upgrade by another version of this package. */
async function handOver(
  root: string,
  repository: EmittedRepository,
  args: readonly string[],
  chosen: Chosen,
  to: Console,
  signal: AbortSignal,
): Promise<number> {
  return withTemporaryFolder('chosen', async (folder) => {
    const file = join(folder, 'chosen.json');
    writeFileSync(file, JSON.stringify(chosen));
    const env = { [CHOSEN_VARIABLE]: file };
    const { exitCode } = await run(
      process.execPath,
      [join(root, 'lib/cli.js'), 'upgrade', ...args],
      repository.root,
      signal,
      { env, to },
    );
    return exitCode ?? EXIT.failed;
  });
}

async function upgradeHere(
  repository: EmittedRepository,
  options: PlannedOptions,
  chosen: Chosen,
  { stdout, stderr }: Console,
  signal: AbortSignal,
): Promise<number> {
  const from = findConventions(String(repository.answers.conventions ?? LATEST.id));
  if (!from || !isDeployable(from)) {
    throw new UsageError(
      `${ANSWERS_FILE} names conventions that are not known: ${String(repository.answers.conventions)}`,
    );
  }
  const to = findTarget(from, options.to);
  const steps = stepsBetween(from.id, to.id);
  const { edits, lines } = upgradeAnswers(repository.answers, to, steps, resourcesRecorded(repository));
  const answers = editJson(repository.answersText, edits);
  const vendored = repository.generator === chosen.specifier ? undefined : vendoredFile(repository.generator);
  const request: Omit<SyncRequest, 'result'> = {
    mode: 'preview',
    answers,
    generator: chosen.specifier,
    files: chosen.files,
    remove: vendored === undefined ? [] : [vendored],
  };
  const sync = (more: Partial<SyncRequest>) =>
    syncRepository(repository, { ...request, ...more }, signal, ownPackage().root);
  const preview = await sync({});
  const after = deploymentOf(answers);
  const known = await impactOf(
    { repository, after, preview },
    options.planning,
    (line) => stderr.write(`${line}\n`),
    signal,
  );
  const upgrade: UpgradeReport = {
    date: new Date().toISOString().slice(0, 10),
    target: after.target,
    from: { ...releaseOf(repository.answers, from), generator: preview.from?.generator ?? 'unknown' },
    to: { ...releaseOf(parseAnswers(answers, ANSWERS_FILE) as PlainObject, to), generator: ownPackage().version },
    environments: after.environments.map(({ name }) => name),
    steps,
    answers: lines,
    warnings: warningsOf(after),
    ...known,
    files: filesOf(preview),
  };
  const say = (text: readonly string[]) => stdout.write(`${text.join('\n')}\n`);
  const summary = summarise(upgrade, repository.generator, chosen.specifier);
  if (options['dry-run'] || preview.conflicts.length > 0) {
    say([...summary, '', ...reportSync(preview, 'would')]);
    return preview.conflicts.length > 0 ? EXIT.failed : EXIT.done;
  }
  refuseLoss(known.impact, options['allow-loss']);
  if (!changesAnything(preview)) {
    say([
      '✓ there is nothing newer: this repository is up to date',
      ...(needsOwner(preview) ? reportSync(preview) : reportWarnings(preview)),
    ]);
    return needsOwner(preview) ? EXIT.failed : EXIT.done;
  }
  const report = reportFiles(upgrade, loadTemplates(join(ownPackage().root, 'templates')), (path) =>
    existsSync(join(repository.root, path)),
  );
  const written = report.map(({ path, content }) => [path, Buffer.from(content).toString('base64')]);
  const result = await sync({ mode: 'write', files: { ...chosen.files, ...Object.fromEntries(written) } });
  say([
    ...summary,
    '',
    ...reportSync(result),
    '',
    `${report[0]!.path} has the report. Review with git diff, then commit.`,
  ]);
  if (to.support.kind === 'unsafe') {
    stderr.write(`! ${to.support.warning}\n`);
  }
  const installed =
    options['no-install'] ||
    repository.generator === chosen.specifier ||
    (await install(repository.root, stdout, signal));
  return needsOwner(result) || !installed ? EXIT.failed : EXIT.done;
}

/** The file that this tool once put beside a repository's packages, which goes with its use. Any other is its owner's. */
function vendoredFile(pin: string | undefined): string | undefined {
  return /^file:(vendor\/create-quilt-mcp-deploy-[\w.+-]+\.tgz)$/.exec(pin ?? '')?.[1];
}

function releaseOf(answers: PlainObject, { id }: Deployable): { readonly conventions: string; readonly image: string } {
  return { conventions: id, image: String(valueAt(answers, ['image', 'version'])) };
}

function filesOf({ changes }: SyncResult): UpgradeReport['files'] {
  return changes
    .filter(
      ({ kind, internal }) =>
        !internal && (KINDS[kind].writes || KINDS[kind].needsOwner || ['gone', 'kept'].includes(kind)),
    )
    .map(({ path, kind }) => ({ path, change: wordFor(kind) }));
}

/** What moves, for who reads along; the report has all of it. */
function summarise(
  { from, to, environments, answers, impact, source = {} }: UpgradeReport,
  before: string | undefined,
  after: string,
): string[] {
  const counts = new Map<string, number>();
  for (const { action } of impact ?? []) counts.set(action, (counts.get(action) ?? 0) + 1);
  const aws = [...counts].map(([action, count]) => `${count} × ${action}`).join(', ') || 'nothing changes';
  const planned = environments.filter((name) => source[name] === 'plan');
  return [
    from.conventions === to.conventions
      ? `${to.conventions}, as before   Quilt MCP server ${to.image}`
      : `${from.conventions} → ${to.conventions}   Quilt MCP server ${from.image} → ${to.image}`,
    ...(before === after ? [] : [`  generator  ${before ?? 'none'} → ${after}`]),
    ...answers.map((line) => `  answers    ${line}`),
    `  AWS        ${impact === null ? 'not known: what was there before cannot be read' : aws}`,
    ...clientChanges(impact ?? []).map(
      ({ environments: where, status, requests, way }) =>
        `  clients    ${enumerate(where)}: ${requests} get ${status} from the load balancer; ${way}`,
    ),
    ...(planned.length > 0 ? [`  planned    ${planned.join(', ')}`] : []),
  ];
}

async function install(root: string, out: NodeJS.WriteStream, signal: AbortSignal): Promise<boolean> {
  const installed = await installPackages(root, signal);
  out.write(installed.ok ? '✓ packages installed\n' : `✗ run npm install again: ${installed.why}\n`);
  return installed.ok;
}
