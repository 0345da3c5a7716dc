/** What a test of node:test came to, or a line that one says beside it. */
export type TestEvent =
  | { readonly kind: 'passed'; readonly name: string }
  /** `reason` may be empty. */
  | { readonly kind: 'skipped' | 'failed'; readonly name: string; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string };
