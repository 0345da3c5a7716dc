import { quoted } from './markdown';

/** Reasons why an upgrade must be finished by hand. */
export interface NeedsHand {
  /** Output of the upgrade. */
  readonly said: string;
  /** Files in which somebody must decide, a line each. */
  readonly conflicts: string;
}

const WARNING = `> [!WARNING]
> This upgrade needs a hand before it can be merged.

`;

const CONFLICTS = `You and upstream changed the same lines of these files. Keep what is right between \`<<<<<<<\` and \`>>>>>>>\`, delete these marks,
run \`npx projen\`, and push to this branch:

`;

const SAID = `What \`npm run upgrade\` said:

`;

const ANNOUNCEMENT = `There is something newer for this repository. To take it, on a branch of your own:

    npm run upgrade

With a GitHub App, named by \`repository.app\` in \`mcp-deploy.json\`, the workflow \`upgrade\` opens a pull request with it instead:
see "The scheduled upgrade" in \`docs/deployment.md\`.

What \`npm run upgrade -- --dry-run\` says:

`;

/**
 * The text of the pull request.
 *
 * @param impact the report, without its heading
 */
export function proposalText(impact: string, hand?: NeedsHand): string {
  if (!hand) return impact;
  const conflicts = hand.conflicts ? `${CONFLICTS}${quoted(hand.conflicts)}\n` : '';
  return `${WARNING}${conflicts}${SAID}${quoted(hand.said)}\n${impact}`;
}

/**
 * The text of the issue.
 *
 * @param would what an upgrade says that it would do
 */
export function announcementText(would: string, impact: string): string {
  return `${ANNOUNCEMENT}${quoted(would)}\n${impact}`;
}
