import { EXIT, ExitError } from '../exit';

/** What failed outside of this program, in words that say enough: what is wrong, and what to do. */
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
