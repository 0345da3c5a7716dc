/** A text as it was read, or why it is none. */
export interface Decoded {
  readonly text: string;
  readonly encoding: 'UTF-8' | 'UTF-16';
  readonly problem?: string;
}

/**
 * The text of a file: UTF-8, or UTF-16 as PowerShell 5 writes it, with a byte order mark or without.
 * Source: Unicode Standard, section 23.8, "Byte Order Mark (BOM)"; PowerShell, "about_Character_Encoding".
 */
export function decodeText(bytes: Buffer): Decoded {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  // Without a mark, the first character of answers is ASCII, whose other byte is null.
  const isLittle = mark === 0xfffe || (bytes.length >= 2 && bytes[0] !== 0 && bytes[1] === 0);
  const isBig = mark === 0xfeff || (bytes.length >= 2 && bytes[0] === 0 && bytes[1] !== 0);
  const encoding = isLittle || isBig ? 'UTF-16' : 'UTF-8';
  try {
    const decoder = new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true });
    return { text: decoder.decode(bytes), encoding };
  } catch {
    const place = encoding === 'UTF-8' ? ` at ${placeOfWrongByte(bytes)}` : '';
    return { text: '', encoding, problem: `is not valid ${encoding}${place}: save it as UTF-8` };
  }
}

function placeOfWrongByte(bytes: Buffer): string {
  const lines = bytes.toString('utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('\uFFFD'));
  return `line ${line + 1}, column ${lines[line]!.indexOf('\uFFFD') + 1}`;
}
