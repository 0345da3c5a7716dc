import type { Console } from './console';

export { EXIT } from '../exit';

/** A parsed command line. */
export interface ParsedLine<Values> {
  readonly values: Values;
  /** The words that are no options, in order. */
  readonly positionals: readonly string[];
  /** Every word after the command's name, as typed. */
  readonly args: readonly string[];
}

/** The work of a command. It returns the exit code, or throws an error that carries it. */
export type Job<Values> = (line: ParsedLine<Values>, console: Console, signal: AbortSignal) => Promise<number>;
