import { EXIT, ExitError } from '../exit';

/** Thrown if the person who is asked stops: Ctrl-C, Escape, end of input, or a signal. */
export class Cancelled extends ExitError {
  override readonly name = 'Cancelled';
  readonly exitCode = EXIT.failed;

  constructor() {
    super('cancelled, nothing written');
  }
}
