/** Whether a CI service runs this, by the variable that all of them set. */
export function isCi(env: NodeJS.ProcessEnv = process.env): boolean {
  return !!env.CI && !['false', '0'].includes(env.CI.toLowerCase());
}

/**
 * Leaves out a test that this machine cannot run: it is skipped on a developer's machine, and fails under CI, where nobody
 * would read the reason.
 *
 * @param test the context that node:test gives a test
 * @param reason one line: what is missing, and what to set
 * @throws Error with the reason under CI
 */
export function cannotRun(test: { skip(message: string): void }, reason: string): void {
  if (isCi()) throw new Error(reason);
  test.skip(reason);
}
