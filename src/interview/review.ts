import { Back } from './back';
import { isDefault, ownerOfDefault } from './default-answer';
import { isChangeable, lastTyped, type Progress, type Settled } from './progress';
import type { Prompter, Row } from './prompt';
import { SECTIONS } from './questions';
import { objection, textOf } from './typed-answer';

/** Decision about answers that are complete: to change one, or to go back to the last question. */
export type Decision = 'write' | 'cancel' | { readonly change: Settled } | { readonly back: Settled };

/** Files, or an answer, that would be written. */
export interface Presented {
  /** The choice that writes, such as `write 96 files to ./acme`. */
  readonly write: string;
  /** One line each. */
  readonly warnings: readonly string[];
  /** Monthly costs, a row for each environment. */
  readonly costs: readonly Row[];
  /** Whether it is a part of a repository that is there. */
  readonly isPart?: boolean;
}

const CHOICES = {
  change: 'change an answer',
  sources: 'show where each answer came from',
  cancel: 'cancel',
} as const;
const NONE = 'none';

/**
 * Shows all answers before anything is written, a table for each environment, and asks what becomes of them.
 *
 * @throws Cancelled
 */
export async function review(
  progress: Progress,
  { write, warnings, costs, isPart = false }: Presented,
  prompter: Prompter,
): Promise<Decision> {
  const last = SECTIONS.length + 1;
  prompter.section(isPart ? 'Review' : `${last}/${last}  Review`);
  showAnswers(progress, prompter, valueRow);
  if (costs.length > 0) {
    prompter.section('What AWS bills, about', 2);
    prompter.table(costs);
  }
  if (warnings.length > 0) prompter.section('Before you go on', 2);
  for (const warning of warnings) prompter.say(`! ${warning}`);
  for (;;) {
    const choice = await ask(progress, write, prompter);
    if (choice === 'sources') {
      showAnswers(progress, prompter, sourceRow);
    } else if (choice === 'change') {
      const change = await askWhich(progress, prompter);
      if (change) return { change };
    } else {
      return choice;
    }
  }
}

async function ask(
  progress: Progress,
  write: string,
  prompter: Prompter,
): Promise<'write' | keyof typeof CHOICES | { readonly back: Settled }> {
  const last = lastTyped(progress);
  const choices = Object.entries({ write, ...CHOICES }).map(([value, title]) => ({ value, title }));
  try {
    const chosen = await prompter.select({
      name: 'review',
      message: 'What now?',
      choices,
      canGoBack: last !== undefined,
      ignoresTypedAhead: true,
    });
    return chosen as keyof typeof CHOICES;
  } catch (error) {
    if (error instanceof Back && last) return { back: last };
    throw error;
  }
}

/** The answer that somebody chooses to change: of several environments, they choose one first. Undefined if they go back. */
async function askWhich({ settled }: Progress, prompter: Prompter): Promise<Settled | undefined> {
  const parts = partsOf(settled.filter(isChangeable));
  for (;;) {
    const part =
      parts.length === 1 ? parts[0]! : await choose('change of', 'Change an answer of', parts, byTitle, prompter);
    const one = part && (await choose('change', 'Change', part.answers, (each) => valueRow(each).join(': '), prompter));
    if (one !== undefined || part === undefined || parts.length === 1) return one;
  }
}

/** One of several things; undefined if somebody goes back. */
async function choose<T>(
  name: string,
  message: string,
  all: readonly T[],
  titleOf: (one: T) => string,
  prompter: Prompter,
): Promise<T | undefined> {
  const choices = all.map((one, index) => ({ value: String(index), title: titleOf(one) }));
  try {
    return all[Number(await prompter.select({ name, message, choices, canGoBack: true }))];
  } catch (error) {
    if (error instanceof Back) return undefined;
    throw error;
  }
}

/** Answers about one environment, or about the repository. */
interface Part {
  readonly title: string;
  readonly answers: readonly Settled[];
}

const byTitle = ({ title }: Part) => title;

/** The repository's answers, and then those of each environment. */
function partsOf(settled: readonly Settled[]): Part[] {
  const named = new Set(settled.map(({ turn }) => turn.environment));
  named.delete(undefined);
  return [undefined, ...named]
    .map((environment) => ({
      title: environment ?? 'The repository',
      answers: settled.filter(({ turn }) => turn.environment === environment),
    }))
    .filter(({ answers }) => answers.length > 0);
}

/** A table for each part. */
function showAnswers({ settled }: Progress, prompter: Prompter, row: (one: Settled) => Row): void {
  for (const { title, answers } of partsOf(settled.filter(({ turn }) => !turn.question.lookup))) {
    prompter.section(title, 2);
    prompter.table(answers.map(row));
  }
}

/** An answer as its question has it: a choice by its title. */
function valueRow({ turn: { question }, context, value }: Settled): Row {
  const text = textOf(value);
  const chosen = question.choices?.(context).find((choice) => choice.value === text);
  return [question.message, chosen?.title ?? (text || NONE)];
}

function sourceRow(one: Settled): Row {
  const { source } = one;
  const [label, value] = valueRow(one);
  return [label, `${value} (${typeof source === 'string' ? SOURCES[source](one) : source.evidence})`];
}

const SOURCES: Readonly<Record<Extract<Settled['source'], string>, (one: Settled) => string>> = {
  given: () => 'given before',
  follows: ({ turn: { question }, context }) =>
    question.choices?.(context).length === 1 ? 'the only choice' : 'follows from other answers',
  'left out': () => 'the default',
  typed: (one) => {
    const { turn, context, value, suggestion } = one;
    if (!isDefault(one, value, (answer) => objection(turn, context, answer) === undefined)) return 'your answer';
    if (suggestion) return `the default, by ${suggestion.evidence}`;
    const owner = ownerOfDefault(one, textOf(value) ?? '');
    return owner === undefined ? 'the default' : `the default, that of ${owner}`;
  },
};
