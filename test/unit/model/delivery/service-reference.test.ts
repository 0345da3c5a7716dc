import { describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../../../src/config/environment';
import { exampleAnswers } from '../../../../src/config/example';
import { type Answers, TARGETS } from '../../../../src/config/repository';
import type { Statement } from '../../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';
import { statementsOf } from '../../../support/role-statements';
import { problemsOfStatements } from '../../../support/service-reference';

const ACCOUNT = '111122223333';
const HERE = `us-east-1:${ACCOUNT}`;
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

type Change = (dev: EnvironmentAnswers, answers: Answers) => void;

const domain: Change = (dev) => {
  dev.routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 1 };
  Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' });
};

const CHANGES: Readonly<Record<string, Change>> = {
  'by path': (dev) => {
    dev.routing = { mode: 'path', host: 'quilt.example.com', priority: 1 };
  },
  'on a host of its own': domain,
  'with a certificate that is there': (dev, answers) => {
    domain(dev, answers);
    if (dev.routing.mode === 'domain') dev.routing.certificateArn = `arn:aws:acm:${HERE}:certificate/a`;
  },
  'with traffic that shifts': (dev, answers) => {
    if (answers.target !== 'terraform') dev.deployment = { strategy: 'canary' };
  },
  'with a boundary': (dev) => {
    dev.permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
  },
  'with a provider that is there': (_, answers) => {
    answers.oidcProviders = { [ACCOUNT]: { arn: PROVIDER } };
  },
  'with a state under a key': (_, answers) => {
    if (answers.state) answers.state.kmsKeyArn = `arn:aws:kms:${HERE}:key/01234567-89ab-cdef-0123-456789abcdef`;
  },
  'with a rule of the load balancer': (dev) => {
    dev.network.albEgress = { create: dev.network.albSecurityGroupIds[0]! };
  },
  'with a shared registry, and the role that publishes to it': (_, answers) => {
    for (const environment of Object.values(answers.environments)) {
      environment.registry = { scope: 'shared', account: ACCOUNT, region: 'us-east-1' };
    }
  },
  'with secrets': (dev) => {
    dev.secrets = {
      A: `arn:aws:secretsmanager:${HERE}:secret:a-AbCdEf`,
      B: `arn:aws:ssm:${HERE}:parameter/b`,
    };
  },
};

const PARTITIONS: readonly [region: string, partition: string, suffix: string][] = [
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
];

/** The answers of an environment elsewhere. */
function movedTo([region, partition, suffix]: (typeof PARTITIONS)[number], answers: Answers): Answers {
  const text = JSON.stringify(answers)
    .replaceAll('us-east-1', region)
    .replaceAll('arn:aws:', `arn:${partition}:`)
    .replaceAll('.amazonaws.com"', `.${suffix}"`);
  return JSON.parse(text);
}

/** Roles of the first environment, each with its statements. The others differ in their names. */
function rolesOf(target: Answers['target'], change: Change, partition: (typeof PARTITIONS)[number]) {
  const answers = exampleAnswers(undefined, target);
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { [ACCOUNT]: { create: true } };
  change(answers.environments.dev!, answers);
  const { environments, sharedRegistry } = resolveDeployment(readConfig(movedTo(partition, answers), 'x'));
  const { registry, roles, service } = environments[0]!;
  const { executionRole, taskRole } = service;
  const deliveries = [(registry ?? roles)!.delivery!, ...(sharedRegistry?.delivery ? [sharedRegistry.delivery] : [])];
  return [
    ...deliveries
      .flatMap((delivery) => delivery.roles)
      .map((role) => ({ name: role.name, statements: statementsOf(role) })),
    ...[executionRole, taskRole].map(({ name, statements }) => ({ name, statements })),
  ];
}

describe('statements of roles, beside the Service Authorization Reference', () => {
  const cases = TARGETS.flatMap((target) =>
    Object.entries(CHANGES).flatMap(([what, change]) =>
      PARTITIONS.map((partition) => ({ target, what, change, partition, region: partition[0] })),
    ),
  );

  it.each(cases)(
    'statements of roles name actions that are, on what these take, by keys that they list: $target, $what, $region',
    async ({ target, change, partition }) => {
      for (const { name, statements } of rolesOf(target, change, partition)) {
        expect(await problemsOfStatements(statements), name).toEqual([]);
      }
    },
  );

  const rules = `arn:aws:elasticloadbalancing:${HERE}:listener-rule/app/quilt/0/1/*`;
  const certificates = `arn:aws:acm:${HERE}:certificate/*`;
  const deployments = `arn:aws:ecs:${HERE}:service-deployment/*/mcp/*`;
  const wrong: readonly [string, Omit<Statement, 'sid'>, string][] = [
    [
      'a condition on a tag, of an action without that key',
      {
        actions: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities'],
        resources: [rules],
        conditions: { StringEquals: { 'aws:ResourceTag/Service': 'mcp' } },
      },
      'X: elasticloadbalancing:SetRulePriorities does not list the key aws:ResourceTag/Service',
    ],
    [
      'an ARN, of an action that is of no resource',
      { actions: ['acm:AddTagsToCertificate', 'acm:RequestCertificate'], resources: [certificates] },
      'X: acm:RequestCertificate is of no resource: it needs *',
    ],
    [
      'one of two resources that an action needs',
      { actions: ['ecs:DescribeServiceDeployments'], resources: [deployments] },
      'X: ecs:DescribeServiceDeployments needs a resource of type service, too',
    ],
    [
      'a name that no action has',
      { actions: ['ecs:PauseService'], resources: ['*'] },
      'X: ecs:PauseService does not exist',
    ],
    [
      'everything, of an action that is of a resource',
      { actions: ['acm:DeleteCertificate'], resources: ['*'] },
      'X: acm:DeleteCertificate is of a resource: it must not be allowed on *',
    ],
  ];

  it.each(wrong)('statements of roles are found wrong with %s', async (_, statement, problem) => {
    expect(await problemsOfStatements([{ sid: 'X', ...statement }])).toEqual([problem]);
  });
});
