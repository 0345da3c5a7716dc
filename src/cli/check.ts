import { readFileSync } from 'node:fs';
import { junit } from '../analysis/junit';
import { isObject } from '../config/paths';
import { DEPLOYMENT_CHECKS, judge, type Verdict } from '../discovery/findings';
import type { Planned } from '../discovery/planned';
import { FORMAT, type Snapshot } from '../discovery/snapshot';
import { type ReadingOptions, readByCli } from './account-reading';
import { verdictSections, verdictSummary } from './analysis-text';
import type { Console } from './console';
import { EXIT, type Job } from './job';
import { plannedEnvironment } from './planned-environment';
import { formatSections, textWidth } from './text-blocks';
import { typedPath, wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options extends ReadingOptions {
  readonly from?: string;
  readonly json: boolean;
  readonly junit: boolean;
}

/**
 * Looks in an account for what would make a deployment of the answers fail.
 *
 * @throws UsageError for wrong words or a file that is no snapshot, AnswersError, NoAccess
 */
export const check: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name] = wordsOf(positionals, 1);
  const { planned } = plannedEnvironment(name);
  const snapshot =
    values.from === undefined
      ? await read(planned, values, console, signal)
      : readSnapshot(typedPath(values.from), planned);
  const verdict = judge(snapshot, planned, DEPLOYMENT_CHECKS);
  console.stdout.write(`${textOf(verdict, planned, values, textWidth(console.stdout))}\n`);
  const failed = verdict.findings.some(({ severity }) => severity === 'error');
  return failed ? EXIT.failed : verdict.unknown.length > 0 ? EXIT.wrongInput : EXIT.done;
};

function read({ environment }: Planned, values: Options, console: Console, signal: AbortSignal): Promise<Snapshot> {
  const { region, quiltStack, service } = environment;
  const answers = { listenerArn: service.listenerArn, vpcId: quiltStack.vpcId, cluster: service.clusterArn };
  return readByCli({ region, answers }, values, console, signal);
}

/** @throws UsageError if a file is no snapshot of this shape, or of another region */
function readSnapshot(file: string, { environment }: Planned): Snapshot {
  const content = parse(file);
  if (!isObject(content) || content.format !== FORMAT || !isObject(content.parts)) {
    throw new UsageError(
      `${file} is not a snapshot that analyze --report writes, or of another version: write it again`,
    );
  }
  const snapshot = content as unknown as Snapshot;
  if (snapshot.region !== environment.region) {
    throw new UsageError(`${file} is of ${snapshot.region}, and ${environment.name} is in ${environment.region}`);
  }
  return snapshot;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function textOf(verdict: Verdict, { environment }: Planned, { json, junit: asJunit }: Options, width: number): string {
  if (json) return JSON.stringify({ environment: environment.name, ...verdict }, undefined, 2);
  if (asJunit) return junit(`check ${environment.name}`, verdict, DEPLOYMENT_CHECKS);
  const summary = `${environment.name}: ${verdictSummary(verdict)}`;
  return [formatSections(verdictSections(verdict), width), summary].filter(Boolean).join('\n\n');
}
