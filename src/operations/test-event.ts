/** The result of a test of node:test, or a line that it prints. */
export type TestEvent =
  | { readonly kind: 'passed'; readonly name: string }
  /** `reason` may be empty. */
  | { readonly kind: 'skipped' | 'failed'; readonly name: string; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string };
