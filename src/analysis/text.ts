import { type Finding, SEVERITIES, type Unknown, type Verdict } from '../discovery/findings';
import type { Proposal } from '../discovery/proposals';
import type { Analysis } from './analysis';

const SIGNS: Readonly<Record<Finding['severity'], string>> = { error: '✗', warning: '!', note: '-' };

/** A value of an answer, as one line. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An analysis for a terminal. */
export function analysisText({ snapshot, proposals, verdict }: Analysis): string {
  const { parts, region, calls } = snapshot;
  const where = [
    ...(parts.stack ? [`stack ${parts.stack.name}`] : []),
    ...(snapshot.catalog?.stackVersion === undefined ? [] : [`platform ${snapshot.catalog.stackVersion}`]),
    ...(parts.identity ? [`account ${parts.identity.account}`] : []),
    region,
  ];
  return [
    where.join(' · '),
    `${calls} calls, nothing written`,
    '',
    'Answers that the account gives',
    ...proposals.flatMap(proposalLines),
    '',
    verdictText(verdict),
  ].join('\n');
}

function proposalLines({ path, value, candidates, evidence }: Proposal): string[] {
  const name = path.replace(/^\//, '').padEnd(32);
  if (value !== undefined) return [`  ${name}  ${valueText(value)}`, `  ${''.padEnd(32)}  ${evidence}`];
  const found = (candidates ?? []).map((one) => `  ${''.padEnd(32)}  ${valueText(one.value)}  ${one.why}`);
  return [`  ${name}  ${found.length > 0 ? 'yours to choose:' : 'not known:'} ${evidence}`, ...found];
}

/** Findings and what is not known, for a terminal. */
export function verdictText({ findings, unknown, judged }: Verdict): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  });
  const summary = `${judged} checks${counts.length > 0 ? `: ${counts.join(', ')}` : ', nothing found'}${unknown.length > 0 ? `; ${unknown.length} without a result` : ''}`;
  return [summary, ...findings.flatMap(findingLines), ...unknown.flatMap(unknownLines)].join('\n');
}

function findingLines({ severity, text, effect, remedy, evidence }: Finding): string[] {
  return ['', `${SIGNS[severity]} ${text}`, `  ${effect}`, `  ${remedy}`, `  (${evidence})`];
}

function unknownLines({ question, why }: Unknown): string[] {
  return ['', `? ${question}`, ...why.map((reason) => `  unknown: ${reason}`)];
}
