/** The prompts behind the functions of the package `prompts`, as far as they are extended here. */
declare module 'prompts/lib/elements/index.js' {
  import type { EventEmitter } from 'node:events';
  import type { Readable, Writable } from 'node:stream';

  interface PromptOptions {
    readonly message: string;
    readonly stdin: Readable;
    readonly stdout: Writable;
  }

  /** Reads keys, calls the method that each is for, and emits `submit` or `abort` at its end. */
  class Prompt extends EventEmitter {
    protected readonly in: Readable;
    protected readonly out: Writable;
    protected readonly msg: string;
    protected readonly done?: boolean;
    protected readonly aborted?: boolean;
    protected readonly closed?: boolean;
    abort(): void;
    bell(): void;
    render(): void;
  }

  export class TextPrompt extends Prompt {
    protected initial: string;
    protected rendered: string;
    protected readonly error?: boolean;
    protected readonly errorMsg: string;
    constructor(options: PromptOptions & { initial?: string; validate?: (text: string) => boolean | string });
    get value(): string;
    set value(text: string);
    _(text: string | undefined): void;
    delete(): void;
    deleteForward(): void;
    first(): void;
    last(): void;
    left(): void;
    next(key?: { readonly shift?: boolean }): void;
    reset(): void;
    right(): void;
  }

  export class SelectPrompt extends Prompt {
    protected readonly cursor: number;
    protected readonly choices: readonly { readonly title: string; readonly disabled?: boolean }[];
    constructor(
      options: PromptOptions & {
        initial?: number;
        choices: readonly { readonly title: string; readonly value: string; readonly disabled?: boolean }[];
      },
    );
    _(text: string | undefined): void;
    down(): void;
    first(): void;
    last(): void;
    next(key?: { readonly shift?: boolean }): void;
    up(): void;
  }
}
