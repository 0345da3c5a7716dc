/** Differences between terminals. */
export interface Traits {
  readonly symbols: Symbols;
  /** Whether a terminal that becomes narrower wraps the row of the cursor, too, or cuts it off. */
  readonly wrapsCursorRow: boolean;
}

/** The signs of prompts. */
export interface Symbols {
  readonly done: string;
  readonly wrong: string;
  readonly answered: string;
  readonly asking: string;
  readonly chosen: string;
  readonly back: string;
}

const SYMBOLS: Symbols = { done: '✔', wrong: '✖', answered: '…', asking: '›', chosen: '❯', back: '‹' };
/** Signs of code page 437 and its successors: the fonts of Windows consoles and of the Linux console lack most others. */
const CONSOLE_SYMBOLS: Symbols = { done: '√', wrong: 'x', answered: '...', asking: '»', chosen: '>', back: '<' };

/** Traits of the terminal, by its environment. */
export function traitsOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Traits {
  return {
    symbols: platform === 'win32' || env.TERM === 'linux' ? CONSOLE_SYMBOLS : SYMBOLS,
    // The option reflowCursorLine of xterm.js, on which the terminal of Visual Studio Code is built, is off.
    wrapsCursorRow: env.TERM_PROGRAM !== 'vscode',
  };
}
