/** Something that a suite needs besides Node.js and the packages of npm. */
export interface Engine {
  /** As messages name it. */
  readonly name: string;
  /**
   * Makes it ready, and installs it below `.engines/` if it is not there yet. Several processes may call this at once: one
   * installs, the others wait. Rejects with the reason if it can't be had.
   */
  readonly prepare: () => Promise<unknown>;
}

/**
 * For `describe.skipIf(await lacks(EMULATOR, TERRAFORM_CLI))`: makes the engines of a suite ready, one after the other. True if
 * one can't be had: then the reason is printed. Under CI a suite that does not run must not look green, so this rejects.
 */
export async function lacks(...needed: readonly Engine[]): Promise<boolean> {
  if (process.env.TEST_PROJECT === 'unit')
    throw new Error('A suite of the project "unit" needs no engine: docs/architecture.md says which files are in it');
  const missing: string[] = [];
  for (const { name, prepare } of needed) {
    await prepare().catch((error: Error) => missing.push(`${name}: ${error.message}`));
  }
  if (missing.length === 0) return false;
  if (process.env.CI) throw new Error(`Engines are missing, and CI is set:\n  ${missing.join('\n  ')}`);
  console.warn(`Skipped, engines are missing:\n  ${missing.join('\n  ')}`);
  return true;
}
