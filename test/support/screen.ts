import { Terminal as Emulator } from '@xterm/headless';

/** Lines with each answered question in one: the rows that follow it begin with spaces, and those of a warning with a sign, too. */
export function withWholeAnswers(lines: readonly string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const isRest = /^ {2}[^\s!]/.test(line) && /^[✔✖?‹]/.test(whole.at(-1) ?? '');
    if (isRest) whole.push(`${whole.pop()} ${line.trim()}`);
    else whole.push(line);
  }
  return whole;
}

/** What a person sees of what a program writes: a terminal with a screen and what was scrolled off it. */
export class Screen {
  private readonly emulator: Emulator;

  /** @param wrapsCursorRow whether the row of the cursor is wrapped, too, when the terminal becomes narrower */
  constructor(size: { readonly columns: number; readonly rows: number }, wrapsCursorRow = true) {
    this.emulator = new Emulator({
      cols: size.columns,
      rows: size.rows,
      scrollback: 5_000,
      allowProposedApi: true,
      reflowCursorLine: wrapsCursorRow,
    });
  }

  /** Shows what is written; the promise is kept once it is shown. */
  async write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.emulator.write(data, resolve);
    });
  }

  /** Changes the width. Rows that are too long for it are wrapped, as terminals do today. */
  resize(columns: number, rows = this.emulator.rows): void {
    this.emulator.resize(columns, rows);
  }

  /** Lines as they were written, from the first that can be scrolled to: rows that the terminal wrapped are one. */
  get lines(): string[] {
    const { active: buffer } = this.emulator.buffer;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      const text = this.row(row);
      if (buffer.getLine(row)!.isWrapped) {
        lines[lines.length - 1] += text;
      } else {
        lines.push(text);
      }
    }
    return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1).map((line) => line.trimEnd());
  }

  /** What stands before the cursor, in its row. */
  get beforeCursor(): string {
    const { active: buffer } = this.emulator.buffer;
    return buffer.getLine(buffer.baseY + buffer.cursorY)!.translateToString(false, 0, buffer.cursorX);
  }

  /** A row; without the cell that stays empty at its end if the next letter is too wide for that. */
  private row(index: number): string {
    const { active: buffer } = this.emulator.buffer;
    const line = buffer.getLine(index)!;
    const last = line.getCell(this.emulator.cols - 1)!;
    const goesOn = buffer.getLine(index + 1)?.isWrapped ?? false;
    const leavesGap = goesOn && last.getChars() === '' && last.getWidth() === 1;
    return line.translateToString(false, 0, this.emulator.cols - (leavesGap ? 1 : 0));
  }
}
