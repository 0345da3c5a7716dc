/** Result of one of the steps after writing. */
export interface StepResult {
  readonly status: 'done' | 'skipped' | 'failed';
  /**
   * For the user: the work that was done, or the reason against it. Further lines are details: at most ten of another
   * program's.
   */
  readonly message: string;
  /** A warning for the user. */
  readonly warning?: string;
}
