/** Exit codes of a run. */
export const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** An error whose message is complete for its reader: the problem, the allowed values, the remedy. It ends a run. */
export abstract class ExitError extends Error {
  abstract readonly exitCode: (typeof EXIT)['failed' | 'wrongInput'];
}

/** Message and exit code of an error. */
export interface Explained {
  readonly message: string;
  readonly exitCode: ExitError['exitCode'];
}

/** Message and exit code of an error; undefined for a defect of ours, whose stack is needed. */
export function explain(error: unknown): Explained | undefined {
  if (error instanceof ExitError) {
    return error;
  }
  // A file system's error says enough by its message.
  return error instanceof Error && 'syscall' in error ? { message: error.message, exitCode: EXIT.failed } : undefined;
}
