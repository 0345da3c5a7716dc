/** How `cdk diff` compares, and whether it takes parameters so. */
export interface DiffWords {
  readonly words: readonly string[];
  /** The CDK takes parameters only for a change set. Their values change nothing in a template. */
  readonly takesParameters: boolean;
}

/**
 * Words for `cdk diff`. The CDK compares with a change set. One of a stack that is not there yet makes the stack, which the role that
 * plans may not delete again: then the template is all that there is to compare. What the user chooses holds.
 *
 * @param given what the user gives: stacks and options
 * @param isNew whether a stack among them is not there yet
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
