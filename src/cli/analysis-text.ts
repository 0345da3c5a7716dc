import type { Analysis } from '../analysis/analysis';
import { assumedText, TITLES, valueText } from '../analysis/report';
import { CALLS } from '../discovery/calls';
import { type Finding, SEVERITIES, type Severity, type Verdict } from '../discovery/findings';
import { answerName, type ProposedAnswer } from '../discovery/proposed-answer';
import { type Block, item, paragraph, rows, type TextSection } from './text-blocks';

const SIGNS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!', note: '-' };

/** An analysis for a terminal. */
export function analysisSections({ snapshot, proposals, verdict, assumed }: Analysis): TextSection[] {
  const { parts, region, calls, catalog } = snapshot;
  const where = [
    ...(parts.stack ? [`stack ${parts.stack.name}`] : []),
    ...(catalog?.stackVersion === undefined ? [] : [`platform ${catalog.stackVersion}`]),
    ...(parts.identity ? [`account ${parts.identity.account}`] : []),
    region,
  ];
  return [
    { title: where.join(' · '), blocks: [paragraph(`${calls} calls, nothing written`)] },
    { title: 'Answers that the account gives', blocks: answerBlocks(proposals) },
    {
      title: 'Yours to choose',
      blocks: [
        ...proposals.filter(({ value }) => value === undefined).map(choiceBlock),
        ...(assumed ? [paragraph(assumedText(assumed))] : []),
      ],
    },
    ...verdictSections(verdict),
  ];
}

/** Answers below the evidence that they share. */
function answerBlocks(proposals: readonly ProposedAnswer[]): Block[] {
  const answers = proposals.filter(({ value }) => value !== undefined);
  const evidences = [...new Set(answers.map(({ evidence }) => evidence))];
  const width = Math.max(0, ...answers.map((answer) => answerName(answer).length));
  return evidences.map((evidence) =>
    item(
      evidence,
      rows(
        ...answers
          .filter((answer) => answer.evidence === evidence)
          .map((answer) => [answerName(answer).padEnd(width), valueText(answer.value)]),
      ),
    ),
  );
}

function choiceBlock({ path, candidates = [], evidence }: ProposedAnswer): Block {
  return item(
    `${answerName({ path })}: ${evidence}`,
    ...candidates.map(({ value, why }) => item(valueText(value), why)),
  );
}

/** Findings by severity, and checks without a result, for a terminal. */
export function verdictSections({ findings, unknown }: Verdict): TextSection[] {
  return [
    ...SEVERITIES.map((severity) => ({
      title: TITLES[severity],
      blocks: findings
        .filter((finding) => finding.severity === severity)
        .map((finding) => findingBlock(finding, SIGNS[severity])),
    })),
    { title: 'Not known', blocks: unknownBlocks(unknown) },
  ];
}

/** Checks without a result, below the reason that they share. */
function unknownBlocks(unknown: Verdict['unknown']): Block[] {
  const reasons = [...new Set(unknown.map(({ why }) => why.join('; ')))];
  return reasons.map((reason) => {
    const shared = unknown.filter(({ why }) => why.join('; ') === reason);
    const [first] = shared;
    return shared.length === 1
      ? item(`? ${first!.question}`, ...first!.why)
      : item(`? ${reason}`, rows(...shared.map(({ question }) => [question])));
  });
}

/** Calls without an answer, in one line; undefined if there are none. */
export function unseenLine({ unseen }: Analysis['snapshot']): string | undefined {
  if (unseen.length === 0) return undefined;
  const calls = [...new Set(unseen.map(({ call }) => call))].map(
    (call) => `${CALLS[call].service} ${CALLS[call].operation}`,
  );
  return `Without an answer: ${calls.join(', ')}. create-quilt-mcp-deploy analyze --policy prints the permissions of a reading.`;
}

function findingBlock({ text, effect, remedy, evidence }: Finding, sign: string): Block {
  return item(`${sign} ${text}`, effect, remedy, `Evidence: ${evidence}`);
}

/** Numbers of a verdict in one line: `12 checks: 1 error; 2 without a result`. */
export function verdictSummary({ findings, unknown, judged }: Verdict): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  });
  const found = counts.length > 0 ? `: ${counts.join(', ')}` : ', nothing found';
  return `${judged} check${judged === 1 ? '' : 's'}${found}${unknown.length > 0 ? `; ${unknown.length} without a result` : ''}`;
}
