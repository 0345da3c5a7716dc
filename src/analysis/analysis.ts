import { judge, type Verdict } from '../discovery/findings';
import { type Planned, resourcesInPlan } from '../discovery/planned';
import { proposalsOf, proposedAnswers } from '../discovery/proposals';
import type { ProposedAnswer } from '../discovery/proposed-answer';
import { proposedDeployment } from '../discovery/proposed-deployment';
import type { Snapshot } from '../discovery/snapshot';
import { afterTakeovers, type Takeover, takeoversOf } from '../discovery/takeover';
import { FIRST_PRIORITY } from '../model/routing';

const PRIORITY = 'routing.priority';

/** A reading of an account, and what follows from it. `--json` prints it, and a file beside the report has it. */
export interface Analysis {
  readonly snapshot: Snapshot;
  readonly proposals: readonly ProposedAnswer[];
  /** Those of the proposals that are sure, as an environment has them. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly verdict: Verdict;
  /** A candidate for an answer, with which the deployment is judged, though its owner has not chosen it yet. */
  readonly assumed?: Assumed;
  /** Servers of others that run already; empty without a deployment that is planned. */
  readonly takeovers: readonly Takeover[];
}

export interface Assumed {
  readonly path: string;
  readonly value: unknown;
  /** Condition under which it holds, as its candidate says it. */
  readonly why: string;
}

/**
 * Proposals and findings of a reading of an account.
 *
 * @param planned the deployment that is judged; absent, the one that the proposals come to
 */
export function analysisOf(snapshot: Snapshot, planned?: Planned): Analysis {
  const proposals = proposalsOf(snapshot);
  const assumed = planned ? undefined : onlyPriority(proposals);
  const judged =
    planned ??
    proposedDeployment(
      assumed
        ? proposals.map((one) => (one.path === assumed.path ? { ...one, value: assumed.value } : one))
        : proposals,
    );
  // A server that runs may have the very priorities that keep the proposals from being complete.
  const behind = judged ?? proposedDeployment(proposals.map(withAnyPriority));
  const takeovers = behind ? takeoversOf(snapshot, behind) : [];
  return {
    snapshot,
    proposals,
    answers: proposedAnswers(proposals),
    // Proposals put the deployment behind these servers: they are in its way until clients have moved, and that is no fault.
    verdict: judge(planned ? snapshot : withoutRoles(afterTakeovers(snapshot, takeovers), judged), judged),
    ...(assumed && judged && { assumed }),
    takeovers,
  };
}

/** The one candidate for the priority, if the rules of a server that runs must move first. */
function onlyPriority(proposals: readonly ProposedAnswer[]): Assumed | undefined {
  const proposal = proposals.find(({ path }) => path === PRIORITY);
  const [only, ...more] = proposal?.candidates ?? [];
  return only && proposal?.value === undefined && more.length === 0 ? { path: PRIORITY, ...only } : undefined;
}

/** The account, in which no role has the name of a deployment that has no name yet. */
function withoutRoles(snapshot: Snapshot, proposed: Planned | undefined): Snapshot {
  if (!proposed) return snapshot;
  const { taskRoles } = resourcesInPlan(proposed).names;
  return { ...snapshot, parts: { ...snapshot.parts, roles: taskRoles.map((name) => ({ name, isThere: false })) } };
}

function withAnyPriority(proposal: ProposedAnswer): ProposedAnswer {
  return proposal.path === PRIORITY && proposal.value === undefined
    ? { ...proposal, value: FIRST_PRIORITY.path }
    : proposal;
}
