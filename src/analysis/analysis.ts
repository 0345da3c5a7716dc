import { judge, type Verdict } from '../discovery/findings';
import type { Planned } from '../discovery/planned';
import { type ProposedAnswer, proposalsOf, proposedAnswers } from '../discovery/proposals';
import { proposedDeployment } from '../discovery/proposed-deployment';
import type { Snapshot } from '../discovery/snapshot';

/** A reading of an account, and what follows from it. `--json` prints it, and a file beside the report has it. */
export interface Analysis {
  readonly snapshot: Snapshot;
  readonly proposals: readonly ProposedAnswer[];
  /** Those of the proposals that are sure, as an environment has them. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly verdict: Verdict;
}

/**
 * Proposals and findings of a reading of an account.
 *
 * @param planned the deployment that is judged; absent, the one that the proposals come to
 */
export function analysisOf(snapshot: Snapshot, planned?: Planned): Analysis {
  const proposals = proposalsOf(snapshot);
  return {
    snapshot,
    proposals,
    answers: proposedAnswers(proposals),
    verdict: judge(snapshot, planned ?? proposedDeployment(proposals)),
  };
}
