import type { Console } from './console';

/** How a run ended, for the program or the person that started it. */
export const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** What a command line says to a command. */
export interface Line<Values> {
  readonly values: Values;
  /** The words that are no options, in order. */
  readonly positionals: readonly string[];
  /** Every word after the command's name, as typed. */
  readonly args: readonly string[];
}

/** What a command does: its exit code is what it returns, or follows from what it throws. */
export type Job<Values> = (line: Line<Values>, console: Console, signal: AbortSignal) => Promise<number>;
