import { EXIT, ExitError } from '../exit';

/** A failure outside of this program, in words that are complete: the problem, and the remedy. */
export class Failed extends ExitError {
  readonly exitCode = EXIT.failed;
}
