import type { EnvironmentAnswers } from '../config/environment';
import type { Answers } from '../config/repository';
import type { Deployable } from '../conventions';

/** Answers on their way: any may be missing still. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;
export type PartialEnvironment = DeepPartial<EnvironmentAnswers>;

/** Data that a question may use. */
export interface Context {
  /** All answers so far. */
  readonly answers: DeepPartial<Answers>;
  /** Those of the current environment; empty in a question that is not about one. */
  readonly environment: PartialEnvironment;
  /** The environment before it, in the order of promotion. */
  readonly previous?: PartialEnvironment;
  /** All environments but the one at hand. */
  readonly others: readonly PartialEnvironment[];
  readonly conventions: Deployable;
  /** Whether there was an answer before the first question; for an environment's question within that environment. */
  given(path: string): boolean;
}

/** One of the answers that a select offers. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  /** Reason why it cannot be chosen; undefined if it can. */
  readonly disabled?: string;
}

/** `text`, `number` and `list` (separated by commas) are typed; `names` is a list that environments are made from. */
export type Kind = 'text' | 'number' | 'list' | 'names' | 'select';

export interface Question {
  /** Path of its answer: keys joined by dots; `*` stands for the name of the current environment. */
  readonly path: string;
  readonly kind: Kind;
  readonly message: string;
  /** Help with the answer. Absent: the schema's description. Empty: none, because the message says it all. */
  readonly hint?: string | ((context: Context) => string | undefined);
  /** Hint where to find the answer; also for owners who answer in a file. */
  readonly source?: string;
  /** Choices of `select`. A single one is not asked. */
  readonly choices?: (context: Context) => readonly Choice[];
  /** A last choice, after which any answer is typed. */
  readonly other?: { readonly title: string; readonly message: string; readonly hint?: string };
  /** The answer that a choice means. Absent: its value. */
  readonly answer?: (value: string) => unknown;
  /** The default answer for Enter alone, as it would be typed. */
  readonly initial?: (context: Context) => string | number | undefined;
  /** Whether to ask it; absent: always. */
  readonly when?: (context: Context) => boolean;
  /** The answer, if others leave no choice: then it is not asked. */
  readonly known?: (context: Context) => unknown;
  /** Whether there has to be an answer; absent: as the schema says. */
  readonly required?: (context: Context) => boolean;
}

export interface Section {
  readonly title: string;
  readonly questions: readonly Question[];
}
