import { say } from '../session';
import { type Checkout, run } from './checkout';
import { asFile, askGh, gh, REPOSITORY } from './gh';
import { git, gitSucceeds, WITH_CREDENTIALS } from './git';

const NAME = 'create-quilt-mcp-deploy';
const EMAIL = '41898282+github-actions[bot]@users.noreply.github.com';
/** The pattern of git that leaves out reports of upgrades: each has its date in its name. */
export const REPORTS = ':(exclude)docs/upgrades';

/** A change that a pull request proposes. One that is proposed later, on the same branch, takes its place. */
export interface ProposedChange {
  /** Working tree in which the change is staged. */
  readonly tree: Checkout;
  /** The branch that it is for. */
  readonly into: string;
  /** The branch that it is on. */
  readonly branch: string;
  /** First line of its commit, by which an earlier proposal is known. */
  readonly subject: string;
  /** Paths that tell one proposal from another, as patterns of git. */
  readonly paths: readonly string[];
  /** Whether nobody asks for it now: one that its owner closed is then not made again. */
  readonly unasked?: boolean;
}

/** Texts of a pull request. */
export interface PullRequest {
  readonly title: string;
  readonly body: string;
  readonly draft?: boolean;
}

/** Commits what is staged, pushes it, and opens its pull request or updates it, unless that is there already. */
export async function propose(checkout: Checkout, proposal: ProposedChange, pull: PullRequest): Promise<void> {
  const { tree, branch, subject } = proposal;
  const as = ['-c', `user.name=${NAME}`, '-c', `user.email=${EMAIL}`];
  await git(tree, ...as, 'commit', '--quiet', '--no-verify', '--message', subject);
  const number = await openPull(checkout, proposal);
  const remote = await git(checkout, ...WITH_CREDENTIALS, 'ls-remote', 'origin', `refs/heads/${branch}`);
  const there = remote.split(/\s/)[0]!;
  const reason = await whyNot(checkout, proposal, number, there);
  if (reason !== undefined) return say(checkout, reason);
  await pushOver(tree, branch, there);
  await writePull(checkout, proposal, number, pull);
}

/** Replaces what is on the branch. What was in a pull request that is closed by now, GitHub keeps with it. */
async function pushOver(tree: Checkout, branch: string, there: string): Promise<void> {
  const lease = `--force-with-lease=refs/heads/${branch}:${there}`;
  await git(tree, ...WITH_CREDENTIALS, 'push', '--quiet', lease, 'origin', `HEAD:refs/heads/${branch}`);
}

/** Number of the pull request that is open, or nothing. Anyone may open one from a branch of that name in a fork. */
function openPull(checkout: Checkout, { into, branch }: ProposedChange): Promise<string> {
  const query = ['--state', 'open', '--base', into, '--head', branch, '--json', 'number,isCrossRepository'];
  return askGh(checkout, 'pr', 'list', ...query, '--jq', 'map(select(.isCrossRepository | not))[0].number // empty');
}

/** Why nothing is pushed; undefined if it is. */
async function whyNot(
  checkout: Checkout,
  proposal: ProposedChange,
  number: string,
  there: string,
): Promise<string | undefined> {
  if (number && there) {
    await git(
      checkout,
      ...WITH_CREDENTIALS,
      'fetch',
      '--quiet',
      '--no-tags',
      'origin',
      `refs/heads/${proposal.branch}`,
    );
    if ((await git(checkout, 'log', '-1', '--format=%ce %s', there)) !== `${EMAIL} ${proposal.subject}`) {
      return `::warning::Pull request ${number} has commits that this script did not make, so it is left as it is: merge or close it.`;
    }
    if (await isSame(checkout, proposal, there)) return `Pull request ${number} has it already.`;
  }
  const declined = proposal.unasked && !number ? await declinedPull(checkout, proposal) : undefined;
  return declined && `Pull request ${declined} proposed the same and was closed: reopen it to have it.`;
}

/** Whether a commit, by whomever, is on what the proposal is on, and changes what it changes and nothing else. */
async function isSame(checkout: Checkout, { tree, paths }: ProposedChange, there: string): Promise<boolean> {
  const onto = await git(tree, 'rev-parse', 'HEAD^');
  return (
    (await gitSucceeds(checkout, 'merge-base', '--is-ancestor', `${there}^`, onto)) &&
    (await changedIn(checkout, there, ['.', REPORTS])) === (await changedIn(checkout, there, paths)) &&
    (await gitSucceeds(tree, 'diff', '--quiet', there, 'HEAD', '--', ...paths))
  );
}

function changedIn(checkout: Checkout, commit: string, paths: readonly string[]): Promise<string> {
  return git(checkout, 'diff-tree', '-r', '--no-commit-id', '--name-only', commit, '--', ...paths);
}

/**
 * Number of the last pull request that was closed without merging, if what it proposed is what there is to propose. Its
 * owner may have added commits to it.
 */
async function declinedPull(checkout: Checkout, proposal: ProposedChange): Promise<string | undefined> {
  const { tree, into, branch, subject, paths } = proposal;
  const query = ['--state', 'closed', '--base', into, '--head', branch, '--json', 'number,isCrossRepository,mergedAt'];
  const unmerged = 'map(select((.isCrossRepository | not) and .mergedAt == null))[0].number // empty';
  const closed = await askGh(checkout, 'pr', 'list', ...query, '--jq', unmerged);
  if (!closed) return undefined;
  const fetch = ['fetch', '--quiet', '--no-tags', 'origin', `refs/pull/${closed}/head`];
  if (!(await gitSucceeds(checkout, ...WITH_CREDENTIALS, ...fetch))) return undefined;
  const commit = await git(checkout, 'log', '-1', '--format=%H', '--fixed-strings', `--grep=${subject}`, 'FETCH_HEAD');
  if (!commit) return undefined;
  const own = await git(tree, 'rev-parse', 'HEAD');
  return (await patchId(checkout, commit, paths)) === (await patchId(checkout, own, paths)) ? closed : undefined;
}

/** Id of a commit's changes in some paths, which stays the same on another parent. */
async function patchId(checkout: Checkout, commit: string, paths: readonly string[]): Promise<string> {
  const { stdout: patch } = await run(checkout, ['git', 'diff-tree', '-p', commit, '--', ...paths]);
  const { stdout } = await run(checkout, ['git', 'patch-id', '--stable'], { input: patch });
  return stdout.split(' ')[0]!;
}

/** Opens the pull request of what was pushed, or updates it. */
async function writePull(
  checkout: Checkout,
  { into, branch }: ProposedChange,
  number: string,
  { title, body, draft = false }: PullRequest,
): Promise<void> {
  await asFile(body, async (file) => {
    const create = (...words: readonly string[]) =>
      gh(checkout, 'pr', 'create', '--base', into, '--head', branch, '--title', title, '--body-file', file, ...words);
    // Not every plan of GitHub has drafts.
    if (!number) return draft ? create('--draft').catch(() => create()) : create();
    const fields = ['--raw-field', `title=${title}`, '--field', `body=@${file}`];
    await gh(checkout, 'api', '--silent', '--method', 'PATCH', `${REPOSITORY}/pulls/${number}`, ...fields);
    if (draft) return gh(checkout, 'pr', 'ready', number, '--undo').catch(() => {});
    await gh(checkout, 'pr', 'ready', number);
  });
}
