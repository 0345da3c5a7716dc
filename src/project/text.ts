import { isUtf8 } from 'node:buffer';

import { OWNERS_LINE } from '../../generators/file';

/** A file's text as it is compared and merged, and what its owner did to it that a merge must not undo. */
export interface OwnersText {
  /** With `\n` at the ends of lines; without what is below the owner's line. */
  readonly text: string;
  /** The same file with another text. */
  readonly rewrite: (text: string) => Buffer;
}

/** Reads a file as its text; undefined where it is none. */
export function readText(content: Buffer): OwnersText | undefined {
  if (!isUtf8(content) || content.includes(0)) {
    return undefined;
  }
  const raw = content.toString('utf8');
  // Where only some lines end with CR LF, that is an edit like any other.
  const crlf = raw.includes('\r\n') && !/(^|[^\r])\n/.test(raw);
  const all = crlf ? raw.replaceAll('\r\n', '\n') : raw;
  const line = all.indexOf(`${OWNERS_LINE}\n`);
  const end = line < 0 ? all.length : line + OWNERS_LINE.length + 1;
  const below = all.slice(end);
  return {
    text: all.slice(0, end),
    rewrite: (text) => Buffer.from(crlf ? (text + below).replaceAll('\n', '\r\n') : text + below),
  };
}
