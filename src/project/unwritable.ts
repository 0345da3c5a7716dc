import { EXIT, ExitError } from '../exit';

/** A repository that cannot be written now, and why, in words that say enough. */
export class Unwritable extends ExitError {
  readonly exitCode = EXIT.failed;
}

/** Another process writes into the same repository. */
export class Busy extends Unwritable {}
