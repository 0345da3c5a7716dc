import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generateFiles } from '../../generators';
import { cdk } from '../../generators/cdk';
import { loadTemplates } from '../../generators/templates';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { ownPackage } from '../../src/project/package-root';
import { validateTemplate } from '../../src/rehearsal/cloudformation/spec';
import { CdkRepository } from '../support/cdk-repository';
import { fences } from '../support/markdown';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

const EXAMPLE: Answers = exampleAnswers(undefined, 'cdk');

/** A shared registry, and in an account of its own all that is optional. */
const EVERYTHING: Answers = {
  ...EXAMPLE,
  environments: {
    dev: { ...exampleEnvironment('dev', 1), registry: shared() },
    production: {
      ...inAccount('444455556666', exampleEnvironment('production', 2)),
      registry: shared(),
      routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
      cors: { allowedOrigins: ['https://app.example.com', 'https://b.example.com', 'http://localhost:3000'] },
      secrets: {
        EXAMPLE_KEY: 'arn:aws:secretsmanager:us-east-1:444455556666:secret:quilt/mcp-AbCdEf:key::',
        EXAMPLE_PARAMETER: 'arn:aws:ssm:us-east-1:444455556666:parameter/quilt/mcp',
      },
      environment: { QUILT_MCP_RESOURCES_ENABLED: 'false' },
      logs: {
        retention: 365,
        kmsKeyArn: 'arn:aws:kms:us-east-1:444455556666:key/01234567-89ab-cdef-0123-456789abcdef',
      },
      permissionsBoundaryArn: 'arn:aws:iam::444455556666:policy/boundary',
      deployment: { strategy: 'rolling', alarms: ['unhealthy'] },
    },
    shifting: {
      ...exampleEnvironment('shifting', 2),
      registry: shared(),
      deployment: { strategy: 'canary', percent: 5, stepMinutes: 7 },
    },
  },
};

function shared(): EnvironmentAnswers['registry'] {
  return { scope: 'shared', account: '111122223333', region: 'us-east-1' };
}

function inAccount(account: string, answers: EnvironmentAnswers): EnvironmentAnswers {
  const { network } = answers;
  return {
    ...answers,
    account,
    network: {
      ...network,
      listenerArn: network.listenerArn.replace(answers.account, account),
      albSecurityGroupIds: [...network.albSecurityGroupIds, 'sg-0123456789abcdef1'],
      albDnsName: 'quilt.us-east-1.elb.amazonaws.com',
      albHostedZoneId: 'Z35SXDOTRQ7X7K',
    },
  };
}

describe('the CDK app', () => {
  let example: CdkRepository;
  let everything: CdkRepository;
  beforeAll(() => {
    example = new CdkRepository(EXAMPLE);
    everything = new CdkRepository(EVERYTHING);
  });
  afterAll(() => {
    example.remove();
    everything.remove();
  });

  it('the CDK app of other answers differs by its data only', () => {
    const text = ({ files }: CdkRepository) =>
      files.filter(({ path }) => path.startsWith('deploy/cdk/') && !path.startsWith('deploy/cdk/config/'));
    expect(text(everything)).toEqual(text(example));
  });

  it('the CDK app leaves to its owner what its owner adds', () => {
    const owned = example.files.filter(
      ({ path, ownership }) => path.startsWith('deploy/cdk/') && ownership === 'owned',
    );
    expect(owned.map(({ path }) => path)).toEqual(['deploy/cdk/lib/extra.local.ts']);
  });

  it('the CDK app is formatted', async () => {
    const options = ['--indent-style=space', '--line-width=120', '--javascript-formatter-quote-style=single'];
    const biome = join(ownPackage().root, 'node_modules/@biomejs/biome/bin/biome');
    const { exitCode, output } = await example.run('deploy/cdk', biome, 'format', ...options, 'bin', 'lib', 'test');
    expect(exitCode, output).toBe(0);
  });

  it('the CDK app asks for packages that this repository pins', () => {
    for (const name of cdk.devDependencies!) {
      expect(ownPackage().devDependencies, name).toHaveProperty([name]);
    }
  });

  describe('without an image', () => {
    it.each([
      ['the example', () => example],
      ['everything', () => everything],
    ])('the CDK app without an image passes its own tests: %s', async (_, repository) => {
      const { exitCode, output } = await repository().run('.', '--test', 'test/cdk.test.mjs', 'test/images.test.mjs');
      expect(exitCode, output).toBe(0);
      expect(output).toMatch(/^# pass [1-9]/m);
    });

    it('the CDK app without an image can make the registry, and not the service, which says why', async () => {
      const registry = await example.cdk('synth', '--quiet', 'quilt-mcp-server-dev-registry');
      expect(registry.exitCode, registry.output).toBe(0);
      const service = await example.cdk('deploy', 'quilt-mcp-server-dev-service');
      expect(service.exitCode).not.toBe(0);
      expect(service.output).toContain('No image is published for dev yet.');
      expect(service.output).toContain('deploy/images/dev.json');
    });

    it('the CDK app without an image can be destroyed: it only lacks credentials here', async () => {
      const { output } = await example.cdk('destroy', '--force', 'quilt-mcp-server-dev-service');
      expect(output).toContain('no credentials have been configured');
    });
  });

  describe('with an image for one environment', () => {
    beforeAll(() => {
      example.setDigest('dev', DIGEST);
      everything.setDigest('production', DIGEST);
      everything.setDigest('shifting', DIGEST);
    });

    it('the CDK app with an image for one environment can make its service, and not that of another', async () => {
      const dev = await example.cdk('synth', '--quiet', 'quilt-mcp-server-dev-service');
      expect(dev.exitCode, dev.output).toBe(0);
      expect(JSON.stringify(example.template('quilt-mcp-server-dev-service'))).toContain(
        `quilt-mcp-server-dev@${DIGEST}`,
      );
      const staging = await example.cdk('synth', '--quiet', 'quilt-mcp-server-staging-service');
      expect(staging.exitCode).not.toBe(0);
      expect(staging.output).toContain('No image is published for staging yet.');
    });

    it('the CDK app with an image has no parameter but AlbEgress, no metadata, and needs no bootstrap', async () => {
      const { exitCode, output } = await everything.cdk('synth', '--quiet', 'quilt-mcp-server-production-service');
      expect(exitCode, output).toBe(0);
      const template = everything.template('quilt-mcp-server-production-service');
      expect(Object.keys(template).sort()).toEqual(['Conditions', 'Description', 'Outputs', 'Parameters', 'Resources']);
      expect(Object.keys(template.Parameters!)).toEqual(['AlbEgress']);
      expect(
        Object.values(template.Resources)
          .map(({ Type }) => Type)
          .sort(),
      ).toEqual([
        'AWS::CertificateManager::Certificate',
        'AWS::EC2::SecurityGroup',
        'AWS::EC2::SecurityGroupEgress',
        'AWS::ECS::Service',
        'AWS::ECS::TaskDefinition',
        'AWS::ElasticLoadBalancingV2::ListenerCertificate',
        'AWS::ElasticLoadBalancingV2::ListenerRule',
        'AWS::ElasticLoadBalancingV2::ListenerRule',
        'AWS::ElasticLoadBalancingV2::ListenerRule',
        'AWS::ElasticLoadBalancingV2::ListenerRule',
        'AWS::ElasticLoadBalancingV2::TargetGroup',
        'AWS::IAM::Role',
        'AWS::IAM::Role',
        'AWS::Logs::LogGroup',
        'AWS::Route53::RecordSet',
      ]);
      expect(JSON.stringify(template)).not.toContain('aws:cdk:path');
      // Whoever deploys does it, not a role of a bootstrap, which an account need not have.
      expect(everything.read('deploy/cdk/cdk.out/manifest.json')).not.toMatch(/RoleArn"|lookupRole"/);
    });

    it('the CDK app with an image has types, properties and references that CloudFormation knows', async () => {
      const stacks = ['shared-registry', 'production-service', 'shifting-service'].map(
        (name) => `quilt-mcp-server-${name}`,
      );
      const { exitCode, output } = await everything.cdk('synth', '--quiet', ...stacks);
      expect(exitCode, output).toBe(0);
      expect(stacks.flatMap((stack) => validateTemplate(everything.template(stack)))).toEqual([]);
    });

    it('the CDK app has what its owner adds', async () => {
      const extra = example.read('deploy/cdk/lib/extra.local.ts');
      const uncommented = extra.replace('  // For example:\n  //   server', '  server');
      expect(uncommented).not.toBe(extra);
      example.write('deploy/cdk/lib/extra.local.ts', uncommented);
      const { exitCode, output } = await example.cdk('synth', '--quiet', 'quilt-mcp-server-dev-service');
      expect(exitCode, output).toBe(0);
      const resources = Object.values(example.template('quilt-mcp-server-dev-service').Resources);
      expect(resources.find(({ Type }) => Type === 'AWS::CloudWatch::Alarm')?.Properties).toMatchObject({
        Dimensions: [{ Name: 'ClusterName', Value: 'quilt-dev' }, { Name: 'ServiceName' }],
      });
    });

    it.each([
      ['a value', 'AWS::EC2::SecurityGroup', { SecurityGroupEgress: [{ CidrIp: '10.0.0.0/8' }] }],
      ['a resource', 'AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Action: 'kms:Decrypt' }] } }],
    ])('the CDK app has what the guide shows its owner to add: %s', async (_, type, properties) => {
      const files = generateFiles(example.deployment, loadTemplates(join(ownPackage().root, 'templates')));
      const guide = files.find(({ path }) => path === 'docs/deployment.md')!.content;
      const shown = fences(guide).filter(({ language }) => language === 'ts');
      expect(shown).toHaveLength(2);
      const index = type === 'AWS::EC2::SecurityGroup' ? 0 : 1;
      example.write('deploy/cdk/lib/extra.local.ts', shown[index]!.content);
      const types = await example.run('deploy/cdk', require.resolve('typescript/bin/tsc'), '--project', '.');
      expect(types.exitCode, types.output).toBe(0);
      const { exitCode, output } = await example.cdk('synth', '--quiet', 'quilt-mcp-server-dev-service');
      expect(exitCode, output).toBe(0);
      const resources = Object.values(example.template('quilt-mcp-server-dev-service').Resources);
      expect(resources.find(({ Type }) => Type === type)?.Properties).toMatchObject(properties);
    });
  });

  it('the CDK app is run by tasks that name the stack, and destroy the service before the registry', () => {
    const tasks = new Map(cdk.tasks(example.deployment).map(({ name, steps }) => [name, steps]));
    const stacks = (task: string) => tasks.get(task)!.map(({ exec }) => exec.split(' ').at(-1));
    expect(stacks('registry:dev')).toEqual(['quilt-mcp-server-dev-registry']);
    expect(stacks('plan:dev')).toEqual(['quilt-mcp-server-dev-service']);
    // The command takes the stack from deploy/environments.json, after its look in the account.
    expect(stacks('deploy:dev')).toEqual(['dev']);
    expect(stacks('destroy:dev')).toEqual(['quilt-mcp-server-dev-service', 'quilt-mcp-server-dev-registry']);
    expect(stacks('destroy:production')).toEqual(['quilt-mcp-server-production-service']);
    expect(cdk.tasks(everything.deployment).find(({ name }) => name === 'registry:dev')!.steps[0]!.exec).toMatch(
      / quilt-mcp-server-shared-registry$/,
    );
    for (const steps of tasks.values()) {
      expect(
        steps.every(({ exec, receiveArgs }) => /^create-quilt-mcp-deploy (cdk|deploy) /.test(exec) && receiveArgs),
      ).toBe(true);
    }
  });
});
