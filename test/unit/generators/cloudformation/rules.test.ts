import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { exampleAnswers } from '../../../../src/config/example';
import { LATEST } from '../../../../src/conventions';
import { checkRules, resolveParameters } from '../../../../src/rehearsal/cloudformation/parameters';
import { parseTemplate } from '../../../../src/rehearsal/cloudformation/template';
import { DELIVERING, emitted, GENERATIONS, withPorts } from '../../../support/cloudformation-files';

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

it.each([
  ['of its own', { scope: 'environment' }],
  [
    'that is shared, so that some stacks have roles alone',
    { scope: 'shared', account: '111122223333', region: 'us-east-1' },
  ],
])(
  'the CloudFormation template of a registry %s is small enough to be given as text, with roles of workflows',
  (_, registry) => {
    const { environments } = exampleAnswers(LATEST, 'cloudformation');
    for (const environment of Object.values(environments)) Object.assign(environment, { registry });
    const template = emitted(LATEST, { ...DELIVERING, environments })['registry.yaml']!;
    expect(Buffer.byteLength(template)).toBeLessThan(51_200);
  },
);

const TEMPLATES = [
  ...GENERATIONS.map((entry) => [entry.id, emitted(entry)] as const),
  ['roles of workflows', emitted(LATEST, DELIVERING)] as const,
  ['other ports', emitted(LATEST, withPorts())] as const,
].flatMap(([what, files]) => ['registry.yaml', 'mcp_server.yaml'].map((name) => [name, what, files[name]!] as const));

it.each(TEMPLATES)('the CloudFormation template %s for %s has each parameter in one group', (_name, _what, text) => {
  const { Parameters, Metadata } = parseDocument(text, { logLevel: 'silent' }).toJS();
  const groups: { Parameters: string[] }[] = Metadata['AWS::CloudFormation::Interface'].ParameterGroups;
  expect(groups.flatMap((group) => group.Parameters).sort()).toEqual(Object.keys(Parameters).sort());
});
