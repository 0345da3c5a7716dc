import { type EnvironmentReport, environmentReports } from './artifact';
import type { Checkout } from './checkout';
import { keepComment } from './comment';
import { LONGEST, quoted, shortened } from './markdown';
import { variable, WrongInput } from './variables';

const MARKER = '<!-- create-quilt-mcp-deploy: plan -->';

/** Keeps the comment that says what merging a pull request would change. */
export async function planComment(checkout: Checkout, words: readonly string[]): Promise<void> {
  const [folder, ...others] = words;
  if (folder === undefined || others.length > 0) {
    throw new WrongInput('Usage: PR=… PLANNED=… ENVIRONMENTS=… node .github/scripts/plan.mjs FOLDER');
  }
  const pull = variable(checkout.env, 'PR', /[1-9][0-9]*/, 'the number of a pull request');
  const commit = variable(checkout.env, 'PLANNED', /[0-9a-f]{40,64}/, 'the whole id of a commit');
  await keepComment(checkout, pull, MARKER, planText(commit, environmentReports(checkout, folder)));
}

/** Sections of the comment, one for each environment, below its marker. Each has the same share of GitHub's limit. */
export function planText(commit: string, plans: readonly EnvironmentReport[]): string {
  const share = Math.floor(LONGEST / plans.length);
  const parts = plans.map(({ name, report }) => {
    const why = `the log of the job plan (${name}) says why. By hand: npm run plan:${name}`;
    const said = report
      ? shortened(quoted(report), 'the log of the workflow', share)
      : `It could not be planned: ${why}\n`;
    return `\n## ${name}\n\n${said}`;
  });
  return `What deploying would change once ${commit} is merged:\n${parts.join('')}`;
}
