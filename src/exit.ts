/** How a run ended, for the program or the person that started it. */
export const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** An error whose message is all that its reader needs: what is wrong, what is allowed, how to fix it. It ends a run. */
export abstract class ExitError extends Error {
  abstract readonly exitCode: (typeof EXIT)['failed' | 'wrongInput'];
}

/** What an error means for its reader. */
export interface Explained {
  readonly message: string;
  readonly exitCode: ExitError['exitCode'];
}

/** What an error means for its reader; undefined for a defect of ours, whose stack tells where it is. */
export function explain(error: unknown): Explained | undefined {
  if (error instanceof ExitError) {
    return error;
  }
  // A file system's error says enough by its message.
  return error instanceof Error && 'syscall' in error ? { message: error.message, exitCode: EXIT.failed } : undefined;
}
