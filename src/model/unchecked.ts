import type { EnvironmentAnswers } from '../config/environment';
import { isObject } from '../config/paths';
import type { Problem } from '../config/problem';
import type { Answers } from '../config/repository';
import type { Deployable } from '../conventions';

/** Answers as a check sees them: as their owner wrote them, valid or not, so that all problems show at once. */
export type Unchecked<T> = { readonly [K in keyof T]?: unknown };

/** One environment's answers, and their path. */
export interface Subject {
  /** `environments.NAME`. */
  readonly path: string;
  readonly environment: Unchecked<EnvironmentAnswers>;
  readonly conventions: Deployable;
}

/** Answers as a whole, and their environments one by one. */
export interface Draft {
  readonly answers: Unchecked<Answers>;
  readonly conventions: Deployable;
  /** In the order of promotion. */
  readonly subjects: readonly Subject[];
}

/** A check of answers as a whole, or of environments against one another. */
export type AnswersCheck = (draft: Draft) => Problem[];

/** A check of one environment. */
export type EnvironmentCheck = (subject: Subject, draft: Draft) => Problem[];

/** The value of a key that the record itself has; a name from answers or stored data may be any, `constructor` too. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The value as an object, empty if it is none. */
export function looseObject<T = Record<string, unknown>>(value: unknown): Unchecked<T> {
  return (isObject(value) ? value : {}) as Unchecked<T>;
}

/** The answer `routing`, of any mode. */
export type LooseRouting = {
  mode: string;
  host: string;
  priority: number;
  certificateArn: string;
  hostedZoneId: string;
};

/** The answers `network`. */
export type LooseNetwork = EnvironmentAnswers['network'];
