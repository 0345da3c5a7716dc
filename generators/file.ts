/**
 * Whose a file of an emitted repository is:
 * - `managed`: rewritten by every sync; one that somebody edited is left alone and reported
 * - `merged`: generated, and its owner may edit it too
 * - `owned`: written once, never touched again
 */
export type Ownership = 'managed' | 'merged' | 'owned';

/** One file of an emitted repository. */
export interface GeneratedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: string;
  readonly ownership: Ownership;
}
