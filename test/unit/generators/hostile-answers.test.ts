import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import { AnswersError } from '../../../src/config/problem';
import { answersSchema, TARGETS } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { parseTemplate } from '../../../src/rehearsal/cloudformation/template';
import { parses } from '../../regeneration/languages';
import { exampleWith, type Loose, problemsOf } from '../../support/answers';
import { runs } from '../../support/level';

type Target = (typeof TARGETS)[number];

const templates = loadTemplates(join(__dirname, '../../../templates'));

/** Texts that mean something to a language or program on the way, and long ones. */
const HOSTILE = [
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\n',
    '\r\n',
    '\t',
    '\u0000',
    '\u0007',
    '\u2028',
    '\uFEFF',
    '\uD800',
    '\uDC00x',
    '🦔',
    '\u202Eabc',
  ],
  ...[
    '',
    ' ',
    ' a',
    'a ',
    '-',
    '--',
    '.',
    '..',
    '../x',
    '/',
    '~',
    '*',
    '?',
    '|',
    '>',
    '#',
    '# x',
    ': ',
    'a: b',
    '- a',
    '!Ref x',
    '&a',
    '*a',
    '%',
    '@',
    '{',
    '}',
    '[',
    ']',
  ],
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: texts of other languages
  ...[
    '${x}',
    '$${x}',
    '%{ if true }',
    '${Token[TOKEN.1]}',
    '#{Token[TOKEN.1]}',
    '{{resolve:ssm:/x}}',
    '{{x}}',
    '${{ secrets.X }}',
    '$(id)',
    '`id`',
    '; id',
    '&& id',
    '$HOME',
    '<script>',
    '</code>',
    '-->',
    ']]>',
    '](x)',
    '| x |',
  ],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: texts of other languages
  ...[
    'null',
    'true',
    'no',
    '0',
    '0123',
    '1e3',
    '1_000',
    '.nan',
    '2026-01-01',
    '<<',
    '=',
    '(not set)',
    'undefined',
    'NaN',
    '__proto__',
    'constructor',
    'toString',
    'length',
    'AWS::NoValue',
    'Ref',
    'Fn::Sub',
  ],
  ...[65, 121, 129, 241, 256, 257, 1025, 4096, 4097, 5000, 70_000].map((length) => 'a'.repeat(length)),
  'é'.repeat(2049),
  '"'.repeat(300),
  '\n'.repeat(300),
];
const hostile = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE), weight: 4 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 300 }), weight: 1 },
  { arbitrary: fc.string({ maxLength: 300 }), weight: 1 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('a', 'A_', 'https://'), fc.constantFrom(...HOSTILE))
      .map((pair) => pair.join('')),
    weight: 2,
  },
);

const SECRET = 'arn:aws:ssm:us-east-1:111122223333:parameter/x';
const ENVIRONMENT = 'environments.dev';

/** Where a text may be put, and what of it must be in the data that is emitted, if it is taken. */
const PLACES: Readonly<
  Record<string, { values: (text: string) => Loose; found?: (data: Data, text: string) => unknown }>
> = {
  'the value of a variable': {
    values: (text) => ({ [`${ENVIRONMENT}.environment`]: { EXAMPLE: text } }),
    found: ({ variables }, text) => variables.EXAMPLE === text,
  },
  'the name of a variable': {
    values: (text) => ({ [`${ENVIRONMENT}.environment`]: own(text, 'x') }),
    found: ({ variables }, text) => Object.hasOwn(variables, text) && variables[text] === 'x',
  },
  'the name of a secret': {
    values: (text) => ({ [`${ENVIRONMENT}.secrets`]: own(text, SECRET) }),
    found: ({ secrets }, text) => secrets[text] === SECRET,
  },
  'the ARN of a secret': {
    values: (text) => ({ [`${ENVIRONMENT}.secrets`]: { A: `${SECRET}${text}` } }),
    found: ({ secrets }, text) => secrets.A === `${SECRET}${text}`,
  },
  'the value of a tag': {
    values: (text) => ({ [`${ENVIRONMENT}.tags`]: { Example: text } }),
    found: ({ tags }, text) => tags.Example === text,
  },
  'the key of a tag': {
    values: (text) => ({ [`${ENVIRONMENT}.tags`]: own(text, 'x') }),
    found: ({ tags }, text) => tags[text] === 'x',
  },
  'a tag of all environments': {
    values: (text) => ({ 'tags.Owner': text }),
    found: ({ tags }, text) => tags.Owner === text,
  },
  'the name of an alarm': {
    values: (text) => ({ [`${ENVIRONMENT}.deployment`]: { strategy: 'rolling', alarms: [text] } }),
    found: ({ alarms }, text) => alarms === text,
  },
  'the name of a cluster': {
    values: (text) => ({ [`${ENVIRONMENT}.network.clusterName`]: text }),
    found: ({ cluster }, text) => cluster.endsWith(`:cluster/${text}`),
  },
  'an origin': { values: (text) => ({ [`${ENVIRONMENT}.cors.allowedOrigins`]: [text] }) },
  'a host': { values: (text) => ({ [`${ENVIRONMENT}.routing.host`]: text }) },
  'a URL': { values: (text) => ({ [`${ENVIRONMENT}.catalogUrl`]: text }) },
  'the name of the deployment': { values: (text) => ({ name: text }) },
  'the name of an environment': { values: (text) => ({ environments: own(text, exampleWith({}).environments.dev) }) },
  'the name of the repository': {
    values: (text) => ({ 'repository.name': text.includes('/') ? text : `acme/${text}` }),
  },
  'the version of the image': { values: (text) => ({ 'image.version': text }) },
  'the registry of the image': { values: (text) => ({ 'image.registry': text }) },
  'the repository of the image': { values: (text) => ({ 'image.repository': text }) },
  'the keys of the state': {
    values: (text) => ({ state: { bucket: 'example', region: 'us-east-1', keyPrefix: text } }),
  },
  'the boundary of roles': {
    values: (text) => ({ [`${ENVIRONMENT}.permissionsBoundaryArn`]: `arn:aws:iam::111122223333:policy/${text}` }),
  },
  'the boundary of roles of workflows': {
    values: (text) => ({
      repository: { name: 'example/deploy', ownerId: 1, repositoryId: 2 },
      oidcProviders: { '111122223333': { create: true } },
      [`${ENVIRONMENT}.deliveryBoundaryArn`]: `arn:aws:iam::111122223333:policy/${text}`,
    }),
  },
  'a certificate': {
    values: (text) => ({
      [`${ENVIRONMENT}.routing`]: {
        mode: 'domain',
        host: 'mcp.example.com',
        priority: 1,
        certificateArn: `arn:aws:iam::111122223333:server-certificate/${text}`,
      },
      [`${ENVIRONMENT}.network.albDnsName`]: 'a.example.com',
      [`${ENVIRONMENT}.network.albHostedZoneId`]: 'Z1',
    }),
  },
  'an ejected file': { values: (text) => ({ ejected: [text] }) },
};

/** An object with one key, whatever that is called. */
function own(key: string, value: unknown): Loose {
  return Object.fromEntries([[key, value]]);
}

/** What a target's data files say of the environment dev. */
interface Data {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly alarms: string;
  readonly cluster: string;
}

const DATA: Readonly<Record<Target, (read: (path: string) => string) => Data>> = {
  terraform: (read) => {
    const data = JSON.parse(read('deploy/terraform/environments/dev/service/terraform.tfvars.json'));
    const secrets = Object.fromEntries(data.secret_arns.map(({ name, arn }: Loose) => [name, arn]));
    return {
      variables: data.environment_variables,
      secrets,
      tags: data.tags,
      alarms: data.deployment_alarms.join(),
      cluster: data.ecs_cluster_arn,
    };
  },
  cdk: (read) => {
    const { server, tags } = JSON.parse(read('deploy/cdk/config/dev.json')).service;
    return {
      variables: server.environment,
      secrets: server.secrets,
      tags,
      alarms: server.deploymentAlarms.join(),
      cluster: server.clusterArn,
    };
  },
  // Names are in the template, each with the parameter that has its value.
  cloudformation: (read) => {
    const { Parameters, Tags } = JSON.parse(read('deploy/cloudformation/parameters/dev.json'));
    const named = (key: string) =>
      Object.fromEntries(
        [
          ...read('deploy/cloudformation/mcp_server.yaml').matchAll(
            new RegExp(`- Name: (\\S+)\\n +${key}: !Ref (\\w+)`, 'g'),
          ),
        ].map(([, name, parameter]) => [name, Parameters[parameter!]]),
      );
    return {
      variables: named('Value'),
      secrets: named('ValueFrom'),
      tags: Tags,
      alarms: Parameters.DeploymentAlarms,
      cluster: Parameters.ClusterArn,
    };
  },
};

async function expectParses(path: string, content: string): Promise<void> {
  expect(await parses(path, Buffer.from(content)), path).toBe(true);
  if (/^deploy\/cloudformation\/.*\.yaml$/.test(path)) {
    parseTemplate(content);
  }
}

// What reaches the data of a target is tried with each; the rest is in files that all have.
const CASES = Object.entries(PLACES).flatMap(([place, { found }]) =>
  TARGETS.filter((target) => found || target === 'terraform').map((target) => [place, target] as const),
);

it.each(CASES)(
  'a hostile text as %s with %s is refused, or emitted unchanged in files that can be read',
  async (place, target) => {
    const { values, found } = PLACES[place]!;
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const answers = exampleWith(values(text), target);
        const problems = problemsOf(answers);
        if (problems.length > 0) {
          for (const { path, message } of problems) {
            expect(message).not.toMatch(/^(Invalid|Too (small|big)|Expected|Unrecognized)\b/);
            expect(message).not.toMatch(/\n/);
            expect(path).toBeDefined();
          }
          return;
        }
        const deployment = resolveDeployment(readConfig(answers, 'x'));
        const files = new Map(generate(deployment).map(({ path, content }) => [path, content]));
        for (const [path, content] of files) {
          await expectParses(path, content);
        }
        expect(
          found === undefined ||
            found(
              DATA[target]((path) => files.get(path)!),
              text,
            ),
          JSON.stringify(text.slice(0, 80)),
        ).toBe(true);
      }),
      { numRuns: runs(25), examples: [['__proto__'], ['a'.repeat(5000)]] },
    );
  },
);

function generate(deployment: ReturnType<typeof resolveDeployment>) {
  return generateFiles(deployment, templates);
}

it('more variables than a template of CloudFormation has room for are refused, with the reason', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`EXAMPLE_${index}`, 'x']));
  const answers = exampleWith({ [`${ENVIRONMENT}.environment`]: many }, 'cloudformation');
  const deployment = resolveDeployment(readConfig(answers, 'x'));
  expect(() => generate(deployment)).toThrow(AnswersError);
  expect(() => generate(deployment)).toThrow(/CloudFormation takes 51200/);
  expect(answersSchema.safeParse(answers).success).toBe(true);
});
