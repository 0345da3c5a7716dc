import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed } from '../failed';
import { say } from '../session';
import { artifactFile, artifactText } from './artifact';
import { type Checkout, run } from './checkout';
import { baseBranch, git, inNewTree } from './git';
import { keepIssue } from './issue';
import { shortened } from './markdown';
import { propose, REPORTS } from './proposal';
import { UPGRADE_FILES } from './upgrade-files';
import { announcementText, proposalText } from './upgrade-texts';

const SUBJECT = 'Upgrade with create-quilt-mcp-deploy';
const NOTHING = 'There is nothing newer.';
/** The place of the whole text, if it is too long for GitHub. */
const REST = 'the report in docs/upgrades';

/** The report of an upgrade, which may be missing. */
interface Report {
  /** Its heading. */
  readonly title?: string;
  /** Without its heading. */
  readonly impact: string;
}

/** Opens the pull request of what was prepared, or updates it. Nothing of what was prepared is run. */
export async function proposeUpgrade(checkout: Checkout, folder: string): Promise<void> {
  if (!hasChanges(folder)) return say(checkout, NOTHING);
  const into = await baseBranch(checkout);
  const needsHand = artifactText(folder, UPGRADE_FILES.status)?.trim() !== '0';
  await inUpgradedTree(checkout, folder, async (tree) => {
    const { title = SUBJECT, impact } = await reportIn(tree);
    const said = artifactText(folder, UPGRADE_FILES.output) ?? '';
    const hand = needsHand ? { said, conflicts: await conflictsIn(tree) } : undefined;
    const proposal = {
      tree,
      into,
      branch: `upgrade-quilt-mcp/${into}`,
      subject: SUBJECT,
      paths: ['.', REPORTS],
      unasked: true,
    };
    await propose(checkout, proposal, { title, body: shortened(proposalText(impact, hand), REST), draft: needsHand });
  });
}

/** Opens the issue about what was prepared, updates it, or closes it if there is nothing newer. */
export async function reportUpgrade(checkout: Checkout, folder: string): Promise<void> {
  let body = '';
  if (hasChanges(folder)) {
    const would = artifactText(folder, UPGRADE_FILES.would) ?? '';
    const { impact } = await inUpgradedTree(checkout, folder, reportIn);
    body = shortened(announcementText(would, impact), REST);
  } else {
    say(checkout, NOTHING);
  }
  await keepIssue(checkout, {
    label: 'quilt-mcp-upgrade',
    about: 'Something newer of create-quilt-mcp-deploy',
    title: SUBJECT,
    body,
    farewell: 'There is nothing newer any more.',
  });
}

function hasChanges(folder: string): boolean {
  return Boolean(artifactText(folder, UPGRADE_FILES.patch));
}

/**
 * Applies what was prepared in a working tree of its own. Packages that nobody has looked at wrote it: through a link, what is
 * read here would be a file of this machine, and no upgrade makes one.
 */
async function inUpgradedTree<Result>(
  checkout: Checkout,
  folder: string,
  use: (tree: Checkout) => Promise<Result>,
): Promise<Result> {
  const base = artifactText(folder, UPGRADE_FILES.base)?.trim() ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(base)) throw new Failed('What was prepared names no commit that it is for.');
  const patch = artifactFile(folder, UPGRADE_FILES.patch)!;
  return inNewTree(checkout, base, async (tree) => {
    await git(tree, 'apply', '--index', '--whitespace=nowarn', patch);
    const changes = await git(tree, 'diff-index', '--cached', 'HEAD');
    if (/^:\d+ (120000|160000) /m.test(changes)) {
      throw new Failed(`Refused: ${patch} makes or changes a symbolic link or a submodule.`);
    }
    return use(tree);
  });
}

async function reportIn(tree: Checkout): Promise<Report> {
  const list = ['diff-index', '--cached', '--name-only', '-z', '--diff-filter=AM', 'HEAD', '--', 'docs/upgrades/*.md'];
  const { stdout } = await run(tree, ['git', ...list]);
  const path = stdout.split('\0').filter(Boolean).at(-1);
  if (path === undefined) return { impact: '' };
  const [first = '', ...others] = readFileSync(join(tree.root, path), 'utf8').split('\n');
  return { title: /^# (.+)$/.exec(first)?.[1], impact: others.join('\n') };
}

/** Files in which somebody must decide, a line each. */
async function conflictsIn(tree: Checkout): Promise<string> {
  const search = ['grep', '--cached', '--files-with-matches', '^<<<<<<< '] as const;
  return (await run(tree, ['git', ...search], { anyExitCode: true })).stdout.trim();
}
