import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A working copy of an emitted repository, and who works in it. */
export interface WorkingCopy {
  /** Its root; absolute. */
  readonly root: string;
  /** The caller's environment: settings of programs, and what GitHub tells a step of a workflow. */
  readonly env: NodeJS.ProcessEnv;
  /** File of this package's command, as Node.js runs it. */
  readonly ownCommand: string;
  /** Says something to a person, as lines of its own. */
  readonly say: (text: string) => void;
}

/** Content of a JSON file, by its path from the root. */
export function readJson<Content>({ root }: WorkingCopy, path: string): Content {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/**
 * Tells the next steps of a workflow, if one runs.
 *
 * @throws Error for a value of more than one line
 */
export function tellWorkflow({ env }: WorkingCopy, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (/[\r\n]/.test(value)) throw new Error(`${name} has more than one line`);
    if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `${name}=${value}\n`);
  }
}

/** Says something in the log and, if a workflow runs, in the summary of its run, which is Markdown. */
export function summarise({ env, say }: WorkingCopy, text: string): void {
  say(text);
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${text}\n\n`);
}
