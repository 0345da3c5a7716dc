import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import type { EnvironmentAnswers } from '../../../src/config/environment';
import { MOST_OTHER_PORTS } from '../../../src/config/environment/network';
import { exampleAnswers } from '../../../src/config/example';
import { AnswersError } from '../../../src/config/problem';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { leastTemplateBytes, TEMPLATE_BODY } from '../../../src/operations/cloudformation/template';
import { compareResources } from '../../../src/resources/impact';
import { resourcesOf } from '../../../src/resources/resources';

const templates = loadTemplates(join(__dirname, '../../../templates'));
const SECRET = 'arn:aws:ssm:us-east-1:111122223333:parameter/quilt/proxy';

type Change = (dev: EnvironmentAnswers) => void;

function answers(change: Change, target: NonNullable<Answers['target']> = 'terraform'): Answers {
  const draft = structuredClone(exampleAnswers(undefined, target));
  change(draft.environments.dev!);
  return draft;
}

const deployment = (change: Change, target?: NonNullable<Answers['target']>) =>
  resolveDeployment(readConfig(answers(change, target), 'test'));
const serviceOf = (change: Change) => deployment(change).environments[0]!.service;
const portsOf = (change: Change) => serviceOf(change).securityGroup.otherEgressPorts;
const variablesOf = (change: Change) => serviceOf(change).taskDefinition.environment;
const withVariables =
  (environment: Record<string, string>): Change =>
  (dev) => {
    dev.environment = environment;
  };

function problemsOf(change: Change): string[] {
  try {
    readConfig(answers(change), 'test');
    return [];
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('the ports that tasks may reach', () => {
  const ports: [string, Change, number[]][] = [
    ['nothing but the example', () => {}, []],
    ['a registry on another port', (dev) => (dev.registryUrl = 'https://registry.example.com:8443'), [8443]],
    ['a catalog on another port', (dev) => (dev.catalogUrl = 'https://quilt.example.com:9443'), [9443]],
    ['a registry on 443, in so many words', (dev) => (dev.registryUrl = 'https://registry.example.com:443'), []],
    ['a proxy for https', withVariables({ HTTPS_PROXY: 'http://proxy:3128' }), [3128]],
    ['a proxy in lower case', withVariables({ https_proxy: 'http://proxy.example.com:8080/' }), [8080]],
    ['a proxy in any case', withVariables({ Https_Proxy: 'http://proxy:3128' }), [3128]],
    ['a proxy for everything', withVariables({ ALL_PROXY: 'http://10.0.0.9:3128' }), [3128]],
    ['a proxy without a port', withVariables({ HTTP_PROXY: 'http://proxy' }), [80]],
    ['a proxy that speaks TLS', withVariables({ HTTPS_PROXY: 'https://proxy' }), []],
    ['a proxy that is switched off', withVariables({ HTTPS_PROXY: '' }), []],
    ['two proxies', withVariables({ HTTP_PROXY: 'http://p:3128', HTTPS_PROXY: 'http://q:1080' }), [1080, 3128]],
    ['an endpoint of AWS', withVariables({ AWS_ENDPOINT_URL_S3: 'https://bucket.vpce.example.com:8444' }), [8444]],
    ['any other URL with a port', withVariables({ OTLP: 'grpc://collector:4317' }), [4317]],
    ['several URLs', withVariables({ A: 'http://a:9092/x,y,https://b:9093', B: 'https://c/d,e' }), [9092, 9093]],
    ['a URL that stays in the task', withVariables({ A: 'http://localhost:9000', B: 'http://127.0.0.1:1' }), []],
    ['a database', withVariables({ DB: 'postgresql://db.example.com/quilt' }), [5432]],
    ['a cache without a port, and one with', withVariables({ A: 'redis://a/0', B: 'rediss://b:6380' }), [6379, 6380]],
    ['a host and a port', withVariables({ OTLP: 'otel.example.com:4317' }), [4317]],
    ['what only looks like one', withVariables({ A: 's3://bucket/key', B: 'a:4317', C: '127.0.0.1:80' }), []],
    ['the endpoint of ECS', withVariables({ A: 'http://169.254.170.2:80/v4' }), []],
    ['no URL', withVariables({ A: 'host:3128', B: 'a://b c:5', C: 'http://[', D: 'mailto:x@y', E: 's3://bucket' }), []],
    ['ports by themselves', (dev) => (dev.network.egressPorts = [5432, 443, 80]), [80, 5432]],
    [
      'a port named twice',
      (dev) => {
        dev.registryUrl = 'https://registry.example.com:8443';
        dev.network.egressPorts = [8443];
      },
      [8443],
    ],
  ];

  it.each(ports)('the ports that tasks may reach are those of %s', (_, change, expected) => {
    expect(portsOf(change)).toEqual(expected);
  });

  it('the ports that tasks may reach are the same in the resource graph, each with the description of what it is for', () => {
    const group = resourcesOf(deployment(withVariables({ HTTPS_PROXY: 'http://proxy:3128' }))).find(
      ({ id, environment }) => id === 'securityGroup' && environment === 'dev',
    );
    expect(group!.properties.egress).toEqual([
      { CidrIp: '0.0.0.0/0', Description: 'HTTPS', FromPort: 443, IpProtocol: 'tcp', ToPort: 443 },
      {
        CidrIp: '0.0.0.0/0',
        Description: 'Needed by mcp-deploy.json',
        FromPort: 3128,
        IpProtocol: 'tcp',
        ToPort: 3128,
      },
    ]);
  });

  it('the ports that tasks may reach change the security group in place, by its egress', () => {
    const [before, after] = [() => {}, (dev: EnvironmentAnswers) => (dev.network.egressPorts = [3128])].map((change) =>
      resourcesOf(deployment(change)),
    ) as [ReturnType<typeof resourcesOf>, ReturnType<typeof resourcesOf>];
    expect(compareResources(before, after, 'terraform')).toMatchObject([
      { id: 'securityGroup', action: 'update', properties: ['egress'] },
    ]);
  });
});

describe('NO_PROXY', () => {
  const added = '127.0.0.1,localhost,169.254.170.2';
  const cases: [string, Change, Record<string, string>][] = [
    ['is not set without a proxy', () => {}, {}],
    ['stays as it is without a proxy', withVariables({ NO_PROXY: 'a' }), { NO_PROXY: 'a' }],
    ['is added with a proxy', withVariables({ HTTP_PROXY: 'http://p:1' }), { NO_PROXY: added }],
    [
      'is added to',
      withVariables({ HTTP_PROXY: 'http://p:1', NO_PROXY: ' .a, localhost' }),
      {
        NO_PROXY: '.a,localhost,127.0.0.1,169.254.170.2',
      },
    ],
    [
      'is added to in lower case',
      withVariables({ http_proxy: 'http://p:1', no_proxy: 'a' }),
      { no_proxy: `a,${added}` },
    ],
    ['is left if it is everything', withVariables({ HTTP_PROXY: 'http://p:1', NO_PROXY: '*' }), { NO_PROXY: '*' }],
    [
      'is added with a proxy in a secret',
      (dev) => {
        dev.secrets = { HTTPS_PROXY: SECRET };
        dev.network.egressPorts = [];
      },
      { NO_PROXY: added },
    ],
  ];

  it.each(cases)('NO_PROXY %s', (_, change, expected) => {
    const found = Object.entries(variablesOf(change)).filter(([name]) => /^no_proxy$/i.test(name));
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});

describe('a proxy', () => {
  const refused: [string, string, RegExp][] = [
    ['of SOCKS', 'socks5://proxy:1080', /no client for SOCKS/],
    ['without a scheme', 'proxy:3128', /must be http:\/\/ or https:\/\//],
    ['with an address and no scheme', '10.0.0.1:3128', /must be http:\/\/ or https:\/\//],
    ['of another scheme', 'ftp://proxy:3128', /must be http:\/\/ or https:\/\//],
    ['in capitals', 'HTTP://proxy:3128', /must be http:\/\/ or https:\/\//],
    ['with a port that is none', 'http://proxy:99999', /must be http:\/\/ or https:\/\//],
    ['with port 0', 'http://proxy:0', /must be http:\/\/ or https:\/\//],
    ['without a host', 'http://:3128', /must be http:\/\/ or https:\/\//],
    ['of two', 'http://a:1,http://b:2', /must be http:\/\/ or https:\/\//],
    ['that is a script', 'http://wpad/proxy.pac', /PAC/],
    ['with a password', 'http://me:hunter2@proxy:3128', /under secrets/],
    ['in the task itself', 'http://localhost:3128', /within the task/],
  ];

  it.each(refused)('a proxy %s is refused, and a password is not shown', (_, value, message) => {
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']) {
      const problems = problemsOf(withVariables({ [name]: value }));
      expect(problems).toEqual([expect.stringMatching(message)]);
      expect(problems[0]).toMatch(`environments.dev.environment.${name}: `);
      expect(problems[0]).not.toContain('hunter2');
    }
  });

  it('a proxy in a secret needs its port named, and NO_PROXY is none of the secrets', () => {
    const secrets = { https_proxy: SECRET };
    expect(problemsOf((dev) => Object.assign(dev, { secrets }))).toEqual([
      'environments.dev.network.egressPorts: is missing: the port of the proxy is in a secret (secrets.https_proxy); list the TCP port, or give [] if it is 443',
    ]);
    expect(problemsOf((dev) => Object.assign(dev, { secrets: { no_proxy: SECRET } }))).toEqual([
      expect.stringMatching(/^environments\.dev\.secrets\.no_proxy: holds no secret/),
    ]);
  });
});

describe('what a security group could not let out', () => {
  it.each([0, 65_536, 99_999])('a registry on port %i is refused, as no security group could let it out', (port) => {
    expect(problemsOf((dev) => (dev.registryUrl = `https://registry.example.com:${port}`))).toEqual([
      expect.stringMatching(/^environments\.dev\.registryUrl: must be an https URL .* with a port from 1 to 65535/),
    ]);
  });

  it.each([
    'http://collector:0',
    'otel.example.com:99999',
    'https://collector:99999',
    'http://one:4317,http://two:65536/path',
  ])('a variable %j is refused, as no security group could let its port out', (OTLP) => {
    expect(problemsOf(withVariables({ OTLP }))).toEqual([
      'environments.dev.environment.OTLP: must have a port from 1 to 65535',
    ]);
  });

  it.each([[0], [65_536], [1.5], ['3128'], [-1]])('%j is refused as an egress port by itself', (port) => {
    const problems = problemsOf((dev) => (dev.network.egressPorts = [port as number]));
    expect(problems).toEqual([expect.stringMatching(/^environments\.dev\.network\.egressPorts\.0: must be .*65535$/)]);
  });

  it(`more than ${MOST_OTHER_PORTS} egress ports are refused`, () => {
    const many = Array.from({ length: MOST_OTHER_PORTS }, (_, index) => 9000 + index);
    expect(problemsOf((dev) => (dev.network.egressPorts = [443, ...many]))).toEqual([]);
    expect(problemsOf((dev) => (dev.network.egressPorts = [...many, 1]))).toEqual([
      expect.stringMatching(/^environments\.dev\.network\.egressPorts\.4: makes 5 TCP ports/),
    ]);
  });

  it('each http or https URL of the answers is let out by the security group, or refused, and never accepted in silence', () => {
    const url = fc.webUrl({ withFragments: false, authoritySettings: { withPort: true } });
    fc.assert(
      fc.property(url, fc.constantFrom('HTTPS_PROXY', 'ANY_URL'), (value, name) => {
        const { port, protocol } = new URL(value);
        const wanted = Number(port || { 'http:': 80, 'https:': 443 }[protocol]);
        const change = withVariables({ [name]: value });
        if (problemsOf(change).length > 0) expect(name === 'HTTPS_PROXY' || port === '0').toBe(true);
        else expect([443, ...portsOf(change)]).toContain(wanted);
      }),
    );
  });
});

describe.each(TARGETS)('what is emitted for %s', (target) => {
  const filesOf = (change: Change) =>
    new Map(generateFiles(deployment(change, target), templates).map(({ path, content }) => [path, content]));
  const usual = filesOf(() => {});

  it(`what is emitted for ${target} says nothing of other egress ports in its code and data if no environment needs one`, () => {
    const code = [...usual].filter(([path]) => path.startsWith('deploy/'));
    expect(code.filter(([, content]) => /other_?egress_?port/i.test(content)).map(([path]) => path)).toEqual([]);
  });

  it(`what is emitted for ${target} differs in the data of the environment that needs another egress port, and in code that does not have its number`, () => {
    const files = filesOf((dev) => (dev.network.egressPorts = [61_234]));
    const differing = [...files].filter(([path, content]) => usual.get(path) !== content);
    const withNumber = differing.filter(([, content]) => content.includes('61234')).map(([path]) => path);
    expect(withNumber.filter((path) => path.startsWith('deploy/'))).toEqual([
      expect.stringMatching(/\/dev(\.json|\/service\/terraform\.tfvars\.json)$/),
    ]);
    const others = differing.filter(([path]) => /\/(staging|production)[./].*json$/.test(path));
    // In a template that they share, the others say that they have no such port.
    expect(others).toHaveLength(target === 'cloudformation' ? 2 : 0);
    for (const [, content] of others) expect(content).toContain('"OtherEgressPort1": ""');
  });
});

const serviceTemplate = (of: ReturnType<typeof deployment>) =>
  generateFiles(of, templates).find(({ path }) => path.endsWith('/mcp_server.yaml'))!.content;
const ROOM = 'cut templates/cloudformation/mcp_server.yaml.hbs, or put what is new into a template of its own';

it('the template of CloudFormation stays small enough to be given as a file by the commands of the guide', () => {
  const template = serviceTemplate(deployment(() => {}, 'cloudformation'));
  expect(Buffer.byteLength(template), ROOM).toBeLessThanOrEqual(TEMPLATE_BODY);
});

it('the template of CloudFormation stays small enough for its tasks with proxies and all ports', () => {
  const proxied = deployment((dev) => {
    dev.environment = { ...dev.environment, HTTP_PROXY: 'http://a:3128', HTTPS_PROXY: 'http://b:3129' };
    dev.catalogUrl = 'https://quilt.example.com:8443';
    dev.registryUrl = 'https://registry.example.com:8444';
  }, 'cloudformation');
  expect(proxied.environments[0]!.service.securityGroup.otherEgressPorts).toHaveLength(MOST_OTHER_PORTS);
  expect(leastTemplateBytes(serviceTemplate(proxied)), ROOM).toBeLessThanOrEqual(TEMPLATE_BODY);
});
