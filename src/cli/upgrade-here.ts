import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { loadTemplates } from '../../generators/templates';
import { ANSWERS_FILE } from '../config/answers-file';
import { editJson } from '../config/edit';
import { parseAnswers } from '../config/parse';
import { type PlainObject, valueAt } from '../config/paths';
import { type Deployable, findConventions, isDeployable, LATEST, stepsBetween } from '../conventions';
import { enumerate } from '../conventions/labels';
import type { Deployment } from '../model/deployment';
import { warningsOf } from '../model/warnings';
import { CHANGE_KINDS } from '../project/changes';
import { ownPackage } from '../project/package-root';
import type { SyncRequest } from '../project/request';
import { changesAnything, needsOwner, reportSync, reportWarnings, type SyncResult, wordFor } from '../project/sync';
import { upgradeAnswers } from '../upgrade/answers';
import { clientChanges } from '../upgrade/client-changes';
import { reportFiles } from '../upgrade/report';
import type { UpgradeReport } from '../upgrade/upgrade-report';
import type { Console } from './console';
import { EXIT } from './job';
import { installPackages } from './npm';
import { type EmittedRepository, syncRepository } from './repository';
import {
  deploymentOf,
  impactOf,
  type Planning,
  refuseLoss,
  resourcesRecorded,
  type UpgradeImpact,
} from './upgrade-impact';
import { findTarget } from './upgrade-target';
import { UsageError } from './usage-error';

/** The choices for an upgrade. */
export interface Chosen {
  /** Version of this package for package.json. */
  readonly specifier: string;
  /** Files that this takes: path to content, in base64. */
  readonly files: Readonly<Record<string, string>>;
}

interface Options {
  /** Id of the conventions to move to; undefined for the newest. */
  readonly to: string | undefined;
  readonly 'dry-run': boolean;
  readonly planning: Planning;
  readonly 'allow-loss': boolean;
  readonly 'no-install': boolean;
}

/** An upgrade that is ready to be written. */
interface PreparedUpgrade {
  readonly report: UpgradeReport;
  readonly to: Deployable;
  /** The changes of files. */
  readonly preview: SyncResult;
  /** Writes it, with more files: path to content, in base64. */
  readonly write: (files: Readonly<Record<string, string>>) => Promise<SyncResult>;
}

/**
 * Upgrades a repository by the version of this package that runs.
 *
 * @throws UsageError if there is no way there; see {@link impactOf}, {@link refuseLoss} and {@link syncRepository}
 */
export async function upgradeHere(
  repository: EmittedRepository,
  options: Options,
  chosen: Chosen,
  console: Console,
  signal: AbortSignal,
): Promise<number> {
  const prepared = await prepare(repository, options, chosen, console, signal);
  const { report, preview } = prepared;
  const say = (lines: readonly string[]) => console.stdout.write(`${lines.join('\n')}\n`);
  const summary = summarise(report, repository.generator, chosen.specifier);
  const hasConflicts = preview.conflicts.length > 0;
  if (options['dry-run'] || hasConflicts) {
    say([...summary, '', ...reportSync(preview, 'would')]);
    return hasConflicts ? EXIT.failed : EXIT.done;
  }
  refuseLoss(report.impact, options['allow-loss']);
  if (!changesAnything(preview)) {
    say([
      '✓ there is nothing newer: this repository is up to date',
      ...(needsOwner(preview) ? reportSync(preview) : reportWarnings(preview)),
    ]);
    return needsOwner(preview) ? EXIT.failed : EXIT.done;
  }
  const { result, path } = await write(repository, chosen, prepared);
  say([...summary, '', ...reportSync(result), '', `${path} has the report. Review with git diff, then commit.`]);
  if (prepared.to.support.kind === 'unsafe') {
    console.stderr.write(`! ${prepared.to.support.warning}\n`);
  }
  const isInstalled =
    options['no-install'] ||
    repository.generator === chosen.specifier ||
    (await install(repository.root, console.stdout, signal));
  return needsOwner(result) || !isInstalled ? EXIT.failed : EXIT.done;
}

/** Works out the changes of an upgrade, in the files and in AWS. Writes nothing. */
async function prepare(
  repository: EmittedRepository,
  options: Options,
  chosen: Chosen,
  { stderr }: Console,
  signal: AbortSignal,
): Promise<PreparedUpgrade> {
  const from = conventionsOf(repository);
  const to = findTarget(from, options.to);
  const steps = stepsBetween(from.id, to.id);
  const { edits, lines } = upgradeAnswers(repository.answers, to, steps, resourcesRecorded(repository));
  const answers = editJson(repository.answersText, edits);
  const request = { answers, generator: chosen.specifier, files: chosen.files, remove: outdated(repository, chosen) };
  const sync = (more: Pick<SyncRequest, 'mode' | 'files'>) =>
    syncRepository(repository, { ...request, ...more }, signal, ownPackage().root);
  const preview = await sync({ mode: 'preview', files: chosen.files });
  const after = deploymentOf(answers);
  const tell = (line: string) => stderr.write(`${line}\n`);
  const known = await impactOf({ repository, after, preview }, options.planning, tell, signal);
  const upgraded = parseAnswers(answers, ANSWERS_FILE) as PlainObject;
  return {
    report: {
      ...whatMoved(after, preview, known),
      from: { ...versionsOf(repository.answers, from), generator: preview.from?.generator ?? 'unknown' },
      to: { ...versionsOf(upgraded, to), generator: ownPackage().version },
      steps,
      answers: lines,
    },
    to,
    preview,
    write: (files) => sync({ mode: 'write', files }),
  };
}

/** @throws UsageError if the answers name conventions that are not known, or cannot be deployed */
function conventionsOf({ answers }: EmittedRepository): Deployable {
  const from = findConventions(String(answers.conventions ?? LATEST.id));
  if (!from || !isDeployable(from)) {
    throw new UsageError(`${ANSWERS_FILE} names conventions that are not known: ${String(answers.conventions)}`);
  }
  return from;
}

/** The parts of the report about the deployment, the files and AWS. */
function whatMoved(
  after: Deployment,
  preview: SyncResult,
  known: UpgradeImpact,
): Omit<UpgradeReport, 'from' | 'to' | 'steps' | 'answers'> {
  return {
    date: new Date().toISOString().slice(0, 10),
    target: after.target,
    environments: after.environments.map(({ name }) => name),
    warnings: warningsOf(after),
    ...known,
    files: filesOf(preview),
  };
}

/** Writes an upgrade and its report; returns the path of the report. */
async function write(
  { root }: EmittedRepository,
  chosen: Chosen,
  prepared: PreparedUpgrade,
): Promise<{ readonly result: SyncResult; readonly path: string }> {
  const templates = loadTemplates(join(ownPackage().root, 'templates'));
  const report = reportFiles(prepared.report, templates, (path) => existsSync(join(root, path)));
  const written = report.map(({ path, content }) => [path, Buffer.from(content).toString('base64')]);
  const result = await prepared.write({ ...chosen.files, ...Object.fromEntries(written) });
  return { result, path: report[0]!.path };
}

/** The file that this tool once put beside a repository's packages, which goes with its use. Any other is its owner's. */
function outdated({ generator }: EmittedRepository, { specifier }: Chosen): string[] {
  const [, file] = /^file:(vendor\/create-quilt-mcp-deploy-[\w.+-]+\.tgz)$/.exec(generator ?? '') ?? [];
  return file === undefined || generator === specifier ? [] : [file];
}

function versionsOf(
  answers: PlainObject,
  { id }: Deployable,
): { readonly conventions: string; readonly image: string } {
  return { conventions: id, image: String(valueAt(answers, ['image', 'version'])) };
}

function filesOf({ changes }: SyncResult): UpgradeReport['files'] {
  return changes
    .filter(
      ({ kind, internal }) =>
        !internal && (CHANGE_KINDS[kind].writes || CHANGE_KINDS[kind].needsOwner || ['gone', 'kept'].includes(kind)),
    )
    .map(({ path, kind }) => ({ path, change: wordFor(kind) }));
}

/** Summary of the changes; the report has all of them. */
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
    `  AWS        ${impact === null ? 'not known: the resources before cannot be read' : aws}`,
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
