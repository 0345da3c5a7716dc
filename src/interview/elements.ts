import type { Readable } from 'node:stream';
import { SelectPrompt, TextPrompt } from 'prompts/lib/elements/index.js';

import type { Drawing } from './frame';
import { cutRows, widthOf } from './layout';
import { edit, type Key, type Line, letters, lineOf } from './line-editor';
import type { Choice } from './question';
import { type Ending, Screen } from './screen';
import type { Traits } from './traits';

interface Options {
  readonly message: string;
  /** Help with the answer; it disappears once there is one. */
  readonly hint?: string;
  readonly canGoBack?: boolean;
  readonly stdin: Readable;
  readonly stdout: NodeJS.WriteStream;
  readonly traits: Traits;
}

/**
 * Asks for a text. `prompts` reads the keys, checks and submits; here the line is edited and drawn. Its own text prompt
 * knows few keys, and prints a question again on every key if that is wider than the terminal.
 */
export class TextElement extends TextPrompt {
  private readonly screen: Screen;
  private readonly hint: string | undefined;
  private readonly canGoBack: boolean;
  wentBack = false;
  // Only declared here, for the constructor of `prompts` sets it.
  declare private line: Line;

  constructor(options: Options & { initial?: string; validate: (text: string) => true | string }) {
    super(options);
    this.screen = new Screen(options.stdout, options.traits);
    this.hint = options.hint;
    this.canGoBack = options.canGoBack ?? false;
    this.in.on('keypress', (text: string | undefined, key: Omit<Key, 'text'>) => {
      if (!this.closed) {
        this.change(edit(this.line, { ...key, text }));
      }
    });
    this.render();
  }

  override get value(): string {
    return this.line.before + this.line.after;
  }

  override set value(text: string) {
    this.line = lineOf(text);
    this.rendered = text;
  }

  /**
   * Tab: puts the default answer into the line, to be edited. In a text, such as cells that are pasted from a table, it
   * is a space. With Shift, it goes to the question before.
   */
  override next(key?: { readonly shift?: boolean }): void {
    if (key?.shift) {
      this.goBack();
      return;
    }
    this.change(this.value === '' ? lineOf(this.initial) : { ...this.line, before: `${this.line.before} ` });
  }

  /** Ctrl-C, Ctrl-D, Escape. Before a letter, Ctrl-D deletes that letter instead. */
  override abort(key?: Key): void {
    if (key?.name !== 'd' || this.line.after === '') {
      this.initial = '';
      super.abort();
    }
  }

  private goBack(): void {
    if (!this.canGoBack) return;
    this.wentBack = true;
    super.abort();
  }

  /** Draws the current state. `prompts` calls this for the first time before there is a screen. */
  override render(): void {
    if (this.done) {
      this.screen.leave(this.msg, this.value, endingOf(this.aborted, this.wentBack));
    } else {
      this.screen?.draw(() => this.drawing());
    }
  }

  private change(line: Line): void {
    this.line = line;
    this.render();
  }

  private drawing(): Drawing {
    const { paint, symbols, width } = this.screen;
    // Nothing is drawn below the cursor: some terminals move it as they become narrower if there is.
    const problem = this.error ? this.screen.problem(this.errorMsg) : [];
    const above = [
      ...this.screen.help(this.hint),
      ...problem,
      ...this.screen.question(`${this.msg} ${symbols.asking}`),
    ];
    const start = widthOf(above.at(-1)!) + 1;
    const isOffered = this.value === '' && this.initial !== '';
    const text = isOffered ? `(${this.initial})` : this.value;
    const [first, ...rest] = cutRows(`${text} `, width, start).map((part) => paint(isOffered ? 'dim' : 'plain', part));
    // The cursor stands on the letter that follows it, or on the space at the end.
    const under = letters(isOffered ? text : this.line.after)[0] ?? ' ';
    const upToCursor = cutRows((isOffered ? '' : this.line.before) + under, width, start);
    const row = Math.min(upToCursor.length - 1, rest.length);
    return {
      rows: [...above.slice(0, -1), `${above.at(-1)} ${first}`, ...rest],
      focus: above.length - 1 + row,
      column: (row === 0 ? start : 0) + widthOf(upToCursor[row]!) - widthOf(under),
    };
  }

  // `edit` handles these keys, and no bell rings for the others.
  override _(): void {}
  override bell(): void {}
  override delete(): void {}
  override deleteForward(): void {}
  override first(): void {}
  override last(): void {}
  override left(): void {}
  override reset(): void {}
  override right(): void {}
}

/** Asks for one of several choices. `prompts` reads the keys, moves and submits; here the choices are drawn. */
export class SelectElement extends SelectPrompt {
  private readonly screen: Screen;
  private readonly help: string | undefined;
  private readonly options: readonly Choice[];
  private readonly canGoBack: boolean;
  wentBack = false;

  constructor(options: Options & { initial: number; choices: readonly Choice[] }) {
    super({ ...options, choices: options.choices.map((one) => ({ ...one, disabled: one.disabled !== undefined })) });
    this.options = options.choices;
    this.help = options.hint;
    this.canGoBack = options.canGoBack ?? false;
    this.screen = new Screen(options.stdout, options.traits);
    this.render();
  }

  override _(text: string | undefined): void {
    super._(text);
    if (text === 'j') {
      this.down();
    } else if (text === 'k') {
      this.up();
    }
  }

  /** Tab: the next choice. With Shift, the question before. */
  override next(key?: { readonly shift?: boolean }): void {
    if (!key?.shift) {
      super.next();
    } else if (this.canGoBack) {
      this.wentBack = true;
      this.abort();
    }
  }

  home(): void {
    this.first();
  }

  end(): void {
    this.last();
  }

  /** See {@link TextElement.render}. */
  override render(): void {
    if (this.done) {
      const answer = this.aborted ? '' : this.options[this.cursor]!.title;
      this.screen.leave(this.msg, answer, endingOf(this.aborted, this.wentBack));
    } else {
      this.screen?.draw(() => this.drawing());
    }
  }

  private drawing(): Drawing {
    const above = [...this.screen.help(this.help), ...this.screen.question(this.msg)];
    const choices = this.options.map(({ title, disabled }, index) =>
      this.screen.choice(withReason(title, disabled), index === this.cursor, disabled !== undefined),
    );
    const below =
      this.options[this.cursor]!.disabled === undefined
        ? this.screen.help('Arrow keys to move, Enter to choose')
        : this.screen.problem("can't be chosen");
    return {
      rows: [...above, ...choices.flat(), ...below],
      focus: above.length + choices.slice(0, this.cursor).flat().length,
    };
  }
}

function endingOf(isAborted: boolean | undefined, wentBack: boolean): Ending {
  return wentBack ? 'back' : isAborted ? 'cancelled' : 'answered';
}

function withReason(title: string, reason: string | undefined): string {
  return reason === undefined ? title : `${title} (${reason})`;
}
