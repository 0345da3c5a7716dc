import type { Ownership } from '../../generators/file';

/** What a sync wants a file to be. */
export interface WantedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /**
   * `internal`: the tool's own books, rewritten without asking. `shared`: merged with what stands there before it came
   * here.
   */
  readonly ownership: Ownership | 'internal' | 'shared';
  /** What the base keeps of a shared file: what is the tool's in it. */
  readonly part?: Buffer;
  /** For the owner of a shared file: which of their edits it takes back. */
  readonly reason?: string;
  /** What an owner does rather than edit it, as a clause; absent if editing is what one does. */
  readonly instead?: string;
  /** Written though it is its owner's, for the owner asked for it. */
  readonly forced?: boolean;
}

/** What a sync does to a file, or leaves to its owner. */
export const CHANGE_KINDS = {
  create: { writes: true, needsOwner: false },
  update: { writes: true, needsOwner: false },
  /** What its owner made of it and what is new upstream, together. */
  merge: { writes: true, needsOwner: false },
  /** The same, and some places are marked for the owner to decide. */
  conflict: { writes: true, needsOwner: true },
  delete: { writes: true, needsOwner: false },
  unchanged: { writes: false, needsOwner: false },
  /** Its owner's version stands, and nothing upstream wants a change. */
  yours: { writes: false, needsOwner: false },
  /** Its owner deleted it, and it stays so. */
  gone: { writes: false, needsOwner: false },
  /** It is generated no longer, and its owner had edited it: it is theirs now. */
  kept: { writes: false, needsOwner: false },
  /** It is not there because git never had it. */
  missing: { writes: false, needsOwner: true },
  /** Its owner's version stands, and something must be decided first. */
  edited: { writes: false, needsOwner: true },
} as const;

export interface FileChange {
  /** Where the file stands. */
  readonly path: string;
  readonly kind: keyof typeof CHANGE_KINDS;
  /** What stands there now; absent if nothing does. */
  readonly before?: Buffer;
  /** What is to stand there; absent for a deletion, and where nothing is written. */
  readonly content?: Buffer;
  /** Permission bits of a file that stands there already. */
  readonly mode?: number;
  readonly executable?: boolean;
  /** Where it is generated, where its owner moved it. */
  readonly movedFrom?: string;
  /** For its owner: why it was left alone, and what to do; or what a rewrite takes back. */
  readonly reason?: string;
  /** Whether it is one of the tool's own books. */
  readonly internal?: boolean;
  /** Whether it is merged by key: it can be neither ejected nor restored. */
  readonly shared?: boolean;
  /** Whether it is its owner's, and generated no more. */
  readonly owned?: boolean;
}
