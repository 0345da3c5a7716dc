import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { isInside } from './working-tree';

/** File in which an emitted repository keeps the content that was last generated. */
export const BASE_FILE = '.projen/base';

/** The base's record of one file: its content as last generated. */
export interface BaseEntry {
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
  /** Absent if the file is its owner's, or the content cannot be read any more. */
  readonly content?: Buffer;
  /** The content as packed in the base, if it can be read. */
  readonly packed?: string;
  /** Whether the file was written once and is its owner's since. */
  readonly owned: boolean;
  /** New path, if its owner moved it. */
  readonly movedTo?: string;
}

/** The versions that a repository was generated from. */
export interface Origin {
  /** Id of the conventions. */
  readonly conventions: string;
  readonly target: string;
  /** Version of this package. */
  readonly generator: string;
}

/** The record of the last generation. */
export interface Base {
  readonly origin?: Origin;
  /** By path. There are several entries if git merged two bases: the file may come from any of them. */
  readonly entries: ReadonlyMap<string, readonly BaseEntry[]>;
}

const TITLE = '# What was generated last: path, SHA-256, content (raw deflate, base64)';
const ORIGIN = /^# conventions ([\w.-]+), target ([\w.-]+), create-quilt-mcp-deploy ([\w.+-]+)$/;
const OWNED = '-';
/** No file that is generated comes near the first, nor all of them the second; in bytes. */
const LONGEST = 1024 * 1024;
const LONGEST_TOGETHER = 32 * LONGEST;

/**
 * Parses a base in any state: cut off, merged by git with conflicts, or written by somebody. Unreadable parts are
 * skipped.
 */
export function parseBase(text: string): Base {
  const entries = new Map<string, BaseEntry[]>();
  let origin: Origin | undefined;
  let room = LONGEST_TOGETHER;
  // In git's common-ancestor section: neither side's file comes from that.
  let isAncestor = false;
  for (const line of text.split(/\r?\n/)) {
    isAncestor = /^\|{7}/.test(line) || (isAncestor && !/^[=>]{7}/.test(line));
    if (isAncestor) {
      continue;
    }
    const [, conventions, target, generator] = ORIGIN.exec(line) ?? [];
    if (conventions && target && generator) {
      origin ??= { conventions, target, generator };
    }
    const [path = '', hash = '', packed = '', movedTo] = line.split('\t');
    if (!isGenerated(path) || !/^[0-9a-f]{64}$/.test(hash)) {
      continue;
    }
    const owned = packed === OWNED;
    const content = owned ? undefined : unpack(packed, hash, Math.min(LONGEST, room));
    room -= content?.length ?? 0;
    const place = movedTo !== undefined && isGenerated(movedTo) ? { movedTo } : {};
    const known = entries.get(path) ?? [];
    known.push({ hash, owned, ...(content ? { content, packed } : {}), ...place });
    entries.set(path, known);
  }
  return { origin, entries };
}

/** Whether a path may be that of a generated file. */
function isGenerated(path: string): boolean {
  return isInside(path) && !path.startsWith('.projen/');
}

/**
 * The base as a text: one line for each file, sorted by path so that git can merge it.
 *
 * @param current the base as it is: another version of zlib may pack the same content differently
 */
export function formatBase(
  origin: Origin,
  entries: ReadonlyMap<string, BaseEntry>,
  current: Base['entries'] = new Map(),
): string {
  return [
    TITLE,
    `# conventions ${origin.conventions}, target ${origin.target}, create-quilt-mcp-deploy ${origin.generator}`,
    ...[...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { hash, content, owned, movedTo }]) => {
        const same = current.get(path)?.find((entry) => entry.hash === hash && entry.packed);
        const packed = owned ? OWNED : (same?.packed ?? (content ? pack(content) : ''));
        return [path, hash, packed, ...(movedTo === undefined ? [] : [movedTo])].join('\t');
      }),
    '',
  ].join('\n');
}

/** The entry of a file that was just generated. */
export function newEntry(content: Buffer, owned: boolean): BaseEntry {
  return { hash: sha256(content), owned, ...(owned ? {} : { content }) };
}

/** The SHA-256 of a content, in hexadecimal. */
export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function pack(content: Buffer): string {
  return deflateRawSync(content, { level: 9 }).toString('base64');
}

/** Unpacks content; undefined if it does not have this hash, or is longer than there is room for. */
function unpack(packed: string, hash: string, room: number): Buffer | undefined {
  try {
    const content = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: room });
    return sha256(content) === hash ? content : undefined;
  } catch {
    return undefined;
  }
}
