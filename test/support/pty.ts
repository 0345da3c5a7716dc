import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { HANG_MS } from './machine.mjs';
import { Screen } from './screen';

/** Keys that are no letters, as a terminal sends them. */
export const KEYS = {
  enter: '\r',
  shiftTab: '\u001B[Z',
  down: '\u001B[B',
  backspace: '\u007F',
  escape: '\u001B',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlU: '\u0015',
} as const;

/** A terminal of today, whatever the tests run in. */
const PLAIN = {
  TERM: 'xterm-256color',
  TERM_PROGRAM: undefined,
  ACCESSIBLE: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  // Somebody sits in front of it, also if CI runs the suite.
  CI: 'false',
  // A home of nobody: no profile of AWS, and no interview of another test.
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith('AWS_'))
      .map((name) => [name, undefined]),
  ),
};

export interface TerminalOptions {
  readonly cwd: string;
  /** Beside the caller's own without those of AWS; undefined takes a variable away. The default HOME is beside `cwd`. */
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

/** A command in a pseudo-terminal, and who sits in front of it. */
export class Terminal {
  /** The exit code, once the command has ended. */
  readonly ended: Promise<number>;
  private readonly pty: IPty;
  private readonly view: Screen;
  private shown: Promise<void> = Promise.resolve();
  private written = '';
  private looked = 0;
  private hasEnded = false;
  private notify = () => {};

  constructor(file: string, args: readonly string[], { cwd, env = {}, columns = 120, rows = 40 }: TerminalOptions) {
    this.view = new Screen({ columns, rows });
    this.pty = spawn(file, [...args], {
      cwd,
      cols: columns,
      rows,
      env: definedOnly({ ...process.env, ...PLAIN, HOME: `${cwd}-home`, XDG_STATE_HOME: undefined, ...env }),
    });
    this.pty.onData((data) => {
      this.written += data;
      this.shown = this.view.write(data);
      this.notify();
    });
    this.ended = new Promise((resolve) => {
      this.pty.onExit(({ exitCode }) => {
        this.hasEnded = true;
        this.notify();
        resolve(exitCode);
      });
    });
  }

  /** All that was written so far. */
  get raw(): string {
    return this.written;
  }

  /** All that was written so far, without control sequences. */
  get output(): string {
    return stripVTControlCharacters(this.written);
  }

  /** What is on the screen, and what was scrolled off it. */
  async screen(): Promise<Screen> {
    await this.shown;
    return this.view;
  }

  /**
   * Waits for a text that is written after the last keys were sent, as long as the command runs. White space does not
   * count: a narrow terminal has a text on several rows.
   */
  async see(text: string): Promise<void> {
    const found = () => squeeze(stripVTControlCharacters(this.written.slice(this.looked))).includes(squeeze(text));
    const deadline = Date.now() + HANG_MS;
    while (!found()) {
      const left = deadline - Date.now();
      if (left <= 0 || this.hasEnded) {
        throw new Error(`waited for '${text}' and saw:\n${this.output}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.notify = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends keys; what is to be seen next is written after this. */
  press(keys: string): void {
    this.looked = this.written.length;
    this.pty.write(keys);
  }

  /** Makes the window narrower or wider; what is to be seen next is written after this. */
  async resize(columns: number): Promise<void> {
    await this.shown;
    this.looked = this.written.length;
    this.view.resize(columns);
    this.pty.resize(columns, this.pty.rows);
  }

  /** Closes the terminal's window: the end of the input, and SIGHUP. */
  hangUp(): void {
    (this.pty as IPty & { destroy(): void }).destroy();
  }

  /** Ends the command if it still runs. */
  kill(): void {
    if (this.isRunning) {
      this.pty.kill('SIGKILL');
    }
  }

  /** Whether the command still runs. */
  get isRunning(): boolean {
    try {
      process.kill(this.pty.pid, 0);
      return true;
    } catch {
      return false;
    }
  }
}

function squeeze(text: string): string {
  return text.replace(/\s/g, '');
}

function definedOnly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
