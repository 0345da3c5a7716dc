import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { generateFiles, generateTasks } from '../../../../generators';
import { architectureDiagram, mermaidText } from '../../../../generators/docs/diagram';
import { markdown } from '../../../../generators/escape';
import type { GeneratedFile } from '../../../../generators/file';
import { loadTemplates } from '../../../../generators/templates';
import { upgrade } from '../../../../src/cli/commands/upgrade';
import { dispatch } from '../../../../src/cli/dispatch';
import type { EnvironmentAnswers } from '../../../../src/config/environment';
import { exampleAnswers } from '../../../../src/config/example';
import { type Answers, TARGETS } from '../../../../src/config/repository';
import { CATALOGUE, type Deployable, findDeployable, isDeployable, LATEST } from '../../../../src/conventions';
import { enumerate, failure } from '../../../../src/conventions/labels';
import { WRITE_SERVICE } from '../../../../src/model/delivery/grants';
import { DUTIES, haveRoles } from '../../../../src/model/delivery/roles';
import type { Deployment, Environment } from '../../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';
import { shellWord } from '../../../../src/operations/shell-word';
import { runs } from '../../../support/level';
import { anchors, codeSpans, fences, links, prose, tables } from '../../../support/markdown';

const templates = loadTemplates(posix.join(__dirname, '../../../../templates'));

const LOAD_BALANCER = { albDnsName: 'quilt.us-east-1.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' };
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d';

type Target = Deployment['target'];

/** The example with its first environment changed. */
function example(
  change: (dev: EnvironmentAnswers, answers: Answers) => void,
  target: Target = 'terraform',
  conventions: Deployable = LATEST,
): Deployment {
  const answers = exampleAnswers(conventions, target);
  change(answers.environments.dev!, answers);
  return resolveDeployment(readConfig(answers, 'test'));
}

function share(answers: Answers, names: readonly string[], account: string): void {
  for (const name of names) {
    answers.environments[name]!.registry = { scope: 'shared', account, region: 'us-west-2' };
  }
}

function domain(dev: EnvironmentAnswers, given: { hostedZoneId?: string; certificateArn?: string }): void {
  Object.assign(dev.network, LOAD_BALANCER);
  dev.routing = { mode: 'domain', host: 'mcp.example.com', priority: 7, ...given };
}

/** Moves environments to a region of another partition. */
function moveTo(region: string, partition: string, environments: readonly EnvironmentAnswers[]): void {
  for (const environment of environments) {
    const moved = JSON.stringify(environment)
      .replaceAll('us-east-1', region)
      .replaceAll('arn:aws:', `arn:${partition}:`);
    Object.assign(environment, JSON.parse(moved));
  }
}

const CHANGES: Readonly<Record<string, Parameters<typeof example>[0]>> = {
  example: () => {},
  'one environment': (dev, answers) => {
    answers.environments = { only: dev };
  },
  'domain with a hosted zone': (dev) => domain(dev, { hostedZoneId: 'Z0123456789ABCDEFGHIJ' }),
  'domain with a certificate': (dev) => domain(dev, { certificateArn: CERTIFICATE }),
  'domain with both': (dev) => domain(dev, { hostedZoneId: 'Z0123456789ABCDEFGHIJ', certificateArn: CERTIFICATE }),
  'domains alone': (_, answers) => {
    for (const [name, environment] of Object.entries(answers.environments)) {
      domain(environment, { hostedZoneId: 'Z0123456789ABCDEFGHIJ' });
      environment.routing.host = `mcp-${name}.example.com`;
    }
  },
  'roles of workflows': (_, answers) => {
    answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
    answers.oidcProviders = { '111122223333': { create: true } };
    answers.environments.dev!.deliveryBoundaryArn = 'arn:aws:iam::111122223333:policy/delivery';
  },
  'roles of workflows, by a provider that is there': (_, answers) => {
    answers.repository = { name: 'example/quilt-mcp-deploy', repositoryId: 345, subject: 'classic' };
    answers.oidcProviders = {
      '111122223333': { arn: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
    };
  },
  'a partition that reaches no GitHub': (_, answers) => {
    moveTo('us-iso-east-1', 'aws-iso', Object.values(answers.environments));
    if (answers.state) answers.state.region = 'us-iso-east-1';
  },
  'a private network': (dev, answers) => {
    answers.delivery = { verify: 'aws' };
    dev.delivery = { runner: ['self-hosted', 'vpn | dev'], verify: 'request' };
    dev.environment = { ...dev.environment, HTTPS_PROXY: 'http://proxy.example.com:3128' };
    dev.registryUrl = 'https://quilt-registry.example.com:8443';
  },
  'mode mirror': (_, answers) => {
    answers.image.mode = 'mirror';
  },
  'mode mirror, by digest': (_, answers) => {
    Object.assign(answers.image, { mode: 'mirror', digest: `sha256:${'1'.repeat(64)}` });
  },
  'mode shim, by digest': (dev, answers) => {
    Object.assign(answers.image, { mode: 'shim', digest: `sha256:${'1'.repeat(64)}` });
    dev.cors = { allowedOrigins: ['https://www.example.com'] };
  },
  'mode build': (_, answers) => {
    Object.assign(answers.image, { mode: 'build', commit: '0123456789abcdef0123456789abcdef01234567' });
  },
  'mode build, without a commit yet': (_, answers) => {
    Object.assign(answers.image, { mode: 'build', commit: null });
  },
  'shared registry': (_, answers) => share(answers, ['dev', 'staging', 'production'], '111122223333'),
  'shared registry of another account': (_, answers) => share(answers, ['dev', 'production'], '444455556666'),
  'shared registry, and roles of workflows': (_, answers) => {
    share(answers, ['dev', 'staging', 'production'], '444455556666');
    answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
    answers.oidcProviders = { '111122223333': { create: true }, '444455556666': { create: true } };
  },
  'all traffic at once, and alarms': (dev, answers) => {
    const alarms = ['Errors of the server | 5xx', 'slow'];
    dev.deployment =
      answers.target === 'terraform' ? { strategy: 'rolling', alarms } : { strategy: 'blue-green', alarms };
  },
  'traffic by parts': (_, answers) => {
    if (answers.target !== 'terraform') {
      answers.environments.staging!.deployment = { strategy: 'canary', percent: 5, stepMinutes: 1, bakeMinutes: 0 };
      answers.environments.production!.deployment = { strategy: 'linear', percent: 25, stepMinutes: 3 };
    }
  },
  'all that is optional': (dev, answers) => {
    answers.repository = {
      name: 'example/deploy',
      ownerId: 1,
      repositoryId: 2,
      app: { idVariable: 'APP_ID', keySecret: 'APP_KEY' },
    };
    answers.image.registry = 'ghcr.io';
    if (answers.state) {
      answers.state.kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/0a1b';
    }
    dev.cors = { allowedOrigins: ['https://www.example.com', 'https://b.example.com', 'https://c.example.com'] };
    dev.secrets = {
      FROM_MANAGER: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:name-AbCdEf:key::',
      FROM_PARAMETER: 'arn:aws:ssm:us-east-1:111122223333:parameter/a/b',
    };
    dev.environment = { QUILT_DISABLE_USAGE_METRICS: 'true', ODD: 'a|b `c`\n```\n[x](y) <b> {{z}}' };
    dev.permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
    dev.logs = { retention: 7, kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/0a1b' };
    dev.tags = { 'Team name': 'data + platform @ example' };
  },
};

function deployments(target: Target): Record<string, Deployment> {
  return Object.fromEntries(Object.entries(CHANGES).map(([name, change]) => [name, example(change, target)]));
}

const DEPLOYMENTS = deployments('terraform');
const EVERY_GENERATION = TARGETS.flatMap((target) =>
  CATALOGUE.filter(isDeployable).map((entry) => [target, entry.id, example(() => {}, target, entry)] as const),
);
const EVERY_TARGET = [
  ...TARGETS.flatMap((target) =>
    Object.entries(deployments(target)).map(([name, deployment]) => [target, name, deployment] as const),
  ),
  ...EVERY_GENERATION.filter(([, id]) => id !== LATEST.id),
];

function documents(files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ path }) => path === 'README.md' || path.startsWith('docs/'));
}

type Parse = (diagram: string) => Promise<unknown>;
let parseMermaid: Parse;

beforeAll(async () => {
  // Mermaid sanitizes labels with the DOM of a browser.
  const { JSDOM } = require('jsdom') as { JSDOM: new (html: string) => { window: { document: unknown } } };
  const { window } = new JSDOM('');
  Object.assign(globalThis, { window, document: window.document });
  const { default: mermaid } = await import('mermaid');
  parseMermaid = (diagram) => mermaid.parse(diagram);
});

describe.each(EVERY_TARGET)('the documents for %s of %s', (target, _name, deployment) => {
  const files = generateFiles(deployment, templates);
  const documented = documents(files);
  const contentOf = (path: string) => documented.find((file) => file.path === path)!.content;

  it(`the documents for ${target} are there, each with its owner`, () => {
    expect(Object.fromEntries(documented.map(({ path, ownership }) => [path, ownership]))).toEqual({
      'README.md': 'merged',
      'docs/decisions.md': 'merged',
      'docs/delivery.md': 'merged',
      'docs/deployment.md': 'merged',
      'docs/environment-variables.md': 'merged',
      'docs/image.md': 'merged',
      'docs/infrastructure.md': 'merged',
    });
  });

  it(`the documents for ${target} are all found from the README`, () => {
    const linked = links(contentOf('README.md')).map((link) => link.target.split('#')[0]);
    const lost = documented.filter(({ path }) => path !== 'README.md' && !linked.includes(path));
    expect(
      lost.map(({ path }) => path),
      'link it in templates/docs/README.md.hbs',
    ).toEqual([]);
  });

  it(`the documents for ${target} link to files and headings that exist`, () => {
    const paths = new Set(['mcp-deploy.json', ...files.map(({ path }) => path)]);
    const broken = documented.flatMap(({ path, content }) =>
      links(content)
        .filter(({ target }) => !/^https:/.test(target))
        .filter(({ target }) => {
          const [file, anchor] = target.split('#') as [string, string?];
          const resolved = file === '' ? path : posix.join(posix.dirname(path), file);
          return !paths.has(resolved) || (anchor !== undefined && !anchors(contentOf(resolved)).includes(anchor));
        })
        .map(({ target }) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it(`the documents for ${target} name tasks that exist`, () => {
    const tasks = new Set(generateTasks(deployment).map(({ name }) => name));
    const named = documented.flatMap(({ content }) =>
      [...content.matchAll(/npm run ([a-z]+(?:-[a-z]+)*(?::[a-z0-9-]+)?)(?![a-z:A-Z…])/g)].map(([, task]) => task!),
    );
    expect(named.length).toBeGreaterThan(tasks.size);
    expect(named.filter((task) => !tasks.has(task))).toEqual([]);
    expect([...tasks].filter((task) => !named.includes(task))).toEqual([]);
  });

  it(`the documents for ${target} name folders and files that exist`, () => {
    const ofTheReader =
      /\/(ENV|NEW)\.json$|\.local\.(tf|json|yaml)$|\.auto\.tfvars\.json$|\/secrets\.yaml$|\/cdk\.out(\/|$)/;
    const named = documented
      .flatMap(
        ({ content }) =>
          content.match(/(?<!quiltdata\/quilt-mcp-server |repos\/[\w./-]*)deploy\/[a-z]+\/[\w/.-]*\w/g) ?? [],
      )
      .filter((path) => !ofTheReader.test(path));
    const exists = (path: string) => files.some((file) => file.path === path || file.path.startsWith(`${path}/`));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !exists(path))).toEqual([]);
  });

  it(`the documents for ${target} have commands that a shell can read`, () => {
    const commands = documented.flatMap(({ content }) =>
      fences(content)
        .filter(({ language }) => language === 'sh')
        .map((fence) => fence.content),
    );
    expect(commands.length).toBeGreaterThan(10);
    execFileSync('sh', ['-n'], { input: commands.join('\n') });
  });

  it(`the documents for ${target} make every GitHub environment that a job runs in, and limit all but those that plan`, () => {
    const made = fences(documented.find(({ path }) => path === 'docs/delivery.md')!.content)
      .filter(({ language, content }) => language === 'sh' && content.includes('for environment in'))
      .map(({ content }) => execFileSync('sh', ['-eu'], { input: `gh() { echo "$@"; }\n${content}`, encoding: 'utf8' }))
      .flatMap((output) => output.trim().split('\n'));
    const expected = deployment.environments.flatMap(({ name, registry }) =>
      DUTIES.filter(({ duty }) => registry || duty !== 'publish').map(
        ({ duty, githubEnvironment }) => [githubEnvironment(name), duty !== 'plan'] as const,
      ),
    );
    if (deployment.sharedRegistry) expected.push(['shared-publish', true]);
    if (deployment.repository.app) expected.push(['pull_requests', true]);
    const limit = ['protected_branches]=true', 'custom_branch_policies]=false']
      .map((value) => ` -F deployment_branch_policy[${value}`)
      .join('');
    expect([...new Set(made)].sort()).toEqual(
      expected
        .map(
          ([name, limited]) =>
            `api --silent --method PUT repos/${deployment.repository.name}/environments/${name}${limited ? limit : ''}`,
        )
        .sort(),
    );
  });

  it(`the documents for ${target} have GitHub environments made before the first role, by commands that stand in one place`, () => {
    const hasRoles = haveRoles(deployment.environments);
    const readme = contentOf('README.md');
    const made = readme.indexOf('(docs/delivery.md#who-may-do-what)');
    const [first] = deployment.environments;
    const registry = readme.indexOf(`npm run registry:${first!.registry ? first!.name : 'shared'}`);
    expect(made > 0 && made < registry).toBe(hasRoles);
    const guide = contentOf('docs/deployment.md');
    const added = guide.slice(guide.indexOf('\n## Add an environment\n'), guide.indexOf('\n## Several accounts\n'));
    const [named, layer] = [added.indexOf('(delivery.md#who-may-do-what)'), added.indexOf('(../README.md#3-create')];
    expect(layer).toBeGreaterThan(0);
    expect(named > 0 && named < layer).toBe(hasRoles);
    const making = documented.filter(({ content }) => content.includes('/environments/$environment'));
    expect(making.map(({ path }) => path)).toEqual(['docs/delivery.md']);
  });

  it(`the documents for ${target} say what comes before the catalog's rule of those environments that are on its host`, () => {
    const guide = contentOf('docs/deployment.md');
    const onHost = deployment.environments.filter(
      ({ catalogUrl, service }) => !service.domain && service.listenerRules[0]!.host === new URL(catalogUrl).hostname,
    );
    const start = guide.indexOf("\n## Before the catalog's rule");
    expect(start > 0).toBe(onHost.length > 0);
    const [table] = start < 0 ? [] : tables(guide.slice(start));
    expect((table ?? []).slice(1).map(([name]) => codeSpans(name!)[0])).toEqual(onHost.map(({ name }) => name));
  });

  it(`the documents for ${target} say what a deployment that moves traffic needs to refuse foreign origins, and of no other`, () => {
    const moving = deployment.environments.filter(({ service }) => service.rollout.shift).map(({ name }) => name);
    const [, named] =
      /It also needs `deployment\.strategy` set to `rolling` in (.*?):/.exec(contentOf('docs/infrastructure.md')) ?? [];
    expect(codeSpans(named ?? '')).toEqual(moving);
  });

  it(`the documents for ${target} have JSON that can be read`, () => {
    for (const { content } of documented
      .flatMap((file) => fences(file.content))
      .filter(({ language }) => language === 'json')) {
      // A part of an object is shown without its braces.
      expect(() => JSON.parse(content.trim().startsWith('{') ? content : `{${content}}`)).not.toThrow();
    }
  });

  it(`the documents for ${target} have a diagram for each environment, that Mermaid reads`, async () => {
    const diagrams = fences(contentOf('docs/infrastructure.md')).filter(({ language }) => language === 'mermaid');
    expect(diagrams).toHaveLength(deployment.environments.length);
    expect(diagrams.map(({ content }) => content).join('')).not.toContain('://');
    for (const { content } of diagrams) {
      await expect(parseMermaid(content)).resolves.toMatchObject({ diagramType: 'flowchart-v2' });
    }
  });

  it(`the documents for ${target} have tables whose rows are as long as their header`, () => {
    for (const table of documented.flatMap(({ content }) => tables(content))) {
      expect(table.filter((row) => row.length !== table[0]!.length)).toEqual([]);
    }
  });

  it(`the documents for ${target} have every environment variable of the conventions`, () => {
    const { fixed, derived, optional, dead, dangerous } = deployment.conventions.environment;
    const rows = tables(contentOf('docs/environment-variables.md'))
      .flat()
      .map(([name]) => codeSpans(name!)[0]);
    const names = [fixed, derived, optional, dead, dangerous].flatMap((variables) => Object.keys(variables));
    expect(names.filter((name) => !rows.includes(name))).toEqual([]);
  });

  it(`the documents for ${target} have every name, rule and permission of the model`, () => {
    const spans = new Set(codeSpans(prose(contentOf('docs/infrastructure.md'))));
    const wanted = deployment.environments.flatMap(({ registry, service, url }) => [
      url,
      service.serviceName,
      service.clusterArn,
      service.targetGroupName,
      service.listenerArn,
      service.logGroup.name,
      service.taskRole.name,
      service.taskDefinition.repository.arn,
      ...service.answers.network.privateSubnetIds,
      ...service.securityGroup.ingressFrom,
      ...service.listenerRules.flatMap(({ host, paths, origins = [] }) => [host, ...paths, ...origins]),
      ...(service.rollout.shift
        ? [service.rollout.shift.alternateTargetGroupName, service.rollout.shift.roleName]
        : []),
      ...service.executionRole.statements.flatMap(({ sid, actions, resources }) => [sid, ...actions, ...resources]),
      ...Object.entries(service.tags).flat(),
      ...(registry?.delivery?.roles ?? []).flatMap(({ policies, permissionsBoundaryArn: boundary }) => [
        ...(boundary === undefined ? [] : [boundary]),
        ...policies.flatMap(({ name, statements }) => [
          name,
          ...statements.flatMap(({ sid, actions, resources }) => [sid, ...actions, ...resources]),
        ]),
      ]),
    ]);
    expect(wanted.filter((text) => !spans.has(text))).toEqual([]);
    for (const port of deployment.environments.flatMap(({ service }) => service.securityGroup.otherEgressPorts)) {
      expect(contentOf('docs/infrastructure.md')).toContain(`| out | TCP ${port} | \`0.0.0.0/0\` |`);
    }
  });

  it(`the documents for ${target} have nothing unresolved, and no untidy white space`, () => {
    for (const { path, content } of documented) {
      expect(content.replace('{{z}}', ''), path).not.toMatch(/undefined|\[object Object\]|\{\{|NaN/);
      expect(content, path).not.toMatch(/[ \t]$/m);
      expect(content, path).not.toMatch(/\n\n\n/);
      expect(content, path).toMatch(/[^\n]\n$/);
      expect(
        fences(content).filter((fence) => fence.content.trim() === ''),
        path,
      ).toEqual([]);
    }
  });

  it(`the documents for ${target} say how the traffic moves if it does, and of alarms if there are any`, () => {
    const guide = contentOf('docs/deployment.md');
    const rollouts = deployment.environments.map(({ service }) => service.rollout);
    const [table] = tables(guide).filter(([header]) => header![1] === '`deployment.strategy`');
    expect(table !== undefined).toBe(rollouts.some(({ shift }) => shift));
    expect(guide.includes('`deployment.alarms`')).toBe(rollouts.some(({ alarms }) => alarms.length > 0));
    for (const [index, { shift, alarms }] of (table ? rollouts : []).entries()) {
      const [, strategy, traffic, bakeTime, named] = table![index + 1]!;
      expect(codeSpans(strategy!)).toEqual([shift ? shift.strategy.toLowerCase().replace('_', '-') : 'rolling']);
      expect(traffic!.match(/\d+/g) ?? []).toEqual(
        shift?.step ? [`${shift.step.percent}`, `${shift.step.bakeTimeInMinutes}`] : [],
      );
      expect(bakeTime!.match(/\d+/g) ?? []).toEqual(shift ? [`${shift.bakeTimeInMinutes}`] : []);
      expect(codeSpans(named!)).toEqual(alarms);
    }
  });

  it(`the documents for ${target} say what a destroy leaves, and of a certificate that was issued its record if the target leaves it`, () => {
    const guide = contentOf('docs/deployment.md');
    const [table] = tables(guide).filter(([header]) => header![1] === 'Kept');
    const issued = deployment.environments.map(({ service: { domain } }) => domain && !domain.certificateArn);
    const leaves = issued.map((is) => Boolean(is) && target !== 'terraform');
    expect(table!.slice(1).map(([, kept]) => kept!.includes('validation record'))).toEqual(leaves);
    expect(guide.includes('by which ACM validated')).toBe(leaves.includes(true));
  });

  it(`the documents for ${target} call only URLs that are whole`, () => {
    const commands = documented.flatMap(({ content }) => fences(content).filter(({ language }) => language === 'sh'));
    const called = commands.flatMap(({ content }) => [...content.matchAll(/\bcurl -s (?:.*-X [A-Z]+ )?(\S+)/g)]);
    expect(called.length).toBeGreaterThan(2);
    expect(called.map(([, url]) => url!).filter((url) => !/^https:\/\/[\w.-]+\//.test(url))).toEqual([]);
  });

  it(`the documents for ${target} say of each file whose it is`, () => {
    const [table] = tables(contentOf('README.md')).filter(([header]) => header![0] === 'Files');
    const patternsOf = (whose: RegExp) =>
      table!.filter(([, owner]) => whose.test(owner!)).flatMap(([named]) => codeSpans(named!).map(globToRegExp));
    // A folder is said to be its rest: the rows that name a file of it come first.
    const rows = [
      ['managed', patternsOf(/^managed: .*change that instead$/)],
      ['owned', patternsOf(/^owned: yours$/)],
      ['merged', patternsOf(/^merged: .*you may edit$/)],
    ] as const;
    const ownershipInTable = (path: string) =>
      rows.find(([, patterns]) => patterns.some((pattern) => pattern.test(path)))?.[0] ?? 'unknown';
    expect(files.filter(({ path, ownership }) => ownershipInTable(path) !== ownership).map(({ path }) => path)).toEqual(
      [],
    );
  });
});

describe.each(EVERY_GENERATION)('the documents for %s of %s', (_target, _id, deployment) => {
  const { conventions, contract } = deployment;
  const { auth, environment, logs, defects } = conventions;
  const documented = documents(generateFiles(deployment, templates));
  const contentOf = (path: string) => documented.find((file) => file.path === path)!.content;
  const [readme, guide, variables, infrastructure] = [
    'README.md',
    'docs/deployment.md',
    'docs/environment-variables.md',
    'docs/infrastructure.md',
  ].map((path) => contentOf(path).replace(/\s+/g, ' ')) as [string, string, string, string];
  const [troubles] = tables(contentOf('docs/deployment.md')).filter(([header]) => header![0] === 'Symptom');
  const symptoms = troubles!.map(([symptom]) => symptom!);

  it(`the documents for ${deployment.target} of ${conventions.id} expect what the server answers who has no token, by a request that an open server answers with 200`, () => {
    const [test] = fences(contentOf('README.md')).filter(({ content }) => content.includes('%{http_code}'));
    expect(JSON.parse(/-d '(.*)'/.exec(test!.content)![1]!)).toMatchObject({ method: 'initialize' });
    expect(readme).toContain(`this prints \`${auth.anonymous}\``);
    expect(readme.includes('must be refused')).toBe(auth.anonymous !== 200);
    const mentioned = symptoms.filter((symptom) => /without a token/.test(symptom));
    expect(mentioned).toHaveLength(auth.anonymous === 200 ? 0 : 1);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} name no status that its server does not give who has a token that nobody signed`, () => {
    const refused = symptoms.flatMap(
      (symptom) => /^Every request with a token is answered (\d+)/.exec(symptom)?.[1] ?? [],
    );
    expect(refused).toEqual(auth.garbage === 403 ? ['403'] : []);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} have every line of the log with when it is there, or say that none is known`, () => {
    const rows = tables(contentOf('docs/deployment.md'))
      .filter(([header]) => header![1] === 'Lines')
      .flatMap((table) => table.slice(1).flatMap(([, cell]) => codeSpans(cell!)));
    const lines = Object.values(logs).flat();
    expect(rows).toEqual(lines);
    expect(guide.includes('writes to its log is not known')).toBe(lines.length === 0);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} name paths without a slash too many`, () => {
    for (const { content, path } of documented) {
      expect(content, path).not.toMatch(/(?<!:)\/\//);
    }
    expect(guide).toContain(`\`GET ${contract.routing.paths[0]}/healthz\``);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} say where the version of the server is as its defects do, and nowhere else`, () => {
    const said = defects.filter(({ workaround }) => workaround.includes('server.version')).length;
    expect(guide.match(/(?<!serverInfo)\bserver\.version/g) ?? []).toHaveLength(said);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} say once what happens without a variable`, () => {
    const { fixed, derived } = environment;
    const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret ?? []);
    for (const { without } of [...Object.values(fixed), ...Object.values(derived), ...secrets]) {
      if (without) {
        expect(variables.toLowerCase()).toContain(markdown(`without it ${failure(without)}`).toLowerCase());
      }
    }
    expect(variables).not.toMatch(/without it[^|]*without it/i);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} name a line of the log for a task that exits only if its server writes it`, () => {
    const [, cause] = troubles!.find(([symptom]) => /exit code 1/.test(symptom!))!;
    const known = new Set(
      [
        ...Object.values(environment.fixed),
        ...Object.values(environment.derived),
        ...Object.values(auth.modes).flatMap(({ secret }) => secret ?? []),
      ].flatMap(({ without }) => (without?.fails === 'exit' ? without.log : [])),
    );
    const named = codeSpans(cause!);
    expect(named).toHaveLength(Math.min(known.size, 1));
    expect(named.filter((line) => !known.has(line))).toEqual([]);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} measure with what was measured of its server`, () => {
    const [, cause] = troubles!.find(([symptom]) => /replaced while they start/.test(symptom!))!;
    expect(cause).toContain(markdown(conventions.size.why));
    expect(infrastructure).toContain(markdown(conventions.timing.why));
    const seconds = (text: string): string[] => text.match(/\d+ s on a quarter/g) ?? [];
    const measured = seconds(conventions.size.why + conventions.timing.why);
    expect(seconds(guide + infrastructure).filter((text) => !measured.includes(text))).toEqual([]);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} own up to what nobody has tried or seen`, () => {
    expect(guide.includes('no server of this generation was run')).toBe(conventions.ranHere.length === 0);
    const { otherHosts } = conventions;
    expect(infrastructure.includes('which hosts a server of this generation asks is not known')).toBe(!otherHosts);
    expect(infrastructure.includes('the server asks nobody')).toBe(otherHosts?.length === 0);
    const hosts = (otherHosts ?? []).map(({ host }) => markdown(host));
    expect(hosts.filter((host) => !infrastructure.includes(`the server asks ${host}`))).toEqual([]);
  });

  it(`the documents for ${deployment.target} of ${conventions.id} lead on to the newest generation by a command that there is`, () => {
    const commands = guide.match(/conventions diff \w+ \w+/g) ?? [];
    const expected = conventions.id === LATEST.id ? [] : [`conventions diff ${conventions.id} ${LATEST.id}`];
    expect(commands).toEqual(expected);
  });
});

/** A pattern of the README's table: a whole path, a folder with a slash at its end, or a file name in any folder. */
function globToRegExp(pattern: string): RegExp {
  const text = pattern.replace(/[.+]/g, '\\$&').replace(/\*/g, '[^/]*').replace(/\/$/, '/.*');
  return new RegExp(pattern.includes('/') ? `^${text}$` : `(^|/)${text}$`);
}

describe('the documents of what differs', () => {
  const [dev] = DEPLOYMENTS.example!.environments;
  const readmeOf = (deployment: Deployment) =>
    generateFiles(deployment, templates).find(({ path }) => path === 'README.md')!.content;
  const readme = (name: string) => readmeOf(DEPLOYMENTS[name]!);
  const infrastructure = (name: string) =>
    generateFiles(DEPLOYMENTS[name]!, templates).find(({ path }) => path === 'docs/infrastructure.md')!.content;

  it('the documents begin with the first environment', () => {
    expect(
      fences(readme('example'))
        .map(({ content }) => content)
        .join(''),
    ).toContain(`npm run deploy:${dev!.name}\n`);
    expect(readme('one environment')).not.toContain('npm run deploy:dev');
  });

  it("the documents ask for GitHub's ids until they are known", () => {
    const command = "gh api repos/example/quilt-mcp-deploy --jq '{ownerId:.owner.id,repositoryId:.id}'";
    const named = Object.keys(DEPLOYMENTS.example!.repository).filter((key) => /Id$/.test(key));
    expect([...command.matchAll(/[{,](\w+):/g)].map(([, key]) => key)).toEqual(named);
    const commands = documents(generateFiles(DEPLOYMENTS.example!, templates)).flatMap(
      ({ content }) => content.match(/gh api repos\/\S+ --jq '.*?'/g) ?? [],
    );
    expect(commands).toHaveLength(3);
    expect(new Set(commands)).toEqual(new Set([command]));
    expect(readme('example')).toContain(command);
    expect(infrastructure('example')).toContain(command);
    expect(readme('all that is optional')).not.toContain('gh api');
    expect(infrastructure('all that is optional')).not.toContain('gh api');
  });

  it('the documents say which roles of other accounts pull from a shared registry', () => {
    const said = (name: string) => {
      const { sharedRegistry } = DEPLOYMENTS[name]!;
      const guide = generateFiles(DEPLOYMENTS[name]!, templates).find(({ path }) => path === 'docs/deployment.md')!;
      const [sentence = ''] = /Its policy lets[^.]*/.exec(guide.content.replace(/\s+/g, ' ')) ?? [];
      const pulling = sharedRegistry!.repository.pullRoleArns;
      return [pulling.length > 0, pulling.some((arn) => arn.endsWith('-plan')), sentence];
    };
    expect(said('shared registry')).toEqual([false, false, '']);
    expect(said('shared registry of another account')).toEqual([true, false, expect.not.stringContaining('plan')]);
    expect(said('shared registry, and roles of workflows')).toEqual([true, true, expect.stringContaining('that plan')]);
  });

  it('the documents have an environment of GitHub made for publishing only if a registry is published to from there', () => {
    const made = (name: string) => {
      const guide = generateFiles(DEPLOYMENTS[name]!, templates).find(({ path }) => path === 'docs/deployment.md')!;
      return /Make its environments of GitHub.*?`env add`/s.exec(guide.content)?.[0].replace(/\s+/g, ' ');
    };
    expect(made('roles of workflows')).toContain('`NEW`, `NEW-publish` and `NEW-plan`,');
    expect(made('shared registry, and roles of workflows')).toMatch(
      /`NEW` and `NEW-plan`,.*If it has a registry of its own, make `NEW-publish`/,
    );
  });

  it('the documents name the jobs of workflows that verify signatures', () => {
    const verifying = (name: string) => {
      const files = generateFiles(DEPLOYMENTS[name]!, templates);
      const contentOf = (path: string) => files.find((file) => file.path === path)!.content;
      const [table] = tables(contentOf('docs/delivery.md')).filter(([header]) => header![1] === 'Job that verifies');
      return (table ?? []).slice(1).flatMap(([workflow, job, step]) => {
        const { jobs } = parseDocument(contentOf(`.github/workflows/${codeSpans(workflow!)[0]}.yml`)).toJS();
        const [task] = codeSpans(step!)[0]!.match(/[a-z-]+:/)!;
        const steps: { run?: string }[] = jobs[codeSpans(job!)[0]!].steps;
        return steps.some(({ run }) => run?.includes(task)) ? [task] : [];
      });
    };
    expect(verifying('example')).toEqual([]);
    expect(verifying('roles of workflows')).toEqual(['promote:', 'check-signature:']);
  });

  it('the documents sign with a key in a partition that reaches neither GitHub nor Sigstore, and in no other', () => {
    const said = (name: string) => {
      const files = generateFiles(DEPLOYMENTS[name]!, templates);
      const content = files.find(({ path }) => path === 'docs/delivery.md')!.content;
      const [, about = ''] = /The partition of (.*?)An image that is published already/s.exec(content) ?? [];
      return [codeSpans(about).includes('dev'), content.includes('cosign sign --yes --key')];
    };
    expect(said('roles of workflows')).toEqual([false, false]);
    expect(said('a partition that reaches no GitHub')).toEqual([true, true]);
  });

  it('the documents log in to the registry of upstream if it is one of ECR, and another', () => {
    const logins = (content: string) => content.match(/docker login/g)?.length;
    expect(logins(readme('example'))).toBe(1);
    const answers = exampleAnswers();
    answers.image.registry = '444455556666.dkr.ecr.us-east-1.amazonaws.com';
    expect(logins(readmeOf(resolveDeployment(readConfig(answers, 'test'))))).toBe(2);
    expect(logins(readme('all that is optional'))).toBe(1);
  });

  it('the documents say of the image what its mode takes, and what others would', () => {
    const image = (deployment: Deployment) =>
      generateFiles(deployment, templates).find(({ path }) => path === 'docs/image.md')!.content;
    const [mirror, shim, build] = ['mode mirror', 'mode shim, by digest', 'mode build'].map((name) =>
      image(DEPLOYMENTS[name]!),
    );
    expect(mirror).toContain('Mode `shim` mends both.');
    expect(mirror).not.toContain('docker buildx');
    expect(shim).toContain('--build-arg UPSTREAM=');
    expect(shim).toContain('| `dev` | `https://quilt-dev.example.com`, `https://www.example.com` |');
    expect(build).toContain('git ls-remote');
    expect(build).not.toContain('shim.py');
    const config = readConfig(exampleAnswers(findDeployable('g1a')), 'test');
    expect(image(resolveDeployment(config))).toContain('not to be had with conventions `g1a`');
  });

  it('the documents say what to do if the registry of upstream may ask for a login that workflows have not, and then alone', () => {
    const said = (image: Partial<Answers['image']>) => {
      const files = generateFiles(
        example((_, answers) => Object.assign(answers.image, image)),
        templates,
      );
      const contentOf = (name: string) => files.find(({ path }) => path === `docs/${name}.md`)!.content;
      const [about] = /^## When upstream's registry asks for a login$[\s\S]*/m.exec(contentOf('image')) ?? [];
      expect(contentOf('delivery').includes('#when-upstreams-registry-asks')).toBe(about !== undefined);
      return about;
    };
    expect(said({ registry: 'ghcr.io', mode: 'mirror' })).toContain('`regctl registry login ghcr.io`');
    expect(said({ registry: 'registry.example.com', mode: 'shim' })).toContain('`docker login registry.example.com`');
    for (const registry of ['444455556666.dkr.ecr.us-east-1.amazonaws.com', 'public.ecr.aws']) {
      expect(said({ registry })).toBeUndefined();
    }
    expect(said({ registry: 'ghcr.io', mode: 'build', commit: '0'.repeat(40) })).toBeUndefined();
  });

  it('the diagram puts the shared registry outside of the account of the environment', () => {
    const [own, shared] = ['example', 'shared registry'].map((name) =>
      architectureDiagram(DEPLOYMENTS[name]!.environments[0]!, DEPLOYMENTS[name]!),
    );
    expect(own).not.toContain('subgraph shared');
    expect(shared).toContain('subgraph shared');
  });
});

describe.each(TARGETS)('what the documents of %s say of an upgrade', (target) => {
  it(`the documents for ${target} say of an upgrade its options, and no others`, async () => {
    let help = '';
    const stdout = { write: (text: string) => (help += text) } as unknown as NodeJS.WriteStream;
    const console = { stdin: process.stdin, stdout, stderr: stdout, env: {} };
    await dispatch(upgrade, ['--help'], console, new AbortController().signal);
    const options = [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option!);
    const guide = generateFiles(
      example(() => {}, target),
      templates,
    ).find(({ path }) => path === 'docs/deployment.md')!.content;
    const section = guide.slice(guide.indexOf('\n## Upgrade\n'), guide.indexOf('\n## The scheduled upgrade\n'));
    const named = [...section.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
    expect(named).toEqual(expect.arrayContaining(['--plan', '--no-plan', '--allow-loss', '--generator', '--dry-run']));
    expect(named.filter((option) => !options.includes(option))).toEqual([]);
  });
});

describe("the parts of the documents that are a target's own", () => {
  const folder = posix.join(__dirname, '../../../../templates/docs/partials');
  const parts = (target: string) => readdirSync(posix.join(folder, target)).sort();

  it.each(TARGETS)("the parts of the documents that are a target's own are all there for %s", (target) => {
    expect(parts(target)).toEqual(parts('terraform'));
  });
});

it.each(TARGETS)('the documents for %s name the actions that tag what a deployment makes', (target) => {
  const deployment = example((dev, answers) => {
    domain(dev, { hostedZoneId: 'Z0123456789ABCDEFGHIJ' });
    CHANGES['roles of workflows']!(dev, answers);
  }, target);
  const guide = generateFiles(deployment, templates).find(({ path }) => path === 'docs/deployment.md')!.content;
  const actions = WRITE_SERVICE.flatMap((grant) => grant.actions).filter((action) =>
    /:(TagResource|TagRole|CreateTags|AddTags\w*)$/.test(action),
  );
  expect(actions).toContain('ecs:TagResource');
  expect(actions.filter((action) => !codeSpans(guide).includes(action))).toEqual([]);
});

it.each(TARGETS)('the documents for %s say what else a role that deploys may do', (target) => {
  const said = (egress: boolean) => {
    const deployment = example((dev, answers) => {
      CHANGES['roles of workflows']!(dev, answers);
      for (const { network } of Object.values(answers.environments)) {
        network.albEgress = egress ? { create: network.albSecurityGroupIds[0]! } : 'present';
      }
    }, target);
    const guide = generateFiles(deployment, templates).find(({ path }) => path === 'docs/deployment.md')!.content;
    const [, section] = /IAM cannot narrow([\s\S]*?)\n- /.exec(guide)!;
    return codeSpans(section!);
  };
  expect(said(false)).toContain('elasticloadbalancing:SetRulePriorities');
  expect(said(false)).toContain('ecs:DeregisterTaskDefinition');
  expect(said(false)).not.toContain('ec2:RevokeSecurityGroupEgress');
  expect(said(true)).toContain('ec2:RevokeSecurityGroupEgress');
  // What has no tag yet is of every stack.
  expect(said(true).includes('Service')).toBe(target !== 'terraform');
});

const CLOUDFORMATION = [
  ...EVERY_GENERATION.filter(([target]) => target === 'cloudformation').map(([, id, deployment]) => [id, deployment]),
  ...Object.entries(deployments('cloudformation')),
] as [string, Deployment][];

describe.each(CLOUDFORMATION)('what the documents of CloudFormation quote for %s', (id, deployment) => {
  const files = generateFiles(deployment, templates);
  const contentOf = (path: string) => files.find((file) => file.path === path)!.content;
  const guide = contentOf('docs/deployment.md');
  const readTemplate = (name: string) =>
    parseDocument(contentOf(`deploy/cloudformation/${name}.yaml`), { logLevel: 'silent' }).toJS();

  it(`the documents for ${deployment.target} of ${id} quote the outputs that the stacks export`, () => {
    const [table] = tables(guide).filter(([header]) => header![1] === 'Outputs');
    // A shared registry and the environments beside it are stacks of one template, each with a part of its outputs.
    for (const [name, stack] of [
      ['registry', 'registry'],
      ['mcp_server', 'service'],
    ] as const) {
      const rows = table!.slice(1).filter(([first]) => first!.startsWith(stack));
      const outputs = rows.flatMap((row) => codeSpans(row[1]!));
      expect(outputs).toEqual(Object.keys(readTemplate(name).Outputs));
    }
  });

  it(`the documents for ${deployment.target} of ${id} quote groups of parameters, as the console shows them`, () => {
    const groups = ['registry', 'mcp_server'].flatMap((name) =>
      readTemplate(name).Metadata['AWS::CloudFormation::Interface'].ParameterGroups.map(
        ({ Label }: { Label: { default: string } }) => Label.default,
      ),
    );
    const [section] = /### In the console[\s\S]*?\n### /.exec(guide)!;
    expect(groups.filter((group) => !section.replace(/\s+/g, ' ').includes(group))).toEqual([]);
  });

  it(`the documents for ${deployment.target} of ${id} say what a StackSet takes that is long, or whose traffic moves`, () => {
    const [section] = /### As a StackSet\n[\s\S]*?\n#/.exec(guide)!;
    expect(codeSpans(section)).toEqual(expect.arrayContaining(['--template-url', 'AWS::CloudFormation::Interface']));
    const moves = deployment.environments.some(({ service }) => service.rollout.shift);
    expect(codeSpans(section).includes('LiveTargetGroup')).toBe(moves);
  });

  it(`the documents for ${deployment.target} of ${id} quote a command that acknowledges roles with names, for each template that has some`, () => {
    for (const name of ['registry', 'mcp_server']) {
      const hasRoles = contentOf(`deploy/cloudformation/${name}.yaml`).includes('RoleName: ');
      const [command] = fences(guide).flatMap(({ content }) =>
        content
          .split('\n')
          .filter((line) => line.includes(`aws cloudformation deploy `) && line.includes(`/${name}.yaml`)),
      );
      expect(command!.includes('--capabilities CAPABILITY_NAMED_IAM')).toBe(hasRoles);
    }
  });

  it(`the documents for ${deployment.target} of ${id} quote a parameter that an owner may set, and the messages of the command`, () => {
    const [own] = fences(guide).filter(({ content }) => content.includes('"EgressCidr"'));
    expect(Object.keys(readTemplate('mcp_server').Parameters)).toContain(
      Object.keys(JSON.parse(own!.content).Parameters)[0],
    );
    const program = ['change-set', 'confirm', 'cloudformation/stack-operations', 'cloudformation/stacks']
      .map((name) => readFileSync(posix.join(__dirname, `../../../../src/operations/${name}.ts`), 'utf8'))
      .join('\n');
    for (const message of [
      'These are credentials of account',
      'There is no terminal to ask in',
      'can only be deleted',
      'CloudFormation refuses the change:',
      'No image is published for',
    ]) {
      expect(guide).toContain(message);
      expect(program).toContain(message);
    }
  });
});

describe.each(EVERY_GENERATION.filter(([target]) => target === 'terraform'))(
  'the modules of %s for %s',
  (_target, _id, deployment) => {
    const { contract, conventions } = deployment;
    const files = generateFiles(deployment, templates);
    const contentOf = (name: string) =>
      files.find(({ path }) => path === `deploy/terraform/modules/mcp_server/${name}`)!.content;

    it(`the Terraform modules for ${conventions.id} say of no variable that it is what it was`, () => {
      const rows = tables(contentOf('MIGRATING.md')).flat();
      const changes = rows.flatMap((row) =>
        row.flatMap((cell) => [...cell.matchAll(/`([^`]+)` instead of `([^`]+)`/g)]),
      );
      expect(changes.filter(([, now, before]) => now === before)).toEqual([]);
    });

    it(`the Terraform modules for ${conventions.id} enumerate what is missing as one does`, () => {
      const variables = contentOf('variables.tf');
      expect(variables).toContain(`The server needs ${enumerate(contract.requiredVariables)}."`);
    });

    it(`the Terraform modules for ${conventions.id} test with values that the variables may have`, () => {
      const tests = files.filter(({ path }) => path.endsWith('.tftest.hcl')).map(({ content }) => content);
      const regions = Object.entries(conventions.environment.derived).filter(([, { from }]) => from === 'region');
      for (const [name] of regions) {
        const values = tests.flatMap((test) => [...test.matchAll(new RegExp(`\\b${name} *= "(.*)"`, 'g'))]);
        expect(values.length).toBeGreaterThan(0);
        expect(values.filter(([, value]) => value !== 'us-east-1')).toEqual([]);
      }
    });
  },
);

describe("what the CDK's documents quote", () => {
  const files = generateFiles(
    example(() => {}, 'cdk'),
    templates,
  );
  const contentOf = (path: string) => files.find((file) => file.path === path)!.content;
  const guide = contentOf('docs/deployment.md');

  it("the CDK's documents quote the outputs that the stacks export", () => {
    const [table] = tables(guide).filter(([header]) => header![1] === 'Outputs');
    expect(table!.slice(1).map(([, outputs]) => codeSpans(outputs!))).toEqual(
      ['registry', 'service'].map((layer) => {
        const source = contentOf(`deploy/cdk/lib/${layer}-stack.ts`);
        return [...source.matchAll(/this\.output\(\s*'(\w+)'/g)].map(([, name]) => name);
      }),
    );
  });

  it("the CDK's documents quote commands and messages of the CDK's command line, and of the app and its tests", () => {
    const source = readFileSync(posix.join(__dirname, '../../../../node_modules/aws-cdk/lib/index.js'), 'utf8');
    const app = files.filter(({ path }) => path.startsWith('deploy/cdk/')).map(({ content }) => content);
    for (const words of [
      'Need to perform AWS calls for account',
      'but the current credentials are for',
      'terminal (TTY) is not attached',
      'Template too large to deploy',
    ]) {
      expect(guide).toContain(words);
      expect(source).toContain(words);
    }
    for (const words of ['is small enough to be given as text', 'No image is published for']) {
      expect(guide).toContain(words);
      expect(app.join('\n')).toContain(words);
    }
    const commands = [...guide.matchAll(/npx cdk (\w+)/g)].map(([, command]) => command!);
    expect(new Set(commands)).toEqual(new Set(['list', 'synth', 'drift', 'destroy']));
    expect(commands.filter((command) => !source.includes(`"${command} [STACKS..]"`))).toEqual([]);
  });
});

describe('the diagram', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const markup = fc.constantFrom(
    '"',
    '`',
    '#',
    ';',
    '#quot;',
    'end',
    'subgraph',
    '%%',
    '-->',
    '|',
    ']',
    '<br/>',
    '<script>',
    '&amp;',
    'style a:#f;',
    'click',
    '\n',
    '\\',
    '{{',
    '%%{init: {}}%%',
    '---',
  );
  const hostile = fc.array(fc.oneof(text, markup), { maxLength: 5 }).map((parts) => parts.join(''));
  const deployment = DEPLOYMENTS['domain with a hosted zone']!;

  it('the diagram is one that Mermaid reads, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (one, other) => {
        await parseMermaid(architectureDiagram(withNames(deployment.environments[0]!, one, other), deployment));
      }),
      { numRuns: runs(25) },
    );
  });

  it('the diagram would not be one that Mermaid reads without escaping', async () => {
    await expect(parseMermaid('flowchart TB\n  a["x"]-->["]')).rejects.toThrow();
  });

  it('the diagram shows each character of a name as it is', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const shown = mermaidText(name).replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
        expect(shown).toBe(name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
        expect(mermaidText(name)).not.toMatch(/["`<>\n:@*_]|www\./i);
      }),
    );
  });
});

/** An environment with names that no answer may have. */
function withNames(environment: Environment, one: string, other: string): Environment {
  const { service } = environment;
  return {
    ...environment,
    account: one,
    region: other,
    url: one,
    service: {
      ...service,
      serviceName: other,
      clusterArn: `arn:aws:ecs:${one}:cluster/${other}`,
      targetGroupName: one,
      listenerRules: service.listenerRules.map((rule) => ({ ...rule, host: other })),
      logGroup: { ...service.logGroup, name: one },
      executionRole: { ...service.executionRole, name: other },
      taskRole: { ...service.taskRole, name: one },
      securityGroup: { ...service.securityGroup, vpcId: other },
      taskDefinition: { ...service.taskDefinition, secrets: [{ name: one, arn: other }] },
    },
  };
}

describe('tags and variables', () => {
  it('tags and variables stand in the documents as they are, whatever they are', () => {
    const tag = fc.stringMatching(/^[A-Za-z_.:/=+@-][A-Za-z0-9 _.:/=+@-]{0,30}$/).map((value) => value.trimEnd());
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), tag, (value, tagValue) => {
        const deployment = example((dev) => {
          dev.environment = { ODD: value };
          dev.tags = { Odd: tagValue };
        });
        const files = documents(generateFiles(deployment, templates));
        for (const { content } of files) {
          for (const table of tables(content)) {
            expect(table.filter((row) => row.length !== table[0]!.length)).toEqual([]);
          }
        }
        const infrastructure = files.find(({ path }) => path === 'docs/infrastructure.md')!.content;
        expect(codeSpans(prose(infrastructure))).toContain(tagValue);
      }),
      { numRuns: runs(25) },
    );
  });
});

describe('shellWord', () => {
  it('shellWord gives one word that a shell takes for the value', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }).filter((value) => !value.includes('\0')),
        (value) => {
          expect(execFileSync('sh', ['-c', `printf %s ${shellWord(value)}`], { encoding: 'utf8' })).toBe(value);
        },
      ),
      { numRuns: runs(20) },
    );
  });
});

it('the README says how to commit all but the reports of an account, and that holds', () => {
  const readme = generateFiles(
    example(() => {}),
    templates,
  ).find(({ path }) => path === 'README.md')!.content;
  const step = readme.slice(readme.indexOf('### 8. Commit'), readme.indexOf('### 9.'));
  const command = codeSpans(step).find((code) => code.startsWith('git add --all -- '))!;
  const folder = mkdtempSync(join(tmpdir(), 'commit-'));
  try {
    const run = (line: string) => execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    mkdirSync(join(folder, 'docs/analysis'), { recursive: true });
    for (const path of ['a.txt', 'docs/b.md', 'docs/analysis/dev.json']) writeFileSync(join(folder, path), path);
    run(`git init --quiet && ${command}`);
    expect(run('git ls-files').trim().split('\n')).toEqual(['a.txt', 'docs/b.md']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
