import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { compareResources } from '../../../src/resources/impact';
import { refusals } from '../../../src/resources/refusals';
import { resourcesOf } from '../../../src/resources/resources';
import { exampleWith, problemsOf } from '../../support/answers';

function deploymentWith(
  network: Partial<NonNullable<Answers['environments'][string]>['network']>,
  target: Answers['target'],
) {
  const answers = exampleAnswers(undefined, target);
  Object.assign(answers.environments.dev!.network, network);
  if (target !== 'terraform') answers.environments.dev!.deployment = { strategy: 'blue-green' };
  return resolveDeployment(readConfig(answers, 'x'));
}

const VPC = 'vpc-0fedcba9876543210';

describe.each(TARGETS)('names with a suffix: %s', (target) => {
  const namesOf = (network: object) => {
    const { service } = deploymentWith(network, target).environments[0]!;
    const { targetGroupName, securityGroup, rollout } = service;
    return [targetGroupName, securityGroup.name, ...(rollout.shift ? [rollout.shift.alternateTargetGroupName] : [])];
  };

  it(`names with a suffix (${target}) are those of what is made anew, each within its limit, and no others`, () => {
    const shifts = target !== 'terraform';
    expect(namesOf({})).toEqual([
      'quilt-mcp-server-dev',
      'quilt-mcp-server-dev',
      ...(shifts ? ['quilt-mcp-server-dev-alternate'] : []),
    ]);
    const [group, security, alternate] = namesOf({ nameSuffix: '2' });
    expect([group, security]).toEqual(['quilt-mcp-server-dev-2', 'quilt-mcp-server-dev-2']);
    if (shifts) expect(alternate).toBe('quilt-mcp-server-dev-2-alternate');
    const [longest, , second = ''] = namesOf({ nameSuffix: 'abcdefgh' });
    for (const name of [longest!, second]) expect(name.length).toBeLessThanOrEqual(32);
  });

  it(`names with a suffix (${target}) are the way out if another VPC is refused for the name of the target group`, () => {
    const impact = (network: object) =>
      compareResources(
        resourcesOf(deploymentWith({}, target)),
        resourcesOf(deploymentWith({ vpcId: VPC, ...network }, target)),
        target,
      );
    const [refused] = refusals(impact({})).filter(({ change }) => change.id === 'targetGroup');
    expect(refused!.reason).toContain('the deployment stops at it');
    expect(refused!.way).toContain('network.nameSuffix');
    const [replaced] = impact({ nameSuffix: '2' }).filter(({ id }) => id === 'targetGroup');
    expect(replaced).toMatchObject({ action: 'replace', fate: 'deleted' });
  });
});

it('a name with a suffix is not that of another environment', () => {
  const answers = exampleWith({ 'dev.network.nameSuffix': '2' });
  const { network, ...dev } = structuredClone(answers.environments.dev);
  answers.environments['dev-2'] = {
    ...dev,
    network: { ...network, nameSuffix: undefined },
    routing: { ...dev.routing, host: 'other.example.com', priority: 400 },
  };
  const own = problemsOf(answers).filter(({ path }) => path === 'environments.dev.network.nameSuffix');
  expect(own.map(({ message }) => message)).toEqual([expect.stringContaining('environments.dev-2')]);
});
