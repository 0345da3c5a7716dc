import { exampleAnswers, exampleEnvironment } from '../config/example';
import { AnswersError } from '../config/problem';
import { LATEST } from '../conventions';
import { readConfig, resolveDeployment } from '../model/resolve';
import type { Planned } from './planned';
import { proposedAnswers } from './proposals';
import type { ProposedAnswer } from './proposed-answer';

/** Name of the environment that stands for one to come. */
const NAME = 'proposed';

/** The deployment that proposals come to; undefined if they leave an answer open. Choices that no account decides are the example's. */
export function proposedDeployment(proposals: readonly ProposedAnswer[]): Planned | undefined {
  const answers = proposedAnswers(proposals);
  const { auth, environment } = exampleEnvironment(NAME, 1, LATEST, answers);
  const named = proposals.find(({ path }) => path === '/name')?.value;
  try {
    const { name, environments, contract, target } = resolveDeployment(
      readConfig(
        {
          // The state is in a region of the same partition.
          ...exampleAnswers(LATEST, undefined, typeof answers.region === 'string' ? answers.region : undefined),
          ...(named !== undefined && { name: named }),
          environments: { [NAME]: { ...answers, auth, environment } },
        },
        'the proposals',
      ),
    );
    return { name, environment: environments[0]!, contract, target };
  } catch (error) {
    if (error instanceof AnswersError) return undefined;
    throw error;
  }
}
