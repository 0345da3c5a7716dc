import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import { CdkRepository } from '../support/cdk-repository';
import { DELIVERING } from '../support/cloudformation-files';
import { lacks } from '../support/engines';
import { CFN_LINTS, NEWEST_CFN_LINT } from '../support/engines/cfn-lint';
import { EMULATOR } from '../support/engines/emulator';

describe.skipIf(await lacks(EMULATOR, NEWEST_CFN_LINT))('cfn-lint of what the CDK synthesizes', () => {
  let repository: CdkRepository;
  beforeAll(() => {
    const answers = exampleAnswers(undefined, 'cdk');
    repository = new CdkRepository({
      ...answers,
      ...DELIVERING,
      environments: {
        dev: answers.environments.dev!,
        // All kinds of listener rules.
        origins: {
          ...exampleEnvironment('origins', 2),
          cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'] },
        },
        shifting: { ...exampleEnvironment('shifting', 2), deployment: { strategy: 'canary' } },
      },
    });
    for (const name of ['dev', 'origins', 'shifting']) repository.setDigest(name, `sha256:${'1'.repeat(64)}`);
  });
  afterAll(() => repository.remove());

  it('cfn-lint finds nothing in the templates that the CDK synthesizes', async () => {
    const stacks = repository.deployment.environments.flatMap(({ registry, service }) => [
      ...(registry ? [registry.stackName] : []),
      service.stackName,
    ]);
    const { exitCode, output } = await repository.cdk('synth', '--quiet', ...stacks);
    expect(exitCode, output).toBe(0);
    const rules = stacks.flatMap((stack) =>
      Object.values(repository.template(stack).Resources).filter(
        ({ Type }) => Type === 'AWS::ElasticLoadBalancingV2::ListenerRule',
      ),
    );
    expect(rules.length).toBeGreaterThan(stacks.length);
    const paths = stacks.map((stack) => repository.path(`deploy/cdk/cdk.out/${stack}.template.json`));
    for (const [, program] of CFN_LINTS) {
      const { stdout, status } = spawnSync(program, paths, { encoding: 'utf8' });
      expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    }
  });
});
