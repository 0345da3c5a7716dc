import { appendFileSync } from 'node:fs';

import { quoted } from '../github/markdown';
import { type Session, say } from '../session';

/**
 * Tells the next steps of a workflow, if one runs.
 *
 * @throws Error for a value of more than one line
 */
export function tellWorkflow({ env }: Pick<Session, 'env'>, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (/[\r\n]/.test(value)) throw new Error(`${name} has more than one line`);
    if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `${name}=${value}\n`);
  }
}

/**
 * Says something in the log and, if a workflow runs, in the summary of its run, which is Markdown.
 *
 * @param words what somebody else wrote, for the end of it: text that means nothing to Markdown
 */
export function summarise(session: Session, text: string, words?: string): void {
  // In the log on one line: GitHub reads a line that begins with :: as a command.
  say(session, words === undefined ? text : `${text} ${words}`);
  const { GITHUB_STEP_SUMMARY } = session.env;
  const block = words === undefined ? '' : `${quoted(words)}\n`;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${text}\n\n${block}`);
}
