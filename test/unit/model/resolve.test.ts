import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import { exampleAnswers } from '../../../src/config/example';
import { cut, limitOf, NAMED, nameOf } from '../../../src/model/names';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';

const templates = loadTemplates(join(__dirname, '../../../templates'));
/** Data of the environment dev. */
const DATA_FILES = {
  terraform: /environments\/dev\/service\/terraform\.tfvars\.json$/,
  cloudformation: /parameters\/dev\.json$/,
  cdk: /config\/dev\.json$/,
};

/** Limits of AWS by kind of name. Another kind is held against its own rule. */
const LIMITS: readonly (readonly [kind: RegExp, limit: number])[] = [
  [/^(service|taskFamily|container|securityGroup)$/, 255],
  [/^logGroup$/, 512],
  [/^repository$/, 256],
  [/Role$/, 64],
  [/targetGroup$/i, 32],
  [/Stack$/, 128],
];

const stackName = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,4}){0,2}$/);
const environmentName = fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,3}){0,2}$/);

// biome-ignore lint/suspicious/noExplicitAny: the answers are changed in ways that their type forbids
type Loose = any;

function resolve(change: (answers: Loose) => void = () => {}) {
  const answers: Loose = structuredClone(exampleAnswers());
  change(answers);
  return resolveDeployment(readConfig(answers, 'x'));
}

describe('names', () => {
  it('names of resources keep to the length limit of AWS, and to its characters', () => {
    fc.assert(
      fc.property(stackName, environmentName, (stack, environment) => {
        for (const kind of NAMED) {
          const [, limit] = LIMITS.find(([kinds]) => kinds.test(kind)) ?? [kind, limitOf(kind)];
          const name = nameOf(kind, stack, environment);
          expect(name.length).toBeLessThanOrEqual(limit);
          expect(name).toMatch(/^[/a-z][a-z0-9/-]*$/);
        }
        // Elastic Load Balancing refuses a target group whose name ends in a hyphen.
        expect(nameOf('targetGroup', stack, environment)).not.toMatch(/-$/);
      }),
    );
  });

  it('names of resources that begin alike stay apart when they are cut', () => {
    fc.assert(
      fc.property(stackName, environmentName, environmentName, (stack, a, b) => {
        fc.pre(a !== b);
        expect(nameOf('targetGroup', stack, a)).not.toBe(nameOf('targetGroup', stack, b));
      }),
    );
    expect(cut('abcdefghij', 10)).toBe('abcdefghij');
    expect(cut('quilt-staging-mcp-server-production', 32)).toMatch(/^quilt-staging-mcp-serve-[0-9a-f]{8}$/);
  });
});

describe('the resolved deployment', () => {
  it('the resolved deployment gives the execution role each secret by its own ARN, whatever version is referred to', () => {
    const [dev] = resolve((answers) => {
      answers.environments.dev.secrets = {
        A: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf:key::',
        B: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf:other::',
        C: 'arn:aws:ssm:us-east-1:111122223333:parameter/c',
      };
    }).environments;
    const statements = Object.fromEntries(
      dev!.service.executionRole.statements.map(({ sid, resources }) => [sid, resources]),
    );
    expect(statements.ReadSecrets).toEqual(['arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf']);
    expect(statements.ReadParameters).toEqual(['arn:aws:ssm:us-east-1:111122223333:parameter/c']);
  });

  it('the resolved deployment gives the task role nothing', () => {
    expect(resolve().environments.every(({ service }) => service.taskRole.statements.length === 0)).toBe(true);
  });

  it('the resolved deployment has a state if the target is Terraform, and stacks by name for whoever makes some', () => {
    const layers = (answers: object) =>
      resolveDeployment(readConfig(answers, 'test')).environments.flatMap(({ registry, service }) => [
        registry!,
        service,
      ]);
    expect(layers(exampleAnswers()).filter(({ state }) => !state)).toEqual([]);
    expect(layers(exampleAnswers(undefined, 'cloudformation')).filter(({ state }) => state)).toEqual([]);
    expect(layers(exampleAnswers()).map(({ stackName }) => stackName)).toContain('quilt-mcp-server-dev-registry');
  });

  it('the resolved deployment names partitions and their domains', () => {
    const [dev] = resolve((answers) => {
      const { dev: environment } = answers.environments;
      answers.state.region = 'us-gov-west-1';
      answers.environments = {
        dev: JSON.parse(
          JSON.stringify(environment)
            .replaceAll('us-east-1', 'us-gov-west-1')
            .replaceAll('arn:aws:', 'arn:aws-us-gov:'),
        ),
      };
    }).environments;
    expect(dev!.registry!.repository.arn).toMatch(/^arn:aws-us-gov:ecr:us-gov-west-1:/);
    expect(dev!.service.clusterArn).toMatch(/^arn:aws-us-gov:ecs:/);
  });

  it('the resolved deployment keeps the timeout of calls below the idle timeout and below what fails a health check', () => {
    for (const [idle, expected] of [
      [60, '55'],
      [30, '25'],
      [4000, '55'],
    ] as const) {
      const [dev] = resolve((answers) => {
        answers.environments.dev.network.albIdleTimeout = idle;
      }).environments;
      expect(dev!.service.taskDefinition.environment.QUILT_SERVICE_TIMEOUT).toBe(expected);
    }
  });

  it('the resolved deployment lets other accounts pull from a shared registry by the role that pulls, and its own by none', () => {
    const deployment = resolve((answers) => {
      for (const name of ['dev', 'production']) {
        answers.environments[name].registry = { scope: 'shared', account: '444455556666', region: 'us-east-1' };
      }
      answers.environments.staging.registry = { scope: 'environment' };
    });
    expect(deployment.sharedRegistry!.repository.pullRoleArns).toEqual([
      'arn:aws:iam::111122223333:role/quilt-mcp-server-dev-execution',
      'arn:aws:iam::111122223333:role/quilt-mcp-server-production-execution',
    ]);
    expect(deployment.environments.map(({ registry }) => registry?.repository.name)).toEqual([
      undefined,
      'quilt-mcp-server-staging',
      undefined,
    ]);
    expect(deployment.environments[0]!.service.taskDefinition.repository.uri).toBe(
      '444455556666.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server-shared',
    );
  });

  it.each([
    ['of the catalog on the same host', 'https://quilt-dev.example.com:8443', 'https://quilt-dev.example.com:8443'],
    ["that is the scheme's own", 'https://quilt-dev.example.com:443', 'https://quilt-dev.example.com'],
    ['of a catalog on another host', 'https://other.example.com:8443', 'https://quilt-dev.example.com'],
  ])('clients get the port %s, in the URL and in the own origin, with every target', (_, catalogUrl, expected) => {
    for (const target of ['terraform', 'cloudformation', 'cdk'] as const) {
      const answers: Loose = structuredClone(exampleAnswers(undefined, target));
      Object.assign(answers.environments.dev, { catalogUrl, cors: { allowedOrigins: ['https://a.example.com'] } });
      const deployment = resolveDeployment(readConfig(answers, 'x'));
      const [{ url, service } = undefined!] = deployment.environments;
      expect(url).toBe(`${expected}/mcp`);
      expect(service.listenerRules[0]!.origins).toContain(expected);
      expect(service.taskDefinition.environment.MCP_CORS_ALLOWED_ORIGINS!.split(',')).toContain(expected);
      const files = generateFiles(deployment, templates);
      const data = files.find(({ path }) => DATA_FILES[target].test(path))!.content;
      expect(/("client_port"|"ClientPort"|"port"): "?8443/.test(data)).toBe(expected.endsWith(':8443'));
      expect(files.find(({ path }) => path === 'deploy/environments.json')!.content).toContain(`"${expected}/mcp"`);
    }
  });
});
