import { stripVTControlCharacters } from 'node:util';

import { cutRows, rowOf, widthOf } from './layout';
import type { Traits } from './traits';

/** Rows of a prompt while it is asked. */
export interface Drawing {
  /** No wider than the frame; may have colors. */
  readonly rows: readonly string[];
  /** The row that is shown also if not all are. */
  readonly focus: number;
  /** Column of the cursor in that row. Absent: it is hidden. */
  readonly column?: number;
}

const ESC = '\u001B[';
/** Until it is on again, a row that turns out wider than it was measured is clipped: it never becomes two. */
const WRAP_OFF = `${ESC}?7l`;
const WRAP_ON = `${ESC}?7h`;
const HIDE_CURSOR = `${ESC}?25l`;
const ERASE_BELOW = `${ESC}J`;

/** The part of a terminal that one prompt writes, and writes again in place. */
export class Frame {
  private rows: readonly string[] = [];
  private cursor = { row: 0, column: 0 };

  constructor(
    private readonly output: NodeJS.WriteStream,
    private readonly traits: Traits,
  ) {}

  /** Columns for a row. The last column stays empty: terminals differ in when they begin a new row after it. */
  get width(): number {
    return Math.max(2, this.columns - 1);
  }

  /** Columns of the terminal. */
  get columns(): number {
    return this.output.columns || 80;
  }

  /** Shows rows in the place of those that stand there; if the terminal has fewer, those around the focus. */
  draw({ rows, focus, column }: Drawing): void {
    const erase = this.erase();
    const height = Math.min(rows.length, Math.max(1, this.output.rows || Number.POSITIVE_INFINITY));
    const first = Math.min(Math.max(0, focus - Math.floor(height / 2)), rows.length - height);
    const shown = rows.slice(first, first + height);
    this.rows = shown.map(stripVTControlCharacters);
    this.cursor =
      column === undefined ? { row: height - 1, column: widthOf(this.rows.at(-1)!) } : { row: focus - first, column };
    const back = `${move('A', height - 1 - this.cursor.row)}\r${move('C', this.cursor.column)}`;
    const hide = column === undefined ? HIDE_CURSOR : '';
    this.output.write(`${erase}${hide}${WRAP_OFF}${shown.join('\r\n')}${back}${WRAP_ON}`);
  }

  /** Leaves a text in the place of the rows, and never draws it again. */
  leave(text: string): void {
    this.output.write(this.erase() + text);
    this.rows = [];
    this.cursor = { row: 0, column: 0 };
  }

  /**
   * Goes back to the beginning of the frame. If the terminal has become narrower, it has wrapped the rows since; rows
   * that it pushed off the screen stay there.
   */
  private erase(): string {
    const { columns } = this;
    const above = this.rows.slice(0, this.cursor.row).flatMap((row) => cutRows(row, columns)).length;
    const inCursorRow = this.traits.wrapsCursorRow
      ? rowOf(this.cursor.column, this.rows[this.cursor.row] ?? '', columns)
      : 0;
    return `${move('A', above + inCursorRow)}\r${ERASE_BELOW}`;
  }
}

function move(direction: 'A' | 'C', count: number): string {
  return count > 0 ? `${ESC}${count}${direction}` : '';
}
