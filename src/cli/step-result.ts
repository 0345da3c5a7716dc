/** How one of the steps after writing ended. */
export interface StepResult {
  readonly status: 'done' | 'skipped' | 'failed';
  /** For its reader: what was done, or why not. Further lines, if any, are details: at most ten of another program's. */
  readonly message: string;
  /** What else its reader must know. */
  readonly warning?: string;
}
