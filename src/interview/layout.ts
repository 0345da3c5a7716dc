import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

import { letters } from './line-editor';

/** The columns that a text takes in a terminal; colors take none. */
export function widthOf(text: string): number {
  return letters(stripVTControlCharacters(text)).reduce((sum, letter) => sum + letterWidth(letter), 0);
}

/**
 * Breaks a text into rows of a width, anywhere.
 *
 * @param width columns of a row
 * @param start columns of the first row that are already used
 */
export function cutRows(text: string, width: number, start = 0): string[] {
  const rows = [''];
  let column = start;
  for (const letter of letters(text)) {
    const letterColumns = letterWidth(letter);
    if (column > 0 && column + letterColumns > width) {
      rows.push('');
      column = 0;
    }
    rows[rows.length - 1] += letter;
    column += letterColumns;
  }
  return rows;
}

/** The row that a column of a text gets to if the text is cut into rows of `width` columns. */
export function rowOf(column: number, text: string, width: number): number {
  let before = '';
  for (const letter of letters(text)) {
    if (widthOf(before) >= column) {
      break;
    }
    before += letter;
  }
  return cutRows(`${before} `, width).length - 1;
}

/** A text as rows that are cut between words; a word that is longer than a row is cut within. */
export function wordRows(text: string, width: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const row = rows.at(-1);
    if (row !== undefined && widthOf(row) + 1 + widthOf(word) <= width) {
      rows[rows.length - 1] = `${row} ${word}`;
    } else {
      rows.push(...cutRows(word, width));
    }
  }
  return rows.length > 0 ? rows : [''];
}

/**
 * A text as lines that are broken at spaces. A word that is longer than a row goes on where it stands, for the terminal to
 * wrap: so it can be copied in one piece. Other spaces stay as they are.
 *
 * @param columns columns of the terminal; the last one stays empty, but for such a word
 * @param indent begin of each line but the first
 */
export function brokenAtSpaces(text: string, columns: number, indent: string): string {
  const [first = '', ...rest] = text.split(/( +)/);
  let broken = first;
  let column = columnAfter(first, columns, 0);
  for (let index = 0; index < rest.length; index += 2) {
    const [space, word] = [rest[index]!, rest[index + 1]!];
    if (word === '') break;
    const isLong = indent.length + widthOf(word) >= columns;
    const fits = isLong || column + space.length + widthOf(word) < columns;
    broken += fits ? space + word : `\r\n${indent}${word}`;
    column = columnAfter(fits ? space + word : indent + word, columns, fits ? column : 0);
  }
  return broken;
}

/** The column that a text ends in if the terminal wraps it. */
function columnAfter(text: string, columns: number, start: number): number {
  const rows = cutRows(stripVTControlCharacters(text), columns, start);
  return (rows.length === 1 ? start : 0) + widthOf(rows.at(-1)!);
}

function letterWidth(letter: string): number {
  if (/^[ -~]$/.test(letter)) {
    return 1;
  }
  // Node.js knows newer emoji than the table of widths does.
  return /\p{Emoji_Presentation}|\uFE0F/u.test(letter) ? 2 : Math.min(2, stringWidth(letter));
}
