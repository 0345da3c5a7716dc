import { describe, expect, it } from 'vitest';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { differences } from './graph';
import { matrix } from './matrix';
import { RESOURCES } from './properties';
import { cloudformationGraph, filesOf, type Layer, layersOf } from './sources';

/** A mistake in a template, and the property that it falsifies; or what is said of a property that nobody knows. */
type Drift = readonly [what: string, layer: Layer['layer'], from: string, to: string, caught: string];

const DRIFTS: readonly Drift[] = [
  [
    'a tag that may change',
    'registry',
    'ImageTagMutability: IMMUTABLE',
    'ImageTagMutability: MUTABLE',
    'tagMutability',
  ],
  ['no scan', 'registry', 'ScanOnPush: true', 'ScanOnPush: false', 'scanOnPush'],
  ['another encryption', 'registry', 'EncryptionType: AES256', 'EncryptionType: KMS', 'encryption'],
  ['images that expire sooner', 'registry', '"countNumber":14', '"countNumber":1', 'lifecycle'],
  [
    'a repository that goes with its stack',
    'registry',
    'DeletionPolicy: RetainExceptOnCreate',
    'DeletionPolicy: Delete',
    'retain',
  ],
  ['another size', 'service', 'Cpu: !Ref Cpu', 'Cpu: 256', 'cpu'],
  ['another architecture', 'service', 'CpuArchitecture: X86_64', 'CpuArchitecture: ARM64', 'architecture'],
  [
    'the roles mixed up',
    'service',
    'TaskRoleArn: !GetAtt TaskRole.Arn',
    'TaskRoleArn: !GetAtt ExecutionRole.Arn',
    'taskRole',
  ],
  ['an image by its tag', 'service', '${RepositoryUri}@${ImageDigest}', '${RepositoryUri}:latest', 'image'],
  ['root', 'service', "User: '10001:10001'", "User: '0:0'", 'user'],
  ['a writable root', 'service', 'ReadonlyRootFilesystem: true', 'ReadonlyRootFilesystem: false', 'readonlyRoot'],
  ['no init process', 'service', 'InitProcessEnabled: true', 'InitProcessEnabled: false', 'init'],
  ['less tmpfs', 'service', 'Size: 256', 'Size: 16', 'tmpfsSize'],
  [
    'another port',
    'service',
    'ContainerPort: 8000\n              HostPort',
    'ContainerPort: 8001\n              HostPort',
    'containerPort',
  ],
  ['a variable of another value', 'service', 'Value: "0.0.0.0"', 'Value: "127.0.0.1"', 'environment'],
  [
    'a variable too many',
    'service',
    '          Environment:\n',
    '          Environment:\n            - Name: DEBUG\n              Value: "1"\n',
    'environment',
  ],
  ['a secret under another name', 'service', 'Name: API_KEY\n', 'Name: OTHER_KEY\n', 'secrets'],
  ['a probe of another path', 'service', ':8000/health', ':8000/', 'probe'],
  ['less time to start', 'service', 'StartPeriod: 120', 'StartPeriod: 10', 'startPeriod'],
  ['less time to stop', 'service', 'StopTimeout: 60', 'StopTimeout: 30', 'stopTimeout'],
  ['another log prefix', 'service', 'awslogs-stream-prefix: ecs', 'awslogs-stream-prefix: mcp', 'logPrefix'],
  ['a public address', 'service', 'AssignPublicIp: DISABLED', 'AssignPublicIp: ENABLED', 'publicIp'],
  ['no rollback', 'service', 'Rollback: true', 'Rollback: false', 'rollback'],
  ['old tasks that go first', 'service', 'MinimumHealthyPercent: 100', 'MinimumHealthyPercent: 0', 'minimumHealthy'],
  ['tags that stay behind', 'service', 'PropagateTags: SERVICE', 'PropagateTags: TASK_DEFINITION', 'propagateTags'],
  [
    'a door for everybody',
    'service',
    'SourceSecurityGroupId: !Ref AlbSecurityGroupId1',
    'CidrIp: 0.0.0.0/0',
    'ingress',
  ],
  ['another way out', 'service', 'ToPort: 443', 'ToPort: 65535', 'egress'],
  ['a health check of another path', 'service', 'HealthCheckPath: /health', 'HealthCheckPath: /mcp', 'healthCheckPath'],
  ['another matcher', 'service', "HttpCode: '200'", "HttpCode: '200-499'", 'matcher'],
  ['slower deregistration', 'service', "Value: '30'", "Value: '300'", 'deregistrationDelay'],
  ['another cookie', 'service', "Value: '86400'", "Value: '60'", 'stickinessDuration'],
  ['a rule of any path', 'service', 'Values: ["/mcp", "/mcp/*"]', 'Values: ["/*"]', 'conditions'],
  ['foreign origins let in', 'service', "StatusCode: '403'", "StatusCode: '200'", 'status'],
  ['a certificate validated by mail', 'service', 'ValidationMethod: DNS', 'ValidationMethod: EMAIL', 'validation'],
  ['an alias of another type', 'service', 'Type: A\n', 'Type: AAAA\n', 'type'],
  [
    'an alias that looks at health',
    'service',
    'EvaluateTargetHealth: false',
    'EvaluateTargetHealth: true',
    'evaluatesHealth',
  ],
  ['logs without a key', 'service', 'KmsKeyId: !If [HasLogKey, !Ref LogKmsKeyArn, !Ref AWS::NoValue]', '', 'key'],
  ['a role for anybody', 'service', 'aws:SourceAccount: !Ref AWS::AccountId', "aws:SourceAccount: '*'", 'trust'],
  [
    'a role without its boundary',
    'service',
    'PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundaryArn, !Ref AWS::NoValue]',
    '',
    'boundary',
  ],
  [
    'a permission too many',
    'service',
    '- logs:PutLogEvents',
    '- logs:PutLogEvents\n                  - logs:CreateLogGroup',
    'policy',
  ],
  ['secrets of everybody', 'service', 'Resource: !Ref SecretArns', "Resource: ['*']", 'policy'],
  [
    'a property that the list lacks',
    'service',
    'LaunchType: FARGATE',
    'LaunchType: FARGATE\n      EnableExecuteCommand: true',
    'not in the list',
  ],
  [
    'a type that the list lacks',
    'service',
    'Resources:\n',
    'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n',
    'not in the list',
  ],
  [
    'a property that CloudFormation lacks',
    'service',
    'LaunchType: FARGATE',
    'LaunchType: FARGATE\n      Launch: FARGATE',
    'no property Launch',
  ],
];

const { answers } = matrix('111122223333')[0]!;
const files = filesOf('cloudformation', answers);
const layers = layersOf(resolveDeployment(readConfig(answers, 'the case'))).filter(
  ({ environment }) => environment === 'issued',
);

describe('a template that is wrong', () => {
  it.each(DRIFTS)('is found out: %s', (_, layer, from, to, caught) => {
    const place = layers.find((candidate) => candidate.layer === layer)!;
    const path = `deploy/cloudformation/${layer === 'registry' ? 'registry' : 'mcp_server'}.yaml`;
    const text = files.get(path)!;
    expect(text).toContain(from);
    const wrong = new Map(files).set(path, text.replaceAll(from, to));
    expect(foundOut(place, wrong)).toContain(caught);
  });

  it('is one for each kind of resource, at least', () => {
    const caught = new Set(DRIFTS.map(([, , , , property]) => property));
    const without = Object.entries(RESOURCES).filter(
      ([, { properties }]) => !Object.keys(properties).some((property) => caught.has(property)),
    );
    // What a listener certificate has are references, which the others' tests are about.
    expect(without.map(([type]) => type)).toEqual(['listenerCertificate']);
  });
});

function foundOut(layer: Layer, wrong: ReadonlyMap<string, string>): string {
  try {
    return differences(cloudformationGraph(files, layer), cloudformationGraph(wrong, layer)).join('\n');
  } catch (error) {
    return (error as Error).message;
  }
}
