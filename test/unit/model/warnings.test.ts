import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import type { Answers } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { warningsOf } from '../../../src/model/warnings';

const ACCOUNT = '111122223333';
const OTHER_ACCOUNT = '444455556666';

function warnings(change: (answers: Answers) => void, region = 'us-east-1'): string {
  const answers = exampleAnswers();
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { [ACCOUNT]: { create: true } };
  change(answers);
  const text = JSON.stringify({ ...answers, image: undefined }).replaceAll('us-east-1', region);
  const moved = region.startsWith('us-gov') ? text.replaceAll('arn:aws:', 'arn:aws-us-gov:') : text;
  const deployment = resolveDeployment(readConfig({ ...JSON.parse(moved), image: answers.image }, 'the case'));
  return warningsOf(deployment).join('\n');
}

describe('warnings of roles', () => {
  function sharesRegistry(answers: Answers): void {
    answers.oidcProviders![OTHER_ACCOUNT] = { create: true };
    for (const environment of Object.values(answers.environments)) {
      environment.registry = { scope: 'shared', account: OTHER_ACCOUNT, region: 'us-east-1' };
    }
  }
  function hasBoundary(answers: Answers): void {
    for (const environment of Object.values(answers.environments)) {
      environment.deliveryBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/delivery`;
    }
  }

  it('a warning says that the role of a shared registry is without the boundary that all others have', () => {
    const said = warnings((answers) => {
      sharesRegistry(answers);
      hasBoundary(answers);
    });
    expect(said).toContain('quilt-mcp-server-shared-publish, has no permissions boundary');
    expect(said).toContain(OTHER_ACCOUNT);
    expect(warnings(sharesRegistry)).not.toContain('permissions boundary:');
    expect(warnings(hasBoundary)).not.toContain('has no permissions boundary');
  });

  it('a warning says that roles trust a name alone', () => {
    const isClassic = ({ repository }: Answers) => Object.assign(repository!, { subject: 'classic' });
    expect(warnings(isClassic, 'us-gov-west-1')).toContain('by its name alone');
    expect(warnings(() => {}, 'us-gov-west-1')).not.toContain('by its name alone');
    expect(warnings(isClassic)).not.toContain('by its name alone');
  });
});
