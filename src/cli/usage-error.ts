import { EXIT, ExitError } from '../exit';

/** Thrown for a command line that is wrong. */
export class UsageError extends ExitError {
  override readonly name = 'UsageError';
  readonly exitCode = EXIT.wrongInput;
}
