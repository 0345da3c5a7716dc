import { describe, expect, it } from 'vitest';

import { NO_VALUE, resolve, resolveMembers, type Scope } from '../../../../src/rehearsal/cloudformation/functions';
import {
  checkRules,
  pseudoParameters,
  resolveConditions,
  resolveParameters,
} from '../../../../src/rehearsal/cloudformation/parameters';
import { coerceProperties, replacingProperties, validateTemplate } from '../../../../src/rehearsal/cloudformation/spec';
import { parseTemplate, type Template, type TemplateValue } from '../../../../src/rehearsal/cloudformation/template';

const SCOPE: Scope = {
  parameters: {
    ...pseudoParameters({ accountId: '123456789012', region: 'us-east-1', stackName: 's', stackId: 'arn:s' }),
    Name: 'web',
    Subnets: ['subnet-1', 'subnet-2'],
  },
  mappings: { Sizes: { small: { cpu: '256', list: ['a', 'b'] } } },
  conditions: { Always: true, Never: false },
  ref: (name) => {
    if (name !== 'Role') throw new Error(`no ${name}`);
    return 'role-1';
  },
  attribute: (name, attribute) => `${name}/${attribute}`,
  importValue: (name) => `import:${name}`,
};

/** The value of the one key of a template's text. */
function value(yaml: string): TemplateValue {
  return (parseTemplate(`V: ${yaml}`) as unknown as { V: TemplateValue }).V;
}

describe('functions', () => {
  it.each([
    ['!Ref Name', 'web'],
    ['!Ref Subnets', ['subnet-1', 'subnet-2']],
    ['!Ref Role', 'role-1'],
    ['!Ref AWS::Region', 'us-east-1'],
    ['!GetAtt Role.Arn', 'Role/Arn'],
    ['!GetAtt [Db, Endpoint.Port]', 'Db/Endpoint.Port'],
    ['!Sub "${Name}-${AWS::AccountId}-${Role.Arn}-${!aws:username}"', 'web-123456789012-Role/Arn-${aws:username}'],
    ['!Sub ["${a}${Name}", {a: !Select [1, !Ref Subnets]}]', 'subnet-2web'],
    ['!Join ["-", [a, !Ref Name, 1, true]]', 'a-web-1-true'],
    ['!Join [",", !Ref Subnets]', 'subnet-1,subnet-2'],
    ['!Select ["0", [x, y]]', 'x'],
    ['!Split [",", "a,b"]', ['a', 'b']],
    ['!FindInMap [Sizes, small, cpu]', '256'],
    ['!FindInMap [Sizes, !Join ["", [sm, all]], list]', ['a', 'b']],
    ['!If [Always, 1, !Ref Missing]', 1],
    ['!If [Never, 1, [!If [Never, 1, !Ref AWS::NoValue], 2]]', [2]],
    ['!Base64 abc', 'YWJj'],
    ['!ImportValue x', 'import:x'],
    ['{Statement: [{Condition: {Bool: {a: yes}}}]}', { Statement: [{ Condition: { Bool: { a: true } } }] }],
    ['2012-10-17', '2012-10-17'],
  ])('the CloudFormation value %s is resolved', (yaml, expected) => {
    expect(resolve(value(yaml), SCOPE)).toEqual(expected);
  });

  it('a CloudFormation property without a value is left out', () => {
    expect(resolveMembers({ a: value('!Ref AWS::NoValue'), b: 1 }, SCOPE)).toEqual({ b: 1 });
    expect(NO_VALUE).toBeTypeOf('symbol');
  });

  it.each([
    ['!Ref Missing', /no Missing/],
    ['!Ref AWS::NoValue', /NoValue/],
    ['!Select [2, [x, y]]', /nonexistent value at index 2/],
    ['!Select [-1, [x, y]]', /nonexistent/],
    ['!Join ["-", [[a]]]', /needs a string/],
    ['!Join ["-", a]', /takes a literal delimiter and a list/],
    ['!Sub "${a b}"', /no name/],
    ['!Sub "${aws:username}"', /no name/],
    ['!Sub ["x", {unused: 1}]', /does not use: unused/],
    ['!Sub "${Subnets}"', /needs a string/],
    ['!FindInMap [Sizes, large, cpu]', /Unable to get mapping for Sizes::large::cpu/],
    ['!If [Maybe, 1, 2]', /Maybe/],
    ['!Split ["", a]', /takes a literal delimiter/],
    ['{Fn::Length: [1]}', /Fn::Length/],
    ['{Fn::GetAZs: ""}', /Fn::GetAZs/],
    ['{Ref: a, b: c}', /beside other keys/],
    ['!Equals [a, b]', /no function that gives a value/],
    ['"{{resolve:ssm:/x}}"', /Dynamic references/],
  ])('the CloudFormation value %s is refused', (yaml, message) => {
    expect(() => resolve(value(yaml), SCOPE)).toThrow(message);
  });
});

describe('the text of a template', () => {
  it.each([
    ['a: !Foo b', /Unresolved tag: !Foo/],
    ['a: 1\na: 2', /unique/],
    ['- a', /unsupported structure/],
    ['a: {', /not well-formed/],
    ['a: &x 1\nb: *x', /aliases/],
  ])('the text %j of a CloudFormation template is refused', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });

  it('the text of a CloudFormation template may be JSON', () => {
    expect(parseTemplate('{"Resources": {"A": {"Type": "AWS::Logs::LogGroup"}}}').Resources.A!.Type).toBe(
      'AWS::Logs::LogGroup',
    );
  });
});

describe('parameters', () => {
  const template = parseTemplate(`
Parameters:
  Name: {Type: String, AllowedPattern: "[a-z]+", MinLength: 2, MaxLength: 4}
  Size: {Type: Number, Default: 2, MinValue: 1, MaxValue: 3}
  Mode: {Type: String, Default: a, AllowedValues: [a, "1"], ConstraintDescription: a or 1}
  Cidrs: {Type: CommaDelimitedList, Default: "10.0.0.0/8, 11.0.0.0/8", AllowedPattern: "[0-9./]+"}
`);

  it('CloudFormation parameters have values, defaults, and lists if they are lists', () => {
    expect(resolveParameters(template, { Name: 'abc', Mode: '1' })).toEqual({
      Name: 'abc',
      Size: '2',
      Mode: '1',
      Cidrs: ['10.0.0.0/8', '11.0.0.0/8'],
    });
  });

  it.each([
    [{}, /^Parameters: \[Name\] must have values$/],
    [{ Name: 'abc', X: '' }, /^Parameters: \[X\] do not exist in the template$/],
    [{ Name: 'abcX' }, /^Parameter 'Name' must match pattern/],
    [{ Name: 'a' }, /at least 2/],
    [{ Name: 'abcde' }, /at most 4/],
    [{ Name: 'abc', Size: 'x' }, /must be a number/],
    [{ Name: 'abc', Size: '0' }, /not less than 1/],
    [{ Name: 'abc', Size: '4' }, /not greater than 3/],
    [{ Name: 'abc', Mode: 'b' }, /^Parameter Mode failed to satisfy constraint: a or 1$/],
    [{ Name: 'abc', Cidrs: '10.0.0.0/8,x' }, /must match pattern/],
  ])('CloudFormation parameters of %j are refused', (given, message) => {
    expect(() => resolveParameters(template, given)).toThrow(message);
  });
});

describe('conditions and rules', () => {
  const template = parseTemplate(`
Parameters:
  Hosts: {Type: CommaDelimitedList, Default: "a,b"}
  Zone: {Type: String, Default: ""}
  Certificate: {Type: String, Default: ""}
Rules:
  Domain:
    RuleCondition: !Not [!Equals [!Ref Zone, ""]]
    Assertions:
      - Assert: !EachMemberIn [!Ref Hosts, [a, b, c]]
        AssertDescription: Hosts are a, b or c
      - Assert: !Not [!Contains [[x, y], !Ref Certificate]]
        AssertDescription: The certificate is not x or y
Conditions:
  Issued: !And [!Condition InZone, !Not [!Condition Given]]
  InZone: !Not [!Equals [!Ref Zone, ""]]
  Given: !Not [!Equals [!Ref Certificate, ""]]
`);
  const parameters = (given: Record<string, string>) => resolveParameters(template, given);

  it('CloudFormation conditions come to what they say', () => {
    expect(resolveConditions(template, parameters({}))).toEqual({ Issued: false, InZone: false, Given: false });
    expect(resolveConditions(template, parameters({ Zone: 'Z' }))).toEqual({
      Issued: true,
      InZone: true,
      Given: false,
    });
  });

  it('CloudFormation rules refuse with the description of what is not so', () => {
    expect(() => checkRules(template, parameters({ Hosts: 'd' }))).not.toThrow();
    expect(() => checkRules(template, parameters({ Zone: 'Z' }))).not.toThrow();
    expect(() => checkRules(template, parameters({ Zone: 'Z', Hosts: 'a,d' }))).toThrow('Hosts are a, b or c');
    expect(() => checkRules(template, parameters({ Zone: 'Z', Certificate: 'x' }))).toThrow('is not x or y');
  });

  it.each([
    ['{A: !Condition A}', /circular/],
    ['{A: !Condition B}', /Unresolved condition dependency B/],
    ['{A: !Equals [!GetAtt X.Y, 1]}', /Cannot reference resources/],
    ['{A: !Equals [1]}', /two values/],
    ['{A: yes}', /no condition/],
  ])('the CloudFormation conditions %s are refused', (yaml, message) => {
    const conditions = value(yaml) as Template['Conditions'];
    expect(() => resolveConditions({ Conditions: conditions, Resources: {} }, {})).toThrow(message);
  });
});

describe('validateTemplate', () => {
  const GROUP = 'Type: AWS::Logs::LogGroup';
  const problems = (text: string) => validateTemplate(parseTemplate(text));
  const ofGroup = (properties: string) => problems(`Resources: {A: {${GROUP}, Properties: ${properties}}}`);

  it('validateTemplate has nothing to say of a template that is right', () => {
    expect(
      problems(`
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Days: {Type: Number, Default: 30}
  Ports: {Type: CommaDelimitedList}
Mappings: {M: {a: {b: c}}}
Conditions: {Keep: !Equals [!Ref Days, 0]}
Resources:
  A:
    ${GROUP}
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      RetentionInDays: !If [Keep, !Ref AWS::NoValue, !Ref Days]
      Tags: [{Key: a, Value: !FindInMap [M, a, b]}]
  R:
    Type: AWS::IAM::Role
    DependsOn: A
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}
      ManagedPolicyArns: !If [Keep, [], !Ref Ports]
Outputs:
  Arn: {Value: !GetAtt A.Arn, Export: {Name: !Sub "\${AWS::StackName}-arn"}}
`),
    ).toEqual([]);
  });

  it.each([
    ['{RetentionInDay: 1}', 'Resources.A.Properties: no property RetentionInDay'],
    ['{RetentionInDays: x}', 'Resources.A.Properties.RetentionInDays: an integer is needed, and not "x"'],
    ['{RetentionInDays: 91}', /91 is none of 1, 3, 5/],
    ['{RetentionInDays: "7"}', undefined],
    ['{KmsKeyId: [a]}', 'Resources.A.Properties.KmsKeyId: a string is needed'],
    ['{KmsKeyId: !Split [",", a]}', /no list/],
    ['{Tags: {Key: a, Value: b}}', 'Resources.A.Properties.Tags: a list is needed'],
    ['{Tags: [{Key: a}]}', 'Resources.A.Properties.Tags[0]: required property Value is missing'],
    ['{Tags: [{Key: a, Value: b, X: c}]}', 'Resources.A.Properties.Tags[0]: no property X'],
    ['{Tags: !If [C, [], []]}', /no such condition: "C"/],
    ['{LogGroupName: !Ref B}', /refers to B, which is not there/],
    ['{LogGroupName: !GetAtt B.Arn}', /refers to B.Arn/],
    ['{LogGroupName: !Sub "${B.Arn}"}', /refers to B.Arn/],
    ['{LogGroupName: !FindInMap [M, a, b]}', /no such mapping: M/],
    ['{LogGroupName: !Cidr [a, 1, 2]}', /Fn::Cidr/],
    ['{LogGroupName: "{{resolve:ssm:x}}"}', /dynamic references/],
  ])('validateTemplate says what is wrong with the properties %s, if anything', (properties, expected) => {
    const found = ofGroup(properties);
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
  });

  it.each([
    ['{}', /at least one Resources member/],
    [`Resources: {A: {${GROUP}}}\nTransform: AWS::LanguageExtensions`, /unknown sections: Transform/],
    [`Resources: {A: {${GROUP}, UpdatePolicy: {}}}`, /unknown attributes: UpdatePolicy/],
    [`Resources: {A-B: {${GROUP}}}`, /not alphanumeric/],
    [`Resources: {A: {${GROUP}, DeletionPolicy: Snapshot}}`, /none of Delete, Retain/],
    [`Resources: {A: {${GROUP}, DeletionPolicy: !Ref X}}`, /none of Delete, Retain/],
    [`Resources: {A: {${GROUP}, UpdateReplacePolicy: RetainExceptOnCreate}}`, /none of Delete, Retain/],
    [`Resources: {A: {${GROUP}, DependsOn: B}}`, /no such resource: B/],
    [`Resources: {A: {${GROUP}, Condition: B}}`, /no such condition: "B"/],
    ['Resources: {A: {Type: AWS::Logs::Group}}', /has no type AWS::Logs::Group/],
    [`Resources: {A: {${GROUP}}}\nOutputs: {O: {Value: !GetAtt A.Name}}`, /has no attribute Name/],
    [`Resources: {A: {${GROUP}}}\nOutputs: {O: {Value: [a]}}`, /Outputs.O.Value: a string is needed/],
    [`Resources: {A: {${GROUP}}}\nParameters: {P: {Type: Strin}}`, /type Strin is not known/],
    [
      `Resources: {A: {${GROUP}}}\nParameters: {P: {Type: String, Default: a, AllowedPattern: b}}`,
      /default does not fit/,
    ],
    [`Resources: {A: {${GROUP}}}\nParameters: {P: {Type: Number, MinLength: 1}}`, /MinLength has no effect/],
    [
      `Resources: {A: {${GROUP}}}\nRules: {R: {Assertions: [{Assert: !If [A, 1, 2]}]}}`,
      /Fn::If is no function that may stand in a rule/,
    ],
    ['Resources: {A: {Type: AWS::IAM::Role}}', /required property AssumeRolePolicyDocument is missing/],
  ])('validateTemplate refuses the template %j', (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)]);
  });
});

describe('the specification', () => {
  it('the specification of CloudFormation says the type of each scalar', () => {
    const properties = {
      ContainerDefinitions: [{ Name: 1, Image: 'i', Cpu: '256', Essential: 'true', DockerLabels: { a: 1 } }],
      Cpu: 512,
      Tags: [{ Key: 'a', Value: true }],
    };
    expect(coerceProperties('AWS::ECS::TaskDefinition', properties)).toEqual({
      ContainerDefinitions: [{ Name: '1', Image: 'i', Cpu: 256, Essential: true, DockerLabels: { a: '1' } }],
      Cpu: '512',
      Tags: [{ Key: 'a', Value: 'true' }],
    });
  });

  it('the specification of CloudFormation says what replaces a resource', () => {
    const before = { Name: 'a', Port: 80, HealthCheckPath: '/' };
    const replacing = (after: object) =>
      replacingProperties('AWS::ElasticLoadBalancingV2::TargetGroup', before, { ...before, ...after });
    expect(replacing({ HealthCheckPath: '/health' })).toEqual([]);
    expect(replacing({ Port: 81, HealthCheckPath: '/health' })).toEqual(['Port']);
  });
});
