import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_RETENTION_DAYS } from '../../../src/config/environment/logs';
import { exampleAnswers } from '../../../src/config/example';
import { keysAt, typesAt, withValue } from '../../../src/config/paths';
import { AnswersError, type Problem } from '../../../src/config/problem';
import { answersSchema } from '../../../src/config/repository';
import { validateAnswers } from '../../../src/config/validate';
import { findDeployable, LATEST } from '../../../src/conventions';
import { readConfig } from '../../../src/model/resolve';

import { errorOf } from '../../support/answers';
import { runs } from '../../support/level';

// biome-ignore lint/suspicious/noExplicitAny: the answers are changed in ways that their type forbids
type Loose = Record<string, any>;

/** The example with one change. */
function answers(change: (answers: Loose) => void = () => {}): Loose {
  const draft = structuredClone(exampleAnswers()) as Loose;
  change(draft);
  return draft;
}

function problemsOf(input: unknown): readonly Problem[] {
  try {
    readConfig(input, 'mcp-deploy.json');
  } catch (error) {
    expect(error).toBeInstanceOf(AnswersError);
    return (error as AnswersError).problems;
  }
  return [];
}

/** Where the values of answers are that hold no others. */
function leavesOf(value: Loose, path: readonly string[] = []): string[][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    inner !== null && typeof inner === 'object' ? leavesOf(inner, [...path, key]) : [[...path, key]],
  );
}

/** Names in the places that take any, so that their values are reached. */
const NAMES: Readonly<Record<string, string>> = { environments: 'dev', oidcProviders: '111122223333' };

/** Every place of the schema, below one. */
function placesOf(path: readonly string[]): string[][] {
  const keys = keysAt(answersSchema, path);
  const takesNames = typesAt(answersSchema, path).has('object') && keys.length === 0;
  return [...keys, ...(takesNames ? [NAMES[path.at(-1)!] ?? 'NAME'] : [])].flatMap((key) => [
    [...path, key],
    ...placesOf([...path, key]),
  ]);
}

describe('answers', () => {
  it('the check of answers accepts the example', () => {
    expect(problemsOf(answers())).toEqual([]);
    expect(problemsOf(exampleAnswers(undefined, 'cloudformation'))).toEqual([]);
  });

  const refused: [string, (a: Loose) => void, string, RegExp][] = [
    ['an unknown key at the top', (a) => (a.enviroments = {}), 'enviroments', /did you mean environments\?/],
    [
      'an unknown key in an environment',
      (a) => (a.environments.dev.rooting = {}),
      'environments.dev.rooting',
      /did you mean routing\?/,
    ],
    [
      'an unknown key in a choice',
      (a) => (a.environments.dev.routing.hots = ''),
      'environments.dev.routing.hots',
      /did you mean host\?/,
    ],
    [
      'a key of another routing mode',
      (a) => (a.environments.dev.routing.hostedZoneId = 'Z1'),
      'environments.dev.routing.hostedZoneId',
      /not for the routing that these answers choose/,
    ],
    ['a name in capitals', (a) => (a.name = 'Quilt'), 'name', /lower-case/],
    ['a name of 21 characters', (a) => (a.name = 'q'.repeat(21)), 'name', /1 to 20/],
    ['Terraform without a place for its state', (a) => delete a.state, 'state', /^is missing: Terraform/],
    [
      'a state that no target keeps',
      (a) => (a.target = 'cloudformation'),
      'state',
      /^only Terraform keeps state there; remove it$/,
    ],
    ['a target that does not exist', (a) => (a.target = 'pulumi'), 'target', /terraform or cloudformation or cdk/],
    [
      'conventions that do not exist',
      (a) => (a.conventions = 'g3x'),
      'conventions',
      new RegExp(`must be one of g1a, .*${LATEST.id}`),
    ],
    [
      'an image that is older than the conventions',
      (a) => (a.image.version = '0.21.0'),
      'image.version',
      new RegExp(`${LATEST.versions!.from} or later`),
    ],
    ['an image mode that does not exist', (a) => (a.image.mode = 'copy'), 'image.mode', /mirror or shim or build/],
    [
      'a shim where the server is started in another way',
      (a) => {
        Object.assign(a, exampleAnswers(findDeployable('g1a')));
        a.image.mode = 'shim';
      },
      'image.mode',
      /^conventions g1a have no shim.*take mirror or build$/,
    ],
    ['source without its commit', (a) => (a.image.mode = 'build'), 'image.commit', /^is missing.*git ls-remote/],
    [
      'a tag for a commit',
      (a) => Object.assign(a.image, { mode: 'build', commit: 'v0.22.0' }),
      'image.commit',
      /whole id of a commit/,
    ],
    [
      'a commit in short',
      (a) => Object.assign(a.image, { mode: 'build', commit: '8de68793' }),
      'image.commit',
      /40 hexadecimal digits/,
    ],
    [
      'a commit where no source is taken',
      (a) => (a.image.commit = '0'.repeat(40)),
      'image.commit',
      /^mode shim takes upstream's image/,
    ],
    [
      'a digest where no image is taken',
      (a) => Object.assign(a.image, { mode: 'build', commit: '0'.repeat(40), digest: `sha256:${'0'.repeat(64)}` }),
      'image.digest',
      /^mode build takes upstream's source/,
    ],
    ['a tag for a digest', (a) => (a.image.digest = '0.22.0'), 'image.digest', /sha256: and 64/],
    [
      'the variable by which a shim is told the origins',
      (a) => (a.environments.dev.environment = { MCP_CORS_ALLOWED_ORIGINS: '*' }),
      'environments.dev.environment.MCP_CORS_ALLOWED_ORIGINS',
      /derives it from cors\.allowedOrigins/,
    ],
    [
      'an account id that is a number',
      (a) => (a.environments.dev.account = 111122223333),
      'environments.dev.account',
      /put it in quotes/,
    ],
    ['no environment', (a) => (a.environments = {}), 'environments', /at least one/],
    [
      'an environment called shared',
      (a) => (a.environments.shared = a.environments.dev),
      'environments',
      /cannot be called shared/,
    ],
    [
      'an environment of 17 characters',
      (a) => (a.environments[`e${'x'.repeat(16)}`] = a.environments.dev),
      `environments.e${'x'.repeat(16)}`,
      /1 to 16/,
    ],
    [
      'a catalog URL with a path',
      (a) => (a.environments.dev.catalogUrl = 'https://q.example.com/catalog'),
      'environments.dev.catalogUrl',
      /without path/,
    ],
    [
      'a catalog URL without TLS',
      (a) => (a.environments.dev.catalogUrl = 'http://q.example.com'),
      'environments.dev.catalogUrl',
      /https/,
    ],
    [
      'one subnet',
      (a) => a.environments.dev.network.privateSubnetIds.pop(),
      'environments.dev.network.privateSubnetIds',
      /at least two/,
    ],
    [
      'a subnet twice',
      (a) => a.environments.dev.network.privateSubnetIds.fill('subnet-01234567'),
      'environments.dev.network.privateSubnetIds',
      /twice/,
    ],
    [
      'no cluster',
      (a) => delete a.environments.dev.network.clusterName,
      'environments.dev.network.clusterArn',
      /either/,
    ],
    ['priority 0', (a) => (a.environments.dev.routing.priority = 0), 'environments.dev.routing.priority', /1 to 50000/],
    [
      'priority 50001',
      (a) => (a.environments.dev.routing.priority = 50001),
      'environments.dev.routing.priority',
      /1 to 50000/,
    ],
    [
      'a block of priorities that ends beyond 50000',
      (a) =>
        Object.assign(a.environments.dev, {
          cors: { allowedOrigins: ['https://a.example.com'] },
          routing: { ...a.environments.dev.routing, priority: 49999 },
        }),
      'environments.dev.routing.priority',
      /takes priorities up to 50010, and the last is 50000/,
    ],
    [
      "the registry's host",
      (a) => (a.environments.dev.routing.host = a.environments.dev.registryUrl.slice('https://'.length)),
      'environments.dev.routing.host',
      /must not be the registry's host/,
    ],
    [
      'domain routing without zone and certificate',
      (a) => (a.environments.dev.routing = { mode: 'domain', host: 'mcp.example.com', priority: 1 }),
      'environments.dev.routing',
      /hostedZoneId, certificateArn, or both/,
    ],
    [
      "domain routing without the load balancer's name",
      (a) =>
        (a.environments.dev.routing = { mode: 'domain', host: 'mcp.example.com', priority: 1, hostedZoneId: 'Z1' }),
      'environments.dev.network.albDnsName',
      /domain routing needs it/,
    ],
    [
      'a listener of another region',
      (a) => (a.environments.dev.region = 'eu-west-1'),
      'environments.dev.network.listenerArn',
      /region, eu-west-1/,
    ],
    [
      'a listener of another account',
      (a) => (a.environments.dev.account = '444455556666'),
      'environments.dev.network.listenerArn',
      /account, 444455556666/,
    ],
    [
      'a task size that Fargate does not have',
      (a) => (a.environments.dev.capacity = { cpu: 256, memory: 4096 }),
      'environments.dev.capacity.memory',
      /512, 1024 or 2048/,
    ],
    [
      'CPU units that Fargate does not have',
      (a) => (a.environments.dev.capacity = { cpu: 300 }),
      'environments.dev.capacity.cpu',
      /256, 512, 1024/,
    ],
    [
      'a log retention that CloudWatch does not have',
      (a) => (a.environments.dev.logs = { retention: 91 }),
      'environments.dev.logs.retention',
      /must be one of/,
    ],
    [
      'a dangerous variable',
      (a) => (a.environments.dev.environment = { QUILT_FALLBACK_JWT: 'x' }),
      'environments.dev.environment.QUILT_FALLBACK_JWT',
      /anonymous/,
    ],
    [
      'a dangerous variable as a secret',
      (a) => (a.environments.dev.secrets = { QUILT_FALLBACK_JWT: 'arn:aws:ssm:us-east-1:111122223333:parameter/x' }),
      'environments.dev.secrets.QUILT_FALLBACK_JWT',
      /anonymous/,
    ],
    [
      'a variable that the generator sets',
      (a) => (a.environments.dev.environment = { FASTMCP_HOST: '127.0.0.1' }),
      'environments.dev.environment.FASTMCP_HOST',
      /generator sets it/,
    ],
    [
      'a variable that the generator derives',
      (a) => (a.environments.dev.environment = { QUILT_CATALOG_URL: 'x' }),
      'environments.dev.environment.QUILT_CATALOG_URL',
      /derives it/,
    ],
    [
      'a variable and a secret of one name',
      (a) =>
        Object.assign(a.environments.dev, {
          environment: { TOKEN: 'x' },
          secrets: { TOKEN: 'arn:aws:ssm:us-east-1:111122223333:parameter/x' },
        }),
      'environments.dev.secrets.TOKEN',
      /keep one/,
    ],
    [
      'a secret by value',
      (a) => (a.environments.dev.secrets = { TOKEN: 'hunter2' }),
      'environments.dev.secrets.TOKEN',
      /never the value/,
    ],
    [
      'an auth mode that the generation lacks',
      (a) => (a.environments.dev.auth = { mode: 'jwt-secret' }),
      'environments.dev.auth.mode',
      new RegExp(`${LATEST.id} have ${Object.keys(LATEST.auth.modes).join()}`),
    ],
    [
      'a tag that the generator sets',
      (a) => (a.environments.dev.tags = { Environment: 'x' }),
      'environments.dev.tags.Environment',
      /set by the generator/,
    ],
    [
      "a tag of AWS's own",
      (a) => (a.environments.dev.tags = { 'aws:x': 'x' }),
      'environments.dev.tags.aws:x',
      /not begin with aws:/,
    ],
    [
      'two environments with one host on one listener',
      (a) =>
        Object.assign(a.environments.staging, {
          network: a.environments.dev.network,
          routing: { ...a.environments.dev.routing, priority: 200 },
        }),
      'environments.staging.routing.host',
      /taken by environments\.dev/,
    ],
    [
      'two environments with overlapping priorities on one listener',
      (a) => {
        a.environments.staging.network = a.environments.dev.network;
        a.environments.staging.routing.priority = 20;
      },
      'environments.staging.routing.priority',
      /takes 21 to 31 .* which takes 11 to 21; take another priority, or fewer rules/,
    ],
    [
      'a shared registry in two places',
      (a) => {
        a.environments.dev.registry = { scope: 'shared', account: '444455556666', region: 'us-east-1' };
        a.environments.staging.registry = { scope: 'shared', account: '444455556666', region: 'eu-west-1' };
      },
      'environments.staging.registry',
      /must be the account and region/,
    ],
    ['a name that ends in a hyphen', (a) => (a.name = 'quilt-'), 'name', /single hyphens/],
    ['a name with two hyphens in a row', (a) => (a.name = 'qu--ilt'), 'name', /single hyphens/],
    ['a name that begins like an id', (a) => (a.name = 'sg-quilt'), 'name', /sg-/],
    [
      'a tag that differs from a reserved one by case',
      (a) => (a.tags.environment = 'x'),
      'tags.environment',
      /set by the generator/,
    ],
    ["a tag of AWS's own for all", (a) => (a.tags['aws:x'] = 'x'), 'tags.aws:x', /not begin with aws:/],
    [
      'a tag that differs from another by case',
      (a) => (a.environments.dev.tags = { owner: 'x' }),
      'environments.dev.tags.owner',
      /differs from Owner only by case/,
    ],
    [
      'AWS credentials',
      (a) => (a.environments.dev.environment = { AWS_ACCESS_KEY_ID: 'x' }),
      'environments.dev.environment.AWS_ACCESS_KEY_ID',
      /gives every caller these credentials/,
    ],
    [
      "another environment's registry host",
      (a) => (a.environments.staging.routing.host = a.environments.dev.registryUrl.slice('https://'.length)),
      'environments.staging.routing.host',
      /must not be the registry's host/,
    ],
    [
      "the registry's host, written with a port",
      (a) => Object.assign(a.environments.dev, { registryUrl: `${a.environments.dev.catalogUrl}:443` }),
      'environments.dev.routing.host',
      /must not be the registry's host/,
    ],
    [
      'a certificate of another account',
      (a) => {
        Object.assign(a.environments.dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z1' });
        const certificateArn = 'arn:aws:acm:us-east-1:444455556666:certificate/x';
        a.environments.dev.routing = { mode: 'domain', host: 'mcp.example.com', priority: 1, certificateArn };
      },
      'environments.dev.routing.certificateArn',
      /account, 111122223333/,
    ],
    [
      'a secret of another account',
      (a) => (a.environments.dev.secrets = { A: 'arn:aws:ssm:us-east-1:444455556666:parameter/x' }),
      'environments.dev.secrets.A',
      /account, 111122223333/,
    ],
    [
      'a part of the ARN of a secret',
      (a) => (a.environments.dev.secrets = { A: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:x' }),
      'environments.dev.secrets.A',
      /whole ARN/,
    ],
    [
      'a boundary of another account',
      (a) => (a.environments.dev.permissionsBoundaryArn = 'arn:aws:iam::444455556666:policy/x'),
      'environments.dev.permissionsBoundaryArn',
      /account, 111122223333/,
    ],
    [
      'a boundary of workflows in another partition',
      (a) => (a.environments.dev.deliveryBoundaryArn = 'arn:aws-cn:iam::111122223333:policy/x'),
      'environments.dev.deliveryBoundaryArn',
      /partition, aws/,
    ],
    [
      'names that no policy has room for',
      (a) => {
        const region = `us-east-${'1'.repeat(900)}`;
        a.environments = { dev: JSON.parse(JSON.stringify(a.environments.dev).replaceAll('us-east-1', region)) };
        a.repository = { name: 'example/deploy', ownerId: 1, repositoryId: 2 };
        a.oidcProviders = { '111122223333': { create: true } };
      },
      'environments.dev',
      /^makes the policy quilt-mcp-server-dev-plan-service of a role of workflows \d,\d+ characters long, and IAM takes 6,144; shorten the names in it/,
    ],
    [
      'names that the policy of the role that publishes to a shared registry has no room for',
      (a) => {
        // The roles of dev have room for it still.
        const region = `us-east-${'1'.repeat(5600)}`;
        a.environments = {
          dev: { ...a.environments.dev, registry: { scope: 'shared', account: '111122223333', region } },
        };
        a.repository = { name: 'example/deploy', ownerId: 1, repositoryId: 2 };
        a.oidcProviders = { '111122223333': { create: true } };
      },
      'environments.dev.registry',
      /^makes the policy quilt-mcp-server-shared-publish-images of a role of workflows \d,\d+ characters long, and IAM takes 6,144/,
    ],
    [
      'a shared registry of another partition',
      (a) => (a.environments.dev.registry = { scope: 'shared', account: '444455556666', region: 'us-gov-west-1' }),
      'environments.dev.registry.region',
      /another AWS partition/,
    ],
    [
      'one certificate that two environments put on one listener',
      (a) => {
        const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/x';
        const network = { ...a.environments.dev.network, albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z1' };
        a.environments.dev = {
          ...a.environments.dev,
          network,
          routing: { mode: 'domain', host: 'a.example.com', priority: 1, certificateArn },
        };
        a.environments.staging = {
          ...a.environments.staging,
          network,
          routing: { mode: 'domain', host: 'b.example.com', priority: 2, certificateArn },
        };
      },
      'environments.staging.routing.certificateArn',
      /destroying one would take it from both/,
    ],
    [
      'one alias record of two environments',
      (a) => {
        for (const name of ['dev', 'staging']) {
          Object.assign(a.environments[name].network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z1' });
          a.environments[name].routing = { mode: 'domain', host: 'mcp.example.com', priority: 1, hostedZoneId: 'Z2' };
        }
      },
      'environments.staging.routing.host',
      /alias record made by environments\.dev/,
    ],
  ];

  it.each(refused)('the check of answers refuses %s', (_, change, path, message) => {
    const problems = problemsOf(answers(change));
    const problem = problems.find((candidate) => candidate.path === path);
    expect(problem?.message, JSON.stringify(problems)).toMatch(message);
  });

  it('the check of answers reports every problem at once, in the shape that its reader can act on', () => {
    const wrong = answers((a) => {
      a.enviroments = {};
      a.environments.dev.routing.priority = 0;
      a.environments.staging.capacity = { cpu: 256, memory: 4096 };
      a.environments.production.environment = { FASTMCP_ADDR: '0.0.0.0' };
      delete a.state;
    });
    const error = (() => {
      try {
        return readConfig(wrong, 'mcp-deploy.json');
      } catch (caught) {
        return caught as AnswersError;
      }
    })() as AnswersError;
    expect(error.message.split('\n')[0]).toBe('mcp-deploy.json: 5 problems, nothing written');
    expect(error.message).toMatch(/ {2}environments\.dev\.routing\.priority +0\n {4}must be from 1 to 50000/);
    expect(error.message).toMatch(/ {2}state\n {4}is missing/);
  });

  it('the check of answers never throws anything but problems, whatever it is given', () => {
    const path = fc.array(
      fc.constantFrom('environments', 'dev', 'routing', 'network', 'tags', 'secrets', 'cors', 'image', 'x'),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(path, fc.jsonValue(), (keys, value) => {
        const draft = answers();
        let place: Loose = draft;
        for (const key of keys.slice(0, -1)) {
          place[key] = place[key] !== null && typeof place[key] === 'object' ? place[key] : {};
          place = place[key];
        }
        place[keys.at(-1)!] = value;
        problemsOf(draft);
      }),
      { numRuns: runs(500) },
    );
  });

  it('the check of answers says what is allowed, in its own words, wherever a value is wrong', () => {
    const full = answers((a) => {
      Object.assign(a.repository, { ownerId: 1, repositoryId: 2, subject: 'immutable' });
      a.environments.dev.capacity = { cpu: 512, memory: 1024, desired: 2 };
      a.environments.dev.deployment = { strategy: 'rolling', alarms: [] };
      a.environments.dev.logs = { retention: 30 };
      a.environments.dev.network.albIdleTimeout = 60;
    });
    const leaves = leavesOf(full).filter(([first]) => first !== '$schema');
    const wrong = fc.oneof(
      fc.constantFrom(0, -1, 0.5, 1e300, Number.MAX_SAFE_INTEGER, true, '', '0'),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...leaves), wrong, (path, value) => {
        const draft = structuredClone(full);
        const place = path.slice(0, -1).reduce((from, key) => from[key], draft);
        place[path.at(-1)!] = value;
        const said = problemsOf(draft).map(({ path: where, message }) => `${where}: ${message}`);
        expect(said.filter((one) => /: (Invalid|Too (small|big)|Expected|Unrecognized)\b/.test(one))).toEqual([]);
      }),
      { numRuns: runs(500) },
    );
    for (const [key, value] of fc.sample(
      fc.tuple(fc.constantFrom('ownerId', 'repositoryId'), fc.integer({ max: 0 })),
    )) {
      const problems = problemsOf(answers((a) => (a.repository[key] = value)));
      expect(problems).toMatchObject([
        { path: `repository.${key}`, message: 'must be a positive whole number, or null until it is known' },
      ]);
    }
  });

  it('the check of answers says what is allowed where a value has the wrong type, at every place of the schema', () => {
    const wrongs = [null, true, 1.5, 'text', [], [null], [{}], {}, { x: 1 }];
    const said = new Map<string, string[]>();
    const collect = (base: Loose, below: readonly string[]) => {
      for (const path of placesOf(below)) {
        // The shape alone: what does not fit together has words of its own.
        const problems = [undefined, ...wrongs].flatMap(
          (wrong) => validateAnswers(withValue(base, path, wrong)).problems,
        );
        for (const { path: where, message } of problems) said.set(message, [...(said.get(message) ?? []), where]);
      }
    };
    collect(answers(), []);
    const variants: readonly (readonly [part: string, value: object])[] = [
      ['routing', { mode: 'domain' }],
      ['registry', { scope: 'shared' }],
      ...['blue-green', 'canary', 'linear'].map((strategy) => ['deployment', { strategy }] as const),
    ];
    for (const [part, value] of variants) {
      const base = answers((a) => {
        a.environments = { dev: { ...a.environments.dev, [part]: value } };
      });
      collect(base, ['environments', 'dev', part]);
    }
    const raw = /Invalid|[Ee]xpected|[Rr]eceived|Too (small|big)|Unrecognized/;
    expect([...said].filter(([message]) => raw.test(message))).toEqual([]);
    const saidAt = (place: string) => [...said].filter(([, places]) => places.includes(place)).map(([text]) => text);
    for (const kind of ['environment', 'secrets', 'tags']) {
      expect(saidAt(`environments.dev.${kind}`)).toContainEqual(expect.stringMatching(/must be an object: names/));
    }
    expect(saidAt('image')).toContain(
      'must be an object; its keys are registry, repository, version, mode, digest, commit',
    );
    expect(saidAt('environments.dev.capacity')).toContainEqual(
      expect.stringMatching(/^must be an object; its keys are cpu, memory, desired/),
    );
    expect(saidAt('$schema')).toEqual(['must be text, in quotes']);
  });

  it('the check of answers cuts a long place in its message, and keeps it for programs', () => {
    const name = 'x'.repeat(5000);
    const error = errorOf(() =>
      readConfig(
        answers((a) => (a.environments.dev.environment = { [name]: 'a' })),
        'x',
      ),
    )!;
    expect(error.problems[0]!.path).toBe(`environments.dev.environment.${name}`);
    expect(Math.max(...error.message.split('\n').map((line) => line.length))).toBeLessThan(200);
    expect(error.message).toContain('environments.dev.environment.xxx');
  });

  it('answers keep data but in development, unless told otherwise', () => {
    const config = readConfig(
      answers((a) => {
        for (const name of ['dev', 'staging', 'production']) {
          delete a.environments[name].retainData;
        }
      }),
      'x',
    );
    expect(Object.values(config.environments).map(({ retainData }) => retainData)).toEqual([false, true, true]);
  });

  it('the check of answers knows the retention periods of CloudWatch', () => {
    expect(LOG_RETENTION_DAYS).toHaveLength(22);
  });
});
