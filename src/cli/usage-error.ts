/** Thrown where what was typed cannot be done: its message is all that its reader sees, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
