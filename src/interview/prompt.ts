import type { Choice } from './question';

export interface TextPrompt {
  readonly message: string;
  /** Path of the answer, for automated prompters. */
  readonly name?: string;
  readonly hint?: string;
  /** The default answer, for Enter alone. */
  readonly initial?: string;
  /** Reason why a text is no valid answer, in one line; undefined if it is. The question is repeated until then. */
  readonly check?: (text: string) => string | undefined;
}

export interface SelectPrompt {
  readonly message: string;
  readonly name?: string;
  readonly hint?: string;
  /** At least one that can be taken. */
  readonly choices: readonly Choice[];
  /** Value of the choice that Enter alone takes; absent: the first that can be taken. */
  readonly initial?: string;
}

/** A way to ask somebody. Each method throws {@link Cancelled} once the other side stops. */
export interface Prompter {
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
