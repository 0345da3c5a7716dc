/** The setting `CI`: true if a service runs this; false if it says that none does (false, 0, no, off); undefined if it's not set. */
export function ciSetting(env: NodeJS.ProcessEnv = process.env): boolean | undefined {
  const value = env.CI?.trim() ?? '';
  return value === '' ? undefined : !/^(false|0|no|off)$/i.test(value);
}

/**
 * Leaves out a test that this machine cannot run: it is skipped on a developer's machine, and fails under CI, where
 * nobody would read the reason.
 *
 * @param test the context that node:test gives a test
 * @param reason one line: the missing thing, and the setting that helps
 * @throws Error with the reason under CI
 */
export function cannotRun(test: { skip(message: string): void }, reason: string): void {
  if (ciSetting()) throw new Error(reason);
  test.skip(reason);
}
