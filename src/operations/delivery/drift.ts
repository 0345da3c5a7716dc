import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ANSWERS_FILE } from '../../config/answers-file';
import type { ChangedAnswer } from '../../discovery/changed-answers';
import type { Finding } from '../../discovery/findings';
import { answersDiffText } from '../answers-diff';
import { awsCli } from '../aws-cli';
import { Failed, ProgramFailure } from '../failed';
import { findingLines } from '../finding-lines';
import { type Session, say } from '../session';
import { initIn, terraformIn } from '../terraform-root';
import { deploymentActions } from './actions';
import { digestOf } from './digest-file';
import type { DeliveryEnvironment } from './environments';
import { type QuiltStackDrift, quiltStackDrift } from './quilt-stack-drift';
import { runTool, runToolAccepting } from './run-tool';

const POLL_MS = 5000;
const LONGEST_MS = 10 * 60_000;
/** ECS moves the traffic by them: no difference that anybody made. */
const OF_ECS = /\/TargetGroups\/\d+\/Weight$/;

/** A comparison that failed: no failure of the run if missing resources of the Quilt stack are the cause. */
class Incomparable extends Failed {
  constructor(
    message: string,
    readonly said = message,
  ) {
    super(message);
  }
}

/** A failure as one of a comparison; a defect stays what it is. */
function incomparable(what: string, error: unknown): unknown {
  if (!(error instanceof Failed)) return error;
  return new Incomparable(`${what}: ${error.message}`, error instanceof ProgramFailure ? error.output : error.message);
}

/** Of credentials and permissions: no update of the Quilt stack does that. */
const OTHER_REASON = /AccessDenied|not authorized|UnauthorizedOperation|ExpiredToken|No valid credential/;

/**
 * Reports how the deployment differs from this repository, and the Quilt stack from the answers.
 *
 * @param report a file that gets the text; it is empty if nothing differs
 * @param compare compares a reading of the account with the answers
 * @throws Failed if a comparison is not possible
 */
export async function reportDrift(
  session: Session,
  environment: DeliveryEnvironment,
  {
    report,
    compare: compareAccount = async () => ({ changes: [], findings: [] }),
  }: { readonly report?: string; readonly compare?: () => Promise<ComparedAccount> },
): Promise<void> {
  // First: without what is gone, all that comes after may fail.
  const quiltStack = await quiltStackDrift(session, environment);
  const { changes, findings } = await compareAccount();
  const said = [
    quiltStack.said,
    proposed(session, environment, quiltStack, changes),
    // Of answers that are out of date, most of them are a consequence.
    quiltStack.said === '' ? foundByCheck(environment, findings) : '',
  ];
  if (digestOf(session, environment) === null) {
    say(session, `No image is named for ${environment.name} yet: nothing to compare.`);
  } else {
    for (const compare of comparisons(session, environment)) {
      said.push(await comparedBeside(session, quiltStack, compare));
    }
  }
  const text = said.filter(Boolean).join('\n\n');
  say(session, text === '' ? `${environment.name}: nothing differs.` : text);
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, text === '' ? '' : `${text}\n`);
  }
}

/** A reading of the account, compared with the answers. */
export interface ComparedAccount {
  /** Answers that it contradicts. */
  readonly changes: readonly ChangedAnswer[];
  /** Errors and warnings of the command `check`. */
  readonly findings: readonly Finding[];
}

/** Findings of the command `check`: what would keep clients away, now or with the next deployment. Empty if there are none. */
function foundByCheck({ name }: DeliveryEnvironment, findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  return [`In the account, npm run check:${name} finds:`, ...findings.flatMap(findingLines)].join('\n');
}

/** A diff of the answers: where the Quilt stack has one successor of a resource, it is that. Empty if there are no changes. */
function proposed(
  session: Session,
  { name }: DeliveryEnvironment,
  { changes }: QuiltStackDrift,
  others: readonly ChangedAnswer[],
): string {
  const all = [...changes, ...others.filter(({ path }) => !changes.some((change) => isWithin(path, change.path)))];
  return answersDiffText(readFileSync(join(session.root, ANSWERS_FILE), 'utf8'), name, all);
}

/** Whether two answers are the same, or one is a part of the other. */
function isWithin(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function comparisons(session: Session, environment: DeliveryEnvironment): (() => Promise<string>)[] {
  const { drift } = environment;
  return 'terraform' in drift
    ? drift.terraform.map((root) => () => planOf(session, root))
    : [...drift.stacks.map((stack) => () => stackDrift(session, stack)), () => undeployed(session, environment)];
}

/**
 * Actions of a deployment, which are of changes that were merged and not deployed; empty if there are none. CloudFormation compares a stack with
 * its last template alone, and not with the repository, as a plan of Terraform does.
 */
async function undeployed(session: Session, environment: DeliveryEnvironment): Promise<string> {
  const actions = await deploymentActions(session, environment).catch((error) => {
    throw incomparable(environment.name, error);
  });
  const lines = actions.map((action) => `  ${action}`);
  return lines.length === 0 ? '' : [`Not deployed yet: npm run deploy:${environment.name} would`, ...lines].join('\n');
}

/** The differences; if a missing resource of the Quilt stack prevents the comparison, a text that says so. */
async function comparedBeside(
  session: Session,
  quiltStack: QuiltStackDrift,
  compare: () => Promise<string>,
): Promise<string> {
  try {
    return await compare();
  } catch (error) {
    if (quiltStack.gone && error instanceof Incomparable && !OTHER_REASON.test(error.said)) {
      return `Until that is mended, the rest cannot be compared:\n\n${error.message}`;
    }
    if (quiltStack.said !== '') say(session, quiltStack.said);
    throw error;
  }
}

/** Terraform's planned changes; empty if there are none. It takes no lock, for its role may write nothing. */
async function planOf(session: Session, root: string): Promise<string> {
  const path = join(session.root, root);
  await runTool(session, initIn(path));
  const plan = terraformIn(path, 'plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode');
  const { exitCode, stdout } = await runToolAccepting(session, [0, 2], plan).catch((error) => {
    throw incomparable(root, error);
  });
  return exitCode === 0 ? '' : `${root}\n\n${stdout}`;
}

interface DetectionStatus {
  readonly DetectionStatus: string;
  readonly DetectionStatusReason?: string;
}

interface ResourceDrift {
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly StackResourceDriftStatus: string;
  readonly PropertyDifferences?: readonly {
    readonly PropertyPath: string;
    readonly ExpectedValue: string;
    readonly ActualValue: string;
  }[];
}

/**
 * Changes that somebody made to the resources of a stack, as far as CloudFormation sees them; empty if there are none.
 */
async function stackDrift(
  session: Session,
  { name, region }: { readonly name: string; readonly region: string },
): Promise<string> {
  const aws = awsCli(session, region);
  const started = await aws<{ StackDriftDetectionId: string }>(
    'cloudformation',
    'detect-stack-drift',
    '--stack-name',
    name,
  );
  const id = ['--stack-drift-detection-id', started.StackDriftDetectionId];
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    const status = await aws<DetectionStatus>('cloudformation', 'describe-stack-drift-detection-status', ...id);
    if (status.DetectionStatus === 'DETECTION_COMPLETE') break;
    if (status.DetectionStatus === 'DETECTION_FAILED' || Date.now() > deadline) {
      const why = status.DetectionStatusReason ?? status.DetectionStatus;
      throw new Incomparable(`CloudFormation cannot say what differs in ${name}: ${why}`);
    }
    await sleep(POLL_MS);
  }
  const { StackResourceDrifts: drifts } = await aws<{ StackResourceDrifts: readonly ResourceDrift[] }>(
    'cloudformation',
    'describe-stack-resource-drifts',
    ...['--stack-name', name, '--stack-resource-drift-status-filters', 'MODIFIED', 'DELETED'],
  );
  const lines = drifts.flatMap(linesOf);
  return lines.length === 0 ? '' : [name, ...lines].join('\n');
}

function linesOf(drift: ResourceDrift): string[] {
  const { LogicalResourceId, ResourceType, StackResourceDriftStatus, PropertyDifferences = [] } = drift;
  const differences = PropertyDifferences.filter(({ PropertyPath }) => !OF_ECS.test(PropertyPath));
  if (StackResourceDriftStatus === 'MODIFIED' && differences.length === 0) return [];
  return [
    `  ${LogicalResourceId} (${ResourceType}): ${StackResourceDriftStatus}`,
    ...differences.map(
      ({ PropertyPath, ExpectedValue, ActualValue }) => `    ${PropertyPath}: ${ActualValue}, and not ${ExpectedValue}`,
    ),
  ];
}
