import { Back } from './back';
import { isChangeable, lastTyped, type Progress, type Settled } from './progress';
import type { Prompter, Row } from './prompt';
import { SECTIONS } from './questions';
import { textOf } from './typed-answer';

/** Decision about answers that are complete. A change names the answer that is asked for again. */
export type Decision = 'write' | 'cancel' | Settled;

/** Files, or an answer, that would be written. */
export interface Presented {
  /** The choice that writes, such as `write 96 files to ./acme`. */
  readonly write: string;
  /** One line each. */
  readonly warnings: readonly string[];
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
  { write, warnings, isPart = false }: Presented,
  prompter: Prompter,
): Promise<Decision> {
  const last = SECTIONS.length + 1;
  prompter.section(isPart ? 'Review' : `${last}/${last}  Review`);
  showAnswers(progress, prompter, valueRow);
  if (warnings.length > 0) prompter.section('Before you go on', 2);
  for (const warning of warnings) prompter.say(`! ${warning}`);
  for (;;) {
    const choice = await ask(progress, write, prompter);
    if (choice === 'sources') {
      showAnswers(progress, prompter, sourceRow);
    } else if (choice === 'change') {
      const changed = await askWhich(progress, prompter);
      if (changed) return changed;
    } else {
      return choice;
    }
  }
}

async function ask(
  progress: Progress,
  write: string,
  prompter: Prompter,
): Promise<'write' | keyof typeof CHOICES | Settled> {
  const last = lastTyped(progress);
  const choices = Object.entries({ write, ...CHOICES }).map(([value, title]) => ({ value, title }));
  try {
    const chosen = await prompter.select({
      name: 'review',
      message: 'What now?',
      choices,
      canGoBack: last !== undefined,
    });
    return chosen as keyof typeof CHOICES;
  } catch (error) {
    if (error instanceof Back && last) return last;
    throw error;
  }
}

/** The answer that somebody chooses to change; undefined if they go back. */
async function askWhich({ settled }: Progress, prompter: Prompter): Promise<Settled | undefined> {
  const changeable = settled.filter(isChangeable);
  const choices = changeable.map((one, index) => ({ value: String(index), title: changeTitle(one) }));
  try {
    const chosen = await prompter.select({ name: 'change', message: 'Change', choices, canGoBack: true });
    return changeable[Number(chosen)];
  } catch (error) {
    if (error instanceof Back) return undefined;
    throw error;
  }
}

function changeTitle(one: Settled): string {
  const { environment } = one.turn;
  const [label, value] = valueRow(one);
  return `${environment === undefined ? '' : `${environment} · `}${label}: ${value}`;
}

/** Tables: of each environment, and of what all share. */
function showAnswers({ settled }: Progress, prompter: Prompter, row: (one: Settled) => Row): void {
  const environments = [...new Set(settled.map(({ turn }) => turn.environment))];
  for (const environment of environments.sort((a, b) => Number(a !== undefined) - Number(b !== undefined))) {
    prompter.section(environment ?? 'The repository', 2);
    prompter.table(settled.filter(({ turn }) => turn.environment === environment && !turn.question.lookup).map(row));
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
  const from =
    source === 'typed' ? 'your answer' : source === 'follows' ? 'follows from other answers' : source.evidence;
  const [label, value] = valueRow(one);
  return [label, `${value} (${from})`];
}
