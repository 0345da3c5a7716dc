import { describe, expect, it } from 'vitest';

import { withExtra } from '../../../../generators/cloudformation/extra';

const TEMPLATE = `Parameters:
  Name:
    Type: String

# What it makes.
Resources:
  Topic:
    Type: AWS::SNS::Topic
`;
const EXTRA = 'deploy/cloudformation/extra.local.yaml';
const extend = (extra: string) => withExtra(TEMPLATE, extra, EXTRA);

describe('resources of the owner', () => {
  it("the owner's CloudFormation resources follow those of the template, section by section, as they are written", () => {
    expect(
      extend(`# Mine.
Resources:
    # Tells me.
    Alarm:
        Type: AWS::CloudWatch::Alarm # not yet
        Properties:
            AlarmActions: [!Ref Topic]

Outputs:
  Alarm:
    Value: !GetAtt Alarm.Arn
Parameters:
  Threshold: { Type: Number }
`),
    ).toBe(`Parameters:
  Name:
    Type: String

  # From extra.local.yaml
  Threshold: { Type: Number }

# What it makes.
Resources:
  Topic:
    Type: AWS::SNS::Topic

  # From extra.local.yaml
  Alarm:
      Type: AWS::CloudWatch::Alarm # not yet
      Properties:
          AlarmActions: [!Ref Topic]

Outputs:
  # From extra.local.yaml
  Alarm:
    Value: !GetAtt Alarm.Arn
`);
  });

  it("the owner's CloudFormation resources are none in an empty file", () => {
    expect(extend('# nothing yet\n')).toBe(TEMPLATE);
    expect(extend('Resources:\n')).toContain(TEMPLATE);
  });

  it.each([
    [
      'a name that the template has',
      'Resources:\n  Topic:\n    Type: AWS::SQS::Queue\n',
      /Resources\.Topic\n.*take another name/,
    ],
    ['a section that is none', 'Transform:\n  Name: x\n', /Transform\n.*is no section/],
    ['a section that is no map', 'Resources: [1]\n', /Resources\n.*must be a map/],
    ['names on one line', 'Resources: {A: {Type: x}}\n', /block style/],
    ['no YAML', 'Resources:\n  A: {Type: x\n', /line \d+/],
    ['a list', '- 1\n', /must be a map of sections/],
  ])("the owner's CloudFormation resources are refused with %s", (_, extra, message) => {
    expect(() => extend(extra)).toThrow(message);
    expect(() => extend(extra)).toThrow(EXTRA);
  });
});
