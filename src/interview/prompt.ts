import type { Choice } from './question';

export interface TextPrompt {
  readonly message: string;
  /** Path of the answer, for automated prompters. */
  readonly name?: string;
  readonly hint?: string;
  /** Whether a key goes to the question before. */
  readonly canGoBack?: boolean;
  /** The default answer, for Enter alone. */
  readonly initial?: string;
  /** Reason why a text is no valid answer, in one line; undefined if it is. The question is repeated until then. */
  readonly check?: (text: string) => string | undefined;
}

export interface SelectPrompt {
  readonly message: string;
  readonly name?: string;
  readonly hint?: string;
  readonly canGoBack?: boolean;
  /** At least one that can be taken. */
  readonly choices: readonly Choice[];
  /** Value of the choice that Enter alone takes; absent: the first that can be taken. */
  readonly initial?: string;
  /** True if keys that a person pressed before they saw the question do not answer it. */
  readonly ignoresTypedAhead?: true;
}

/** A row of a table: its cells stand below those of the other rows, if the terminal is wide enough. */
export type Row = readonly [label: string, value: string];

/** A way to ask somebody. What asks throws {@link Cancelled} once the other side stops, and {@link Back} if that is allowed. */
export interface Prompter {
  /** Keys that somebody should know, in a sentence. */
  readonly keys: string;
  /** Shows lines of text. */
  say(text: string): void;
  /** Shows a table. */
  table(rows: readonly Row[]): void;
  /** Shows the title of the next questions' section; level 2 is a part of a section. */
  section(title: string, level?: 1 | 2): void;
  /** Asks for a text that passes the question's check. */
  text(question: TextPrompt): Promise<string>;
  /** Asks for one of several choices; returns its value. */
  select(question: SelectPrompt): Promise<string>;
}

/** Position of the choice that Enter alone takes. */
export function initialChoice({ choices, initial }: SelectPrompt): number {
  const wanted = choices.findIndex(({ value, disabled }) => value === initial && disabled === undefined);
  return wanted >= 0
    ? wanted
    : Math.max(
        0,
        choices.findIndex(({ disabled }) => disabled === undefined),
      );
}
