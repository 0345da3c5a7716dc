import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateTasks } from '../../../../generators';
import { githubEnvironmentCommands } from '../../../../generators/github-environments';
import { readTerraformPlan } from '../../../../generators/terraform/plans';
import type { EnvironmentAnswers } from '../../../../src/config/environment';
import { exampleAnswers } from '../../../../src/config/example';
import { AnswersError } from '../../../../src/config/problem';
import { type Answers, TARGETS } from '../../../../src/config/repository';
import { byPolicy, POLICY_LIMIT, policySize } from '../../../../src/model/delivery/policies';
import { DUTIES, engineGrants, subjectOf } from '../../../../src/model/delivery/roles';
import type { Conditions, DeliveryRole, Duty, Statement } from '../../../../src/model/deployment';
import { nameOf } from '../../../../src/model/names';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';
import { type Demand, isAllowed } from '../../../support/evaluate';
import { identityOf, statementsOf } from '../../../support/role-statements';

const ACCOUNT = '111122223333';

/** Policies of a role that an account has no higher quota for. Source: IAM User Guide, "IAM and AWS STS quotas". */
const MOST_ATTACHED = 10;
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

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

/** Statements that allow an action on a resource, if their conditions hold. */
function allowing(role: DeliveryRole, action: string, resource: string): Statement[] {
  return statementsOf(role).filter(
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
    // Credentials of a partition are none in another.
    const inChina = (answers: Parameters<Change>[0]) =>
      Object.assign(answers.image, { registry: '730278974607.dkr.ecr.cn-north-1.amazonaws.com.cn' });
    expect(pulls(inChina)).toEqual([[], [], []]);
    const [first] = deploymentWith(({ image }) => {
      image.registry = '730278974607.dkr.ecr.us-west-2.amazonaws.com';
      image.repository = 'quiltdata/mcp';
    }).environments;
    expect(allowing(first!.registry!.delivery!.roles[0]!, 'ecr:PutImage', upstream)).toEqual([]);
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
    const roles = rolesOf(withLongestNames(target), target);
    for (const { name, policies } of Object.values(roles)) {
      expect(policies.length, name).toBeLessThan(MOST_ATTACHED);
      for (const policy of policies) {
        expect(policy.name).toMatch(new RegExp(`^${name}-[a-z]+$`));
        expect(policy.name.length).toBeLessThanOrEqual(128);
        expect(policySize(policy.statements), policy.name).toBeLessThan(POLICY_LIMIT);
        const sids = policy.statements.map(({ sid }) => sid);
        expect(new Set(sids).size).toBe(sids.length);
        expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
        expect(JSON.stringify(policy.statements)).not.toContain('${');
      }
    }
  });

  // IAM takes 6,144 characters. The most are in the policy of the engine, which hardly grows with what is deployed.
  const ROOM = 4_200;
  it.each(TARGETS)('the roles of workflows have policies with room for more, with usual names: %s', (target) => {
    const usual: Change = (answers) => {
      withLongestNames(target)(answers);
      const [dev] = Object.values(answers.environments);
      dev!.permissionsBoundaryArn = `arn:aws-us-gov:iam::${ACCOUNT}:policy/boundary`;
      if (answers.state) answers.state.keyPrefix = 'quilt-mcp-server';
    };
    for (const { policies } of Object.values(rolesOf(usual, target))) {
      for (const policy of policies) expect(policySize(policy.statements), policy.name).toBeLessThan(ROOM);
    }
  });

  it('the roles of workflows have policies that each have a statement in every environment: IAM takes no empty one', () => {
    for (const target of TARGETS) {
      for (const { duty, grants } of DUTIES) {
        for (const policy of byPolicy(grants, engineGrants(target, duty))) {
          const always = policy.grants.filter(({ when, unless }) => when === undefined && unless === undefined);
          expect(always, `${duty} ${policy.topic}`).not.toEqual([]);
        }
      }
    }
  });

  it('the roles of workflows have no statement that is of two policies', () => {
    const mixed = { sid: 'Mixed', actions: ['ecs:ListClusters', 'ec2:DescribeVpcs'], on: ['*'] };
    expect(() => byPolicy([mixed], [])).toThrow('the statement Mixed is of no one policy: ecs, ec2');
  });

  it('the roles of workflows have a statement about a service that no topic names in the policy of the service', () => {
    const topic = { sid: 'Topic', actions: ['sns:CreateTopic', 'ecs:CreateService'], on: ['*'] };
    expect(byPolicy([topic], [])).toEqual([{ topic: 'service', grants: [topic] }]);
  });
});

/** Answers whose names are as long as AWS takes them, in the region with the longest of partitions that reach GitHub. */
function withLongestNames(target: Answers['target']): Change {
  return (answers) => {
    const text = JSON.stringify(answers.environments.dev!).replaceAll('us-east-1', 'us-gov-west-1');
    const dev = JSON.parse(text.replaceAll('arn:aws:', 'arn:aws-us-gov:')) as typeof answers.environments.dev & object;
    answers.name = 'a-stack-with-20chars';
    answers.environments = { 'a-name-of-16-chr': dev };
    answers.image.registry = '730278974607.dkr.ecr.us-gov-west-1.amazonaws.com';
    answers.image.repository = 'u'.repeat(255);
    // Source: IAM User Guide, "IAM and AWS STS quotas": a path of 512 characters, a name of 128.
    dev.permissionsBoundaryArn = `arn:aws-us-gov:iam::${ACCOUNT}:policy/${'p'.repeat(510)}/${'b'.repeat(128)}`;
    dev.deliveryBoundaryArn = dev.permissionsBoundaryArn;
    dev.network.clusterName = 'c'.repeat(255);
    const load = `${'l'.repeat(32)}/0123456789abcdef/0123456789abcdef`;
    dev.network.listenerArn = `arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:${ACCOUNT}:listener/app/${load}`;
    dev.network.albEgress = { create: dev.network.albSecurityGroupIds[0]! };
    // The longest that ACM issues a certificate for.
    const host = `${'h'.repeat(56)}.example`;
    dev.routing = { mode: 'domain', host, hostedZoneId: 'Z'.repeat(32), priority: 1 };
    Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' });
    if (target !== 'terraform') {
      dev.deployment = { strategy: 'blue-green' };
      return;
    }
    Object.assign(answers.state!, {
      bucket: 'b'.repeat(63),
      region: 'us-gov-west-1',
      keyPrefix: 'k'.repeat(900),
      kmsKeyArn: `arn:aws-us-gov:kms:us-gov-west-1:${ACCOUNT}:key/mrk-${'0'.repeat(32)}`,
    });
  };
}

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
    // A plan looks at the signature of the image, which the registry's policy lets it from another account.
    const reading = others.filter((role) => JSON.stringify(role).includes(':repository/'));
    expect(reading.map(({ duty }) => duty)).toEqual(Array(environments.length).fill('plan'));
    for (const role of reading) expect(allowing(role, 'ecr:BatchGetImage', arn)).toHaveLength(1);
    expect(sharedRegistry!.repository.pullRoleArns).toEqual(
      environments.flatMap(({ name }) =>
        ['execution', 'plan'].map((role) => `arn:aws:iam::${ACCOUNT}:role/quilt-mcp-server-${name}-${role}`),
      ),
    );
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
      answers.environments.staging!.deliveryBoundaryArn = boundary;
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
    change: {
      actions: [action],
      before: action === 'create' ? null : { policy: 'a' },
      after: action === 'delete' ? null : { policy: 'b' },
    },
  });

  it('a plan of Terraform is of the resources of the model: what attaches a policy is a part of its role', () => {
    const resource_changes = [
      made('aws_iam_openid_connect_provider.github[0]', 'aws_iam_openid_connect_provider'),
      made('aws_iam_role.delivery["publish"]', 'aws_iam_role'),
      made('aws_iam_policy.delivery["publish-images"]', 'aws_iam_policy'),
      made('aws_iam_role_policy_attachment.delivery["publish-images"]', 'aws_iam_role_policy_attachment'),
      made('aws_iam_policy.delivery["plan-engine"]', 'aws_iam_policy', 'update'),
      // What an earlier version made.
      made('aws_iam_role_policy.engine["deploy"]', 'aws_iam_role_policy', 'delete'),
    ];
    const changes = readTerraformPlan(JSON.stringify({ resource_changes })).map(({ id, action }) => [id, action]);
    expect(changes).toEqual([
      ['oidcProvider', 'create'],
      ['publishRole', 'create'],
      ['publishImagesPolicy', 'create'],
      ['planEnginePolicy', 'update'],
      ['deployRole', 'update'],
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
  const READS = /^(\w[\w-]*):(Describe|Get|List|Batch(Get|Check|Describe))/;
  const arnOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

  it('the permissions of a role name no resource of another partition: IAM takes no such policy', () => {
    const inGovCloud: Change = (answers) => {
      withLongestNames('terraform')(answers);
      answers.image.registry = '730278974607.dkr.ecr.us-east-1.amazonaws.com';
    };
    const { publish } = rolesOf(inGovCloud);
    expect(statementsOf(publish).map(({ sid }) => sid)).not.toContain('PullUpstream');
    const resources = Object.values(rolesOf(inGovCloud)).flatMap((role) =>
      statementsOf(role).flatMap((one) => one.resources),
    );
    expect(resources.filter((resource) => resource.startsWith('arn:aws:'))).toEqual([]);
  });

  it('the permissions of a publish are about its one repository', () => {
    const { publish } = rolesOf();
    const own = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/quilt-mcp-server-dev`;
    const upstream = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/quiltdata/mcp`;
    expect(Object.fromEntries(statementsOf(publish).map(({ sid, resources }) => [sid, resources]))).toEqual({
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
      const others = statementsOf(plan).flatMap(({ actions }) => actions.filter((action) => !READS.test(action)));
      expect(others.sort()).toEqual(
        target === 'terraform'
          ? ['kms:Decrypt']
          : [
              'CreateChangeSet',
              'DeleteChangeSet',
              'DetectStackDrift',
              'DetectStackResourceDrift',
              'TagResource',
              'UntagResource',
            ].map((name) => `cloudformation:${name}`),
      );
      const making = statementsOf(plan).filter(({ actions }) => actions.includes('cloudformation:CreateChangeSet'));
      const names = making.flatMap(({ conditions }) => conditions?.StringLike?.['cloudformation:ChangeSetName'] ?? '*');
      // By their names, or their ARNs.
      expect(names.map((name) => name.replace(/^\*:changeSet\//, ''))).toEqual(
        target === 'terraform' ? [] : ['plan-*', 'plan-*', 'cdk-diff-*', 'cdk-diff-*'],
      );
      const own = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/quilt-mcp-server-dev`;
      // What signatures are verified with.
      expect(allowing(plan, 'ecr:BatchGetImage', own)).toHaveLength(1);
      expect(allowing(plan, 'ecr:BatchGetImage', own.replace('-dev', '-production'))).toEqual([]);
      expect(allowing(plan, 'secretsmanager:GetSecretValue', '*')).toEqual([]);
    },
  );

  it.each(TARGETS)('the permissions of a deployment do not reach what grants them: %s', (target) => {
    const { deploy } = rolesOf(undefined, target);
    const roles = ['dev-publish', 'dev-plan', 'dev-deploy', 'staging-deploy', 'production-execution'];
    const writing = statementsOf(deploy).flatMap(({ actions }) => actions.filter((action) => /^iam:/.test(action)));
    for (const action of [...writing, 'iam:PassRole', 'iam:AttachRolePolicy']) {
      for (const role of roles) {
        expect(allowing(deploy, action, arnOf(`quilt-mcp-server-${role}`)), `${action} ${role}`).toEqual([]);
      }
    }
    for (const action of [...writing, 'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicy']) {
      const policy = `arn:aws:iam::${ACCOUNT}:policy/quilt-mcp-server-dev-deploy-network`;
      expect(allowing(deploy, action, policy), action).toEqual([]);
    }
    const stack = `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/quilt-mcp-server-dev-registry/a`;
    expect(allowing(deploy, 'cloudformation:ExecuteChangeSet', stack)).toEqual([]);
    const state = 'arn:aws:s3:::example-terraform-state/quilt-mcp-server/dev/registry.tfstate';
    expect(allowing(deploy, 's3:PutObject', state)).toEqual([]);
    expect(allowing(deploy, 'iam:CreateOpenIDConnectProvider', PROVIDER)).toEqual([]);
  });

  it.each(TARGETS)('the permissions of a deployment pass its roles on to ECS alone: %s', (target) => {
    const { deploy } = rolesOf((answers) => {
      if (target !== 'terraform') answers.environments.dev!.deployment = { strategy: 'canary' };
    }, target);
    const passing = statementsOf(deploy).filter(({ actions }) => actions.includes('iam:PassRole'));
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

  it('the roles of workflows have the boundary of their own answer, and the roles of the tasks that of theirs', () => {
    const [tasks, delivery] = ['tasks', 'delivery'].map((name) => `arn:aws:iam::${ACCOUNT}:policy/${name}`);
    const boundaries = (answer: Partial<EnvironmentAnswers>) => {
      const { service, registry } = deploymentWith(({ environments }) => Object.assign(environments.dev!, answer))
        .environments[0]!;
      const roles = [...registry!.delivery!.roles, service.executionRole, service.taskRole];
      return roles.map(({ permissionsBoundaryArn }) => permissionsBoundaryArn);
    };
    const three = (boundary?: string) => [boundary, boundary, boundary];
    expect(boundaries({ permissionsBoundaryArn: tasks })).toEqual([...three(), tasks, tasks]);
    expect(boundaries({ deliveryBoundaryArn: delivery })).toEqual([...three(delivery), undefined, undefined]);
  });

  it('the permissions of a deployment make roles within the boundary, if there is one, and take none away', () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const { deploy } = rolesOf((answers) => {
      answers.environments.dev!.permissionsBoundaryArn = boundary;
    });
    const execution = arnOf('quilt-mcp-server-dev-execution');
    expect(allowing(deploy, 'iam:DeleteRolePermissionsBoundary', execution)).toEqual([]);
    // Once the registry layer says that there is none, a deployment takes it from the roles.
    expect(allowing(rolesOf().deploy, 'iam:DeleteRolePermissionsBoundary', execution)).toHaveLength(1);
    const bounded: Conditions = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary']) {
      const found = allowing(deploy, action, arnOf('quilt-mcp-server-dev-execution'));
      expect(found.map(({ conditions }) => conditions)).toEqual([bounded]);
    }
  });

  it.each(TARGETS)('permissions of workflows are about everything only if AWS has nothing narrower: %s', (target) => {
    const everything = Object.values(rolesOf(undefined, target)).flatMap((role) =>
      statementsOf(role)
        .filter(({ resources }) => resources.includes('*'))
        .flatMap(({ actions }) => actions.filter((action) => !READS.test(action))),
    );
    expect(everything).toEqual(['ecs:DeregisterTaskDefinition']);
    const wild = Object.values(rolesOf(undefined, target)).flatMap((role) =>
      statementsOf(role).flatMap(({ actions }) => actions.filter((action) => action.includes('*'))),
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

describe('what AWS asks of a role', () => {
  const NAME = 'quilt-mcp-server-dev';
  const VPC = 'vpc-44444444444444444';
  const STACKS = TARGETS.filter((target) => target !== 'terraform');
  const at = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
  const GROUP = at('ec2', 'security-group/sg-a');
  const RULE = at(
    'elasticloadbalancing',
    'listener-rule/app/quilt-dev/4444444444444444/4444444444444444/5555555555555555',
  );
  const OWN = { 'aws:ResourceTag/Service': NAME };
  /** Which of the demands are not met, by their actions. */
  const lacking = async (role: DeliveryRole, demands: readonly Demand[]) => {
    const identity = identityOf(role, ACCOUNT);
    const allowed = await Promise.all(demands.map((demand) => isAllowed(identity, demand)));
    return demands.filter((_, index) => !allowed[index]).map(({ action }) => action);
  };
  const BY_STACKS = { 'aws:CalledVia': ['cloudformation.amazonaws.com'] };
  const dev = (target: Answers['target'], change?: Change) => rolesOf(change, target);

  it.each(STACKS)(
    'what AWS asks of a plan for drift is allowed, for each resource of a stack, too: %s',
    async (target) => {
      const { plan } = dev(target);
      const stacks = ['service', 'registry'].map((layer) => at('cloudformation', `stack/${NAME}-${layer}/a`));
      const detecting = stacks.flatMap((resource) => [
        { action: 'cloudformation:DetectStackDrift', resource },
        { action: 'cloudformation:DetectStackResourceDrift', resource },
        { action: 'cloudformation:DescribeStackResourceDrifts', resource },
      ]);
      const awaiting = ['DescribeStackDriftDetectionStatus', 'BatchDescribeTypeConfigurations'].map((name) => ({
        action: `cloudformation:${name}`,
        resource: '*',
      }));
      expect(await lacking(plan, [...detecting, ...awaiting])).toEqual([]);
      const other = at('cloudformation', 'stack/quilt/a');
      expect(
        await lacking(plan, [{ action: 'cloudformation:DetectStackResourceDrift', resource: other }]),
      ).toHaveLength(1);
    },
  );

  it.each(['plan', 'deploy'] as const)(
    'what AWS asks for a state that is not there yet is allowed, whether a key is looked for by a prefix or without: %s',
    async (duty) => {
      const role = dev('terraform')[duty];
      const resource = 'arn:aws:s3:::example-terraform-state';
      const listing = { action: 's3:ListBucket', resource };
      const key = 'quilt-mcp-server/dev/service.tfstate';
      expect(await lacking(role, [listing, { ...listing, context: { 's3:prefix': key } }])).toEqual([]);
      expect(await lacking(role, [{ ...listing, context: { 's3:prefix': 'other/' } }])).toEqual(['s3:ListBucket']);
    },
  );

  /** What CloudFormation asks to make a group, whose tags it gives it at once or at last. */
  const makingGroup = (tagsFirst: boolean, vpc = VPC): Demand[] => {
    const tags = { 'aws:RequestTag/Service': NAME };
    const later = { ...BY_STACKS, 'ec2:Vpc': at('ec2', `vpc/${vpc}`), ...(tagsFirst ? OWN : {}) };
    const tagging = tagsFirst
      ? { ...BY_STACKS, ...tags, 'ec2:CreateAction': 'CreateSecurityGroup' }
      : { ...later, ...tags };
    return [
      {
        action: 'ec2:CreateSecurityGroup',
        resource: at('ec2', 'security-group/new'),
        context: { ...BY_STACKS, ...(tagsFirst ? tags : {}) },
      },
      { action: 'ec2:CreateSecurityGroup', resource: at('ec2', `vpc/${vpc}`), context: BY_STACKS },
      ...['RevokeSecurityGroupEgress', 'AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress'].map((name) => ({
        action: `ec2:${name}`,
        resource: GROUP,
        context: later,
      })),
      {
        action: 'ec2:AuthorizeSecurityGroupIngress',
        resource: at('ec2', 'security-group-rule/new'),
        context: BY_STACKS,
      },
      { action: 'ec2:CreateTags', resource: GROUP, context: tagging },
      // Where it cannot finish, it takes back what it made.
      { action: 'ec2:DeleteSecurityGroup', resource: GROUP, context: later },
    ];
  };

  it.each(STACKS)(
    'what AWS asks to make a security group is allowed, whether its tags come first or last: %s',
    async (target) => {
      const { deploy } = dev(target);
      expect(await lacking(deploy, makingGroup(true))).toEqual([]);
      expect(await lacking(deploy, makingGroup(false))).toEqual([]);
      expect(await lacking(deploy, makingGroup(true, 'vpc-other'))).toEqual(['ec2:CreateSecurityGroup']);
    },
  );

  it.each(STACKS)(
    'what AWS asks to change a security group that is not of the environment is not allowed: of another stack, VPC or caller: %s',
    async (target) => {
      const { deploy } = dev(target);
      const here = { 'ec2:Vpc': at('ec2', `vpc/${VPC}`) };
      const fresh: Demand = {
        action: 'ec2:AuthorizeSecurityGroupIngress',
        resource: GROUP,
        context: { ...BY_STACKS, ...here },
      };
      expect(await lacking(deploy, [fresh])).toEqual([]);
      const others: Demand['context'][] = [
        here,
        { ...BY_STACKS, 'ec2:Vpc': at('ec2', 'vpc/vpc-other') },
        { ...BY_STACKS, ...here, 'aws:ResourceTag/Service': 'other' },
        { ...BY_STACKS, ...here, 'aws:ResourceTag/aws:cloudformation:stack-name': 'quilt' },
      ];
      for (const context of others) {
        expect(await lacking(deploy, [{ ...fresh, context }]), JSON.stringify(context)).toHaveLength(1);
        const tagging = { ...fresh, action: 'ec2:CreateTags', context: { ...context, 'aws:RequestTag/Service': NAME } };
        expect(await lacking(deploy, [tagging]), JSON.stringify(context)).toHaveLength(1);
      }
    },
  );

  it.each(STACKS)(
    "what AWS asks to finish a security group or a listener rule is allowed if it has the tag of the environment's stack, and not ours yet: %s",
    async (target) => {
      const { deploy } = dev(target);
      const demands = (stack: string, via: Demand['context'] = BY_STACKS): Demand[] => {
        const inVpc = { 'ec2:Vpc': at('ec2', `vpc/${VPC}`) };
        const context = { ...via, ...inVpc, 'aws:ResourceTag/aws:cloudformation:stack-name': stack };
        const tagged = { ...context, 'aws:RequestTag/Service': NAME };
        return [
          { action: 'ec2:AuthorizeSecurityGroupIngress', resource: GROUP, context },
          { action: 'ec2:DeleteSecurityGroup', resource: GROUP, context },
          { action: 'ec2:CreateTags', resource: GROUP, context: tagged },
          { action: 'elasticloadbalancing:ModifyRule', resource: RULE, context },
          { action: 'elasticloadbalancing:AddTags', resource: RULE, context: tagged },
        ];
      };
      expect(await lacking(deploy, demands(`${NAME}-service`))).toEqual([]);
      for (const other of ['quilt', `${NAME}-registry`, 'other-service']) {
        expect(await lacking(deploy, demands(other)), other).toHaveLength(5);
      }
      // Of its own accord, the role does none of it.
      expect(await lacking(deploy, demands(`${NAME}-service`, {}))).toHaveLength(5);
    },
  );

  it('what AWS asks of Terraform to make a security group is allowed only with its tags', async () => {
    const { deploy } = dev('terraform');
    const lacks = await lacking(deploy, makingGroup(false));
    expect(lacks).toContain('ec2:CreateSecurityGroup');
    expect(lacks).toContain('ec2:CreateTags');
    expect(await lacking(deploy, makingGroup(true))).toEqual([]);
  });

  it.each(STACKS)(
    'what AWS asks to change a listener rule is allowed, with its tags and from before it had any: %s',
    async (target) => {
      const { deploy } = dev(target);
      const changing = (context: Demand['context']) => [
        { action: 'elasticloadbalancing:ModifyRule', resource: RULE, context },
        { action: 'elasticloadbalancing:DeleteRule', resource: RULE, context },
        { action: 'elasticloadbalancing:RemoveTags', resource: RULE, context },
        tagging(context, 'Service', NAME),
        // A change of another tag sends that one alone.
        tagging(context, 'Team', 'core'),
      ];
      const tagging = (context: Demand['context'], key: string, value: string) => ({
        action: 'elasticloadbalancing:AddTags',
        resource: RULE,
        context: { ...context, [`aws:RequestTag/${key}`]: value },
      });
      expect(await lacking(deploy, changing({ ...BY_STACKS, ...OWN }))).toEqual([]);
      expect(await lacking(deploy, changing(BY_STACKS))).toEqual([]);
      expect(await lacking(deploy, [tagging(BY_STACKS, 'Service', 'other')])).toHaveLength(1);
      expect(await lacking(deploy, changing({}))).toHaveLength(5);
      expect(await lacking(deploy, changing({ ...BY_STACKS, 'aws:ResourceTag/Service': 'other' }))).toHaveLength(5);
      const elsewhere = RULE.replace('quilt-dev', 'other');
      expect(await lacking(deploy, [{ ...changing(BY_STACKS)[0]!, resource: elsewhere }])).toHaveLength(1);
    },
  );

  it.each(TARGETS)(
    'what AWS asks of a target group is allowed by its name, whether its tags come first, last or not at all: %s',
    async (target) => {
      // Terraform's deployments move no traffic: there is no second group.
      const shifts: Change = ({ environments }) => {
        if (target !== 'terraform') environments.dev!.deployment = { strategy: 'blue-green' };
      };
      const { deploy } = dev(target, shifts);
      const group = (name: string) => at('elasticloadbalancing', `targetgroup/${name}/0123456789abcdef`);
      const calls = ['ModifyTargetGroupAttributes', 'ModifyTargetGroup', 'AddTags', 'RemoveTags', 'DeleteTargetGroup'];
      const changing = (name: string, context: Demand['context'] = {}): Demand[] =>
        calls.map((call) => ({ action: `elasticloadbalancing:${call}`, resource: group(name), context }));
      const { names } = deploymentWith(shifts, target).environments[0]!.registry!.delivery!;
      const first = names.TargetGroupName!;
      for (const name of [first, names.AlternateTargetGroupName].filter((one) => one !== undefined && one !== '')) {
        for (const context of [{}, OWN, BY_STACKS]) expect(await lacking(deploy, changing(name!, context))).toEqual([]);
      }
      for (const name of ['other', `${first}-2`, first.slice(0, -1)]) {
        expect(await lacking(deploy, changing(name)), name).toHaveLength(calls.length);
      }
      // One of an earlier name is known by its tag.
      expect(await lacking(deploy, changing('earlier', OWN))).toEqual(
        calls.slice(0, -1).map((call) => `elasticloadbalancing:${call}`),
      );
    },
  );

  it.each(TARGETS)(
    'what AWS asks to move a listener rule is allowed, though its tags are not among it: %s',
    async (target) => {
      const { deploy, plan } = dev(target);
      const moving = { action: 'elasticloadbalancing:SetRulePriorities', resource: RULE, context: OWN };
      expect(await lacking(deploy, [moving])).toEqual([]);
      expect(await lacking(plan, [moving])).toHaveLength(1);
    },
  );

  it.each(TARGETS)(
    'what AWS asks to request a certificate is allowed, of its host and with its tag alone: %s',
    async (target) => {
      const { deploy } = dev(target, ({ environments }) => {
        const { network } = environments.dev!;
        environments.dev!.routing = {
          mode: 'domain',
          host: 'mcp.example.com',
          hostedZoneId: 'Z0123456789ABCDEFGHIJ',
          priority: 1,
        };
        Object.assign(network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' });
      });
      const tags = { 'aws:RequestTag/Service': NAME };
      const requesting = (host: string, context = tags) => ({
        action: 'acm:RequestCertificate',
        resource: '*',
        context: { 'acm:DomainNames': [host], ...context },
      });
      // CloudFormation tags it in a second call.
      const untagged = (host: string) => ({
        ...requesting(host),
        context: { 'acm:DomainNames': [host], ...BY_STACKS },
      });
      expect(await lacking(deploy, [untagged('mcp.example.com')])).toEqual([]);
      expect(await lacking(deploy, [untagged('other.example.com')])).toHaveLength(1);
      const tagging = { action: 'acm:AddTagsToCertificate', resource: at('acm', 'certificate/new'), context: tags };
      expect(await lacking(deploy, [requesting('mcp.example.com'), tagging])).toEqual([]);
      const tagged = (service: string) => ({
        ...tagging,
        context: { ...tags, 'aws:ResourceTag/Service': service },
      });
      expect(await lacking(deploy, [tagged(NAME)])).toEqual([]);
      expect(await lacking(deploy, [tagged('quilt-mcp-server-production')])).toHaveLength(1);
      // A change of an answer `tags`, which does not send our own again.
      const changing = (service: string) => ({
        ...tagging,
        context: { 'aws:RequestTag/Team': 'core', 'aws:ResourceTag/Service': service },
      });
      expect(await lacking(deploy, [changing(NAME)])).toEqual([]);
      expect(await lacking(deploy, [changing('quilt-mcp-server-production')])).toHaveLength(1);
      const wrong = [
        requesting('other.example.com'),
        requesting('mcp.example.com', { 'aws:RequestTag/Service': 'other' }),
      ];
      expect(await lacking(deploy, wrong)).toHaveLength(2);
    },
  );

  it.each(TARGETS)(
    'what AWS asks to stop a deployment, and to look at one, is allowed of the service and of the deployment: %s',
    async (target) => {
      const { deploy, plan } = dev(target);
      const cluster =
        deploy && deploymentWith(undefined, target).environments[0]!.registry!.delivery!.names.ClusterName!;
      const resources = [`service/${cluster}/${NAME}`, `service-deployment/${cluster}/${NAME}/a`].map((path) =>
        at('ecs', path),
      );
      const demands = (action: string) => resources.map((resource) => ({ action, resource }));
      expect(await lacking(deploy, demands('ecs:StopServiceDeployment'))).toEqual([]);
      expect(await lacking(deploy, demands('ecs:DescribeServiceDeployments'))).toEqual([]);
      expect(await lacking(plan, demands('ecs:DescribeServiceDeployments'))).toEqual([]);
      expect(await lacking(plan, demands('ecs:StopServiceDeployment'))).toHaveLength(2);
    },
  );

  it.each(TARGETS.filter((target) => target !== 'terraform'))(
    'what AWS asks to import is allowed of what an earlier stack kept, if it is named, and of what CloudFormation finds: %s',
    async (target) => {
      const { deploy } = dev(target);
      const making = (...types: string[]) => ({
        action: 'cloudformation:CreateChangeSet',
        resource: at('cloudformation', `stack/${NAME}-service/id`),
        ...(types.length > 0 && { context: { 'cloudformation:ImportResourceTypes': types } }),
      });
      const kept = 'AWS::Logs::LogGroup';
      expect(await lacking(deploy, [making(), making(kept)])).toEqual([]);
      for (const type of ['AWS::EC2::SecurityGroup', 'AWS::ElasticLoadBalancingV2::ListenerRule', 'AWS::IAM::Role']) {
        expect(await lacking(deploy, [making(type), making(kept, type)]), type).toHaveLength(2);
      }
    },
  );

  it.each(TARGETS)('what AWS asks to say anew what a role is for is allowed: %s', async (target) => {
    const resource = arnOfRole('execution');
    expect(await lacking(dev(target).deploy, [{ action: 'iam:UpdateRoleDescription', resource }])).toEqual([]);
    const publish = { action: 'iam:UpdateRoleDescription', resource: arnOfRole('publish') };
    expect(await lacking(dev(target).deploy, [publish])).toHaveLength(1);
  });
  const arnOfRole = (duty: string) => `arn:aws:iam::${ACCOUNT}:role/${NAME}-${duty}`;

  it('what AWS asks to promote an image is allowed: to pull it as the one environment, to push it as the next, and not across', async () => {
    const { environments } = deploymentWith();
    const publishers = environments.map(
      ({ registry }) => registry!.delivery!.roles.find(({ duty }) => duty === 'publish')!,
    );
    const [from, to] = environments.map(({ registry }) => registry!.repository.arn);
    const demands = (names: readonly string[], resource: string) =>
      names.map((name) => ({ action: `ecr:${name}`, resource }));
    // Source: Amazon ECR User Guide, "Required IAM permissions for pushing an image", and "Pulling an image".
    const pulling = ['BatchGetImage', 'GetDownloadUrlForLayer'];
    const pushing = [
      'BatchCheckLayerAvailability',
      'InitiateLayerUpload',
      'UploadLayerPart',
      'CompleteLayerUpload',
      'PutImage',
    ];
    const token = { action: 'ecr:GetAuthorizationToken', resource: '*' };
    expect(await lacking(publishers[0]!, [token, ...demands(pulling, from!)])).toEqual([]);
    expect(await lacking(publishers[1]!, [token, ...demands([...pulling, ...pushing], to!)])).toEqual([]);
    expect(await lacking(publishers[0]!, demands(pushing, to!))).toHaveLength(pushing.length);
    expect(await lacking(publishers[1]!, demands(pushing, from!))).toHaveLength(pushing.length);
  });

  it.each(STACKS)(
    'what CloudFormation reads of a log group, and before it deletes a security group, is allowed: %s',
    async (target) => {
      const { deploy, plan } = dev(target);
      const reading = [
        { action: 'logs:GetDataProtectionPolicy', resource: at('logs', `log-group:/ecs/${NAME}`) },
        { action: 'logs:DescribeIndexPolicies', resource: '*' },
        { action: 'logs:DescribeResourcePolicies', resource: '*' },
      ];
      expect(await lacking(plan, reading)).toEqual([]);
      expect(await lacking(deploy, [...reading, { action: 'ec2:DescribeInstances', resource: '*' }])).toEqual([]);
    },
  );
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
      /^environments\.shared-publish: cannot have this name.* environments\.shared needs .* to publish; take another$/,
    ],
    ...['publish', 'plan'].map((duty): (typeof cases)[number] => [
      `an environment in which workflows ${duty} another`,
      (answers) => {
        answers.environments[`dev-${duty}`] = {
          ...answers.environments.staging!,
          routing: { ...answers.environments.staging!.routing, host: 'x.example.com', priority: 900 },
        };
      },
      new RegExp(
        `^environments\\.dev-${duty}: cannot have this name.* environments\\.dev needs .* to ${duty}; take another$`,
      ),
    ]),
  ];

  it.each(cases)('answers for roles that do not fit together are refused once: %s', (_, change, message) => {
    expect(problemsOf(change)).toEqual([expect.stringMatching(message)]);
  });
});
