import type { Ownership } from '../../generators/file';

/** A file as a sync wants it. */
export interface WantedFile {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /** `internal`: the tool's own books, rewritten without asking. `shared`: already merged with the owner's. */
  readonly ownership: Ownership | 'internal' | 'shared';
  /** The part of a shared file that the base keeps: the tool's. */
  readonly part?: Buffer;
  /** For the owner of a shared file: which of their edits it takes back. */
  readonly reason?: string;
  /** The owner's way to change it, as a clause; absent if that is to edit it. */
  readonly instead?: string;
  /** Written though it is its owner's, for the owner asked for it. */
  readonly forced?: boolean;
}

/** The outcomes of a sync for a file. */
export const CHANGE_KINDS = {
  create: { writes: true, needsOwner: false },
  update: { writes: true, needsOwner: false },
  /** The owner's edits and the new version, merged. */
  merge: { writes: true, needsOwner: false },
  /** The same, and some places are marked for the owner to decide. */
  conflict: { writes: true, needsOwner: true },
  delete: { writes: true, needsOwner: false },
  unchanged: { writes: false, needsOwner: false },
  /** Its owner's version stands, and nothing upstream wants a change. */
  yours: { writes: false, needsOwner: false },
  /** Its owner deleted it, and it stays so. */
  gone: { writes: false, needsOwner: false },
  /** No longer generated, and edited by its owner: it is theirs now. */
  kept: { writes: false, needsOwner: false },
  /** It is not there because git never had it. */
  missing: { writes: false, needsOwner: true },
  /** Its owner's version stands, and something must be decided first. */
  edited: { writes: false, needsOwner: true },
} as const;

export interface FileChange {
  /** Path of the file. */
  readonly path: string;
  readonly kind: keyof typeof CHANGE_KINDS;
  /** Content before the sync; absent if there was no file. */
  readonly before?: Buffer;
  /** Content after the sync; absent if it is deleted, or not written. */
  readonly content?: Buffer;
  /** Permission bits of a file that stands there already. */
  readonly mode?: number;
  readonly executable?: boolean;
  /** Path where it is generated, if its owner moved it. */
  readonly movedFrom?: string;
  /** For the owner: why it was left alone and what to do, or what a rewrite takes back. */
  readonly reason?: string;
  /** Whether it is one of the tool's own books. */
  readonly internal?: boolean;
  /** Whether it is merged by key: it can be neither ejected nor restored. */
  readonly shared?: boolean;
  /** Whether it is its owner's, and generated no more. */
  readonly owned?: boolean;
}
