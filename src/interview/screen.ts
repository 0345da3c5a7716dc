import { type Drawing, Frame } from './frame';
import { brokenAtSpaces, wordRows } from './layout';
import { type Paint, paintOf, type Style } from './paint';
import type { Symbols, Traits } from './traits';

const INDENT = '  ';
/** Text of an answer that is none. */
const NONE = 'none';
/** Longer rows are hard to read. */
const WIDEST = 100;

/** Ending of a prompt: with an answer, by somebody who stops, or by a step back. */
export type Ending = 'answered' | 'cancelled' | 'back';

/** The screen of one prompt, and the look of prompts. */
export class Screen {
  readonly paint: Paint;
  readonly symbols: Symbols;
  private readonly frame: Frame;
  private isWaiting = false;
  private isLeft = false;

  constructor(output: NodeJS.WriteStream, traits: Traits) {
    this.frame = new Frame(output, traits);
    this.symbols = traits.symbols;
    this.paint = paintOf(output);
  }

  /** Columns that a row may take. */
  get width(): number {
    return this.frame.width;
  }

  /** Draws once for all keys that come together, such as a pasted text. */
  draw(drawing: () => Drawing): void {
    if (this.isWaiting) {
      return;
    }
    this.isWaiting = true;
    queueMicrotask(() => {
      this.isWaiting = false;
      if (!this.isLeft) {
        this.frame.draw(drawing());
      }
    });
  }

  /** Leaves a question and its answer, and is never drawn again. */
  leave(message: string, answer: string, how: Ending = 'answered'): void {
    const { done, wrong, answered, back } = this.symbols;
    const sign = how === 'cancelled' ? this.paint('red', wrong) : this.paint('green', done);
    this.isLeft = true;
    const text =
      how === 'back'
        ? this.paint('dim', `${back} ${message}`)
        : `${sign} ${this.paint('bold', message)} ${this.paint('dim', answered)} ${answer || (how === 'answered' ? NONE : '')}`;
    this.frame.leave(brokenAtSpaces(text, this.frame.columns, INDENT));
  }

  /** Rows of a question that waits for its answer. */
  question(message: string): string[] {
    return this.rows(message, this.paint('cyan', '?'), 'bold');
  }

  /** Rows that say why an answer is none. */
  problem(message: string): string[] {
    return this.rows(message, this.paint('red', this.symbols.wrong), 'red').map((row) => INDENT + row);
  }

  /** Rows of a choice; with a sign if it is the current one. */
  choice(title: string, isCurrent: boolean, isDisabled: boolean): string[] {
    const style = isDisabled ? 'dim' : isCurrent ? 'cyan' : 'plain';
    return this.rows(title, isCurrent ? this.paint(style, this.symbols.chosen) : ' ', style);
  }

  /** Rows of help with the answer, if there is any. */
  help(text: string | undefined): string[] {
    return text ? this.rows(text, ' ', 'dim') : [];
  }

  private rows(text: string, sign: string, style: Style): string[] {
    const rows = wordRows(text, Math.min(this.width, WIDEST) - 2 * INDENT.length);
    return rows.map((row, index) => `${index === 0 ? sign : ' '} ${this.paint(style, row)}`);
  }
}
