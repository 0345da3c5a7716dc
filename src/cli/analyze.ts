import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadTemplates } from '../../generators/templates';
import { type Analysis, analysisOf } from '../analysis/analysis';
import { analysisReport } from '../analysis/report';
import { ANSWERS_FILE } from '../config/answers-file';
import { readingPolicy } from '../discovery/calls';
import { CatalogError } from '../discovery/catalog';
import { resourcesInPlan } from '../discovery/planned';
import type { Start } from '../discovery/reading';
import type { Catalog, Snapshot } from '../discovery/snapshot';
import type { Environment } from '../model/deployment';
import { ownPackage } from '../project/package-root';
import { catalogAt, type ReadingOptions, readByCli } from './account-reading';
import { analysisSections, unseenLine, verdictSummary } from './analysis-text';
import type { Console } from './console';
import { EXIT, type Job } from './job';
import { catalogInAnswers, plannedEnvironment } from './planned-environment';
import { formatSections, textWidth } from './text-blocks';
import { typedPath, wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options extends ReadingOptions {
  readonly stack?: string;
  readonly region?: string;
  readonly report?: string;
  readonly json: boolean;
  readonly policy: boolean;
}

/**
 * Reads an account, and shows what it answers and what would go wrong.
 *
 * @throws UsageError for wrong words, CatalogError, NoAccess
 */
export const analyze: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [word] = wordsOf(positionals, 1);
  if (values.policy) {
    console.stdout.write(`${JSON.stringify(readingPolicy(), undefined, 2)}\n`);
    return EXIT.done;
  }
  const { start, report, planned } = await startOf(word, values, console, signal);
  const snapshot = await readByCli(start, values, console, signal);
  const analysis = analysisOf(snapshot, planned);
  if (values.json) console.stdout.write(`${JSON.stringify(analysis, undefined, 2)}\n`);
  else {
    const text = formatSections(analysisSections(analysis), textWidth(console.stdout));
    console.stdout.write(`${text}\n\n${verdictSummary(analysis.verdict)}\n`);
  }
  if (report !== undefined) writeReport(analysis, report, values.json ? console.stderr : console.stdout);
  const unseen = unseenLine(snapshot);
  if (unseen !== undefined) console.stderr.write(`! ${unseen}\n`);
  const nothing = whyNothing(snapshot, start);
  if (nothing === undefined) return EXIT.done;
  console.stderr.write(`✗ ${nothing}\n`);
  return EXIT.failed;
};

/** Reason why a reading says nothing about the deployment that was asked for; undefined if it does. */
function whyNothing({ parts, unseen, region }: Snapshot, { stackName }: Start): string | undefined {
  if (stackName !== undefined && parts.stack === null && !unseen.some(({ call }) => call === 'stacks')) {
    return `There is no stack ${stackName} in ${region}. Is the account, by --profile, and --region right? aws cloudformation describe-stacks --query 'Stacks[].StackName' lists those that there are.`;
  }
  const { identity: _, ...seen } = parts;
  const isEmpty = Object.values(seen).every((part) => part === undefined);
  return isEmpty ? 'Nothing of the account was seen.' : undefined;
}

async function startOf(word: string | undefined, values: Options, { env, stderr }: Console, signal: AbortSignal) {
  const { stack: stackName, region } = values;
  const report = typedPath(values.report);
  if (word === undefined && stackName === undefined) {
    throw new UsageError('analyze takes the URL of a catalog, an environment, or --stack NAME');
  }
  if (word !== undefined && !IS_URL.test(word)) {
    if (region !== undefined)
      throw new UsageError(`--region is for a catalog or a stack: ${word} has its region in ${ANSWERS_FILE}`);
    const { root, planned } = plannedEnvironment(word);
    const { environment } = planned;
    const start: Start = {
      region: environment.region,
      catalog: await catalogOf(environment, stderr, signal),
      stackName,
      named: resourcesInPlan(planned),
    };
    return { start, planned, report: report ?? join(root, 'docs', 'analysis', `${word}.md`) };
  }
  const catalog = word === undefined ? undefined : await catalogAt(word, signal).catch(withStackName);
  const chosen = region ?? catalog?.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (chosen === undefined) throw new UsageError('name the region of the stack with --region, or AWS_REGION');
  return { start: { region: chosen, catalog, stackName }, report };
}

/** Says what to do without a catalog, beside the reason why it cannot be read. */
function withStackName(error: unknown): never {
  throw error instanceof CatalogError ? new CatalogError(`${error.message} --stack NAME goes on without it.`) : error;
}

/** The catalog of an environment. One that this machine does not reach is as the answers say. */
async function catalogOf(
  environment: Environment,
  stderr: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Catalog | undefined> {
  try {
    return await catalogAt(environment.catalogUrl, signal);
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    stderr.write(`! ${error.message}\n  The reading goes on by the answers.\n`);
    return catalogInAnswers(environment);
  }
}

/** The name of an environment has none of these. */
const IS_URL = /[.:/]/;

/** Writes the report, and the snapshot beside it. */
function writeReport(analysis: Analysis, report: string, out: NodeJS.WriteStream): void {
  const templates = loadTemplates(join(ownPackage().root, 'templates'));
  const data = `${report.replace(/\.md$/, '')}.json`;
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, analysisReport(analysis, templates));
  writeFileSync(data, `${JSON.stringify(analysis.snapshot, undefined, 2)}\n`);
  out.write(`\n✓ ${shown(report)} and ${shown(data)} written\n`);
}

function shown(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below;
}
