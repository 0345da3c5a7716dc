import { describe, expect, it } from 'vitest';

import {
  fittingTemplate,
  leastTemplateBytes,
  TEMPLATE_BODY,
  templateResources,
  withNames,
} from '../../../../src/operations/cloudformation/template';

const GROUPS = `Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label: { default: Image }
  cfn-lint: {}
`;

describe('a template for CloudFormation', () => {
  it('a template for CloudFormation has the resources that its lines name, with type and condition', () => {
    const template = `Parameters:
  Name: { Type: String }
Resources: # all
  # A comment.
  LogGroup:
    Condition: KeepsLogs
    Type: AWS::Logs::LogGroup
    Properties:
      Type: other
  Topic: { Type: 'AWS::SNS::Topic', Condition: IsThere }
  Plain:
    Type: "AWS::X::Y"
Outputs:
  Url: { Value: x }
`;
    expect(templateResources(template)).toEqual([
      { id: 'LogGroup', type: 'AWS::Logs::LogGroup', condition: 'KeepsLogs' },
      { id: 'Topic', type: 'AWS::SNS::Topic', condition: 'IsThere' },
      { id: 'Plain', type: 'AWS::X::Y', condition: undefined },
    ]);
    expect(templateResources('Parameters: {}\n')).toEqual([]);
  });

  it('a template for CloudFormation is as long as a request takes: its groups of parameters go only if they must', () => {
    const filled = (bytes: number) => {
      const rest = bytes - GROUPS.length - '# \n'.length;
      return `${GROUPS}# ${'é'.repeat(rest / 2)}${'x'.repeat(rest % 2)}\n`;
    };
    const longest = filled(TEMPLATE_BODY);
    expect(Buffer.byteLength(longest)).toBe(TEMPLATE_BODY);
    expect(fittingTemplate(longest)).toBe(longest);
    const longer = filled(TEMPLATE_BODY + 1);
    expect(fittingTemplate(longer)).not.toContain('ParameterGroups');
    expect(fittingTemplate(longer)).toContain('  cfn-lint: {}');
    expect(fittingTemplate(longer)).toContain('# é');
    const longest2 = filled(2 * TEMPLATE_BODY);
    expect(fittingTemplate(longest2)).toBe('Metadata:\n  cfn-lint: {}\n');
    expect(leastTemplateBytes(longest2)).toBe(Buffer.byteLength(fittingTemplate(longest2)));
  });

  it('a template for CloudFormation that is too long keeps what only looks like a comment', () => {
    const text = [
      'Resources:',
      '  # One.',
      '  Code:',
      '    - ZipFile: |-',
      '        # of the code',
      '',
      '        run()',
      '    # Two.',
      "    - Text: 'a # b'",
      '      Folded: !Sub >',
      '        # of the text',
      'Outputs: {}',
      '',
    ];
    const long = `${text.join('\n')}# ${'x'.repeat(TEMPLATE_BODY)}\n`;
    const kept = text.filter((line) => !/(One|Two)\.$/.test(line));
    expect(fittingTemplate(long)).toBe(kept.join('\n'));
  });

  it('a template for CloudFormation has the names of what it imports written out, if there are any', () => {
    const template = 'RepositoryName: !Ref RepositoryName\nLogGroupName: !Sub /ecs/${ServiceName}\n';
    expect(withNames(template, { RepositoryName: 'a/b', ServiceName: 'mcp' })).toBe(
      'RepositoryName: a/b\nLogGroupName: /ecs/mcp\n',
    );
    expect(withNames(template, { ServiceName: 'mcp' })).toMatch(/^RepositoryName: !Ref RepositoryName\n/);
  });
});
