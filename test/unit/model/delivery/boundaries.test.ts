import { describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../../../src/config/environment';
import { exampleAnswers } from '../../../../src/config/example';
import { type Answers, TARGETS } from '../../../../src/config/repository';
import { CATALOGUE, isDeployable } from '../../../../src/conventions';
import {
  type BoundaryDocument,
  sampleDeliveryBoundary,
  sampleTaskBoundary,
} from '../../../../src/model/delivery/boundaries';
import type { Statement } from '../../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';

const ACCOUNT = '111122223333';
const LIMIT = 6_144;

type Change = (dev: EnvironmentAnswers, answers: Answers) => void;

/** Answers that change what roles may do. */
const CHANGES: Readonly<Record<string, Change>> = {
  path: () => {},
  'a domain with an issued certificate, and a boundary': (dev) => {
    Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' });
    dev.routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 1 };
    dev.permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
  },
  'traffic that moves, secrets and an own provider': (dev, answers) => {
    if (answers.target !== 'terraform') dev.deployment = { strategy: 'canary' };
    dev.secrets = {
      A: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/a`,
      B: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:b-AbCdEf`,
    };
    dev.network.albEgress = { create: dev.network.albSecurityGroupIds[0]! };
    answers.oidcProviders = {
      [ACCOUNT]: { arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
    };
  },
  'an encrypted state, and an upstream of ECR': (_, answers) => {
    answers.image.registry = '730278974607.dkr.ecr.us-west-2.amazonaws.com';
    if (answers.state) {
      answers.state.kmsKeyArn = `arn:aws:kms:us-east-1:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`;
    }
  },
};
const PARTITIONS = { aws: 'us-east-1', 'aws-us-gov': 'us-gov-west-1', 'aws-cn': 'cn-north-1' };

function deploymentWith(
  change: Change,
  target: Answers['target'],
  partition: keyof typeof PARTITIONS,
  conventions = '',
) {
  const entry = CATALOGUE.filter(isDeployable).find(({ id }) => id === conventions);
  const answers = exampleAnswers(entry, target);
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { [ACCOUNT]: { create: true } };
  change(answers.environments.dev!, answers);
  const text = JSON.stringify({ ...answers, image: undefined }).replaceAll('us-east-1', PARTITIONS[partition]);
  const moved = JSON.parse(text.replaceAll('arn:aws:', `arn:${partition}:`));
  return resolveDeployment(readConfig({ ...moved, image: answers.image }, 'the case'));
}

const DEPLOYMENTS = TARGETS.flatMap((target) =>
  Object.entries(CHANGES).flatMap(([name, change]) =>
    (Object.keys(PARTITIONS) as (keyof typeof PARTITIONS)[]).map(
      (partition) => [target, partition, name, deploymentWith(change, target, partition)] as const,
    ),
  ),
);

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}

/** What statements allow that a boundary does not, each as action and resource. A wildcard is within one that begins no later. */
function lost(statements: readonly Statement[], boundary: BoundaryDocument): string[] {
  return statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) =>
      resources
        .filter(
          (resource) =>
            !boundary.Statement.some(
              ({ Action, Resource }) =>
                Action.some((pattern) => matches(pattern, action)) &&
                [Resource].flat().some((pattern) => matches(pattern, resource)),
            ),
        )
        .map((resource) => `${action} on ${resource}`),
    ),
  );
}

/**
 * Statements of the policy by which ECS moves traffic.
 * Source: AWS Managed Policy Reference Guide, AmazonECSInfrastructureRolePolicyForLoadBalancers, version 2.
 */
const TRAFFIC: readonly Statement[] = [
  {
    sid: 'ELBReadOperations',
    actions: ['Listeners', 'Rules', 'TargetGroups', 'TargetHealth'].map(
      (what) => `elasticloadbalancing:Describe${what}`,
    ),
    resources: ['*'],
  },
  {
    sid: 'TargetGroupOperations',
    actions: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
    resources: ['arn:aws:elasticloadbalancing:*:*:targetgroup/*/*'],
  },
  {
    sid: 'ALBModifyListeners',
    actions: ['elasticloadbalancing:ModifyListener'],
    resources: ['arn:aws:elasticloadbalancing:*:*:listener/app/*/*/*'],
  },
  {
    sid: 'ALBModifyRules',
    actions: ['elasticloadbalancing:ModifyRule'],
    resources: ['arn:aws:elasticloadbalancing:*:*:listener-rule/app/*/*/*/*'],
  },
];

const one = (action: string, resource: string): Statement[] => [
  { sid: 'One', actions: [action], resources: [resource] },
];

describe('the sample of a boundary for the roles of workflows', () => {
  it.each(DEPLOYMENTS)(
    'the sample of a boundary for workflows takes nothing from a role: %s, %s, %s',
    (_, __, ___, deployment) => {
      const boundary = sampleDeliveryBoundary(deployment);
      for (const { registry } of deployment.environments) {
        for (const { policies } of registry!.delivery!.roles) {
          expect(policies).not.toEqual([]);
          for (const { name, statements } of policies) expect(lost(statements, boundary), name).toEqual([]);
        }
      }
    },
  );

  it.each(DEPLOYMENTS)(
    'the sample of a boundary for workflows allows changes of no role but those of tasks: %s, %s, %s',
    (_, partition, __, deployment) => {
      const boundary = sampleDeliveryBoundary(deployment);
      const { serviceName } = deployment.environments[0]!.service;
      const within = (action: string, name: string) =>
        lost(one(action, `arn:${partition}:iam::${ACCOUNT}:${name}`), boundary).length === 0;
      expect(within('iam:PutRolePolicy', `role/${serviceName}-execution`)).toBe(true);
      for (const role of ['deploy', 'plan', 'publish']) {
        expect(within('iam:PutRolePolicy', `role/${serviceName}-${role}`), role).toBe(false);
      }
      expect(within('iam:PutRolePolicy', 'role/admin')).toBe(false);
      expect(within('iam:CreatePolicyVersion', `policy/${serviceName}-deploy-network`)).toBe(false);
      expect(within('iam:CreateUser', 'user/a')).toBe(false);
      expect(within('sts:AssumeRole', 'role/admin')).toBe(false);
      expect(lost(one('ec2:RunInstances', '*'), boundary)).toHaveLength(1);
    },
  );

  it.each(DEPLOYMENTS.filter(([target]) => target === 'terraform'))(
    "the sample of a boundary for workflows allows the bucket and the key of Terraform's state, and no others: %s, %s, %s",
    (_, partition, __, deployment) => {
      const { bucket, kmsKeyArn } = deployment.environments[0]!.service.state!;
      const outside = (actions: readonly string[], resource: string) =>
        lost([{ sid: 'Some', actions, resources: [resource] }], sampleDeliveryBoundary(deployment));
      const objects = ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'];
      expect(outside(objects, `arn:${partition}:s3:::${bucket}/a`)).toEqual([]);
      expect(outside(objects, `arn:${partition}:s3:::${bucket}-2/a`)).toHaveLength(objects.length);
      expect(outside(['s3:ListBucket'], `arn:${partition}:s3:::other`)).toHaveLength(1);
      const crypt = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'];
      expect(outside(crypt, kmsKeyArn ?? 'none')).toHaveLength(kmsKeyArn === undefined ? crypt.length : 0);
      expect(outside(crypt, `arn:${partition}:kms:us-east-1:${ACCOUNT}:key/other`)).toHaveLength(crypt.length);
    },
  );

  it('the sample of a boundary for workflows lets permissions be given within the boundaries of tasks, if all have one', () => {
    const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
    const boundedBy = (names: readonly (string | undefined)[]) =>
      sampleDeliveryBoundary(
        deploymentWith(
          (_, { environments }) => {
            for (const [index, environment] of Object.values(environments).entries()) {
              const name = names[index];
              if (name !== undefined) environment.permissionsBoundaryArn = arn(name);
            }
          },
          'terraform',
          'aws',
        ),
      ).Statement.filter(({ Action }) => Action.some((action) => matches(action, 'iam:PutRolePolicy')));
    expect(boundedBy(['a', 'b', 'a'])).toEqual([
      expect.objectContaining({ Condition: { StringEquals: { 'iam:PermissionsBoundary': [arn('a'), arn('b')] } } }),
    ]);
    expect(boundedBy(['a', undefined, 'a'])).toEqual([expect.not.objectContaining({ Condition: expect.anything() })]);
    const all = boundedBy(['a', 'a', 'a']).flatMap(({ Action }) => Action);
    expect(all.filter((action) => matches(action, 'iam:DeleteRolePermissionsBoundary'))).toEqual([]);
  });

  it('the sample of a boundary for workflows is of each partition, if there are several', () => {
    const [, , , deployment] = DEPLOYMENTS[0]!;
    const [first] = deployment.environments;
    const environments = [first!, { ...first!, region: 'us-gov-west-1' }];
    const statement = one('iam:GetRole', 'arn:aws-us-gov:iam::1:role/quilt-mcp-server-dev-task');
    expect(lost(statement, sampleDeliveryBoundary({ ...deployment, environments }))).toEqual([]);
  });
});

describe("the sample of a boundary for the tasks' roles", () => {
  it.each(DEPLOYMENTS)(
    'the sample of a boundary for tasks takes nothing from their roles: %s, %s, %s',
    (_, __, ___, deployment) => {
      for (const { service } of deployment.environments) {
        expect(service.executionRole.statements).not.toEqual([]);
        const statements = [...service.executionRole.statements, ...service.taskRole.statements, ...TRAFFIC];
        expect(lost(statements, sampleTaskBoundary())).toEqual([]);
      }
    },
  );

  it.each(CATALOGUE.filter(isDeployable).map(({ id }) => id))(
    'the sample of a boundary for tasks is enough for conventions %s',
    (id) => {
      const [{ service } = undefined!] = deploymentWith(() => {}, 'cdk', 'aws', id).environments;
      const { executionRole, taskRole } = service;
      expect(lost([...executionRole.statements, ...taskRole.statements], sampleTaskBoundary())).toEqual([]);
    },
  );

  it('the sample of a boundary for tasks allows nothing of IAM, and no other role', () => {
    const actions = ['iam:CreateRole', 'iam:PassRole', 'iam:GetRole', 'sts:AssumeRole', 'ecs:RunTask', 's3:GetObject'];
    expect(lost([{ sid: 'Iam', actions, resources: ['*'] }], sampleTaskBoundary())).toHaveLength(actions.length);
  });
});

it('the samples of boundaries are policies that IAM takes', () => {
  for (const [, , , deployment] of DEPLOYMENTS) {
    for (const { Statement } of [sampleTaskBoundary(), sampleDeliveryBoundary(deployment)]) {
      expect(JSON.stringify(Statement).length).toBeLessThan(LIMIT);
      expect(
        Statement.flatMap(({ Action }) => Action).filter((action) => !/^[a-z0-9]+:[A-Za-z*]+$/.test(action)),
      ).toEqual([]);
      expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    }
  }
});
