/** What the first job of an upgrade hands on to the others, each a file in one folder. */
export const UPGRADE_FILES = {
  /** The commit that was upgraded. */
  base: 'base',
  /** What an upgrade said that it would do. */
  would: 'would.txt',
  /** What the upgrade said, and its exit code. */
  output: 'output.txt',
  status: 'status',
  /** What it changed. */
  patch: 'upgrade.patch',
} as const;
