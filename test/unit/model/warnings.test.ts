import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import { partitionOf } from '../../../src/config/partitions';
import type { Answers } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { standingWarnings, warningsOf } from '../../../src/model/warnings';

const ACCOUNT = '111122223333';
const OTHER_ACCOUNT = '444455556666';

function warnings(change: (answers: Answers) => void, region = 'us-east-1', say = warningsOf): string {
  const answers = exampleAnswers();
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { [ACCOUNT]: { create: true } };
  change(answers);
  const text = JSON.stringify({ ...answers, image: undefined }).replaceAll('us-east-1', region);
  const moved = text.replaceAll('arn:aws:', `arn:${partitionOf(region).id}:`);
  const deployment = resolveDeployment(readConfig({ ...JSON.parse(moved), image: answers.image }, 'the case'));
  return say(deployment).join('\n');
}

describe('a warning of an image', () => {
  it('a warning says at every run that a role cannot pull from another partition, and no policy has an ARN of it', () => {
    const pullsFrom = (registry: string) => (answers: Answers) => Object.assign(answers.image!, { registry });
    const commercial = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
    for (const say of [warningsOf, standingWarnings]) {
      const said = warnings(pullsFrom(commercial), 'us-gov-west-1', say);
      expect(said).toContain(`the workflow publish-image cannot pull from ${commercial}`);
      expect(warnings(pullsFrom(commercial), 'us-east-1', say)).not.toContain('cannot pull');
      const own = '111122223333.dkr.ecr.us-gov-west-1.amazonaws.com';
      expect(warnings(pullsFrom(own), 'us-gov-west-1', say)).not.toContain('cannot pull');
      expect(warnings(pullsFrom('public.ecr.aws'), 'us-gov-west-1', say)).not.toContain('cannot pull');
    }
  });
});

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

  it('a warning says at every run that roles trust a name alone, in each partition where they do', () => {
    const isClassic = ({ repository }: Answers) => Object.assign(repository!, { subject: 'classic' });
    for (const region of ['us-gov-west-1', 'cn-north-1', 'eusc-de-east-1']) {
      for (const say of [warningsOf, standingWarnings]) {
        const said = warnings(isClassic, region, say).split('\n');
        expect(said.filter((one) => one.includes('by its name alone'))).toHaveLength(1);
        expect(warnings(() => {}, region, say)).not.toContain('by its name alone');
      }
    }
    expect(warnings(isClassic)).not.toContain('by its name alone');
    // Of a repository without roles, nobody asks.
    const isWithout = (answers: Answers) => {
      isClassic(answers);
      delete answers.oidcProviders;
    };
    expect(warnings(isWithout, 'us-gov-west-1')).not.toContain('by its name alone');
  });
});
