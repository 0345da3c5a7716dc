import { isUtf8 } from 'node:buffer';

import { OWNERS_LINE } from '../../generators/file';

/** A file's text for comparing and merging, and the owner's changes that a merge must not undo. */
export interface OwnersText {
  /** With `\n` at the ends of lines, and without the text below the owner's line. */
  readonly text: string;
  /** The text below the owner's line. */
  readonly below: string;
  /** The same file with another text. */
  readonly rewrite: (text: string) => Buffer;
}

/** Reads a file as its text; undefined if it is none. */
export function readText(content: Buffer): OwnersText | undefined {
  if (!isUtf8(content) || content.includes(0)) {
    return undefined;
  }
  const raw = content.toString('utf8');
  const end = endOfOwnersLine(raw);
  const [above, below] = [raw.slice(0, end), raw.slice(end)];
  // CR LF on some lines only is an edit like any other.
  const crlf = above.includes('\r\n') && !/(^|[^\r])\n/.test(above);
  return {
    text: crlf ? above.replaceAll('\r\n', '\n') : above,
    below,
    rewrite: (text) => Buffer.from((crlf ? text.replaceAll('\n', '\r\n') : text) + below),
  };
}

/** Offset in a text at which the owner's part begins. */
function endOfOwnersLine(text: string): number {
  const start = text.indexOf(OWNERS_LINE);
  const end = start < 0 ? -1 : text.indexOf('\n', start);
  return end < 0 ? text.length : end + 1;
}
