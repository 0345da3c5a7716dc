import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CDK_OPERATIONS, cdkActions } from '../../../../src/operations/cdk/cdk-operations';
import { readConfigs, serviceStacksAmong, stackPlaces } from '../../../../src/operations/cdk/config';
import { diffWords } from '../../../../src/operations/cdk/diff-words';
import { parameterWords } from '../../../../src/operations/cdk/parameters';
import { putAnswers } from '../../../support/put-program';
import { sessionIn } from '../../../support/session';

const STACK = 'mcp-dev-service';
const FIRST = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/first/1';

describe('the words for cdk diff', () => {
  it.each([
    [[STACK], false, [STACK], true],
    [[STACK], true, ['--method=template', STACK], false],
    [[STACK, '--method=change-set'], true, [STACK, '--method=change-set'], true],
    [[STACK, '--method', 'template'], false, [STACK, '--method', 'template'], false],
    [[STACK, '--no-change-set'], true, [STACK, '--no-change-set'], false],
    [[STACK, '--template', 'a.json'], true, [STACK, '--template', 'a.json'], false],
  ])('the words for cdk diff of %j, new: %s', (given, isNew, words, takesParameters) => {
    expect(diffWords(given, isNew)).toEqual({ words, takesParameters });
  });
});

describe('the operations on stacks of the CDK', () => {
  let root: string;
  const log = () => readFileSync(join(root, 'log'), 'utf8').trim().split('\n');
  const cdkCalls = () =>
    log()
      .filter((line) => line.startsWith('cdk '))
      .map((line) => line.slice(4));

  /** An AWS CLI that finds this. */
  const finds = (
    stack: object | undefined,
    rule: readonly number[] = [1, 0],
    groups: readonly object[] = [],
    deployments: readonly object[] = [],
  ) => {
    const TargetGroups = rule.map((Weight, index) => ({ TargetGroupArn: index === 0 ? FIRST : 'arn:second', Weight }));
    const rules = { Rules: [{ Actions: [{ ForwardConfig: { TargetGroups } }] }] };
    const answers = {
      '*describe-stacks*': stack
        ? { says: { Stacks: [stack] } }
        : { error: 'Stack with id x does not exist', exitCode: 254 },
      '*describe-rules*': { says: rules },
      '*list-service-deployments*': { says: { serviceDeployments: deployments } },
      '*describe-security-groups*': { says: { SecurityGroups: groups } },
      '*create-change-set*': { says: { Id: 'arn:change-set' } },
      '*describe-change-set*': { says: { Status: 'CREATE_COMPLETE', Changes: [] } },
      '*': { says: {} },
    };
    putAnswers(join(root, 'bin/aws'), answers, { calls: join(root, 'log'), named: true });
    writeFileSync(join(root, 'log'), '');
  };
  const stack = (noted?: string) => ({
    StackName: STACK,
    StackStatus: 'UPDATE_COMPLETE',
    Parameters: noted ? [{ ParameterKey: 'LiveTargetGroup', ParameterValue: noted }] : [],
    Outputs: Object.entries({ ListenerRuleArn: 'arn:rule', TargetGroupArn: FIRST }).map(([OutputKey, OutputValue]) => ({
      OutputKey,
      OutputValue,
    })),
  });
  const configure = (server: object) => {
    const own = { name: 'mcp', clusterArn: 'arn:cluster', albSecurityGroupIds: ['sg-1', 'sg-2'], ...server };
    const dev = {
      region: 'us-east-1',
      registry: { stackName: 'mcp-dev-registry' },
      service: { stackName: STACK, server: own },
    };
    writeFileSync(join(root, 'deploy/cdk/config/dev.json'), JSON.stringify(dev));
  };
  const run = async (operation: keyof typeof CDK_OPERATIONS, ...words: string[]) => {
    const env = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}` };
    const { session, said } = sessionIn(root, env);
    return { exitCode: await CDK_OPERATIONS[operation](session, readConfigs(root)!, words), ...said };
  };

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'cdk-operations-'));
    for (const folder of ['bin', 'deploy/cdk/config', 'node_modules/aws-cdk/bin']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, 'deploy/cdk/cdk.json'), '{}');
    writeFileSync(
      join(root, 'node_modules/aws-cdk/bin/cdk.js'),
      `require('node:fs').appendFileSync('../../log', 'cdk ' + process.argv.slice(2).join(' ') + '\\n'); process.exitCode = 3;`,
    );
    writeFileSync(join(root, 'node_modules/aws-cdk/package.json'), '{ "exports": { "./bin/cdk": "./bin/cdk.js" } }');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  beforeEach(() => configure({}));

  it('the operations on stacks of the CDK find the stacks that words name', () => {
    const configs = readConfigs(root)!;
    expect(stackPlaces(configs).map(({ name }) => name)).toEqual(['mcp-dev-registry', STACK]);
    expect(serviceStacksAmong(['mcp-dev-registry'], configs)).toEqual([]);
    expect(serviceStacksAmong(['mcp-dev-registry', STACK, '--x'], configs)).toHaveLength(1);
    expect(readConfigs(join(root, 'bin'))).toBeUndefined();
  });

  it('the operations on stacks of the CDK run that of the repository in its folder, pass words on, and end as it does', async () => {
    finds(stack());
    expect((await run('destroy', STACK, '--force')).exitCode).toBe(3);
    expect((await run('deploy', STACK, '--require-approval', 'never')).exitCode).toBe(3);
    expect((await run('plan', STACK, '--ci')).exitCode).toBe(3);
    expect(cdkCalls()).toEqual([
      `destroy ${STACK} --force`,
      `deploy --method=change-set --import-existing-resources ${STACK} --require-approval never`,
      `diff --import-existing-resources ${STACK} --ci`,
    ]);
  });

  it.each([
    ['is not there', undefined],
    ['has no more than its name', { StackStatus: 'REVIEW_IN_PROGRESS' }],
  ])('the operations on stacks of the CDK plan a stack that %s by its template', async (_, found) => {
    configure({ albEgressSecurityGroupId: 'sg-1' });
    finds(found);
    await run('plan', STACK);
    expect(cdkCalls()).toEqual([`diff --import-existing-resources --method=template ${STACK}`]);
    expect(log().filter((line) => line.includes('security-groups'))).toEqual([]);
  });

  it('the operations on stacks of the CDK give the parameters read from the account, but for those that are given', async () => {
    configure({ albEgressSecurityGroupId: 'sg-1', trafficShift: { strategy: 'CANARY' } });
    finds(stack('second'), [0, 100], [{ GroupId: 'sg-1' }]);
    const words = `--parameters ${STACK}:AlbEgress=on --parameters ${STACK}:LiveTargetGroup=second`;
    const { stdout, stderr } = await run('parameters', STACK);
    expect(stdout).toBe(`${words}\n`);
    expect(stderr).toMatch(/^AlbEgress on: no group/);
    await run('plan', STACK);
    await run('deploy', STACK, '--parameters', `${STACK}:AlbEgress=off`);
    expect(cdkCalls()).toEqual([
      `diff --import-existing-resources ${words} ${STACK}`,
      `deploy --method=change-set --import-existing-resources --parameters ${STACK}:LiveTargetGroup=second ${STACK} --parameters ${STACK}:AlbEgress=off`,
    ]);
    expect(parameterWords([])).toEqual([]);
  });

  it('the operations on stacks of the CDK let a stack note where its traffic is, before it is deployed', async () => {
    configure({ trafficShift: { strategy: 'CANARY' } });
    finds(stack('first'), [0, 100]);
    const { stderr } = await run('deploy', STACK);
    expect(stderr).toMatch(/^LiveTargetGroup second: the traffic is there, and stays\./);
    const steps = log().map((line) => /^cdk \w+|\w+-change-set/.exec(line)?.[0]);
    expect(steps.filter(Boolean)).toEqual([
      'create-change-set',
      'describe-change-set',
      'execute-change-set',
      'delete-change-set',
      'cdk deploy',
    ]);
  });

  it('the operations on stacks of the CDK take no traffic away', async () => {
    configure({ trafficShift: { strategy: 'CANARY' } });
    finds(stack('first'), [90, 10]);
    await expect(run('deploy', STACK)).rejects.toThrow(/ECS is moving the traffic of mcp/);
    finds(stack('first'), [1, 0], [], [{ status: 'IN_PROGRESS' }]);
    await expect(run('deploy', STACK)).rejects.toThrow(/ECS is moving the traffic of mcp/);
    configure({});
    finds(stack('second'), [0, 100]);
    await expect(run('deploy', STACK)).rejects.toThrow(/--force-new-deployment/);
    expect(cdkCalls()).toEqual([]);
  });

  it('the operations on stacks of the CDK say that it is not installed, and which stack has no service', async () => {
    finds(stack());
    const { session } = sessionIn(root);
    await expect(cdkActions(session, readConfigs(root)!, ['mcp-dev-registry'])).rejects.toThrow(
      'mcp-dev-registry is no stack of a service.',
    );
    rmSync(join(root, 'node_modules'), { recursive: true });
    await expect(run('destroy', STACK)).rejects.toThrow('The CDK is not installed in this repository: run npm ci.');
  });
});
