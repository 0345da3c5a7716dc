import { readFileSync } from 'node:fs';
import { junit } from '../analysis/junit';
import { isObject } from '../config/paths';
import type { ChangedAnswer } from '../discovery/changed-answers';
import { DEPLOYMENT_CHECKS, judge, type Verdict } from '../discovery/findings';
import type { Planned } from '../discovery/planned';
import { FORMAT, type Snapshot } from '../discovery/snapshot';
import { ExitError } from '../exit';
import { answersDiff, answersDiffText } from '../operations/answers-diff';
import { NoAccess } from '../operations/aws-reading';
import { type ReadingOptions, readByCli } from './account-reading';
import { verdictSections, verdictSummary } from './analysis-text';
import type { Console } from './console';
import { EXIT, type Job } from './job';
import { contradicted, type PlannedEnvironment, plannedEnvironment, startByAnswers } from './planned-environment';
import { formatSections, textWidth } from './text-blocks';
import { typedPath, wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options extends ReadingOptions {
  readonly from?: string;
  readonly json: boolean;
  readonly junit: boolean;
}

/** The account cannot be read: whether a deployment would fail is not known. */
class NotKnown extends ExitError {
  readonly exitCode = EXIT.wrongInput;
}

/**
 * Looks in an account for what would make a deployment of the answers fail.
 *
 * @throws UsageError for wrong words or a file that is no snapshot, AnswersError, NotKnown
 */
export const check: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name] = wordsOf(positionals, 1);
  if (values.json && values.junit) throw new UsageError('check prints --json or --junit, not both');
  if (values.from !== undefined && values.profile !== undefined) {
    throw new UsageError('check --from asks AWS nothing, and takes no --profile');
  }
  const found = plannedEnvironment(name);
  const { planned } = found;
  const snapshot =
    values.from === undefined
      ? await read(planned, values, console, signal)
      : readSnapshot(typedPath(values.from), planned);
  const { verdict, changes } = whole(values.from, () => ({
    // A certificate may have ended since.
    verdict: judge(snapshot, planned, DEPLOYMENT_CHECKS, new Date()),
    changes: contradicted(found, snapshot),
  }));
  if (values.from !== undefined) console.stderr.write(`The account as it was at ${snapshot.taken}.\n`);
  const text = textOf(verdict, found, changes, values, textWidth(console.stdout));
  console.stdout.write(`${text}\n`);
  const failed = verdict.findings.some(({ severity }) => severity === 'error');
  return failed ? EXIT.failed : verdict.unknown.length > 0 ? EXIT.wrongInput : EXIT.done;
};

/** @throws UsageError if a snapshot of a file lacks what is looked at */
function whole<Result>(from: string | undefined, look: () => Result): Result {
  try {
    return look();
  } catch (error) {
    if (from === undefined || !(error instanceof TypeError)) throw error;
    throw new UsageError(`${from} is not whole: write it again, with analyze --report`);
  }
}

function read(planned: Planned, values: Options, console: Console, signal: AbortSignal): Promise<Snapshot> {
  return readByCli(startByAnswers(planned), values, console, signal).catch((error) => {
    throw error instanceof NoAccess ? new NotKnown(error.message) : error;
  });
}

/** @throws UsageError if a file is no snapshot of this shape, or of another region */
function readSnapshot(file: string, { environment }: Planned): Snapshot {
  const content = parse(file);
  if (
    !isObject(content) ||
    content.format !== FORMAT ||
    !isObject(content.parts) ||
    !Array.isArray(content.unseen) ||
    typeof content.taken !== 'string'
  ) {
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

function textOf(
  verdict: Verdict,
  { planned: { environment }, answersText }: PlannedEnvironment,
  changes: readonly ChangedAnswer[],
  { json, junit: asJunit }: Options,
  width: number,
): string {
  const { name } = environment;
  if (json) {
    const diff = answersDiff(answersText, name, changes);
    return JSON.stringify({ environment: name, ...verdict, changes, diff }, undefined, 2);
  }
  if (asJunit) return junit(`check ${name}`, verdict, DEPLOYMENT_CHECKS);
  const diff = answersDiffText(answersText, name, changes);
  const summary = `${name}: ${verdictSummary(verdict)}`;
  return [formatSections(verdictSections(verdict), width), diff, summary].filter(Boolean).join('\n\n');
}
