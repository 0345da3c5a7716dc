import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { isInside, lookAt } from './tree';

/** Where an emitted repository keeps what was generated last. */
export const BASE_FILE = '.projen/base';

/** What was generated last for a file. */
export interface BaseEntry {
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
  /** Absent for a file that is its owner's, and where it cannot be read any more. */
  readonly content?: Buffer;
  /** Whether the file was written once and is its owner's since. */
  readonly owned: boolean;
  /** Where its owner moved it. */
  readonly movedTo?: string;
}

/** What a repository was generated from. */
export interface Origin {
  /** Id of the conventions. */
  readonly conventions: string;
  readonly target: string;
  /** Version of this package. */
  readonly generator: string;
}

/** What was generated the last time. */
export interface Base {
  readonly origin?: Origin;
  /** By path. More than one entry where git merged two bases: then either may be the one that the file comes from. */
  readonly entries: ReadonlyMap<string, readonly BaseEntry[]>;
}

const TITLE = '# What was generated last: path, SHA-256, content (raw deflate, base64)';
const OWNED = '-';
/** No file that is generated comes near it, in bytes. */
const LONGEST = 8 * 1024 * 1024;

/** Reads the base of a repository; empty where there is none. What cannot be read in it is passed over. */
export function readBase(root: string): Base {
  const standing = lookAt(root, BASE_FILE);
  return standing.kind === 'file' ? parseBase(standing.content.toString('utf8')) : { entries: new Map() };
}

/** The base in a text, whatever it is: cut off, merged by git with conflicts, or written by somebody. */
export function parseBase(text: string): Base {
  const entries = new Map<string, BaseEntry[]>();
  let origin: Origin | undefined;
  // Between these two lines git shows what both sides began with: neither file comes from that.
  const lines = text.replace(/^\|{7}.*?^={7}/gms, '').split(/\r?\n/);
  for (const line of lines) {
    const from = /^# conventions (\S+), target (\S+), create-quilt-mcp-deploy (\S+)$/.exec(line);
    if (from) {
      origin ??= { conventions: from[1]!, target: from[2]!, generator: from[3]! };
    }
    const [path = '', hash = '', packed = '', movedTo] = line.split('\t');
    if (!isInside(path) || !/^[0-9a-f]{64}$/.test(hash)) {
      continue;
    }
    const known = entries.get(path) ?? [];
    const entry: BaseEntry = {
      hash,
      owned: packed === OWNED,
      content: packed === OWNED ? undefined : unpack(packed, hash),
      ...(movedTo !== undefined && isInside(movedTo) ? { movedTo } : {}),
    };
    if (!known.some((other) => other.hash === hash && other.movedTo === entry.movedTo)) {
      entries.set(path, [...known, entry]);
    }
  }
  return { origin, entries };
}

/** The base as a text: one line for each file, sorted by path so that git can merge it. */
export function formatBase(origin: Origin, entries: ReadonlyMap<string, BaseEntry>, current: string): string {
  const lines = new Map(current.split(/\r?\n/).map((line) => [line.split('\t', 2).join('\t'), line]));
  return [
    TITLE,
    `# conventions ${origin.conventions}, target ${origin.target}, create-quilt-mcp-deploy ${origin.generator}`,
    ...[...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { hash, content, owned, movedTo }]) => {
        // Another version of zlib may pack the same content otherwise: a line that says it already stays.
        const before = lines.get(`${path}\t${hash}`)?.split('\t')[2];
        const unchanged = before !== undefined && before !== OWNED && unpack(before, hash) ? before : undefined;
        const packed = owned ? OWNED : (unchanged ?? (content ? pack(content) : ''));
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

function unpack(packed: string, hash: string): Buffer | undefined {
  try {
    const content = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: LONGEST });
    return sha256(content) === hash ? content : undefined;
  } catch {
    return undefined;
  }
}
