/** Files that the first job of an upgrade hands on to the others, in one folder. */
export const UPGRADE_FILES = {
  /** The commit that was upgraded. */
  base: 'base',
  /** Output of the upgrade's dry run. */
  would: 'would.txt',
  /** Output of the upgrade, and its exit code. */
  output: 'output.txt',
  status: 'status',
  /** Patch of its changes. */
  patch: 'upgrade.patch',
} as const;
