import { exampleAnswers } from '../../src/config/example';
import { type Path, withValue } from '../../src/config/paths';
import { AnswersError, type Problem } from '../../src/config/problem';
import { readConfig } from '../../src/model/resolve';

// biome-ignore lint/suspicious/noExplicitAny: answers are changed in ways that their type forbids
export type Loose = Record<string, any>;

/** A path in words of dots; `dev` begins one within the environment of that name. */
export function pathOf(place: string): Path {
  return (place.startsWith('dev.') ? `environments.${place}` : place).split('.');
}

/** The example with values at some places, see {@link pathOf}. */
export function exampleWith(
  values: Readonly<Record<string, unknown>>,
  target?: 'terraform' | 'cloudformation' | 'cdk',
): Loose {
  return Object.entries(values).reduce<Loose>(
    (answers, [place, value]) => withValue(answers, pathOf(place), value),
    structuredClone(exampleAnswers(undefined, target)) as Loose,
  );
}

/** What is wrong with answers; nothing if they can be used. */
export function problemsOf(answers: unknown): readonly Problem[] {
  return errorOf(() => readConfig(answers, 'mcp-deploy.json'))?.problems ?? [];
}

/** What an action throws for its reader; undefined if nothing. */
export function errorOf(action: () => unknown): AnswersError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof AnswersError) return error;
    throw error;
  }
  return undefined;
}
