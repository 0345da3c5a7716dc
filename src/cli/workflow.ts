import { checkApproved, plannedActions } from '../operations/delivery/actions';
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
import type { Session } from '../operations/session';
import { checkBeforeApproval } from './check-before';
import { typedPath, wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options {
  readonly sayLeftOut: boolean;
}

interface WorkflowQuestion {
  /** Highest number of words after it. */
  readonly words: number;
  readonly answer: (session: Session, words: readonly (string | undefined)[], options: Options) => Promise<void> | void;
}

const QUESTIONS: Readonly<Record<string, WorkflowQuestion>> = {
  list: {
    words: 0,
    answer: (session, _, { sayLeftOut }) => tellEnvironments(session, session.env.ENVIRONMENT, sayLeftOut),
  },
  context: { words: 1, answer: (session, [duty]) => tellContext(session, session.env.ENVIRONMENT, duty) },
  changed: { words: 0, answer: (session) => tellChanged(session, session.env.ENVIRONMENT) },
  planned: { words: 1, answer: (session, [folder]) => tellPlanned(session, typedPath(folder)) },
  check: {
    words: 1,
    answer: async (session, [folder]) => {
      const environment = findEnvironment(session, session.env.ENVIRONMENT);
      const planned = folder === undefined ? undefined : plannedActions(typedPath(folder), environment);
      if (planned?.length !== 0) await checkBeforeApproval(environment.name, session);
    },
  },
  approved: {
    words: 1,
    answer: (session, [folder]) =>
      checkApproved(session, findEnvironment(session, session.env.ENVIRONMENT), typedPath(folder)),
  },
  current: {
    words: 1,
    answer: (session, [folder]) => checkCurrent(session, session.env.ENVIRONMENT, typedPath(folder)),
  },
  tools: { words: 0, answer: (session) => checkTools(session) },
  outcome: {
    words: 2,
    answer: (session, [folder, plans]) =>
      sayOutcome(session, typedPath(folder), typedPath(plans), session.env.ENVIRONMENTS),
  },
};

/**
 * Answers a question of a job of a workflow.
 *
 * @throws UsageError for an unknown word; Failed if the answer is a refusal
 */
export async function askedByWorkflow(
  session: Session,
  [word = '', ...words]: readonly string[],
  options: Options,
): Promise<void> {
  const question = Object.hasOwn(QUESTIONS, word) ? QUESTIONS[word] : undefined;
  if (!question) {
    throw new UsageError(`workflow takes one of these words: ${Object.keys(QUESTIONS).join(', ')}`);
  }
  await question.answer(session, wordsOf(words, question.words), options);
}
