import { beforeAll, describe, expect, it } from 'vitest';

import type { Answers } from '../../src/config/repository';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import {
  type DeclaredResource,
  isTemplateObject,
  type Template,
  type TemplateObject,
  type TemplateValue,
} from '../../src/rehearsal/cloudformation/template';
import { graphOfStack, type Stack } from './from-template';
import { differences, type GraphNode } from './graph';
import { deliveringCase, matrix, shiftingCase } from './matrix';
import { RESOURCES } from './properties';
import { cdkStack, cloudformationFiles, cloudformationStack, type Layer, layersOf, synthesise } from './sources';

/** A stack in which a mistake is made. */
type Place = 'registry' | 'roles' | 'service' | 'canary' | 'linear';

/** What takes the place of a value, made of it and of the object that has it where need be; undefined removes it. */
type Wrong = TemplateValue | undefined | ((value: never, owner: TemplateObject) => TemplateValue | undefined);

/**
 * A mistake in a template: in each resource of a type, every member of that name, however deep, has another value. Then
 * what is found: the property of the list that is falsified, as `resource.property`, or what the refusal says.
 */
type Drift = readonly [what: string, place: Place, type: string, member: string, wrong: Wrong, found: string];

/** No resource of a type, but the template itself. */
const TEMPLATE = 'the template';

const REPOSITORY = 'AWS::ECR::Repository';
const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const GROUP = 'AWS::EC2::SecurityGroup';
const EGRESS = 'AWS::EC2::SecurityGroupEgress';
const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const LISTENER_CERTIFICATE = 'AWS::ElasticLoadBalancingV2::ListenerCertificate';
const CERTIFICATE = 'AWS::CertificateManager::Certificate';
const RECORD = 'AWS::Route53::RecordSet';
const LOGS = 'AWS::Logs::LogGroup';
const ROLE = 'AWS::IAM::Role';
const POLICY = 'AWS::IAM::ManagedPolicy';
const PROVIDER = 'AWS::IAM::OIDCProvider';

const CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef';
const swap = (from: TemplateValue, to: TemplateValue) => (value: TemplateValue) => (value === from ? to : value);
const other = (member: string) => (_: TemplateValue, owner: TemplateObject) => owner[member]!;
const more = (entry: TemplateValue) => (list: TemplateValue[]) => [...list, entry];
const also = (members: TemplateObject) => (object: TemplateObject) => ({ ...object, ...members });

const DRIFTS: readonly Drift[] = [
  ['a tag that may change', 'registry', REPOSITORY, 'ImageTagMutability', 'MUTABLE', 'repository.tagMutability'],
  ['no scan', 'registry', REPOSITORY, 'ScanOnPush', false, 'repository.scanOnPush'],
  ['another encryption', 'registry', REPOSITORY, 'EncryptionType', 'KMS', 'repository.encryption'],
  [
    'images that expire sooner',
    'registry',
    REPOSITORY,
    'LifecyclePolicyText',
    (text: string) => text.replace('"countNumber":14', '"countNumber":1'),
    'repository.lifecycle',
  ],
  [
    'a repository that goes with its stack',
    'registry',
    REPOSITORY,
    'DeletionPolicy',
    'Delete',
    'DeletionPolicy Delete with UpdateReplacePolicy Retain',
  ],
  [
    'a repository that goes where another takes its place',
    'registry',
    REPOSITORY,
    'UpdateReplacePolicy',
    'Delete',
    'DeletionPolicy RetainExceptOnCreate with UpdateReplacePolicy Delete',
  ],
  ['another size', 'service', TASK, 'Cpu', 256, 'taskDefinition.cpu'],
  ['another architecture', 'service', TASK, 'CpuArchitecture', 'ARM64', 'taskDefinition.architecture'],
  ['the roles mixed up', 'service', TASK, 'TaskRoleArn', other('ExecutionRoleArn'), 'taskDefinition.taskRole'],
  ['an image by its tag', 'service', TASK, 'Image', 'quilt-mcp-server:latest', 'taskDefinition.image'],
  ['root', 'service', TASK, 'User', '0:0', 'taskDefinition.user'],
  ['a writable root', 'service', TASK, 'ReadonlyRootFilesystem', false, 'taskDefinition.readonlyRoot'],
  ['no init process', 'service', TASK, 'InitProcessEnabled', false, 'taskDefinition.init'],
  ['less tmpfs', 'service', TASK, 'Size', 16, 'taskDefinition.tmpfsSize'],
  ['another port', 'service', TASK, 'ContainerPort', 8001, 'taskDefinition.containerPort'],
  ['a variable of another value', 'service', TASK, 'Value', swap('0.0.0.0', '127.0.0.1'), 'taskDefinition.environment'],
  [
    'a variable too many',
    'service',
    TASK,
    'Environment',
    more({ Name: 'DEBUG', Value: '1' }),
    'taskDefinition.environment',
  ],
  ['a secret under another name', 'service', TASK, 'Name', swap('API_KEY', 'OTHER_KEY'), 'taskDefinition.secrets'],
  [
    'a probe of another path',
    'service',
    TASK,
    'Command',
    (command: string[]) => command.map((word) => word.replace(':8000/health', ':8000/')),
    'taskDefinition.probe',
  ],
  ['less time to start', 'service', TASK, 'StartPeriod', 10, 'taskDefinition.startPeriod'],
  ['less time to stop', 'service', TASK, 'StopTimeout', 30, 'taskDefinition.stopTimeout'],
  ['another log prefix', 'service', TASK, 'awslogs-stream-prefix', 'mcp', 'taskDefinition.logPrefix'],
  ['logs in another region', 'service', TASK, 'awslogs-region', 'eu-west-1', 'taskDefinition.logRegion'],
  ['a public address', 'service', SERVICE, 'AssignPublicIp', 'ENABLED', 'service.publicIp'],
  ['fewer subnets', 'service', SERVICE, 'Subnets', ['subnet-0123456789abcdef0'], 'service.subnets'],
  ['no rollback', 'service', SERVICE, 'Rollback', false, 'service.rollback'],
  ['alarms that nobody hears', 'service', SERVICE, 'Alarms', undefined, 'service.alarms'],
  ['old tasks that go first', 'service', SERVICE, 'MinimumHealthyPercent', 0, 'service.minimumHealthy'],
  ['tags that stay behind', 'service', SERVICE, 'PropagateTags', 'TASK_DEFINITION', 'service.propagateTags'],
  ['another strategy', 'canary', SERVICE, 'Strategy', 'BLUE_GREEN', 'service.strategy'],
  ['no time to move back', 'canary', SERVICE, 'BakeTimeInMinutes', 0, 'service.bakeTime'],
  ['more that moves first', 'canary', SERVICE, 'CanaryPercent', 95, 'service.canaryPercent'],
  ['less time until the rest', 'canary', SERVICE, 'CanaryBakeTimeInMinutes', 1, 'service.canaryTime'],
  ['greater steps', 'linear', SERVICE, 'StepPercent', 50, 'service.stepPercent'],
  ['faster steps', 'linear', SERVICE, 'StepBakeTimeInMinutes', 0, 'service.stepTime'],
  ['traffic to somebody else', 'canary', SERVICE, 'AlternateTargetGroupArn', 'arn', 'service.alternateTargetGroup'],
  ['a rule of somebody else', 'canary', SERVICE, 'ProductionListenerRule', 'arn', 'service.productionRule'],
  ['a role that is not there', 'canary', SERVICE, 'RoleArn', 'arn', 'service.trafficRole'],
  [
    'a door for everybody',
    'service',
    GROUP,
    'SecurityGroupIngress',
    more({ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, CidrIp: '0.0.0.0/0' }),
    'securityGroup.ingress',
  ],
  ['another way out', 'service', GROUP, 'ToPort', swap(443, 65535), 'securityGroup.egress'],
  ['the load balancer let out to elsewhere', 'service', EGRESS, 'ToPort', 65535, 'securityGroupEgress.toPort'],
  ['a health check of another path', 'service', TARGETS, 'HealthCheckPath', '/mcp', 'targetGroup.healthCheckPath'],
  ['another matcher', 'service', TARGETS, 'HttpCode', '200-499', 'targetGroup.matcher'],
  ['slower deregistration', 'service', TARGETS, 'Value', swap('30', '300'), 'targetGroup.deregistrationDelay'],
  ['another cookie', 'service', TARGETS, 'Value', swap('86400', '60'), 'targetGroup.stickinessDuration'],
  ['a rule of any path', 'service', RULE, 'PathPatternConfig', { Values: ['/*'] }, 'listenerRule.conditions'],
  ['foreign origins let in', 'service', RULE, 'StatusCode', '200', 'listenerRule.status'],
  ['traffic that is parted from the start', 'canary', RULE, 'Weight', 1, 'listenerRule.weighted'],
  [
    'the certificate of somebody else',
    'service',
    LISTENER_CERTIFICATE,
    'CertificateArn',
    CERTIFICATE_ARN,
    'listenerCertificate.certificate',
  ],
  ['a certificate validated by mail', 'service', CERTIFICATE, 'ValidationMethod', 'EMAIL', 'certificate.validation'],
  ['an alias of another type', 'service', RECORD, 'Type', swap('A', 'CNAME'), 'aliasRecord.type'],
  ['an alias that looks at health', 'service', RECORD, 'EvaluateTargetHealth', true, 'aliasRecord.evaluatesHealth'],
  ['logs without a key', 'service', LOGS, 'KmsKeyId', undefined, 'logGroup.key'],
  ['logs that are gone sooner', 'service', LOGS, 'RetentionInDays', 1, 'logGroup.retention'],
  [
    'logs under the tags of somebody else',
    'service',
    LOGS,
    'Properties',
    also({ Tags: [{ Key: 'Owner', Value: 'somebody else' }] }),
    'logGroup.tags',
  ],
  ['a role for anybody', 'service', ROLE, 'aws:SourceAccount', '*', 'role.trust'],
  ['a role without its boundary', 'service', ROLE, 'PermissionsBoundary', undefined, 'role.boundary'],
  [
    'a permission too many',
    'service',
    ROLE,
    'Action',
    (action: TemplateValue) => (Array.isArray(action) && action.includes('logs:PutLogEvents') ? ['logs:*'] : action),
    'role.policy',
  ],
  [
    'secrets of everybody',
    'service',
    ROLE,
    'Resource',
    (resource: TemplateValue, { Sid }: TemplateObject) => (Sid === 'ReadSecrets' ? '*' : resource),
    'role.policy',
  ],
  [
    'a policy that may do more',
    'canary',
    ROLE,
    'ManagedPolicyArns',
    ['arn:aws:iam::aws:policy/AdministratorAccess'],
    'role.managedPolicies',
  ],
  ['a workflow of any repository', 'roles', ROLE, 'token.actions.githubusercontent.com:sub', 'repo:*', 'role.trust'],
  ['a workflow of any provider', 'roles', ROLE, 'Federated', '*', 'role.trust'],
  ['tokens for somebody else', 'roles', PROVIDER, 'ClientIdList', ['sigstore'], 'oidcProvider.audiences'],
  ['the tokens of somebody else', 'roles', PROVIDER, 'Url', 'https://example.com', 'only the first has it'],
  ['a role that is passed on to anybody', 'roles', POLICY, 'iam:PassedToService', ['*'], 'policy.document'],
  ['a workflow without its policies', 'roles', ROLE, 'ManagedPolicyArns', undefined, 'role.managedPolicies'],
  [
    'a deployment of any stack',
    'roles',
    POLICY,
    'Resource',
    (resource: TemplateValue, { Sid }: TemplateObject) => (Sid === 'DeployStack' ? '*' : resource),
    'policy.document',
  ],
  [
    'a property that the list lacks',
    'service',
    SERVICE,
    'Properties',
    also({ SchedulingStrategy: 'DAEMON' }),
    'property SchedulingStrategy of AWS::ECS::Service is not in the list',
  ],
  [
    'a type that the list lacks',
    'service',
    TEMPLATE,
    'Resources',
    also({ Thing: { Type: 'AWS::IoT::Thing' } }),
    'type AWS::IoT::Thing is not in the list',
  ],
  [
    'a property that CloudFormation lacks',
    'service',
    SERVICE,
    'Properties',
    also({ Launch: 'FARGATE' }),
    'no property Launch',
  ],
];

/** What can be wrong in the template of one target alone. */
const OWN: Readonly<Record<Target, readonly Drift[]>> = {
  cloudformation: [
    ['a parameter taken for another', 'service', TASK, 'Memory', { Ref: 'Cpu' }, 'taskDefinition.memory'],
    ['a condition that never holds', 'service', TEMPLATE, 'HasLogKey', { 'Fn::Equals': ['', '-'] }, 'logGroup.key'],
  ],
  cdk: [
    ['a resource without tags', 'service', TASK, 'Tags', undefined, 'taskDefinition.tags'],
    ['a name in place of a reference', 'service', SERVICE, 'TaskDefinition', 'quilt', 'service.taskDefinition'],
  ],
};

type Target = 'cloudformation' | 'cdk';

const STILL = matrix('111122223333')[0]!.answers;
const SHIFTING = shiftingCase();
const DELIVERING = deliveringCase();
const PLACES: Readonly<Record<Place, readonly [answers: Answers, environment: string, layer: Layer['layer']]>> = {
  registry: [STILL, 'issued', 'registry'],
  roles: [DELIVERING, 'plain', 'registry'],
  service: [STILL, 'issued', 'service'],
  canary: [SHIFTING, 'bird', 'service'],
  linear: [SHIFTING, 'steps', 'service'],
};

describe('a template that is wrong', () => {
  const stacks = new Map<string, Stack>();
  const stackOf = (target: Target, place: Place) => stacks.get(`${target} ${place}`)!;

  beforeAll(async () => {
    const synthesised = new Map(
      await Promise.all(
        [STILL, SHIFTING, DELIVERING].map(async (answers) => [answers, await synthesise(answers)] as const),
      ),
    );
    for (const [place, [answers, environment, layer]] of Object.entries(PLACES)) {
      const where = layersOf(resolveDeployment(readConfig(answers, 'the case'))).find(
        (candidate) => candidate.environment === environment && candidate.layer === layer,
      )!;
      stacks.set(`cloudformation ${place}`, cloudformationStack(cloudformationFiles(answers), where));
      stacks.set(`cdk ${place}`, cdkStack(synthesised.get(answers)!, where));
    }
  });

  describe.each([
    ['cloudformation', 'cdk'],
    ['cdk', 'cloudformation'],
  ] as const)('of the target %s', (target, rightOne) => {
    it.each(Object.keys(PLACES) as Place[])(`a right template of ${target} is not found out: %s`, (place) => {
      expect(foundOut(graphOfStack(stackOf(rightOne, place)), stackOf(target, place))).toEqual([]);
    });

    it.each([...DRIFTS, ...OWN[target]])(
      `a wrong template of ${target} is found out: %s`,
      (_, place, type, member, wrong, found) => {
        const right = stackOf(target, place);
        const template = planted(right.template, type, member, wrong);
        expect(template).not.toEqual(right.template);
        const graph = graphOfStack(stackOf(rightOne, place));
        expect(foundOut(graph, { ...right, template })).toContainEqual(asFound(found));
      },
    );
  });

  it.each(Object.keys(PLACES) as Place[])('a template of cdk is found out if any value is wrong: %s', (place) => {
    const resources = stackOf('cdk', place).template.Resources as unknown as TemplateValue;
    /** Those of the paths whose change nobody notices, if the parameters are these, too. */
    const unnoticedOf = (paths: ReturnType<typeof leavesOf>, more: Stack['parameters']) => {
      const withMore = (stack: Stack) => ({ ...stack, parameters: { ...stack.parameters, ...more } });
      const right = withMore(stackOf('cdk', place));
      const graph = graphOfStack(withMore(stackOf('cloudformation', place)));
      return paths.filter((path) => {
        const Resources = changedAt(resources, path) as unknown as Template['Resources'];
        return foundOut(graph, { ...right, template: { ...right.template, Resources } }).length === 0;
      });
    };
    // Metadata is for readers of the template: nothing in AWS has it.
    const leaves = leavesOf(resources).filter(([, attribute]) => attribute !== 'Metadata');
    const first = unnoticedOf(leaves, {});
    const unnoticed = first.length > 0 ? unnoticedOf(first, { LiveTargetGroup: 'second' }) : [];
    expect(unnoticed.map((path) => path.join('.'))).toEqual([]);
  });

  it('each kind of resource is in a template in which any value is wrong, and each form has a wrong one of its own', () => {
    const kinds = (Object.keys(PLACES) as Place[]).flatMap((place) =>
      graphOfStack(stackOf('cdk', place)).map(({ type }) => type),
    );
    expect(Object.keys(RESOURCES).filter((kind) => !kinds.includes(kind))).toEqual([]);
    const falsified = DRIFTS.flatMap(([, , , , , found]) => propertyOf(found) ?? []);
    const forms = falsified.map(({ kind, name }) => RESOURCES[kind]!.properties[name]!.form);
    const all = Object.values(RESOURCES).flatMap(({ properties }) => Object.values(properties).map(({ form }) => form));
    expect(all.filter((form) => !forms.includes(form))).toEqual([]);
  });
});

function planted(template: Template, type: string, member: string, wrong: Wrong): Template {
  const change = (value: TemplateValue): TemplateValue => {
    if (Array.isArray(value)) return value.map(change);
    if (!isTemplateObject(value)) return value;
    const members = Object.entries(value).map(([key, inner]) => [
      key,
      key !== member ? change(inner) : typeof wrong === 'function' ? wrong(inner as never, value) : wrong,
    ]);
    return Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
  };
  const changed = (value: unknown) => change(value as TemplateValue) as unknown;
  if (type === TEMPLATE) return changed(template) as Template;
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([name, resource]) => [
      name,
      resource.Type === type ? (changed(resource) as DeclaredResource) : resource,
    ]),
  );
  return { ...template, Resources };
}

/** Where every value of a tree is. */
function leavesOf(value: TemplateValue): string[][] {
  if (value === null || typeof value !== 'object') return [[]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner).map((path) => [key, ...path]));
}

/** The same tree with another value in one place. */
function changedAt(value: TemplateValue, [key, ...path]: readonly string[]): TemplateValue {
  if (key === undefined) {
    return typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${value}0`;
  }
  const inner = changedAt((value as TemplateObject)[key]!, path);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...(value as TemplateObject), [key]: inner };
}

/** How a stack differs from the graph of a right one, or why it is refused. */
function foundOut(right: readonly GraphNode[], wrong: Stack): string[] {
  try {
    return differences(right, graphOfStack(wrong));
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

function propertyOf(found: string): { kind: string; name: string } | undefined {
  const [, kind, name] = /^(\w+)\.(\w+)$/.exec(found) ?? [];
  return kind && name ? { kind, name } : undefined;
}

function asFound(found: string) {
  const property = propertyOf(found);
  return property
    ? expect.stringMatching(new RegExp(`^${property.kind} .*: ${property.name} is `))
    : expect.stringContaining(found);
}
