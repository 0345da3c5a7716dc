/**
 * Ownership of a file in an emitted repository:
 * - `managed`: rewritten by every sync; one that somebody edited is left alone and reported
 * - `merged`: generated, and its owner may edit it too: new versions are merged with the edits
 * - `owned`: written once, never touched again
 */
export type Ownership = 'managed' | 'merged' | 'owned';

/** The owner's way to change data that is made from the answers, instead of editing it. */
export const CHANGE_ANSWERS = 'change the answers in mcp-deploy.json';

/** The line below which a document is its owner's: a sync neither compares nor merges that part. */
export const OWNERS_LINE = '<!-- Yours from here on: npx projen never changes what is below this line. -->';

/** One file of an emitted repository. */
export interface GeneratedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: string;
  readonly ownership: Ownership;
  /** For a managed file: the owner's way to change it, as a clause, e.g. `change the answers`. */
  readonly instead?: string;
  /** Written though it is its owner's, for the owner asked for it. */
  readonly forced?: boolean;
}

/** Data that is made from the answers, as JSON that no owner edits. */
export function dataFile(path: string, data: object): GeneratedFile {
  return { path, content: `${JSON.stringify(data, undefined, 2)}\n`, ownership: 'managed', instead: CHANGE_ANSWERS };
}
