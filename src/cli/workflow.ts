import { checkApproved } from '../operations/delivery/actions';
import { findEnvironment } from '../operations/delivery/environments';
import { sayOutcome } from '../operations/delivery/outcome';
import {
  checkCurrent,
  checkTools,
  tellChanged,
  tellContext,
  tellEnvironments,
  tellPlanned,
} from '../operations/delivery/workflow';
import type { WorkingCopy } from '../operations/delivery/working-copy';
import { UsageError } from './usage-error';
import { typedPath, wordsOf } from './working-copy';

interface Options {
  readonly sayLeftOut: boolean;
}

interface Question {
  /** Highest number of words after it. */
  readonly words: number;
  readonly answer: (
    copy: WorkingCopy,
    words: readonly (string | undefined)[],
    options: Options,
  ) => Promise<void> | void;
}

const QUESTIONS: Readonly<Record<string, Question>> = {
  list: { words: 0, answer: (copy, _, { sayLeftOut }) => tellEnvironments(copy, copy.env.ENVIRONMENT, sayLeftOut) },
  context: { words: 1, answer: (copy, [duty]) => tellContext(copy, copy.env.ENVIRONMENT, duty) },
  changed: { words: 0, answer: (copy) => tellChanged(copy, copy.env.ENVIRONMENT) },
  planned: { words: 1, answer: (copy, [folder]) => tellPlanned(copy, typedPath(folder)) },
  approved: {
    words: 1,
    answer: (copy, [folder]) => checkApproved(copy, findEnvironment(copy, copy.env.ENVIRONMENT), typedPath(folder)),
  },
  current: { words: 1, answer: (copy, [folder]) => checkCurrent(copy, copy.env.ENVIRONMENT, typedPath(folder)) },
  tools: { words: 0, answer: (copy) => checkTools(copy) },
  outcome: {
    words: 2,
    answer: (copy, [folder, plans]) => sayOutcome(copy, typedPath(folder), typedPath(plans), copy.env.ENVIRONMENTS),
  },
};

/**
 * Answers a question of a job of a workflow.
 *
 * @throws UsageError for an unknown word; Failed if the answer is a refusal
 */
export async function askedByWorkflow(
  copy: WorkingCopy,
  [word = '', ...words]: readonly string[],
  options: Options,
): Promise<void> {
  const question = Object.hasOwn(QUESTIONS, word) ? QUESTIONS[word] : undefined;
  if (!question) {
    throw new UsageError(`workflow takes one of these words: ${Object.keys(QUESTIONS).join(', ')}`);
  }
  await question.answer(copy, wordsOf(words, question.words), options);
}
