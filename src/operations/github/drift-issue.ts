import { type EnvironmentReport, environmentReports } from './artifact';
import type { Checkout } from './checkout';
import { keepIssue } from './issue';
import { quoted, shortened } from './markdown';
import { WrongInput } from './variables';

/** Keeps the issue that says what is deployed and differs from the repository. */
export async function driftIssue(checkout: Checkout, words: readonly string[]): Promise<void> {
  const [folder, ...others] = words;
  if (folder === undefined || others.length > 0) {
    throw new WrongInput('Usage: ENVIRONMENTS=… node .github/scripts/drift.mjs FOLDER');
  }
  const reports = environmentReports(checkout, folder);
  await keepIssue(checkout, {
    label: 'quilt-mcp-drift',
    about: 'What is deployed differs from the repository',
    title: 'What is deployed differs from this repository',
    body: shortened(driftText(reports), 'the log of the workflow'),
    farewell: 'Nothing differs any more.',
  });
}

/** Sections on environments that differ or could not be compared; empty if there are none. */
export function driftText(reports: readonly EnvironmentReport[]): string {
  return reports
    .filter(({ report }) => report !== '')
    .map(({ name, report }) => {
      const why = `the log of the job look (${name}) says why. By hand: npm run drift:${name}`;
      return `## ${name}\n\n${report === undefined ? `It could not be compared: ${why}\n` : quoted(report)}\n`;
    })
    .join('');
}
