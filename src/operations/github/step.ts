import { EXIT, explain } from '../../exit';
import type { Checkout } from './checkout';

/**
 * Runs what a step of a workflow calls, in the folder where it is called. What a person can mend is one message on standard
 * error; the exit code is 1 for what failed, and 2 for wrong words or variables.
 */
export function runStep(work: (checkout: Checkout, words: readonly string[]) => Promise<void>): void {
  // Whoever ends it gets a working tree taken away that was made for it.
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ended.abort());
  const session = { root: process.cwd(), env: process.env, stdout: process.stdout, signal: ended.signal };
  work(session, process.argv.slice(2)).catch((error) => {
    const known = explain(error);
    console.error(known?.message ?? error);
    process.exitCode = known?.exitCode ?? EXIT.failed;
  });
}
