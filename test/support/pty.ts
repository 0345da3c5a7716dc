import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';

/** Keys that are no letters, as a terminal sends them. */
export const KEYS = {
  enter: '\r',
  down: '\u001B[B',
  backspace: '\u007F',
  escape: '\u001B',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
} as const;

const SEE_TIMEOUT_MS = 20_000;

/** A command in a pseudo-terminal of 120 columns, and who sits in front of it. */
export class Terminal {
  /** The exit code, once the command has ended. */
  readonly ended: Promise<number>;
  private readonly pty: IPty;
  private written = '';
  private looked = 0;
  private notify = () => {};

  constructor(file: string, args: readonly string[], { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv }) {
    this.pty = spawn(file, [...args], {
      cwd,
      cols: 120,
      rows: 40,
      env: { ...process.env, TERM: 'xterm-256color', ACCESSIBLE: '', CI: 'false', ...env },
    });
    this.pty.onData((data) => {
      this.written += data;
      this.notify();
    });
    this.ended = new Promise((resolve) => {
      this.pty.onExit(({ exitCode }) => resolve(exitCode));
    });
  }

  /** All that was written so far, without control sequences. */
  get output(): string {
    return stripVTControlCharacters(this.written);
  }

  /** Waits for a text that is written after the last keys were sent. */
  async see(text: string): Promise<void> {
    const found = () => stripVTControlCharacters(this.written.slice(this.looked)).includes(text);
    const deadline = Date.now() + SEE_TIMEOUT_MS;
    while (!found()) {
      const left = deadline - Date.now();
      if (left <= 0) {
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
