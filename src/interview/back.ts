/** Thrown by a prompter if the person goes back to the question before. */
export class Back extends Error {
  override readonly name = 'Back';
}
