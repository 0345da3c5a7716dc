import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateTasks } from '../../generators';
import { githubEnvironmentCommands } from '../../generators/github-environments';
import { readTerraformPlan } from '../../generators/terraform/plan';
import { exampleAnswers } from '../../src/config/example';
import { AnswersError } from '../../src/config/problem';
import { type Answers, TARGETS } from '../../src/config/schema';
import { DUTIES, INLINE_POLICIES_LIMIT, subjectOf } from '../../src/model/delivery-roles';
import type { Conditions, DeliveryRole, Duty, Statement } from '../../src/model/deployment';
import { nameOf } from '../../src/model/names';
import { readConfig, resolveDeployment } from '../../src/model/resolve';

const ACCOUNT = '111122223333';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

type Change = (answers: Answers) => void;

function answersWith(change: Change = () => {}, target: Answers['target'] = 'terraform'): Answers {
  const answers = exampleAnswers(undefined, target);
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { [ACCOUNT]: { create: true } };
  change(answers);
  return answers;
}

function deploymentWith(change?: Change, target?: Answers['target']) {
  return resolveDeployment(readConfig(answersWith(change, target), 'x'));
}

function problemsOf(change: Change): string[] {
  try {
    deploymentWith(change);
    return [];
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

function rolesOf(change?: Change, target?: Answers['target']): Record<Duty, DeliveryRole> {
  const { roles } = deploymentWith(change, target).environments[0]!.registry!.delivery!;
  return Object.fromEntries(roles.map((role) => [role.duty, role])) as Record<Duty, DeliveryRole>;
}

const all = ({ statements, engineStatements }: DeliveryRole) => [...statements, ...engineStatements];

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

/** Statements that allow an action on a resource, if their conditions hold. */
function allowing(role: DeliveryRole, action: string, resource: string): Statement[] {
  return all(role).filter(
    ({ actions, resources }) =>
      actions.some((pattern) => matches(pattern, action)) && resources.some((pattern) => matches(pattern, resource)),
  );
}

describe('roles that workflows assume', () => {
  it('the roles that workflows assume are none without a provider', () => {
    const { registry } = deploymentWith((answers) => delete answers.oidcProviders).environments[0]!;
    expect(registry).not.toHaveProperty('delivery');
  });

  it('the roles that workflows assume are one for each duty and environment, beside a provider that an account has once', () => {
    const { environments } = deploymentWith((answers) => {
      const { production } = answers.environments;
      const moved = JSON.stringify(production).replaceAll(ACCOUNT, '444455556666');
      answers.environments.production = JSON.parse(moved);
      answers.oidcProviders!['444455556666'] = { create: true };
    });
    expect(environments.map(({ registry }) => registry!.delivery!.provider)).toEqual([
      { arn: PROVIDER, create: true },
      { arn: PROVIDER, create: false },
      { arn: PROVIDER.replace(ACCOUNT, '444455556666'), create: true },
    ]);
    const names = environments.flatMap(({ registry }) => registry!.delivery!.roles.map(({ name }) => name));
    expect(names.slice(0, 3)).toEqual([
      'quilt-mcp-server-dev-publish',
      'quilt-mcp-server-dev-plan',
      'quilt-mcp-server-dev-deploy',
    ]);
    expect(new Set(names).size).toBe(9);
  });

  it('the roles that workflows assume let the first environment alone pull what is published from, if that is of ECR', () => {
    const upstream = 'arn:aws:ecr:us-west-2:730278974607:repository/quiltdata/mcp';
    const pulls = (change: Change) =>
      deploymentWith((answers) => {
        answers.image.registry = '730278974607.dkr.ecr.us-west-2.amazonaws.com';
        answers.image.repository = 'quiltdata/mcp';
        change(answers);
      }).environments.map(({ registry }) =>
        registry!.delivery!.roles.flatMap((role) =>
          allowing(role, 'ecr:BatchGetImage', upstream).length > 0 ? [role.duty] : [],
        ),
      );
    expect(pulls(() => {})).toEqual([['publish'], [], []]);
    expect(pulls(({ image }) => Object.assign(image, { registry: 'ghcr.io' }))).toEqual([[], [], []]);
    expect(pulls(({ image }) => Object.assign(image, { mode: 'build', commit: '1'.repeat(40) }))).toEqual([[], [], []]);
    expect(pulls(({ image }) => Object.assign(image, { repository: 'quiltdata/other' }))).toEqual([[], [], []]);
    const [first] = deploymentWith((answers) => {
      answers.image.registry = '730278974607.dkr.ecr.cn-north-1.amazonaws.com.cn';
      answers.image.repository = 'a/b';
    }).environments;
    const [publish] = first!.registry!.delivery!.roles;
    const inChina = 'arn:aws-cn:ecr:cn-north-1:730278974607:repository/a/b';
    expect(allowing(publish!, 'ecr:BatchGetImage', inChina)).toHaveLength(1);
    expect(allowing(publish!, 'ecr:PutImage', inChina)).toEqual([]);
  });

  it('the roles that workflows assume are beside the provider that is there', () => {
    const { environments } = deploymentWith((answers) => {
      answers.oidcProviders = { [ACCOUNT]: { arn: PROVIDER } };
    });
    for (const { registry } of environments) {
      expect(registry!.delivery!.provider).toEqual({ arn: PROVIDER, create: false });
    }
  });

  it('the roles that workflows assume are of the names that permissions are about', () => {
    const long = (answers: Answers) => {
      answers.name = 'a-stack-with-20chars';
      answers.environments = { 'a-name-of-16-chr': answers.environments.dev! };
    };
    const [{ name, service, registry } = undefined!] = deploymentWith(long, 'cloudformation').environments;
    for (const { role, duty } of DUTIES) {
      expect(nameOf(role, 'a-stack-with-20chars', name)).toBe(`${service.serviceName}-${duty}`);
    }
    expect(service.executionRole.name).toBe(`${service.serviceName}-execution`);
    expect(service.taskRole.name).toBe(`${service.serviceName}-task`);
    expect(nameOf('trafficRole', 'a-stack-with-20chars', name)).toBe(`${service.serviceName}-traffic`);
    expect(service.logGroup.name).toBe(`/ecs/${service.serviceName}`);
    expect(service.taskDefinition.family).toBe(service.serviceName);
    expect(service.stackName).toBe(`${service.serviceName}-service`);
    expect(registry!.stackName).toBe(`${service.serviceName}-registry`);
    expect(service.tags.Service).toBe(service.serviceName);
  });

  it.each(TARGETS)('the roles of workflows have policies that IAM takes, with the longest names: %s', (target) => {
    const roles = rolesOf((answers) => {
      const dev = answers.environments.dev!;
      answers.name = 'a-stack-with-20chars';
      answers.environments = { 'a-name-of-16-chr': dev };
      dev.permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/${'b'.repeat(64)}`;
      dev.network.clusterName = 'c'.repeat(255);
      const load = `${'l'.repeat(32)}/0123456789abcdef/0123456789abcdef`;
      dev.network.listenerArn = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:listener/app/${load}`;
      // The longest that ACM issues a certificate for.
      const host = `${'h'.repeat(56)}.example`;
      dev.routing = { mode: 'domain', host, hostedZoneId: 'Z'.repeat(32), priority: 1 };
      Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' });
      if (target !== 'terraform') dev.deployment = { strategy: 'blue-green' };
      else answers.state!.bucket = 'b'.repeat(63);
    }, target);
    for (const role of Object.values(roles)) {
      const text = JSON.stringify(
        all(role).map(({ sid, actions, resources, conditions }) => ({
          Sid: sid,
          Effect: 'Allow',
          Action: actions,
          Resource: resources,
          Condition: conditions,
        })),
      );
      const around = 2 * '{"Version":"2012-10-17","Statement":[]}'.length;
      expect(text.length + around, role.duty).toBeLessThan(INLINE_POLICIES_LIMIT);
      const sids = all(role).map(({ sid }) => sid);
      expect(new Set(sids).size).toBe(sids.length);
      expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
      expect(text).not.toContain('${');
    }
  });
});

/** All environments share a registry, in the account of the first of them or in one of its own. */
function share(answers: Answers, account = ACCOUNT): void {
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account, region: 'us-east-1' };
  }
}

describe('roles beside a shared registry', () => {
  const REGISTRY = '444455556666';
  const provider = (account: string) => PROVIDER.replace(ACCOUNT, account);
  const inOwnAccount: Change = (answers) => {
    share(answers, REGISTRY);
    answers.oidcProviders![REGISTRY] = { create: true };
  };

  it('the role that publishes is beside the shared registry, and each environment has the others in its own account', () => {
    const { sharedRegistry, environments } = deploymentWith(inOwnAccount);
    expect(sharedRegistry!.delivery!.roles.map(({ name, trust }) => [name, trust.subject])).toEqual([
      ['quilt-mcp-server-shared-publish', 'repo:example@12/quilt-mcp-deploy@345:environment:shared-publish'],
    ]);
    for (const { name, account, registry, roles } of environments) {
      expect(registry).toBeUndefined();
      expect(roles).toMatchObject({ account, stackName: `quilt-mcp-server-${name}-registry` });
      expect(roles!.delivery.roles.map((role) => role.name)).toEqual([
        `quilt-mcp-server-${name}-plan`,
        `quilt-mcp-server-${name}-deploy`,
      ]);
    }
  });

  it('the role that publishes to a shared registry writes to it, and to nothing else; no other role does', () => {
    const { sharedRegistry, environments } = deploymentWith(inOwnAccount);
    const [publish] = sharedRegistry!.delivery!.roles;
    const { arn } = sharedRegistry!.repository;
    expect(arn).toBe(`arn:aws:ecr:us-east-1:${REGISTRY}:repository/quilt-mcp-server-shared`);
    expect(allowing(publish!, 'ecr:PutImage', arn)).toHaveLength(1);
    expect(allowing(publish!, 'ecr:PutImage', arn.replace('shared', 'dev'))).toEqual([]);
    const others = environments.flatMap(({ roles }) => roles!.delivery.roles);
    for (const role of others) expect(allowing(role, 'ecr:PutImage', arn)).toEqual([]);
    expect(JSON.stringify(others)).not.toContain(':repository/');
  });

  it("an account's provider is made beside the shared registry, or else by the account's first environment", () => {
    const created = (change: Change) => {
      const { sharedRegistry, environments } = deploymentWith(change);
      const own = environments.map(({ roles }) => roles!.delivery.provider);
      return [sharedRegistry!.delivery!.provider, ...own].map(({ arn, create }) => [arn, create]);
    };
    const [here, there] = [provider(ACCOUNT), provider(REGISTRY)];
    expect(created(share)).toEqual([true, false, false, false].map((create) => [here, create]));
    expect(created(inOwnAccount)).toEqual([[there, true], ...[true, false, false].map((create) => [here, create])]);
  });

  it('the role that publishes to a shared registry pulls upstream if the first environment shares it', () => {
    const upstream = 'arn:aws:ecr:us-west-2:730278974607:repository/quiltdata/mcp';
    const pulling = (names: readonly string[]) => {
      const { sharedRegistry, environments } = deploymentWith((answers) => {
        answers.image.registry = '730278974607.dkr.ecr.us-west-2.amazonaws.com';
        answers.image.repository = 'quiltdata/mcp';
        for (const name of names) {
          answers.environments[name]!.registry = { scope: 'shared', account: ACCOUNT, region: 'us-east-1' };
        }
      });
      const own = environments.flatMap(({ registry, roles }) => (registry ?? roles)!.delivery!.roles);
      const all = [...sharedRegistry!.delivery!.roles, ...own];
      return all.filter((role) => allowing(role, 'ecr:BatchGetImage', upstream).length > 0).map(({ name }) => name);
    };
    expect(pulling(['dev', 'staging'])).toEqual(['quilt-mcp-server-shared-publish']);
    expect(pulling(['staging', 'production'])).toEqual(['quilt-mcp-server-dev-publish']);
  });

  it('the role that publishes to a shared registry has the boundary of an environment in the same account, if one has it', () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const bounded: Change = (answers) => {
      answers.environments.staging!.permissionsBoundaryArn = boundary;
    };
    const boundaryWith = (change: Change) =>
      deploymentWith((answers) => {
        change(answers);
        bounded(answers);
      }).sharedRegistry!.delivery!.roles[0]!.permissionsBoundaryArn;
    expect(boundaryWith(share)).toBe(boundary);
    expect(boundaryWith(inOwnAccount)).toBeUndefined();
  });

  it.each(TARGETS)('the tasks of %s apply the shared registry and the roles of each environment', (target) => {
    const names = (change: Change) =>
      generateTasks(deploymentWith(change, target)).flatMap(({ name, steps }) =>
        name.startsWith('registry:') ? [[name, JSON.stringify(steps).includes('shared')]] : [],
      );
    expect(names(inOwnAccount)).toEqual([
      ['registry:shared', true],
      ['registry:dev', false],
      ['registry:staging', false],
      ['registry:production', false],
    ]);
    const withoutRoles: Change = (answers) => {
      share(answers);
      delete answers.oidcProviders;
    };
    expect(names(withoutRoles).map(([, shared]) => shared)).toEqual([true, true, true, true]);
  });

  it('workflows publish to a shared registry in one environment of GitHub, which the commands make', () => {
    const commands = githubEnvironmentCommands(deploymentWith(inOwnAccount)).join('\n');
    expect(commands).toContain('for environment in dev staging production shared-publish; do');
    expect(commands).toContain('for environment in dev-plan staging-plan production-plan; do');
    expect(commands).not.toContain('dev-publish');
  });
});

describe('a plan of Terraform', () => {
  const made = (address: string, type: string, action = 'create') => ({
    address: `module.registry.${address}`,
    mode: 'managed',
    type,
    change: { actions: [action], before: action === 'create' ? null : { policy: 'a' }, after: { policy: 'b' } },
  });

  it('a plan of Terraform is of the resources of the model: a policy is a part of its role', () => {
    const resource_changes = [
      made('aws_iam_openid_connect_provider.github[0]', 'aws_iam_openid_connect_provider'),
      made('aws_iam_role.delivery["publish"]', 'aws_iam_role'),
      made('aws_iam_role_policy.delivery["publish"]', 'aws_iam_role_policy'),
      made('aws_iam_role_policy.engine["plan"]', 'aws_iam_role_policy', 'update'),
    ];
    const changes = readTerraformPlan(JSON.stringify({ resource_changes })).map(({ id, action }) => [id, action]);
    expect(changes).toEqual([
      ['oidcProvider', 'create'],
      ['publishRole', 'create'],
      ['planRole', 'update'],
    ]);
  });
});

describe('the trust of a role', () => {
  it("the trust of a workflow's role is of an environment of GitHub that no other duty has: neither assumes the role of another", () => {
    const subjects = Object.values(rolesOf()).map(({ duty, trust }) => [duty, trust.subject]);
    expect(subjects).toEqual([
      ['publish', 'repo:example@12/quilt-mcp-deploy@345:environment:dev-publish'],
      ['plan', 'repo:example@12/quilt-mcp-deploy@345:environment:dev-plan'],
      ['deploy', 'repo:example@12/quilt-mcp-deploy@345:environment:dev'],
    ]);
  });

  it("the trust of a workflow's role is of names alone if GitHub sends them so, and of the repository by its id all the same", () => {
    const { deploy } = rolesOf((answers) => {
      answers.repository.subject = 'classic';
      answers.repository.ownerId = null;
    });
    expect(deploy.trust).toEqual({
      audience: 'sts.amazonaws.com',
      subject: 'repo:example/quilt-mcp-deploy:environment:dev',
      repositoryId: '345',
    });
  });

  const repository = fc.record({
    name: fc.stringMatching(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/),
    ownerId: fc.integer({ min: 1 }),
    repositoryId: fc.integer({ min: 1 }),
    subject: fc.constantFrom('immutable' as const, 'classic' as const),
  });
  const environment = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?$/);

  it("the trust of a workflow's role is of no other repository, and of no other environment", () => {
    fc.assert(
      fc.property(repository, repository, environment, environment, (ours, theirs, a, b) => {
        const same = ours.name === theirs.name && ours.subject === theirs.subject;
        const ids = ours.ownerId === theirs.ownerId && ours.repositoryId === theirs.repositoryId;
        fc.pre(!(same && (ours.subject === 'classic' || ids)) || a !== b);
        expect(subjectOf(ours, a)).not.toBe(subjectOf(theirs, b));
      }),
    );
  });

  it("the trust of a workflow's role is never wider for a name: what could be a pattern, or another part of a subject, is refused", () => {
    fc.assert(
      fc.property(repository, environment, (ours, name) => {
        expect(subjectOf(ours, name)).toMatch(/^repo:[^*?:]+:environment:[^*?:]+$/);
      }),
    );
    const hostile = ['*/*', 'example/*', 'example/a:environment:prod', 'example@1/a', 'a/b/c', 'example/a ', '?/a'];
    for (const name of hostile) {
      const problems = problemsOf((answers) => {
        answers.repository.name = name;
      });
      expect(problems.join('\n'), name).toContain('repository.name');
    }
    for (const name of ['*', 'dev:x', 'dev?', 'dev-*']) {
      const problems = problemsOf((answers) => {
        answers.environments = { [name]: answers.environments.dev! };
      });
      expect(problems, name).not.toEqual([]);
    }
  });
});

describe('permissions', () => {
  const READS = /^(\w[\w-]*):(Describe|Get|List|BatchGet|BatchCheck)/;
  const arnOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

  it('the permissions of a publish are about its one repository', () => {
    const { publish } = rolesOf();
    const own = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/quilt-mcp-server-dev`;
    const upstream = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/quiltdata/mcp`;
    expect(Object.fromEntries(all(publish).map(({ sid, resources }) => [sid, resources]))).toEqual({
      LogIn: ['*'],
      PushAndPull: [own],
      PullUpstream: [upstream],
    });
    expect(allowing(publish, 'ecr:PutImage', own.replace('-dev', '-production'))).toEqual([]);
    expect(allowing(publish, 'ecs:RegisterTaskDefinition', '*')).toEqual([]);
  });

  it.each(TARGETS)(
    'the permissions of a plan change nothing, but for change sets, looks for drift and what decrypts a state: %s',
    (target) => {
      const { plan } = rolesOf((answers) => {
        if (answers.state) {
          answers.state.kmsKeyArn = `arn:aws:kms:us-east-1:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`;
        }
      }, target);
      const others = all(plan).flatMap(({ actions }) => actions.filter((action) => !READS.test(action)));
      expect(others.sort()).toEqual(
        target === 'terraform'
          ? ['kms:Decrypt']
          : ['CreateChangeSet', 'DeleteChangeSet', 'DetectStackDrift', 'TagResource', 'UntagResource'].map(
              (name) => `cloudformation:${name}`,
            ),
      );
      const making = all(plan).filter(({ actions }) => actions.includes('cloudformation:CreateChangeSet'));
      const names = making.flatMap(({ conditions }) => conditions?.StringLike?.['cloudformation:ChangeSetName'] ?? '*');
      // By their names, or their ARNs.
      expect(names.map((name) => name.replace(/^\*:changeSet\//, ''))).toEqual(
        target === 'terraform' ? [] : ['plan-*', 'plan-*', 'cdk-diff-*', 'cdk-diff-*'],
      );
      expect(all(plan).flatMap(({ actions }) => actions)).not.toContain('ecr:GetAuthorizationToken');
      expect(allowing(plan, 'secretsmanager:GetSecretValue', '*')).toEqual([]);
    },
  );

  it.each(TARGETS)('the permissions of a deployment do not reach what grants them: %s', (target) => {
    const { deploy } = rolesOf(undefined, target);
    const roles = ['dev-publish', 'dev-plan', 'dev-deploy', 'staging-deploy', 'production-execution'];
    const writing = all(deploy).flatMap(({ actions }) => actions.filter((action) => /^iam:/.test(action)));
    for (const action of [...writing, 'iam:PassRole', 'iam:AttachRolePolicy']) {
      for (const role of roles) {
        expect(allowing(deploy, action, arnOf(`quilt-mcp-server-${role}`)), `${action} ${role}`).toEqual([]);
      }
    }
    const stack = `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/quilt-mcp-server-dev-registry/a`;
    expect(allowing(deploy, 'cloudformation:ExecuteChangeSet', stack)).toEqual([]);
    const state = 'arn:aws:s3:::example-terraform-state/quilt-mcp-server/dev/registry.tfstate';
    expect(allowing(deploy, 's3:PutObject', state)).toEqual([]);
    expect(allowing(deploy, 'iam:CreateOpenIDConnectProvider', PROVIDER)).toEqual([]);
    expect(writing).not.toContain('iam:DeleteRolePermissionsBoundary');
  });

  it.each(TARGETS)('the permissions of a deployment pass its roles on to ECS alone: %s', (target) => {
    const { deploy } = rolesOf((answers) => {
      if (target !== 'terraform') answers.environments.dev!.deployment = { strategy: 'canary' };
    }, target);
    const passing = all(deploy).filter(({ actions }) => actions.includes('iam:PassRole'));
    expect(passing.map(({ resources, conditions }) => [resources, conditions])).toEqual([
      [
        ['execution', 'task'].map((duty) => arnOf(`quilt-mcp-server-dev-${duty}`)),
        { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      ],
      ...(target === 'terraform'
        ? []
        : [
            [[arnOf('quilt-mcp-server-dev-traffic')], { StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } }],
          ]),
    ]);
  });

  it('the permissions of a deployment make roles within the boundary, if there is one', () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const { deploy, plan } = rolesOf((answers) => {
      answers.environments.dev!.permissionsBoundaryArn = boundary;
    });
    expect([deploy.permissionsBoundaryArn, plan.permissionsBoundaryArn]).toEqual([boundary, boundary]);
    const bounded: Conditions = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary']) {
      const found = allowing(deploy, action, arnOf('quilt-mcp-server-dev-execution'));
      expect(found.map(({ conditions }) => conditions)).toEqual([bounded]);
    }
  });

  it.each(TARGETS)('permissions of workflows are about everything only if AWS has nothing narrower: %s', (target) => {
    const everything = Object.values(rolesOf(undefined, target)).flatMap((role) =>
      all(role)
        .filter(({ resources }) => resources.includes('*'))
        .flatMap(({ actions }) => actions.filter((action) => !READS.test(action))),
    );
    expect(everything).toEqual(['ecs:DeregisterTaskDefinition']);
    const wild = Object.values(rolesOf(undefined, target)).flatMap((role) =>
      all(role).flatMap(({ actions }) => actions.filter((action) => action.includes('*'))),
    );
    expect(wild).toEqual([]);
  });

  it('the permissions of a deployment change what has no name in its ARN only if it is tagged as the environment', () => {
    const { deploy } = rolesOf();
    const rule = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:listener-rule/app/quilt-dev/4444444444444444/4444444444444444/a`;
    const own = { StringEquals: { 'aws:ResourceTag/Service': 'quilt-mcp-server-dev' } };
    for (const action of ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:DeleteRule']) {
      expect(allowing(deploy, action, rule).map(({ conditions }) => conditions)).toEqual([own]);
    }
    const group = `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group/sg-a`;
    for (const action of ['ec2:DeleteSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress']) {
      expect(allowing(deploy, action, group).map(({ conditions }) => conditions)).toEqual([own]);
    }
    expect(allowing(deploy, 'elasticloadbalancing:AddTags', rule).every(({ conditions }) => conditions)).toBe(true);
    expect(allowing(deploy, 'ec2:CreateTags', group).every(({ conditions }) => conditions)).toBe(true);
  });
});

describe('answers for roles that do not fit together', () => {
  const cases: [string, Change, RegExp][] = [
    [
      'an account without a provider',
      ({ oidcProviders }) => delete oidcProviders![ACCOUNT],
      /^oidcProviders\.111122223333: is missing: environments\.dev is in this account/,
    ],
    [
      'a provider of no environment',
      (answers) => Object.assign(answers.oidcProviders!, { '444455556666': { create: true } }),
      /^oidcProviders\.444455556666: no environment/,
    ],
    [
      'a provider of another account',
      (answers) => {
        answers.oidcProviders = { [ACCOUNT]: { arn: PROVIDER.replace(ACCOUNT, '444455556666') } };
      },
      /^oidcProviders\.111122223333\.arn: must be in the account 111122223333/,
    ],
    [
      'a provider of another partition',
      (answers) => {
        answers.oidcProviders = { [ACCOUNT]: { arn: PROVIDER.replace('arn:aws:', 'arn:aws-cn:') } };
      },
      /^oidcProviders\.111122223333\.arn: must be in the AWS partition aws$/,
    ],
    [
      'a provider of somebody else',
      (answers) => {
        answers.oidcProviders = { [ACCOUNT]: { arn: PROVIDER.replace('github', 'gitlab') } };
      },
      /^oidcProviders\.111122223333/,
    ],
    [
      'neither the one nor the other',
      (answers) => {
        answers.oidcProviders = { [ACCOUNT]: {} as never };
      },
      /^oidcProviders\.111122223333: must be \{"arn"/,
    ],
    [
      'a repository that is known by name',
      (answers) => {
        answers.repository.ownerId = null;
        answers.repository.repositoryId = null;
      },
      /^repository\.repositoryId: is missing: .*\(repositoryId, ownerId\); gh api repos\/example\/quilt-mcp-deploy --jq '\{ownerId:\.owner\.id,repositoryId:\.id\}'/,
    ],
    [
      'an owner that is known by name',
      (answers) => {
        answers.repository.ownerId = null;
      },
      /^repository\.ownerId: is missing/,
    ],
    [
      'a shared registry in an account without a provider',
      (answers) => share(answers, '444455556666'),
      /^oidcProviders\.444455556666: is missing: environments\.dev\.registry is in this account/,
    ],
    [
      'an environment in which workflows publish to the shared registry',
      (answers) => {
        share(answers);
        answers.environments['shared-publish'] = {
          ...answers.environments.staging!,
          routing: { ...answers.environments.staging!.routing, host: 'x.example.com', priority: 900 },
        };
      },
      /^environments\.shared-publish: cannot be called so.* to publish environments\.shared$/,
    ],
    ...['publish', 'plan'].map((duty): (typeof cases)[number] => [
      `an environment in which workflows ${duty} another`,
      (answers) => {
        answers.environments[`dev-${duty}`] = {
          ...answers.environments.staging!,
          routing: { ...answers.environments.staging!.routing, host: 'x.example.com', priority: 900 },
        };
      },
      new RegExp(`^environments\\.dev-${duty}: cannot be called so.* to ${duty} environments\\.dev$`),
    ]),
  ];

  it.each(cases)('answers for roles that do not fit together are refused once: %s', (_, change, message) => {
    expect(problemsOf(change)).toEqual([expect.stringMatching(message)]);
  });
});
