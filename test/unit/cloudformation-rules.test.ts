import { describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import { checkRules, resolveParameters } from '../../src/rehearsal/cloudformation/parameters';
import { parseTemplate } from '../../src/rehearsal/cloudformation/template';
import { DELIVERING, emitted, GENERATIONS } from '../support/cloudformation-files';

describe.each(GENERATIONS)('the template of the service for $id', (entry) => {
  const files = emitted(entry);
  const template = parseTemplate(files['mcp_server.yaml']!);
  const given = { ...JSON.parse(files['parameters/dev.json']!).Parameters, ImageDigest: `sha256:${'0'.repeat(64)}` };
  const check = (change: Record<string, string>) => () =>
    checkRules(template, resolveParameters(template, { ...given, ...change }));

  it(`the CloudFormation template of the service for ${entry.id} takes no step of LINEAR that ECS refuses`, () => {
    const linear = { DeploymentStrategy: 'LINEAR', AlternateTargetGroupName: 'other' };
    expect(check({ ...linear, StepPercent: '2' })).toThrow('3 percent or more');
    expect(check({ ...linear, StepPercent: '3' })).not.toThrow();
    expect(check({ ...linear, DeploymentStrategy: 'CANARY', StepPercent: '1' })).not.toThrow();
  });
});

it('the CloudFormation template of the registry is small enough to be given as text, with roles of workflows', () => {
  const template = emitted(LATEST, DELIVERING)['registry.yaml']!;
  expect(Buffer.byteLength(template)).toBeLessThan(51_200);
});
