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
  readonly previousName?: string;
  /** All environments but the one at hand. */
  readonly others: readonly PartialEnvironment[];
  readonly conventions: Deployable;
  /** Whether there was an answer before the first question; for an environment's question within that environment. */
  given(path: string): boolean;
  /** Answers that something outside of the answers suggests so far. */
  readonly suggestions: readonly Suggestion[];
  /** Priorities that rules of the environment's listener have, as far as it was read. */
  readonly takenPriorities: readonly number[];
  /** Ways to ask AWS; absent if nobody can ask it. */
  readonly access?: Access;
}

/** Ways to ask AWS that this machine has. */
export interface Access {
  /** Profiles of the AWS CLI, the likeliest first. */
  readonly profiles: readonly string[];
  /** Whether there are credentials without a profile. */
  readonly hasCredentials: boolean;
  /** The profile that the command line names. */
  readonly profile?: string;
  /** The region that a variable of the shell has, with its name. */
  readonly region?: { readonly value: string; readonly variable: string };
}

/** Answers to how AWS is asked, beside the name of a profile and the ARN of a role. */
export const BY_CREDENTIALS = ':credentials';
export const BY_HAND = ':no';

/** Input, or choice, for "no answer". */
export const NONE = '-';

/** Facts outside of the answers: the catalog's `config.json`, and the AWS account. */
export type LookupKind = 'catalog' | 'account';

/** An answer that something outside of the answers suggests. */
export interface Suggestion {
  /** Path of the answer: keys joined by dots. */
  readonly path: string;
  /** Absent if there are several candidates, or none. */
  readonly value?: unknown;
  readonly candidates?: readonly { readonly value: unknown; readonly why: string }[];
  /** Resource and call that show it, or another source. */
  readonly evidence: string;
}

/** Result of a lookup. */
export interface Found {
  readonly suggestions: readonly Suggestion[];
  /** Priorities that rules have, by the ARN of their listener. */
  readonly takenPriorities?: Readonly<Record<string, readonly number[]>>;
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
  /**
   * Path of its answer: keys joined by dots; `*` stands for the name of the current environment. That of a lookup is in no
   * answers.
   */
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
  /** The answer that a choice, or a typed text, means. Absent: the value of the choice, or the text. */
  readonly answer?: (value: string, context: Context) => unknown;
  /** The default answer for Enter alone, as it would be typed. A suggestion without a value may have candidates for it. */
  readonly initial?: (context: Context, suggestion?: Suggestion) => string | number | undefined;
  /** Origin of the default answer, if it is of neither an environment nor this generator. */
  readonly initialOf?: (context: Context) => string | undefined;
  /** Whether to ask it; absent: always. */
  readonly when?: (context: Context) => boolean;
  /** The answer, if others leave no choice: then it is not asked. */
  readonly known?: (context: Context) => unknown;
  /** Whether there has to be an answer; absent: as the schema says. */
  readonly required?: (context: Context) => boolean;
  /** The answer if there is none. Absent: nothing is written. */
  readonly none?: unknown;
  /** True if a person must choose: a suggestion is then the default answer, and never taken without a question. */
  readonly decision?: true;
  /** A suggestion that follows from several others. Absent: the one that has the path of the answer. */
  readonly suggestion?: (context: Context) => Suggestion | undefined;
  /** Whether a suggestion holds, by the answers so far; absent: always. */
  readonly suggestible?: (context: Context) => boolean;
  /**
   * The value that holds without an answer. Then it is not asked for in an environment that had every answer it needs before
   * the first question: whoever describes one, and leaves this out, takes it. Some are asked for in a review alone.
   */
  readonly otherwise?: { readonly value: unknown; readonly isNeverAsked?: (context: Context) => boolean };
  /** Questions that another answer to this one asks anew, by their paths. */
  readonly asksAnew?: readonly string[];
  /** Facts that are looked up once it is answered. Its answer is how, and is not one of the answers. */
  readonly lookup?: LookupKind;
}

export interface Section {
  readonly title: string;
  readonly questions: readonly Question[];
}
