import { EXIT, ExitError } from '../exit';

/** Thrown if what was typed cannot be done. */
export class UsageError extends ExitError {
  override readonly name = 'UsageError';
  readonly exitCode = EXIT.wrongInput;
}
