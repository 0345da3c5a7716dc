import { PassThrough, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';

const CTRL_C = '\u0003';
const LINE = /^([^\r\n]*)(?:\r\n|\r|\n)/;
const REST = /^(.*)$/s;

/** Time in which a terminal hands over keys that were pressed before. Milliseconds. */
const HANDED_OVER = 50;

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/** Typing of each input: one command may have several prompters, one after the other, and they share a terminal. */
const TYPING = new WeakMap<Input, Typing>();

/** Typing of an input, one for all its questions. An abort of the signal ends the input. */
export function typingOf(input: Input, signal?: AbortSignal): Typing {
  const typing = TYPING.get(input) ?? new Typing(input);
  TYPING.set(input, typing);
  typing.signal = signal;
  return typing;
}

/**
 * Typed input. It is read only while there is a question; text that is typed ahead, or pasted as several lines, waits
 * for its question.
 */
class Typing {
  signal: AbortSignal | undefined;
  private readonly decoder = new StringDecoder();
  private waiting = '';
  private over = false;
  /** Number of open questions; zero between two. */
  private questions = 0;

  constructor(private readonly input: Input) {}

  /**
   * The next line without its end, edited by the terminal itself; undefined once the input has ended, or at an abort.
   */
  async line(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const stop = this.listen(false, () => {
        const line = this.take(LINE);
        if (line !== undefined || this.over) {
          stop();
          resolve(line);
        }
      });
    });
  }

  /**
   * Keys as they are pressed, for one prompt: it gets one line at a time, and Ctrl-C once the input has ended, or at an
   * abort. (`prompts` by itself mixes up lines that come in one piece, and never notices that its input has ended.)
   *
   * @param answer asks, with the stream to read from
   */
  async keys<T>(answer: (stdin: Readable) => Promise<T>): Promise<T> {
    const stdin = new PassThrough();
    let feeding = false;
    let answered = false;
    const feed = async () => {
      if (feeding) {
        return;
      }
      feeding = true;
      // After each line the prompt has a turn to judge it: it is done with, or it stands and takes the next.
      for (await nextTurn(); !answered && (this.waiting !== '' || this.over); await nextTurn()) {
        const line = this.take(LINE);
        stdin.write(line === undefined ? this.take(REST) || CTRL_C : `${line}\r`);
      }
      feeding = false;
    };
    const stop = this.listen(true, () => void feed());
    try {
      return await answer(stdin);
    } finally {
      answered = true;
      stop();
    }
  }

  /** Drops what a person typed before now, but for Ctrl-C. The lines of a file or a program are all from before. */
  async dropTypedAhead(): Promise<void> {
    if (!this.input.isTTY) return;
    const stop = this.listen(true, () => {});
    await wait(HANDED_OVER);
    stop();
    this.waiting = this.waiting.includes(CTRL_C) ? CTRL_C : '';
  }

  /** Calls back now, and whenever something was typed or the input has ended. Returns a function that ends this. */
  private listen(raw: boolean, callback: () => void): () => void {
    const { input, signal } = this;
    const onData = (chunk: Buffer | string) => {
      this.waiting += typeof chunk === 'string' ? chunk : this.decoder.write(chunk);
      callback();
    };
    const onEnd = () => {
      this.over = true;
      callback();
    };
    const onAbort = () => {
      this.waiting = '';
      onEnd();
    };
    this.over ||= !input.readable;
    const endings = ['end', 'close', 'error'] as const;
    this.questions += 1;
    input.setRawMode?.(raw);
    input.on('data', onData);
    for (const ending of endings) {
      input.on(ending, onEnd);
    }
    signal?.addEventListener('abort', onAbort);
    input.resume();
    queueMicrotask(signal?.aborted ? onAbort : callback);
    return () => {
      input.off('data', onData);
      for (const ending of endings) {
        input.off(ending, onEnd);
      }
      signal?.removeEventListener('abort', onAbort);
      input.pause();
      this.questions -= 1;
      // Until the next question, the terminal must not echo text that is typed ahead.
      setImmediate(() => {
        if (this.questions === 0 && input.readable) {
          input.setRawMode?.(false);
        }
      });
    };
  }

  /** Removes the beginning of the waiting text that matches the pattern; returns its first group. */
  private take(pattern: RegExp): string | undefined {
    const match = pattern.exec(this.waiting);
    this.waiting = this.waiting.slice(match?.[0].length ?? 0);
    return match?.[1];
  }
}
