/** The method of `cdk diff`, and whether it takes parameters then. */
export interface DiffWords {
  readonly words: readonly string[];
  /** The CDK takes parameters only for a change set. Their values change nothing in a template. */
  readonly takesParameters: boolean;
}

/**
 * Words for `cdk diff`. The CDK compares with a change set. A change set of a new stack makes the stack, which the
 * planning role may not delete again: then it compares with the template alone. A method that the user chooses holds.
 *
 * @param given the user's stacks and options
 * @param isNew whether a stack among them does not exist yet
 */
export function diffWords(given: readonly string[], isNew: boolean): DiffWords {
  const words = !choosesMethod(given) && isNew ? ['--method=template', ...given] : given;
  const byTemplate = /--method[= ]template|--no-change-set|--template/.test(words.join(' '));
  return { words, takesParameters: !byTemplate };
}

/** Whether the words say how the CDK compares. */
export function choosesMethod(given: readonly string[]): boolean {
  return /--method|--no-change-set|--template/.test(given.join(' '));
}
