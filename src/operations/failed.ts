import { EXIT, ExitError } from '../exit';

/** A failure outside of this program, in words that are complete: the problem, and the remedy. */
export class Failed extends ExitError {
  readonly exitCode = EXIT.failed;
}

/** A program that failed. */
export class ProgramFailure extends Failed {
  /** @param output all that it said */
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}
