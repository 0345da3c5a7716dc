import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleAnswers, exampleEnvironment } from '../../../src/config/example';
import {
  isObject,
  type Path,
  type PlainObject,
  requires,
  schemaAt,
  valueAt,
  withValue,
} from '../../../src/config/paths';
import { AnswersError } from '../../../src/config/problem';
import type { Answers } from '../../../src/config/repository';
import { answersSchema } from '../../../src/config/repository';
import { CATALOGUE, type Deployable, isDeployable, LATEST } from '../../../src/conventions';
import { askFor } from '../../../src/interview/ask-for';
import { Cancelled } from '../../../src/interview/cancelled';
import { interview as ask, type Interview } from '../../../src/interview/interview';
import { missingAnswers, wrongAnswers } from '../../../src/interview/missing';
import { progress } from '../../../src/interview/progress';
import type { Prompter, SelectPrompt, TextPrompt } from '../../../src/interview/prompter';
import { SECTIONS } from '../../../src/interview/questions';
import { contextOf, walk } from '../../../src/interview/turns';
import { readConfig } from '../../../src/model/resolve';
import { runs } from '../../support/level';

/** Answers that no account gives. */
const DECISIONS = {
  deployment: { strategy: 'rolling' as const },
  cors: { allowedOrigins: [] },
  logs: { retention: 30, kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/0123' },
  permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
  deliveryBoundaryArn: 'arn:aws:iam::111122223333:policy/delivery',
};

/** The example, with an answer to every question. */
function decidedExample(): Answers {
  const example = exampleAnswers();
  const environments = Object.entries(example.environments).map(([name, one]) => [name, { ...one, ...DECISIONS }]);
  return { ...example, environments: Object.fromEntries(environments) };
}

/** Answers that every question has a part in: a domain of its own and a path, one shared repository. */
function completeAnswers(): Answers {
  const registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' } as const;
  const dev = { ...exampleEnvironment('dev', 1), ...DECISIONS };
  const production = { ...exampleEnvironment('production', 2), ...DECISIONS };
  return {
    ...exampleAnswers(),
    environments: {
      dev: {
        ...dev,
        registry,
        routing: {
          mode: 'domain',
          host: 'mcp-dev.example.com',
          hostedZoneId: 'Z0123456789ABCDEFGHIJ',
          certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0123',
          priority: 200,
        },
        network: { ...dev.network, albDnsName: 'quilt-dev.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' },
      },
      production: { ...production, registry },
    },
  };
}

const PARTS = {
  repository: ['target', 'repository.name', 'environments'],
  names: [
    ...['name', 'image.registry', 'image.repository', 'image.version'],
    ...['state.bucket', 'state.region', 'tags.Owner', 'tags.CostCenter'],
  ],
  place: ['catalogUrl', 'region', 'account', 'registryUrl', 'network.listenerArn', 'routing.mode', 'routing.host'],
  domain: ['routing.hostedZoneId', 'routing.certificateArn'],
  registry: ['routing.priority', 'registry.scope'],
  shared: ['registry.account', 'registry.region'],
  decisions: [
    ...['deployment.strategy', 'cors.allowedOrigins', 'logs.retention', 'logs.kmsKeyArn'],
    ...['permissionsBoundaryArn', 'deliveryBoundaryArn'],
  ],
  network: ['vpcId', 'privateSubnetIds', 'albSecurityGroupIds', 'albEgress', 'albIdleTimeout', 'clusterName'].map(
    (key) => `network.${key}`,
  ),
  loadBalancer: ['network.albDnsName', 'network.albHostedZoneId'],
};

interface Asked {
  readonly names: string[];
  readonly sections: string[];
  readonly prompts: Record<string, TextPrompt | SelectPrompt>;
}

/** Answers from `answers`, as who types them would; `''` where they have nothing. Notes what it was asked. */
function scripted(answers: unknown): Prompter & Asked {
  const asked: Asked = { names: [], sections: [], prompts: {} };
  const answer = (prompt: TextPrompt | SelectPrompt) => {
    asked.names.push(prompt.name!);
    asked.prompts[prompt.name!] = prompt;
    const value = valueAt(answers, prompt.name!.split('.'));
    return typed(isObject(value) ? (value.create ?? Object.keys(value)) : value);
  };
  return {
    ...asked,
    keys: '',
    say: () => {},
    table: () => {},
    section: (title, level = 1) => void asked.sections.push(`${level} ${title}`),
    text: async (prompt) => {
      const text = answer(prompt);
      const problem = prompt.check?.(text);
      if (problem !== undefined) {
        throw new Error(`${prompt.name} refuses '${text}': ${problem}`);
      }
      return text;
    },
    select: async (prompt) => {
      const value = answer(prompt);
      const values = prompt.choices.filter(({ disabled }) => disabled === undefined).map((choice) => choice.value);
      if (values.includes('') && !values.includes(value)) {
        asked.names.pop();
        return '';
      }
      expect(values).toContain(value);
      return value;
    },
  };
}

function typed(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : value === undefined ? '' : String(value);
}

/** The answers of an interview. */
async function interview(
  given: PlainObject,
  prompter: Prompter,
  source = 'the answers',
  more: Partial<Interview> = {},
): Promise<PlainObject> {
  return progress(await ask({ given, source, prompter, ...more })).answers;
}

/** The answers without what stands at these places. */
function without(answers: unknown, ...places: readonly string[]): PlainObject {
  return leaves(answers)
    .filter(([path]) => !places.some((place) => `${path.join('.')}.`.startsWith(`${place}.`)))
    .reduce<PlainObject>((rest, [path, value]) => withValue(rest, path, value), {});
}

function leaves(value: unknown, path: Path = []): [Path, unknown][] {
  return isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [[path, value]];
}

/** What a question answers to a text: its objection, or undefined. */
async function objectionTo(name: string, text: string, given: PlainObject): Promise<string | undefined> {
  const stop = new Error('asked');
  let objection: string | undefined;
  const prompter: Prompter = {
    ...scripted({}),
    select: async () => '',
    text: async (prompt) => {
      expect(prompt.name).toBe(name);
      objection = prompt.check?.(text);
      throw stop;
    },
  };
  await expect(interview(given, prompter)).rejects.toBe(stop);
  return objection;
}

it('the interview says before any of its long questions which Quilt stacks have a server of their own', () => {
  const questions = SECTIONS.flatMap((section) => section.questions);
  const says = questions.findIndex(({ hint }) => typeof hint === 'string' && hint.includes('PlatformMcpServerUrl'));
  const asks = questions.findIndex(({ path }) => path === 'environments.*.network.listenerArn');
  expect(says).toBeGreaterThan(-1);
  expect(says).toBeLessThan(asks);
});

describe('interview', () => {
  it('the interview asks everything, in order, and returns answers that are accepted', async () => {
    const complete = completeAnswers();
    const prompter = scripted(complete);
    const answers = await interview({}, prompter);
    expect(prompter.names).toEqual([
      ...PARTS.repository,
      ...[
        ...PARTS.place,
        ...PARTS.domain,
        ...PARTS.registry,
        ...PARTS.shared,
        ...PARTS.decisions,
        ...PARTS.network,
        ...PARTS.loadBalancer,
      ].map((path) => `environments.dev.${path}`),
      // Where the shared repository is, the first environment has said.
      ...[...PARTS.place, ...PARTS.registry, ...PARTS.decisions, ...PARTS.network].map(
        (path) => `environments.production.${path}`,
      ),
      ...PARTS.names,
    ]);
    expect(prompter.sections).toEqual([
      '1 1/4  This repository',
      '1 2/4  Environments',
      '2 dev',
      '2 production',
      '1 3/4  Names, images and workflows',
    ]);
    expect(complete).toMatchObject(answers);
    expect(Object.keys(readConfig(answers, 'test').environments)).toEqual(['dev', 'production']);
  });

  it('the interview asks for a state with Terraform only', async () => {
    const complete = { ...without(completeAnswers(), 'state'), target: 'cloudformation' };
    const prompter = scripted(complete);
    const answers = await interview({}, prompter);
    expect(prompter.names).toContain('tags.Owner');
    expect(prompter.names.filter((name) => name.startsWith('state'))).toEqual([]);
    expect(() => readConfig(answers, 'test')).not.toThrow();
  });

  it('the interview asks for a commit if the image is built from source', async () => {
    const complete = completeAnswers() as PlainObject;
    const build = {
      ...(complete.image as PlainObject),
      mode: 'build',
      commit: '0123456789abcdef0123456789abcdef01234567',
    };
    const prompter = scripted({ ...complete, image: build });
    const answers = await interview({ image: { mode: 'build' } }, prompter);
    expect(prompter.names.slice(-9)).toEqual([...PARTS.names.slice(0, 4), 'image.commit', ...PARTS.names.slice(4)]);
    expect(valueAt(answers, ['image'])).toEqual(build);
    const given = without({ ...complete, image: build }, 'image.commit');
    expect(await objectionTo('image.commit', 'v0.22.0', given)).toContain('whole id of a commit');
  });

  it('the interview asks every question of the table at least once', async () => {
    const prompter = scripted(completeAnswers());
    await interview({}, prompter);
    const paths = new Set(prompter.names.map((name) => name.replace(/^environments\.\w+\./, 'environments.*.')));
    const table = SECTIONS.flatMap(({ questions }) => questions.map(({ path }) => path));
    // Nothing can be looked up; nobody has asked to build from source; these conventions have one way of authentication, no secret and no sessions;
    // the addresses of the load balancer are never asked for, and roles of workflows if the accounts have a provider.
    expect(table.filter((path) => !paths.has(path)).sort()).toEqual([
      'environments.*.accountLookup',
      'environments.*.auth.mode',
      'environments.*.auth.secretArn',
      'environments.*.capacity.desired',
      'environments.*.catalogLookup',
      'environments.*.network.albIpAddressType',
      'image.commit',
      'oidcProviders',
      'repository.ownerId',
      'repository.repositoryId',
    ]);
  });

  it('the interview asks nothing if everything is answered, and keeps it', async () => {
    const prompter = scripted({});
    const given = exampleAnswers() as PlainObject;
    expect(await interview(given, prompter)).toEqual(given);
    expect(prompter.names).toEqual([]);
    expect(prompter.sections).toEqual([]);
  });

  it('the interview does not change what it is given', async () => {
    const given = without(completeAnswers(), 'environments.dev', 'name');
    const before = structuredClone(given);
    await interview(given, scripted(completeAnswers()));
    expect(given).toEqual(before);
  });

  it('the interview takes the only way of authentication without asking', async () => {
    const answers = await interview(without(completeAnswers(), 'environments.dev.auth'), scripted({}));
    expect(valueAt(answers, ['environments', 'dev', 'auth'])).toEqual({ mode: 'bearer' });
  });

  it('the interview asks for a certificate if there is no hosted zone, and for neither if one is given', async () => {
    const neither = without(
      completeAnswers(),
      'environments.dev.routing.hostedZoneId',
      'environments.dev.routing.certificateArn',
    );
    const prompter = scripted(completeAnswers());
    await interview(neither, prompter);
    expect(prompter.names).toEqual([
      'environments.dev.routing.hostedZoneId',
      'environments.dev.routing.certificateArn',
    ]);
    await expect(interview(neither, scripted({}))).rejects.toThrow('must be an ARN like arn:aws:acm');
    const zone = without(completeAnswers(), 'environments.dev.routing.certificateArn');
    expect(await interview(zone, scripted({}))).toEqual(zone);
  });

  it('the interview does not ask for the name of a cluster whose ARN is given', async () => {
    const clusterArn = 'arn:aws:ecs:us-east-1:111122223333:cluster/quilt';
    const rest = without(exampleAnswers(), 'environments.dev.network.clusterName');
    const given = withValue(rest, ['environments', 'dev', 'network', 'clusterArn'], clusterArn);
    expect(await interview(given, scripted({}))).toEqual(given);
  });

  it('the interview passes a cancellation on', async () => {
    const stop = () => Promise.reject(new Cancelled());
    const prompter = { ...scripted({}), text: stop, select: stop };
    await expect(interview({}, prompter)).rejects.toBeInstanceOf(Cancelled);
  });

  it('the interview refuses answers that are wrong already, before it asks', async () => {
    const prompter = scripted({});
    await expect(interview({ name: 'Acme' }, prompter, 'acme.json')).rejects.toThrow(/^acme\.json: 1 problem/);
    await expect(interview({ enviroments: {} }, prompter)).rejects.toBeInstanceOf(AnswersError);
    expect(prompter.names).toEqual([]);
  });
});

describe('what Enter answers', () => {
  it('the interview offers the registries that upstream names, or another', async () => {
    const given = without(completeAnswers(), 'image.registry');
    const known = ['730278974607', '850787717197'].map((account) => `${account}.dkr.ecr.us-east-1.amazonaws.com`);
    for (const registry of [...known, '111122223333.dkr.ecr.eu-west-1.amazonaws.com']) {
      const prompter = scripted({ image: { registry } });
      const prompts: (SelectPrompt | TextPrompt)[] = [];
      const answers = await interview(given, {
        ...prompter,
        select: (prompt) => {
          prompts.push(prompt);
          return prompter.select(prompt);
        },
        text: (prompt) => {
          prompts.push(prompt);
          return prompter.text(prompt);
        },
      });
      expect(valueAt(answers, ['image', 'registry'])).toBe(registry);
      expect(prompts).toHaveLength(known.includes(registry) ? 1 : 2);
      expect((prompts[0] as SelectPrompt).choices.map(({ value }) => value)).toEqual([...known, '']);
      expect(prompts[0]!.hint).toMatch(/730278974607.*850787717197.*ask Quilt/);
    }
    expect(await objectionTo('image.registry', 'docker.io/quilt', given)).toContain('must be');
  });

  it('a hyphen in the interview answers nothing, if there need be no answer', async () => {
    const hostedZoneId = 'Z0123456789ABCDEFGHIJ';
    const { dev, production: other } = completeAnswers().environments;
    const domain = { ...dev!.routing, mode: 'domain', host: 'mcp.example.com' };
    const network = { ...other!.network, albDnsName: 'quilt.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' };
    const complete = {
      ...completeAnswers(),
      environments: { dev, production: { ...other!, network, routing: domain } },
    };
    const production = 'environments.production.routing';
    const given = without(complete, `${production}.hostedZoneId`, `${production}.certificateArn`);
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/0123';
    const typed = { hostedZoneId: '-', certificateArn };
    const prompter = scripted({ environments: { production: { routing: typed } } });
    const answers = await interview(given, prompter);
    expect(prompter.prompts[`${production}.hostedZoneId`]).toMatchObject({
      initial: hostedZoneId,
      hint: expect.stringMatching(/ Type - for none\. The default is that of dev\.$/),
    });
    expect(valueAt(answers, production.split('.'))).toEqual({
      mode: 'domain',
      host: 'mcp.example.com',
      priority: 200,
      certificateArn,
    });
  });

  it('what Enter answers comes from earlier answers', async () => {
    const prompter = scripted(completeAnswers());
    await interview({}, prompter);
    const initials = (environment: string, ...paths: string[]) =>
      paths.map((path) => prompter.prompts[`environments.${environment}.${path}`]!.initial);
    expect(initials('dev', 'account', 'region', 'routing.priority')).toEqual([undefined, undefined, '100']);
    expect(initials('production', 'routing.priority')).toEqual(['10']);
    expect(initials('dev', 'registry.account', 'registry.region')).toEqual(['111122223333', 'us-east-1']);
    expect(initials('production', 'account', 'region', 'routing.host', 'registry.scope')).toEqual([
      '111122223333',
      'us-east-1',
      'quilt.example.com',
      'shared',
    ]);
  });

  it('what Enter answers comes from an environment on the same listener', async () => {
    const { dev } = completeAnswers().environments;
    const two = (production: PlainObject) =>
      ({ ...completeAnswers(), environments: { dev, production: { ...production, ...DECISIONS } } }) as PlainObject;
    const routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z1', priority: 300 };
    const complete = two({ ...exampleEnvironment('production', 2), routing, network: dev!.network });
    const prompter = scripted(complete);
    await interview(
      without(complete, 'environments.production.routing.priority', ...networkOf('production')),
      prompter,
    );
    const initials = Object.entries(prompter.prompts).map(([name, { initial }]) => [name.split('.').at(-1), initial]);
    expect(Object.fromEntries(initials)).toEqual({
      priority: '100',
      albEgress: dev!.network.albSecurityGroupIds[0],
      albIdleTimeout: '1000',
      vpcId: dev!.network.vpcId,
      privateSubnetIds: dev!.network.privateSubnetIds.join(', '),
      albSecurityGroupIds: dev!.network.albSecurityGroupIds.join(', '),
      clusterName: 'quilt-dev',
    });
  });

  it('what Enter answers comes from an environment of the same catalog', async () => {
    const { dev } = completeAnswers().environments;
    const routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z1', priority: 300 };
    const complete = { ...completeAnswers(), environments: { dev, production: { ...dev!, ...DECISIONS, routing } } };
    const asked = ['registryUrl', 'network.listenerArn'].map((path) => `environments.production.${path}`);
    const prompter = scripted(complete);
    await interview(without(complete as PlainObject, ...asked), prompter);
    expect(asked.map((name) => prompter.prompts[name]!.initial)).toEqual([dev!.registryUrl, dev!.network.listenerArn]);
  });

  function networkOf(environment: string): string[] {
    return PARTS.network.map((path) => `environments.${environment}.${path}`);
  }
});

describe('a decision that no account makes', () => {
  /** Answers to the six open questions: the default for the first environment, and what is recorded of it. */
  const OPEN: readonly (readonly [path: string, initial: string | undefined, recorded?: unknown])[] = [
    ['routing.mode', 'path'],
    ['deployment.strategy', 'rolling'],
    ['auth.mode', 'bearer'],
    ['cors.allowedOrigins', undefined, []],
    ['logs.retention', '30', 30],
    ['logs.kmsKeyArn', undefined],
    ['permissionsBoundaryArn', undefined],
    ['deliveryBoundaryArn', undefined],
    ['registry.scope', 'environment'],
  ];

  it.each(OPEN)(
    'the decision %s has help, a default that says where it is from, and a place in the answers',
    async (path, initial, recorded = initial) => {
      const two: Deployable = {
        ...LATEST,
        auth: { ...LATEST.auth, modes: { ...LATEST.auth.modes, 'jwt-secret': { meaning: 'a secret is checked' } } },
      };
      const turn = [...walk(() => ({ environments: { dev: {} } }))].find(
        (one) => one.path.join('.') === `environments.dev.${path}`,
      )!;
      const context = { ...contextOf({ environments: { dev: {} } }, {}, 'dev'), conventions: two };
      const prompts: (TextPrompt | SelectPrompt)[] = [];
      const enter = async (prompt: TextPrompt | SelectPrompt) => {
        prompts.push(prompt);
        return prompt.initial ?? '';
      };
      const prompter = { ...scripted({}), text: enter, select: enter };
      const answer = await askFor({ turn, context }, prompter, false, () => undefined);
      expect(answer).toEqual(recorded);
      expect(prompts[0]!.initial).toBe(initial);
      expect(prompts[0]!.hint!.length).toBeGreaterThan(40);
      expect(prompts[0]!.hint).toContain(initial === undefined ? 'Leave empty for none.' : 'The default is');
    },
  );

  it('the question for authentication says of each mode what it means, and when to choose it', () => {
    const { question } = [...walk(() => ({ environments: { dev: {} } }))].find(
      (one) => one.path.join('.') === 'environments.dev.auth.mode',
    )!;
    for (const conventions of CATALOGUE.filter(isDeployable)) {
      const hint = (question.hint as (context: unknown) => string)({ conventions });
      for (const [mode, { meaning }] of Object.entries(conventions.auth.modes)) {
        expect(hint).toContain(`${mode}: ${meaning}. Choose it if `);
      }
    }
  });
});

describe('an answer as it is typed', () => {
  const dev = 'environments.dev';
  const listener = `${dev}.network.listenerArn`;
  const other = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/quilt/0123/0123';

  it.each([
    ['name', 'Acme', 'must be 1 to 20 lower-case letters'],
    ['name', '', 'needs an answer, which must be 1 to 20 lower-case letters'],
    ['image.version', '0.21.0', `conventions ${LATEST.id} are for version`],
    ['tags.Owner', '', 'must be at most 256'],
    ['environments', 'dev, Prod', 'an environment is named by'],
    ['environments', 'dev, shared', 'cannot be called shared'],
    ['environments', ' , ', 'at least one'],
    [`${dev}.account`, '12345', '12 digits'],
    [`${dev}.catalogUrl`, 'http://quilt.example.com/', 'must be an https URL'],
    [listener, other, "must be in the environment's region, us-east-1"],
    [
      `${dev}.region`,
      'eu-west-1',
      "environments.dev.network.listenerArn must be in the environment's region, eu-west-1",
    ],
    [`${dev}.routing.host`, 'quilt-dev-registry.example.com', "must not be the registry's host"],
    [`${dev}.routing.priority`, '0', 'must be from 1 to 50000'],
    [`${dev}.routing.priority`, 'ten', 'must be a whole number'],
    [`${dev}.network.privateSubnetIds`, 'subnet-0123456789abcdef0', 'at least two'],
    [`${dev}.network.privateSubnetIds`, 'subnet-0123456789abcdef0, subnet-x', 'subnet-x must be a subnet id'],
    [`${dev}.network.clusterName`, '', 'must be the name of an ECS cluster'],
  ])('a typed answer to %s is refused: %s', async (name, text, message) => {
    expect(await objectionTo(name, text, without(decidedExample(), name))).toContain(message);
  });

  it.each([
    ['name', ' acme '],
    ['environments', 'dev'],
    ['environments', 'dev production'],
    [listener, other.replace('eu-west-1', 'us-east-1')],
    [`${dev}.network.privateSubnetIds`, 'subnet-0123456789abcdef0,subnet-0123456789abcdef1'],
  ])('a typed answer to %s is taken: %s', async (name, text) => {
    expect(await objectionTo(name, text, without(decidedExample(), name))).toBeUndefined();
  });

  it('a typed answer is refused if another environment has it on the same listener', async () => {
    const { dev: first, production } = completeAnswers().environments;
    const network = first!.network;
    const given = {
      ...completeAnswers(),
      environments: { dev: first, production: { ...production, network } },
    } as PlainObject;
    const [host, priority] = ['host', 'priority'].map((key) => `environments.production.routing.${key}`);
    expect(await objectionTo(host!, 'mcp-dev.example.com', without(given, host!))).toContain(
      'is taken by environments.dev',
    );
    expect(await objectionTo(priority!, '200', without(given, priority!))).toContain('on the same listener');
  });

  it('the interview offers no choice that contradicts what is answered', async () => {
    const given = withValue({}, ['environments', 'dev', 'routing', 'hostedZoneId'], 'Z0123456789ABCDEFGHIJ');
    const prompter = scripted(completeAnswers());
    await interview(given, prompter);
    const { choices } = prompter.prompts['environments.dev.routing.mode'] as SelectPrompt;
    expect(choices.map(({ value, disabled }) => [value, disabled !== undefined])).toEqual([
      ['path', true],
      ['domain', false],
    ]);
  });
});

describe('missingAnswers', () => {
  const paths = (answers: object) => missingAnswers(answers).map(({ path }) => path);

  it('missingAnswers lists the answers of any environment if there is none', () => {
    const required = [...PARTS.place, 'routing.priority', ...PARTS.network].filter((path) => !/IdleTimeout/.test(path));
    expect(paths({})).toEqual([
      ...PARTS.repository.filter((path) => path !== 'target'),
      ...required.map((path) => `environments.<name>.${path}`),
      ...PARTS.names,
    ]);
    expect(paths({ environments: {} })).toEqual(paths({}));
  });

  it('missingAnswers lists what has no default, by the environment that lacks it', () => {
    expect(paths(without(completeAnswers(), 'target', 'state.region', 'environments.dev.registry.account'))).toEqual([
      'environments.dev.registry.account',
      'state.region',
    ]);
    expect(paths(without(completeAnswers(), 'environments.dev.routing.hostedZoneId'))).toEqual([]);
  });

  it('missingAnswers has nothing to list if nothing is missing, nor in what is wrong', () => {
    expect(missingAnswers(exampleAnswers())).toEqual([]);
    expect(missingAnswers(completeAnswers())).toEqual([]);
    expect(paths({ ...exampleAnswers(), environments: 'dev' })).toEqual([]);
  });

  it('missingAnswers says what each answer must be', () => {
    const messages = Object.fromEntries(missingAnswers({}).map(({ path, message }) => [path, message]));
    expect(messages).toMatchObject({
      name: expect.stringMatching(/^is missing: must be 1 to 20/),
      'image.registry': expect.stringContaining('850787717197'),
      'environments.<name>.routing.mode': 'is missing: must be path or domain',
      'environments.<name>.network.albEgress': expect.stringMatching(/^is missing: must be \{"create": "sg-…"\}/),
    });
    expect(Object.values(messages).filter((message) => !/^is missing: \S.+[^\n]$/.test(message))).toEqual([]);
  });

  it('missingAnswers leaves nothing for the validation to miss', () => {
    const chosen = completeAnswers();
    // A new repository has to say it; one that an earlier version emitted goes without.
    const all = leaves(chosen)
      .map(([path]) => path.join('.'))
      .filter((path) => !path.includes('.albEgress'));
    for (const path of all) {
      const rest = without(chosen, path);
      const listed = missingAnswers(rest).length > 0;
      expect([path, listed]).toEqual([path, !isAccepted(rest)]);
    }
  });
});

describe('wrongAnswers', () => {
  it('wrongAnswers takes nothing that is missing for wrong', () => {
    expect(wrongAnswers({})).toEqual([]);
    expect(wrongAnswers({ environments: {} })).toEqual([]);
    expect(wrongAnswers({ environments: { dev: { routing: { mode: 'domain' } } } })).toEqual([]);
    expect(wrongAnswers({ environments: { dev: { registry: { scope: 'shared' } } } })).toEqual([]);
  });

  it.each([
    [{ name: 5 }, 'name'],
    [{ nam: 'acme' }, 'nam'],
    [{ environments: [] }, 'environments'],
    [{ environments: { Dev: {} } }, 'environments.Dev'],
    [{ environments: { dev: null } }, 'environments.dev'],
    [{ environments: { dev: { routing: 5 } } }, 'environments.dev.routing'],
    [{ environments: { dev: { routing: { mode: 'other' } } } }, 'environments.dev.routing.mode'],
    [
      { environments: { dev: { environment: { WEB_CONCURRENCY: '2' } } } },
      'environments.dev.environment.WEB_CONCURRENCY',
    ],
  ])('wrongAnswers finds what is wrong in %j', (answers, path) => {
    expect(wrongAnswers(answers).map((problem) => problem.path)).toEqual([path]);
  });
});

describe('any part of complete answers', () => {
  it.each([
    ['a domain, a path, a shared repository', completeAnswers()],
    ['the example', decidedExample()],
  ])('any part of complete answers is kept, and completed to answers that are accepted: %s', async (_, complete) => {
    const all = leaves(complete);
    await fc.assert(
      fc.asyncProperty(fc.subarray(all), async (part) => {
        const given = part.reduce<PlainObject>((rest, [path, value]) => withValue(rest, path, value), {});
        const answers = await interview(given, scripted(complete));
        expect(() => readConfig(answers, 'test')).not.toThrow();
        for (const [path, value] of part) {
          expect(valueAt(answers, path)).toEqual(value);
        }
        expect(missingAnswers(answers)).toEqual([]);
      }),
      { numRuns: runs(60) },
    );
  });
});

describe('places', () => {
  it('every question of the interview has a schema', () => {
    const paths = SECTIONS.flatMap(({ questions }) =>
      questions.filter(({ lookup }) => !lookup).map(({ path }) => path),
    );
    expect(paths.filter((path) => !schemaAt(answersSchema, path.split('.')))).toEqual([]);
  });

  it('it is known of a place in the answers whether the schema has a default for it', () => {
    expect(requires(answersSchema, {}, ['name'])).toBe(true);
    expect(requires(answersSchema, {}, ['target'])).toBe(false);
    expect(requires(answersSchema, {}, ['environments', 'dev', 'registry', 'scope'])).toBe(false);
    const given = { environments: { dev: { registry: { account: '111122223333' } } } };
    expect(requires(answersSchema, given, ['environments', 'dev', 'registry', 'scope'])).toBe(true);
  });

  it('a place in the answers is looked up in own keys only', () => {
    expect(valueAt({}, ['constructor'])).toBeUndefined();
    expect(valueAt(withValue({}, ['__proto__', 'a'], 1), ['__proto__', 'a'])).toBe(1);
    expect(({} as PlainObject).a).toBeUndefined();
  });
});

function isAccepted(answers: unknown): boolean {
  try {
    readConfig(answers, 'test');
    return true;
  } catch {
    return false;
  }
}
