import { expect, it } from 'vitest';

import { decisionsContext } from '../../../../generators/docs/decisions';
import { exampleAnswers } from '../../../../src/config/example';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';

const arn = 'arn:aws:iam::111122223333:policy/company';

it.each([
  [{}, 'no roles within a permissions boundary', 'No answer names a demand of your company.'],
  [{ permissionsBoundaryArn: arn }, 'roles of tasks alone within', 'Your answers name what your company demands.'],
  [{ deliveryBoundaryArn: arn }, 'roles of workflows alone within', 'Your answers name what your company demands.'],
  [{ permissionsBoundaryArn: arn, deliveryBoundaryArn: arn }, 'roles of tasks and of workflows within', 'Your answers'],
])('the decision about compliance names the roles that a boundary is on: %j', (boundaries, what, why) => {
  const answers = exampleAnswers();
  Object.assign(answers.environments.dev!, boundaries);
  const { decisions } = decisionsContext(resolveDeployment(readConfig(answers, 'test'))) as {
    decisions: { title: string; environments: { name: string; what: string; why: string }[] }[];
  };
  const { environments } = decisions.find(({ title }) => title === 'Compliance')!;
  expect(environments.find(({ name }) => name === 'dev')).toMatchObject({
    what: expect.stringContaining(what),
    why: expect.stringContaining(why),
  });
});
