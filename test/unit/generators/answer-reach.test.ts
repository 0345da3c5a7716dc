import { expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import { exampleAnswers } from '../../../src/config/example';
import { withValue } from '../../../src/config/paths';
import { TARGETS } from '../../../src/config/repository';
import { findDeployable, LATEST } from '../../../src/conventions';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { ownPackage } from '../../../src/project/package-root';
import type { Target } from '../../../src/resources/types';
import { REPOSITORY_VALUES } from '../../support/answer-values';
import { pathOf, problemsOf } from '../../support/answers';
import { type Answer, answersOf, ENVIRONMENT_ANSWERS } from '../../support/other-answers';

const templates = loadTemplates(`${ownPackage().root}/templates`);

/** The file that has two values of each answer. */
const VALUES = 'test/support/answer-values.ts';

const CASES: readonly Answer[] = [...answersOf('', REPOSITORY_VALUES), ...ENVIRONMENT_ANSWERS];

/** The example of one environment, with a value. */
function answersWith({ path, place = path, with: more = {} }: Answer, value: unknown, target: Target): object {
  const generation = path === 'conventions' ? value : more.conventions;
  const { environments, ...example } = exampleAnswers(findDeployable(String(generation)) ?? LATEST, target);
  const { dev } = environments;
  const base = { ...example, environments: { dev } };
  const given = Object.entries({ ...more, [place]: value }).reduce<object>(
    (answers, [at, one]) => withValue(answers, pathOf(at), one),
    structuredClone(base),
  );
  // Without what is undefined, as a file has it.
  return JSON.parse(JSON.stringify(given));
}

/** What is deployed, and how: every file below `deploy` by its path. */
function deployed(answers: object): Record<string, string> {
  return Object.fromEntries(
    generateFiles(resolveDeployment(readConfig(answers, 'the case')), templates)
      .filter((file) => file.path.startsWith('deploy/') && !file.path.endsWith('.md'))
      .map((file) => [file.path, file.content]),
  );
}

it.each(CASES)('an answer reaches what each target deploys: $path', (one) => {
  const { path, values, targets = TARGETS, elsewhere, refused } = one;
  for (const target of targets) {
    const [first, second] = values.map((value) => answersWith(one, value, target)) as [object, object];
    const files = deployed(first);
    if (refused !== undefined) {
      expect(problemsOf(second), `${path} is not refused: take "refused" from it in ${VALUES}`).not.toEqual([]);
    } else if (elsewhere !== undefined) {
      expect(deployed(second), `${path}: ${target} uses it: take "elsewhere" from it in ${VALUES}`).toEqual(files);
    } else {
      expect(
        deployed(second),
        `${path}: nothing of ${target} uses it: declare it in a file of generators/inputs, and use it in templates/${target}`,
      ).not.toEqual(files);
    }
  }
});
