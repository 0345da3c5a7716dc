import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../../src/config/example';
import type { Answers } from '../../../../src/config/repository';
import { validAnswers } from '../../../../src/model/checks';

function problemsOf(change: (answers: Answers) => void) {
  const answers = exampleAnswers();
  change(answers);
  return validAnswers(answers).problems.map(({ path, message }) => `${path} ${message}`);
}

describe('signatures that workflows look for', () => {
  const needsRoles = (path: string) => expect.stringContaining(`${path}delivery.verifySignature needs oidcProviders`);

  it('signatures are refused as a condition if no workflow can sign', () => {
    expect(problemsOf((answers) => Object.assign(answers, { delivery: { verifySignature: true } }))).toEqual([
      needsRoles(''),
    ]);
    const ofOne = problemsOf(({ environments }) => {
      environments.production!.delivery = { verifySignature: true };
    });
    expect(ofOne).toEqual([needsRoles('environments.production.')]);
  });

  it('signatures need no roles if nobody looks for them, and may be looked for with roles', () => {
    expect(problemsOf((answers) => Object.assign(answers, { delivery: { verifySignature: false } }))).toEqual([]);
    const withRoles = problemsOf((answers) => {
      answers.delivery = { verifySignature: true };
      answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
      answers.oidcProviders = { '111122223333': { create: true } };
    });
    expect(withRoles).toEqual([]);
  });
});
